"""Pictures for sharing a project: drawn on the server from the projection alone."""
