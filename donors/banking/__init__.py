"""Bank statements: reading them, finding whose money a line is, and what is wrong. Pure."""
