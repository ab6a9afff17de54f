"""Roll-up: one job a county and period counts, sums upward, and can be recounted the plain way."""
