"""Twins: two files that may be of one child, found by what they say, and the word that they are not the same child."""
