"""Finding people before they ask: reports of a need, watch groups with their visits, what each channel brings."""
