"""What staff report up the levels: the week, the scorecard, and how long help takes. Reads only."""
