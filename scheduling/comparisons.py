"""What the last comparison of an account with our bookings has shown, kept for whoever asks how the account is."""

from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from integrations.models import Connection
from integrations.types import Fact
from outbox import intents
from scheduling import reader, reconciliation
from scheduling.models import Comparison
from scheduling.reconciliation import Findings

NAMED = 10
"""So many meetings are listed by their ids."""


@intents.settles("comparison")
def settle(connection_id: int) -> None:
    """An account that is not connected is compared once it is back."""
    connection = Connection.objects.select_related("grant", "membership").filter(pk=connection_id).first()
    if connection is None or not connection.is_usable:
        return
    found = make(connection)
    if found.trouble:
        raise intents.Later(found.trouble)
    if found.open:
        raise intents.Later(_("Waiting until another meeting in this account is made."))


def make(connection: Connection) -> Findings:
    """Compare, and note what was found."""
    found = reconciliation.compare(connection)
    terms = {
        "compared_at": now(),
        "mended": len(found.mended),
        "removed": len(found.strays),
        "unknown": found.unknown,
        "trouble": " ".join(filter(None, [*found.refused, found.trouble])),
    }
    Comparison.objects.update_or_create(connection=connection, defaults=terms)
    return found


def forget(connection: Connection) -> None:
    """Access has ended: what was read there goes too."""
    Comparison.objects.filter(connection=connection).delete()


def facts(connection: Connection, asked_by: User) -> list[Fact]:
    last = Comparison.objects.filter(connection=connection).first()
    if last is None and not connection.is_usable:
        return []
    if last is None:
        return [Fact(_("Compared with your bookings"), _("Not yet; it happens every hour while bookings use it"))]
    when = reader.of(asked_by).moment(last.compared_at)
    told = [Fact(_("Compared with your bookings"), f"{when}. {_outcome(last)}")]
    if last.unknown:
        told.append(Fact(_("Meetings of no booking here"), _left_alone(last.unknown)))
    return told


def _outcome(last: Comparison) -> str:
    if last.trouble:
        return last.trouble
    done = []
    if last.mended:
        text = ngettext("%(number)s meeting was mended.", "%(number)s meetings were mended.", last.mended)
        done.append(text % {"number": last.mended})
    if last.removed:
        text = ngettext(
            "%(number)s meeting that Bridge left behind was removed.",
            "%(number)s meetings that Bridge left behind were removed.",
            last.removed,
        )
        done.append(text % {"number": last.removed})
    return " ".join(done) or _("Nothing had to be mended.")


def _left_alone(unknown: list[str]) -> str:
    ids = ", ".join(unknown[:NAMED]) + (" …" if len(unknown) > NAMED else "")
    text = ngettext(
        "%(number)s meeting (%(ids)s). Bridge leaves it alone: another Bridge may use this account.",
        "%(number)s meetings (%(ids)s). Bridge leaves them alone: another Bridge may use this account.",
        len(unknown),
    )
    return text % {"number": len(unknown), "ids": ids}
