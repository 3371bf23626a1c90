"""Who is in the room of a booking, or of what stands for an event there, and what their browsers tell each other.
Nothing of it is in a process's memory.

A visit is known by its key: signed, not stored, and told to nobody else. The others know it by its uid.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.core.signing import BadSignature, Signer
from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.utils.timezone import now
from django.utils.translation import gettext as _

from scheduling.exceptions import CallRefused
from scheduling.models import ApplicationEvent, Booking, CallParticipant, CallSignal

INSIDE, WAITING = 4, 6
"""Everyone sends to everyone, so more than four would overtax the lines of those inside."""

SIGNAL_BYTES, SIGNALS_AT_ONCE, SIGNALS_PENDING = 64 * 1024, 50, 200
TOO_SOON = timedelta(milliseconds=100)
FORGOTTEN = timedelta(days=1)
STALE = timedelta(minutes=5)

_keys = Signer(salt="scheduling.call", sep=".")


class Sent(NamedTuple):
    """What a browser wants another to know. `number` rises with each one it sends."""

    to: UUID
    number: int
    payload: Any


def key(participant: CallParticipant) -> str:
    return _keys.sign(participant.uid.hex)


def find(booking: Booking, key: str, *, is_host: bool) -> CallParticipant:
    """The visit with this key, through this door. Raises CallParticipant.DoesNotExist."""
    try:
        uid = UUID(hex=_keys.unsign(key))
    except (BadSignature, ValueError):
        raise CallParticipant.DoesNotExist from None
    return CallParticipant.objects.get(**_room(booking), uid=uid, is_host=is_host)


@transaction.atomic
def enter(
    booking: Booking, *, name: str, is_host: bool = False, before: CallParticipant | None = None
) -> CallParticipant:
    """Come to the door; the host, and who was admitted at his last visit `before`, are inside at once.

    Raises CallRefused if there is no room.
    """
    _lock(**_room(booking))
    if before is not None:
        leave(before)
    admitted = is_host or bool(before and before.is_inside)
    _make_sure_of_room(here(booking), admitted=admitted)
    at = now()
    return CallParticipant.objects.create(
        **_room(booking), name=name[:60], is_host=is_host, admitted_at=at if admitted else None
    )


@transaction.atomic
def admit(uid: UUID, *, by: CallParticipant) -> None:
    """Let in who waits; nothing if he does not wait any more. Raises CallRefused if there is no room."""
    _lock(booking=by.booking, event=by.event)
    waiting = _waiting(uid, by)
    if waiting:
        _make_sure_of_room(_here(booking=by.booking, event=by.event), admitted=True)
        waiting.update(admitted_at=now())


def refuse(uid: UUID, *, by: CallParticipant) -> None:
    _waiting(uid, by).update(refused_at=now())


def leave(participant: CallParticipant) -> None:
    CallParticipant.objects.filter(pk=participant.pk, left_at=None).update(left_at=now())


def here(booking: Booking) -> list[CallParticipant]:
    """Inside or waiting, as they came."""
    return _here(**_room(booking))


def arrive(participant: CallParticipant) -> bool:
    """Note that his page is there. False: it asked a moment ago already."""
    waited = CallParticipant.objects.filter(pk=participant.pk, seen_at__lte=now() - TOO_SOON)
    return bool(waited.update(seen_at=now()))


def send(sender: CallParticipant, signals: Sequence[Sent], *, among: Sequence[CallParticipant]) -> None:
    """Leave signals for those of `among` who are inside; what is for anybody else falls away.

    Raises CallRefused for one that is too large, or when too many wait to be fetched.
    """
    to = {found.uid: found for found in among if found.is_inside and found != sender}
    rows = [
        CallSignal(sender=sender, receiver=to[signal.to], number=signal.number, payload=_packed(signal.payload))
        for signal in signals[:SIGNALS_AT_ONCE]
        if signal.to in to
    ]
    if rows:
        _make_sure_they_are_fetched(rows)
        CallSignal.objects.bulk_create(rows, ignore_conflicts=True)


def receive(receiver: CallParticipant, *, got: Mapping[UUID, int]) -> list[dict[str, Any]]:
    """What was left for him, each sender's in order. `got`: the last number he has of each; up to it, all goes."""
    mine = CallSignal.objects.filter(receiver=receiver)
    if done := _up_to(got):
        mine.filter(done).delete()
    return [
        {"from": str(signal.sender.uid), "number": signal.number, "data": json.loads(signal.payload)}
        for signal in mine.select_related("sender")[:SIGNALS_AT_ONCE]
    ]


def forget() -> None:
    """Visits of long ago, and what nobody fetched."""
    CallSignal.objects.filter(sent_at__lt=now() - STALE).delete()
    CallParticipant.objects.filter(seen_at__lt=now() - FORGOTTEN).delete()


def _room(booking: Booking) -> dict[str, Any]:
    """By which its visits are found: what stands for an event has no row of its own."""
    return {"booking": None, "event": booking.event} if booking.event else {"booking": booking, "event": None}


def _lock(*, booking: Booking | None, event: ApplicationEvent | None) -> None:
    if booking is not None:
        Booking.objects.select_for_update(of=("self",)).get(pk=booking.pk)
    if event is not None:
        ApplicationEvent.objects.select_for_update(of=("self",)).get(pk=event.pk)


def _here(*, booking: Booking | None, event: ApplicationEvent | None) -> list[CallParticipant]:
    return list(CallParticipant.objects.here().filter(booking=booking, event=event))


def _make_sure_of_room(here: Sequence[CallParticipant], *, admitted: bool) -> None:
    inside = sum(found.is_inside for found in here)
    if admitted and inside >= INSIDE:
        raise CallRefused(_("The room is full: it holds four people. Somebody has to leave first."))
    if not admitted and len(here) - inside >= WAITING:
        raise CallRefused(_("Too many people are waiting already. Please try again in a few minutes."))


def _waiting(uid: UUID, by: CallParticipant) -> QuerySet[CallParticipant]:
    if not (by.is_host and not by.is_gone):
        raise CallParticipant.DoesNotExist
    return CallParticipant.objects.filter(
        booking=by.booking_id, event=by.event_id, uid=uid, admitted_at=None, refused_at=None
    )


def _packed(payload: Any) -> str:
    text = json.dumps(payload, separators=(",", ":"))
    if len(text) > SIGNAL_BYTES:
        raise CallRefused(_("Your browser sent more than Bridge can pass on. Please reload the page."))
    return text


def _make_sure_they_are_fetched(rows: Sequence[CallSignal]) -> None:
    receivers = {row.receiver_id for row in rows}
    pending = CallSignal.objects.filter(receiver__in=receivers).values("receiver").annotate(count=Count("pk"))
    if any(found["count"] + len(rows) > SIGNALS_PENDING for found in pending.order_by()):
        raise CallRefused(_("The others do not answer at the moment. Please reload the page in a minute."))


def _up_to(got: Mapping[UUID, int]) -> Q | None:
    done = None
    for uid, number in list(got.items())[: INSIDE * 2]:
        one = Q(sender__uid=uid, number__lte=number)
        done = done | one if done else one
    return done
