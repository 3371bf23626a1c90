"""What a provider told us of people goes when access has ended: at once if they took it back, else after ten days."""

from datetime import timedelta

from django.db import transaction
from django.utils.timezone import now

from integrations.models import AddressBook, Grant, Seat, SeatState

KEEP = timedelta(days=10)


def erase(grant: Grant) -> None:
    """Who authorized, whom he knows, and who his colleagues are there; whoever connects again is looked up again."""
    grant.erase()
    AddressBook.objects.filter(connection__grant=grant).delete()
    unknown = {"state": SeatState.UNKNOWN, "external_id": "", "email": "", "licensed": None, "looked_at": None}
    Seat.objects.filter(connection__grant=grant).update(**unknown, problem="")


def erase_ended() -> None:
    """What ended and was not renewed. Those that still hold tokens are being given back, and go altogether."""
    ended = Grant.objects.filter(ended_at__lte=now() - KEEP, erased_at=None, sealed_refresh_token="")
    for pk in ended.values_list("pk", flat=True):
        with transaction.atomic():
            for still_ended in ended.select_for_update(of=("self",)).filter(pk=pk):
                erase(still_ended)
