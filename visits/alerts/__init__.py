"""Alerts: reports of danger to a child, raised at once, signed for, dealt with, closed by the county."""
