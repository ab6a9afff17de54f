"""Categories: dated memberships of a child in what the registry covers, opened and ended with grounds."""
