"""Bridge's own room: the place that is always there."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Builtin:
    key = "builtin"
    label: str | Promise = _("Bridge room")
    can: str | Promise = _(
        "Always there, nothing to connect: video, sound, screen sharing and chat in the browser, with a waiting room."
    )
    cannot: str | Promise = _(
        "It holds up to four people and records nothing. Some strict networks do not let it through."
    )
    needs_connection = False
    is_configured = True
