"""Administrative divisions of China (GB/T 2260, dated) and the working calendar."""
