"""The app for phones without a network: its shell page, its worker, its words."""
