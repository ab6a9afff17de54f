"""Reporting over the API."""
