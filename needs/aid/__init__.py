"""Duplicate aid: the same help for the same person twice, from any source."""
