"""Exports: tables as Excel files, ordered as jobs, sealed, kept for a week."""
