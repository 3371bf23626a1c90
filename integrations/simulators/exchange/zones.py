"""Windows names of time zones, as far as the simulated mailboxes use them."""

from zoneinfo import ZoneInfo

IANA = {
    "UTC": "UTC",
    "GMT Standard Time": "Europe/London",
    "W. Europe Standard Time": "Europe/Berlin",
    "Romance Standard Time": "Europe/Paris",
    "GTB Standard Time": "Europe/Bucharest",
    "Eastern Standard Time": "America/New_York",
    "Pacific Standard Time": "America/Los_Angeles",
    "SA Pacific Standard Time": "America/Bogota",
    "India Standard Time": "Asia/Kolkata",
    "Tokyo Standard Time": "Asia/Tokyo",
    "AUS Eastern Standard Time": "Australia/Sydney",
    "Line Islands Standard Time": "Pacific/Kiritimati",
}


def zone(windows: str) -> ZoneInfo:
    """UTC for a name that we do not know: whoever reads it must not follow us in that."""
    return ZoneInfo(IANA.get(windows, "UTC"))
