"""Posts: a person appointed to a unit in a role, from a day to a day; the only source of grants."""
