"""Lists of files: search, filters, columns, saved views, and one act on several ticked files."""
