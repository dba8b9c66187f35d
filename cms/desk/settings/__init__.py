"""A region's dated figures, entered by its supervisors."""
