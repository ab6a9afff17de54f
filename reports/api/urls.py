def register(router):
    """Add this room's resources to the API."""
