"""The longer acts on one case: each a form of its own, drawn and done from one table."""
