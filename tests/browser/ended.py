"""Accounts that stopped working, the pages about them, and the mail."""

from django.utils.timezone import now

from accounts.models import Email, Membership
from integrations import app_alerts, grants
from integrations.models import Connection, Grant, GrantStatus
from integrations.types import EndReason
from tests import factories
from tests.browser.pages import Pages


def of_owner(owner: Membership) -> Pages:
    """One that works, one that lacks something and gave trouble, one that was erased, and the organization's."""
    base = f"/o/{owner.organization.slug}"
    works, lacks, erased = (factories.connection(owner) for _number in range(3))
    factories.scheduler(owner, place="zoom", connection=works)
    Grant.objects.filter(pk=works.grant_id).update(last_call_at=now(), last_call="made", checked_at=now())
    trouble = "Zoom took too long to answer. Bridge keeps trying."
    Grant.objects.filter(pk=lacks.grant_id).update(scopes=["user:read:user"], checked_at=now(), check_problem=trouble)
    grants.end(erased.grant, EndReason.REVOKED)
    shared = factories.shared_connection(owner, grant=factories.grant(kind="organization", email="root@acme.example"))
    grants.end(shared.grant, EndReason.ROLE_LOST)
    his, everybodys = Email.objects.order_by("pk")
    return {
        "connection": _health(works),
        "connection-trouble": _health(lacks),
        "connection-ended": _health(erased),
        "connection-reconnect": f"{_health(erased)}/reconnect",
        "connection-reconnect-needless": f"{_health(works)}/reconnect",
        "connection-shared": f"{base}/integrations/zoom/health",
        "conferencing-ended": "/account/conferencing",
        "mail-ended": f"/tryout/mails/{his.pk}",
        "mail-ended-shared": f"/tryout/mails/{everybodys.pk}",
    }


def of_own_app(owner: Membership) -> Pages:
    app = factories.vendor_app(owner)
    grant = factories.grant(app=app, client_id=app.client_id, status=GrantStatus.MISCONFIGURED)
    app_alerts.tell(grant)
    told = Email.objects.latest("pk")
    return {
        "connection-own-app": _health(factories.connection(owner, grant=grant)),
        "mail-own-app": f"/tryout/mails/{told.pk}",
    }


def _health(connection: Connection) -> str:
    return f"/o/{connection.organization.slug}/connections/{connection.uid}"
