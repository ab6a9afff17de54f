"""Who may do what, where, and who did what: the tree of four tiers, its posts, and the trail."""
