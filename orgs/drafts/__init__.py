"""Drafts: what somebody has written in a form and not sent yet, sealed, for its writer alone."""
