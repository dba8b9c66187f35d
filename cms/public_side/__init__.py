"""What anonymous visitors are served with: on PostgreSQL a role of its own, which may read no case."""
