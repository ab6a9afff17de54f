"""What assessments, needs and plans counted as: from which day, until which."""
