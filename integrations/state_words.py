"""What the states of an account are called, what is said about them, and what their buttons say."""

from django.utils.translation import gettext as _

from integrations.models import Grant, GrantStatus
from integrations.types import AppKind


def sentence(grant: Grant, status: GrantStatus) -> str:
    """With %(provider)s and %(date)s still to be filled in."""
    own = _of_own_app(status) if is_own(grant) else ""
    return own or _sentences()[status]


def _sentences() -> dict[GrantStatus, str]:
    return {
        GrantStatus.ACTIVE: _("%(provider)s works: Bridge makes, moves and removes meetings in this account."),
        GrantStatus.EXPIRED: _(
            "Access ran out%(date)s, because it was not used for 90 days. Your meetings are untouched."
        ),
        GrantStatus.REVOKED: _(
            "%(provider)s says that access was taken back%(date)s: Bridge was removed there, by you or by an admin."
        ),
        GrantStatus.ENDED: _("%(provider)s ended Bridge’s access%(date)s. Your meetings and their links stay."),
        GrantStatus.ROLE_LOST: _(
            "%(provider)s ended Bridge’s access for everybody%(date)s: whoever connected it is not an admin there any "
            "more, or Bridge was removed. Another admin has to connect it."
        ),
        GrantStatus.MISCONFIGURED: _(
            "Bridge’s own settings for %(provider)s are wrong. Nothing is lost: whoever runs Bridge has to mend them."
        ),
    }


def _of_own_app(status: GrantStatus) -> str:
    """What is different where the organization brought the app itself."""
    return {
        GrantStatus.ENDED: _(
            "%(provider)s does not accept your organization’s own app any more%(date)s. Your meetings and their links "
            "stay."
        ),
        GrantStatus.MISCONFIGURED: _(
            "%(provider)s does not accept the id or secret of your organization’s own app. Nothing is lost: an admin "
            "of your organization has to mend them."
        ),
    }.get(status, "")


def label(grant: Grant, status: GrantStatus) -> str:
    if status == GrantStatus.MISCONFIGURED and is_own(grant):
        return _("Your own app is refused")
    return {
        GrantStatus.ACTIVE: _("Connected"),
        GrantStatus.EXPIRED: _("Access ran out"),
        GrantStatus.REVOKED: _("Access was taken back"),
        GrantStatus.ENDED: _("Access was ended"),
        GrantStatus.ROLE_LOST: _("Admin role lost"),
        GrantStatus.MISCONFIGURED: _("Waits for whoever runs Bridge"),
    }[status]


def action(grant: Grant, status: GrantStatus) -> str:
    if status in (GrantStatus.MISCONFIGURED, GrantStatus.ENDED) and is_own(grant) and grant.kind == AppKind.SERVER:
        return _("Check your own app")
    if status == GrantStatus.MISCONFIGURED and is_own(grant):
        return _("Mend your own app")
    return {
        GrantStatus.ACTIVE: _("Renew"),
        GrantStatus.EXPIRED: _("Reconnect"),
        GrantStatus.REVOKED: _("Reconnect and allow Bridge again"),
        GrantStatus.ENDED: _("Reconnect now"),
        GrantStatus.ROLE_LOST: _("Reconnect with another admin"),
        GrantStatus.MISCONFIGURED: _("Try again"),
    }[status]


def is_own(grant: Grant) -> bool:
    """Lives on an app that the organization brought itself."""
    return grant.app_id is not None
