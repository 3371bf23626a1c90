"""Google: Calendar API v3, Meet, People API v1."""
