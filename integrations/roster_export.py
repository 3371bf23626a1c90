"""The members table for a spreadsheet."""

import csv
from collections.abc import Iterable
from typing import IO, Any

from django.utils.translation import gettext as _

from accounts.spreadsheets import harmless
from integrations.roster import Line


def write(out: IO[str] | Any, lines: Iterable[Line]) -> None:
    """CSV with a header, the columns of the page."""
    table = csv.writer(out)
    table.writerow(
        [_("Member"), _("E-mail"), _("Connection"), _("Type"), _("Hosts as"), _("Why"), _("Licence")],
    )
    for line in lines:
        member = line.membership.user
        said = [line.state, line.type_in_words, line.hosts_as, line.why, line.licence]
        table.writerow([harmless(str(cell)) for cell in (member.name, member.email, *said)])
