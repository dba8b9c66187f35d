"""Typing one case in."""
