"""Records that move through states: declared transitions, one function that applies them, refusals."""
