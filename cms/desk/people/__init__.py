"""The desk's pages about people who may be one, and about who read whose data."""
