"""Today: the director's day on one page, most urgent first."""
