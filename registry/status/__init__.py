"""What a registered child counts as: from which day, until which, and since when that was known."""
