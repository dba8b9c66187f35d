"""The catalogue that the public sees: filters, list, project page."""
