"""How many: indicators declared once, counted by county and month, shown and exported."""
