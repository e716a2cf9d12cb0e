"""Workforce skills taxonomies and capability frameworks as data."""
