"""Questions as a table: what a form asks, when, and what is wrong with an answer; of visits, assessments, surveys."""
