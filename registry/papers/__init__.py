"""Papers: documents and photos of a file, judged, sealed on disk, voided but never deleted."""
