"""Ledgers of one's own: a county's or a city's choice of columns and their order, beside the declared templates."""
