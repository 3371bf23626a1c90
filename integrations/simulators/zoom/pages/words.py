"""Words for people, instead of Zoom's identifiers."""

from integrations.simulators.zoom import times
from integrations.simulators.zoom.records import BASIC, LICENSED, UNASSIGNED, Account, Kind, Meeting, User

SCOPES = {
    "meeting:write:meeting": "Create meetings",
    "meeting:update:meeting": "Change meetings",
    "meeting:delete:meeting": "Delete meetings",
    "meeting:read:meeting": "See a meeting",
    "meeting:read:list_meetings": "See the list of meetings",
    "meeting:read:list_upcoming_meetings": "See upcoming meetings",
    "meeting:read:past_meeting": "See past meetings",
    "meeting:update:status": "End meetings and bring deleted ones back",
    "user:read:user": "See the user's profile",
    "user:read:settings": "See the user's settings",
    "user:read:list_permissions": "See the user's permissions",
    "user:read:list_users": "See all users of the account",
}
KINDS = {
    Kind.USER_MANAGED: "User-managed: every user adds it alone",
    Kind.ADMIN_MANAGED: "Admin-managed: an admin adds it for the account",
    Kind.SERVER_TO_SERVER: "Server-to-server: nobody adds it, its credentials are enough",
}
TYPES = {BASIC: "Basic", LICENSED: "Licensed", UNASSIGNED: "No meetings licence"}
LICENCES = {BASIC: "Free plan (Basic): meetings end after 40 minutes", LICENSED: "Paid plan (Licensed)"}


def role_of(user: User, account: Account) -> str:
    words = [LICENCES.get(user.type, "No meeting licence"), f"{user.role_name} of {account.name}"]
    if account.pre_approval:
        words.append(
            "apps need an admin's approval; this user " + ("may approve" if user.approves else "may not approve")
        )
    if user.status != "active":
        words.append(user.status)
    return ", ".join(words)


def state_of(meeting: Meeting) -> str:
    if meeting.deleted_at:
        return "Deleted"
    return "Over" if meeting.ended_at else "Running" if meeting.started_at else "Planned"


def when(meeting: Meeting) -> str:
    local = meeting.start.astimezone(times.zone(meeting.timezone))
    return f"{local:%a %d %b %Y, %H:%M} {meeting.timezone}"
