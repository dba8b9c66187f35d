"""Cases ranked by any attribute, and taken along as a table."""
