"""Disclosure: the whole file in one document, handed to the child or its guardian on request."""
