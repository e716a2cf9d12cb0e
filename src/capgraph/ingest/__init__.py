"""Batch import of messy files: sniff, profile, rows, plan, apply."""
