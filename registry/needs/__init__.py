"""Needs of children: who holds each since when, until when, what was done, and what came of it."""
