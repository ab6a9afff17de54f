"""Public holidays: the days off the project carries and those the city writes down."""
