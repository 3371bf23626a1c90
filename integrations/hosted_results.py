"""What an application is told when somebody comes back from choosing a conferencing service: a code and its sentence.

Nothing else travels but the key of the service, the state that the application gave, and who we are (RFC 9207). Codes
stay; sentences may be worded anew.
"""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Result(TextChoices):
    """The value that travels as `result`, and what it means to the application's developer."""

    CONNECTED = "conferencing_connected", _("The person connected a service just now; “service” names it.")
    ALREADY_CONNECTED = "already_connected", _("The person chose a service that worked already; “service” names it.")
    DENIED = "denied", _("The person went back without choosing, or did not allow Bridge at the service.")
    NO_PAID_PLAN = "no_paid_plan", _("The person’s account at the service is a free one, and Bridge needs a paid plan.")
    NOT_ADMIN = "not_admin", _("Somebody who administers the account at the service has to allow Bridge first.")
    PERMISSIONS_MISSING = "permissions_missing", _("The person did not allow everything that Bridge needs there.")
    NOT_ALLOWED = "not_allowed", _("The person’s organization does not allow the service, or your application.")
    SECOND_FACTOR_REQUIRED = (
        "second_factor_required",
        _("The person’s organization asks for a second factor, which has to be set up in Bridge first."),
    )
    NOT_SET_UP = (
        "not_set_up",
        _("The service is not set up on this Bridge, or not rightly: whoever runs it has to act."),
    )
    PROVIDER_UNAVAILABLE = (
        "provider_unavailable",
        _("The service did not answer. Nothing was connected; send the person again in a few minutes."),
    )
    PROVIDER_ERROR = "provider_error", _("The service ended the sign-in with an error. Nothing was connected.")
    EXPIRED = "expired", _("It took too long, or an answer came twice. Nothing was connected; send the person again.")


GOOD = frozenset({Result.CONNECTED, Result.ALREADY_CONNECTED})
"""After these, meetings can be made with the service."""
