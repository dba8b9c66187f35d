"""The public's way in: report a need without an account, and follow it by its number."""
