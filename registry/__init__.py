"""Who the child is, and what is done for it: the file, from the first entry to its closing."""
