"""What goes out as open data: releases of figures and grants in blocks, made here, read by the site."""
