"""Oversight of patrols: a month's measures by village, and spot checks by telephone."""
