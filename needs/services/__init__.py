"""The demand side's writes, one module a subject."""
