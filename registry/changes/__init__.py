"""Changes to an approved file: proposed against what was seen, decided field by field, kept as its history."""
