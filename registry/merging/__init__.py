"""Merging: two files of one child made one, and undone to the exact state before."""
