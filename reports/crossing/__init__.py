"""Crossing: questions with two dimensions, as a table, as the list behind its cells, and where those children are."""
