"""Assessments of children: what an assessor found, what the points say, which level a person decided."""
