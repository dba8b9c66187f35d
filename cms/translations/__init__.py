"""Message catalogues without GNU gettext: collect from the source, read and write PO, compile to MO."""
