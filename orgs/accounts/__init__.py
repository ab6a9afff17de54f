"""Accounts: people, signing in, choosing the post, passwords, tokens of the API."""
