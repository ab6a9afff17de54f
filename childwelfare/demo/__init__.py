"""The demo: an empty registry filled with a made-up city on the real tree."""
