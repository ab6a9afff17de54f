"""Reporting periods: months that every tier reports on, with their deadlines; opened, then locked for good."""
