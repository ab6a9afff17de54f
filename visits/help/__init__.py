"""Assessments and needs on a director's phone: what it holds of them, and what it sends."""
