"""Which address does what."""

from integrations.simulators.google.calendar import channels, events, freebusy, listing, lists

EVENTS = "/calendar/v3/calendars/(?P<calendar>[^/]+)/events"
EVENT = EVENTS + "/(?P<event>[^/]+)"
ME = "/calendar/v3/users/me"
ROUTES = (
    ("GET", ME + "/calendarList", lists.listed),
    ("POST", ME + "/calendarList", lists.insert),
    ("POST", ME + "/calendarList/watch", channels.watch_list),
    ("GET", ME + "/calendarList/(?P<calendar>[^/]+)", lists.get),
    ("GET", ME + "/settings/(?P<setting>[^/]+)", lists.setting),
    ("GET", "/calendar/v3/calendars/(?P<calendar>[^/]+)", lists.calendar),
    ("POST", "/calendar/v3/freeBusy", freebusy.query),
    ("POST", "/calendar/v3/channels/stop", channels.stop),
    ("GET", EVENTS, listing.listed),
    ("POST", EVENTS, events.insert),
    ("POST", EVENTS + "/watch", channels.watch_events),
    ("GET", EVENT, events.get),
    ("PATCH", EVENT, events.patch),
    ("PUT", EVENT, events.update),
    ("DELETE", EVENT, events.delete),
    ("GET", EVENT + "/instances", listing.instances),
)
