"""Calendar API v3."""
