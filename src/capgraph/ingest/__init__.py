"""Batch import of messy files: sniff, profile, rows, plan, apply."""

from capgraph.ingest.catalog import import_catalog as import_catalog
from capgraph.ingest.evidence import import_completions as import_completions
from capgraph.ingest.evidence import import_evidence as import_evidence
from capgraph.ingest.explaining import explain as explain
from capgraph.ingest.people import import_people as import_people
