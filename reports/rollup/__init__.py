"""Roll-up: one job a county and month counts, sums upward, and can be recounted the plain way."""
