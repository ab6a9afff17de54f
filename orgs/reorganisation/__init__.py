"""Units that are renamed, moved, merged, split, opened or closed: an event with its date and document."""
