"""What the public profiles of organisations read."""
