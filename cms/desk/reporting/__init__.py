"""What staff report up the levels, as pages and as files."""
