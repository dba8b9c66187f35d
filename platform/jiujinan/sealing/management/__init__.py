"""Commands of the sealing room."""
