"""Children of a unit that was closed: each is kept at the unit that took over, or waits to be placed."""
