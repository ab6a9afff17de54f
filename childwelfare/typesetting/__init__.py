"""Pages of HTML become PDF files."""
