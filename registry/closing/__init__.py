"""Closing: a file leaves the registry with a reason and a day, and may be taken in again."""
