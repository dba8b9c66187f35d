"""Resource files: the declared format, the reader, and what an import does with its rows."""
