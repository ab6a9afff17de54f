"""Figures as pages and API show them: cards, map, ledger sheet, and the list behind each number."""
