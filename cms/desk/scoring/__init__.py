"""Versions of the difficulty score: drafted, tried, published, compared."""
