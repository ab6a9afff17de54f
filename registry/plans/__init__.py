"""Plans of help: from need to goal, measure, who, until when, and what came of it."""
