"""The desk's pages for finding people: reports of a need, watch groups, visits, channels."""
