"""Matching's writes, one module a subject."""
