"""What people do with requests, as pages and API call it: drafting, asking, answering."""
