"""Guidance: talks with guardians, and written agreements by which they entrust a child's care."""
