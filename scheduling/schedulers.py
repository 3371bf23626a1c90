"""Create, change, switch and remove bookable pages; mark those whose place has gone."""

from collections.abc import Iterable, Sequence
from itertools import count
from typing import Any

from django.db import transaction
from django.utils.text import slugify
from django.utils.timezone import now
from django.utils.translation import gettext as _

from accounts.models import Membership, User
from scheduling import places
from scheduling.exceptions import NotChangeable
from scheduling.models import Scheduler

RESERVED = frozenset({"new", "import"})
LONGEST = 60


@transaction.atomic
def create(membership: Membership, *, name: str, slug: str = "", **settings: Any) -> Scheduler:
    """A page of this member. `settings` are fields of Scheduler; without an address it gets one from its name."""
    scheduler = Scheduler(organization=membership.organization, host=membership.user, name=name, **settings)
    scheduler.slug = slug or free_slug(membership.user, name)
    scheduler.save()
    return scheduler


@transaction.atomic
def change(scheduler: Scheduler, **settings: Any) -> None:
    """Bookings that exist keep their time and their place. A place that works again ends the mark."""
    for field, value in settings.items():
        setattr(scheduler, field, value)
    scheduler.save(update_fields=list(settings))
    recover([scheduler])


def switch(scheduler: Scheduler, *, on: bool) -> None:
    """Off, it takes no new bookings; those that exist stand."""
    scheduler.is_on = on
    scheduler.save(update_fields=["is_on"])


@transaction.atomic
def delete(scheduler: Scheduler) -> None:
    """Only one that was never booked: what was agreed is kept. Raises NotChangeable."""
    if scheduler.bookings.exists():
        raise NotChangeable(
            _("This scheduler has bookings, and they are kept. Switch it off instead: then nobody can book it.")
        )
    scheduler.delete()


def free_slug(host: User, name: str) -> str:
    """An address of this host's that is not taken; "meeting" where a name has no letters that addresses know."""
    wish = slugify(name)[: LONGEST - 5].strip("-") or "meeting"
    taken = set(Scheduler.objects.filter(host=host, slug__startswith=wish).values_list("slug", flat=True)) | RESERVED
    numbered = (wish if number == 1 else f"{wish}-{number}" for number in count(1))
    return next(slug for slug in numbered if slug not in taken)


def mark_disrupted(schedulers: Iterable[Scheduler]) -> None:
    """The account that would hold their next booking is gone."""
    ids = [scheduler.pk for scheduler in schedulers]
    Scheduler.objects.filter(pk__in=ids, disrupted_at=None).update(disrupted_at=now())


def recover(schedulers: Sequence[Scheduler]) -> None:
    """End the mark of those whose place can be had."""
    found = places.resolve_each(schedulers)
    for scheduler in schedulers:
        if scheduler.disrupted_at is not None and found[scheduler.pk].is_usable:
            scheduler.disrupted_at = None
            scheduler.save(update_fields=["disrupted_at"])
