"""Verification: whether what was reported still stands as it was signed, with the audit trail as the witness."""
