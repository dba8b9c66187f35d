"""Views of the portal: check who asks, parse, one domain call, render."""
