"""Transfers: a file handed on from one village to another, asked and answered."""
