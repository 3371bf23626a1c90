"""Bridge's own room: the place that is always there."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Builtin:
    key = "builtin"
    label: str | Promise = _("Bridge room")
    can: str | Promise = _("Always there: no account, no plan, nothing to connect.")
    cannot: str | Promise = _("For now it is a page that says who is expected when; its video is still to come.")
    needs_connection = False
    is_configured = True
