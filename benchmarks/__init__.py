"""Ratios, not seconds: each benchmark sets what the product does beside the least that the same machine needs."""
