"""Data requests (要数): who wants figures from below sees what exists first; only what is missing is asked, once."""
