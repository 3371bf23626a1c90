"""The first page: everybody's calendar."""

from html import escape

from integrations.simulators.http import Request, Response
from integrations.simulators.microsoft.pages import frame, words
from integrations.simulators.microsoft.records import Event, User
from integrations.simulators.microsoft.world import World


def home(world: World, request: Request) -> Response:
    shown = "".join(_person(world, user) for user in world.users.values())
    return frame.render(request, "Calendars", f'<div class="sheets">{shown}</div>')


def not_found(world: World, request: Request) -> Response:
    return frame.render(request, "There is no such page", "<p>Nothing answers at this address.</p>", 404)


def _person(world: World, user: User) -> str:
    events = sorted((one for one in world.events.values() if one.owner_id == user.id), key=lambda one: one.start)
    now = world.clock.now()
    coming = [event for event in events if event.end >= now or event.recurrence][:20]
    lines = "".join(f"<li>{escape(_line(event))}</li>" for event in coming)
    listed = f"<ul>{lines}</ul>" if lines else "<p>Nothing is coming up.</p>"
    return (
        f'<section class="sheet"><h2>{escape(user.name)}</h2><p>{escape(words.kind(world, user))}</p>{listed}</section>'
    )


def _line(event: Event) -> str:
    fields = event.fields
    again = ", repeated" if event.recurrence else ""
    private = ", private" if fields["sensitivity"] != "normal" else ""
    return f"{event.start:%Y-%m-%d %H:%M} UTC {fields['subject'] or 'Untitled'} ({fields['showAs']}{again}{private})"


ROUTES = (("GET", "/", home),)
