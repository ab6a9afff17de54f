"""Files from strangers: pictures made small and stripped, PDFs scanned."""
