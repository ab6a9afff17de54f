"""Stale figures: the mark that every write leaves, so that the roll-up counts a county's months again."""
