"""Protection: sealed fields, blind indexes, keys, envelopes, the vault, append-only tables."""
