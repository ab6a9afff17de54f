"""One search for everything that a post may open: children, units, people, pages (Ctrl K)."""
