"""Commands of matching."""
