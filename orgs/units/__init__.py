"""Units: the tree of city, counties, townships and villages, loaded, checked, searched."""
