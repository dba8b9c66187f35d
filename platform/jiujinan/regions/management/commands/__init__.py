"""Commands of the division table."""
