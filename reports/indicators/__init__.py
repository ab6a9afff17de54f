"""Indicators: what is counted, declared once, with the cross-checks between columns."""
