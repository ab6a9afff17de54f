"""What the API says of itself whatever it is about: paging, refusals, fields with one stored form."""
