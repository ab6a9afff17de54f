"""Publicity: activities of villages and stations, with place, audience and photos."""
