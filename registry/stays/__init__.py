"""Stays: a child visited for a while in another village, its file kept and counted at home."""
