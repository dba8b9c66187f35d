"""What became of the rest of funds whose period is over, told to everybody (慈善法 58)."""
