"""Schedule: how often a child is visited, what is due when, special rounds and extra visits."""
