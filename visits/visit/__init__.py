"""Visits: the form, what was found, what comes next, brothers and sisters, photos."""
