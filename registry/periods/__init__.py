"""Registration periods: where a child was counted, from when to when."""
