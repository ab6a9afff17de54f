"""Submissions: each unit answers for its figures of a period, the tier above checks and approves them."""
