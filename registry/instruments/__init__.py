"""Assessment systems: what a city asks of each child's situation, how it counts, and what each level asks for."""
