"""Management of the division table."""
