"""Teams meetings of events: their link, and the block in the body that must stay."""

from typing import Any

from integrations.simulators.microsoft.errors import bad_request
from integrations.simulators.microsoft.records import Event, User
from integrations.simulators.microsoft.world import World

TEAMS = "teamsForBusiness"
BLOCK = '<div class="simulated-teams"><hr>Microsoft Teams meeting <a href="{url}">Join the meeting now</a><hr></div>'


def ask(world: World, owner: User, fields: dict[str, Any], body: dict[str, Any]) -> None:
    """On, if the mailbox has Teams; silently not, if it has none. It is never switched off again."""
    if not body.get("isOnlineMeeting") or fields["isOnlineMeeting"]:
        return
    provider = body.get("onlineMeetingProvider", TEAMS)
    if provider not in (TEAMS, "unknown", "skypeForBusiness", "skypeForConsumer"):
        raise bad_request(f"The value '{provider}' of 'onlineMeetingProvider' is not known.")
    if not owner.teams or provider not in (TEAMS, "unknown"):
        return
    url = f"https://teams.microsoft.com/l/meetup-join/19%3ameeting_{world.guid()}%40thread.v2/0"
    fields |= {"isOnlineMeeting": True, "onlineMeetingProvider": TEAMS, "onlineMeeting": {"joinUrl": url}}
    content = fields["body"]["content"] + BLOCK.format(url=url)
    fields["body"] = {"contentType": "html", "content": content}


def joinable(event: Event) -> bool:
    """Whether the link of its body is still there."""
    meeting = event.fields["onlineMeeting"]
    return bool(meeting) and meeting["joinUrl"] in event.fields["body"]["content"]
