"""The desk's view on matching: why a need has what it has, and where the next yuan helps most."""
