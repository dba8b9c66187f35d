"""The desk's pages for bringing case files in."""
