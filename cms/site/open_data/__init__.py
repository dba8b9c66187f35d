"""Open data: everything public as files, from the same rows and the same release as the pages."""
