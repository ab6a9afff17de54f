"""Family: the people around a child, members and guardians."""
