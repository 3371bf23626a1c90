"""People API v1."""
