"""Findings: what the eligibility rules find about files by night, proposed, and decided by a person."""
