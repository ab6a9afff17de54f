"""Pieces of every page: navigation, forms and their renderer, to-dos and timeline, error pages."""
