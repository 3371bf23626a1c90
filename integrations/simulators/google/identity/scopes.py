"""Scopes: what each lets an app do, and which of them each method accepts."""

AUTH = "https://www.googleapis.com/auth/"
IDENTITY = frozenset({"openid", AUTH + "userinfo.email", AUTH + "userinfo.profile"})
LONG = {"email": AUTH + "userinfo.email", "profile": AUTH + "userinfo.profile"}
WORDS = {
    "calendar": "See, edit, share and permanently delete all calendars",
    "calendar.readonly": "See and download any calendar",
    "calendar.events": "View and edit events on all calendars",
    "calendar.events.readonly": "View events on all calendars",
    "calendar.events.owned": "See and change events on calendars you own",
    "calendar.events.freebusy": "See when you are free or busy, on events",
    "calendar.freebusy": "View your availability in your calendars",
    "calendar.calendarlist.readonly": "See the list of calendars you are subscribed to",
    "calendar.settings.readonly": "See your calendar settings",
    "contacts": "See, edit, download and permanently delete your contacts",
    "contacts.readonly": "See and download your contacts",
    "contacts.other.readonly": "See and download contact info saved in your Other contacts",
}


def of(*names: str) -> frozenset[str]:
    return frozenset(AUTH + name for name in names)


ALL = of(*WORDS) | IDENTITY
EVENTS_WRITE = of("calendar", "calendar.events", "calendar.events.owned")
EVENTS_READ = EVENTS_WRITE | of("calendar.readonly", "calendar.events.readonly", "calendar.events.freebusy")
LIST_READ = of("calendar", "calendar.readonly", "calendar.calendarlist.readonly")
CALENDAR_READ = of("calendar", "calendar.readonly")
FREEBUSY = of("calendar", "calendar.readonly", "calendar.freebusy", "calendar.events.freebusy")
STOP = EVENTS_READ | LIST_READ | of("calendar.settings.readonly")
CONTACTS_READ = of("contacts", "contacts.readonly")
CONTACTS_WRITE = of("contacts")
OTHERS_READ = of("contacts.other.readonly")


def named(text: str) -> frozenset[str]:
    """The short names in their long form, as Google returns them."""
    return frozenset(LONG.get(name, name) for name in text.split())
