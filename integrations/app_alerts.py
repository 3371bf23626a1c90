"""The mail that says that a provider refuses an organization's own app: to its admins, who alone can mend it.

Once for all accounts that live on it, and not again before the app was saved anew. Of the installation's own app the
operator hears, by the log and by manage.py doctor (decision 0022).
"""

from django.conf import settings
from django.db.models import F, Q
from django.urls import reverse
from django.utils import translation
from django.utils.timezone import now
from django.utils.translation import gettext as _

from accounts import emails, names, queries
from accounts.models import Membership
from integrations import registry, vendor_apps
from integrations.exceptions import OperatorNeeded
from integrations.models import Grant, VendorApp


def tell(grant: Grant) -> None:
    """It could not be renewed because of our side, in the caller's transaction."""
    app = grant.app
    if app is None or not _is_readable(grant):
        return
    untold = VendorApp.objects.filter(Q(refusal_told_at=None) | Q(refusal_told_at__lt=F("saved_at")), pk=app.pk)
    if untold.update(refusal_told_at=now()):
        for member in queries.members(app.organization):
            if member.is_admin:
                _send(member, app)


def _is_readable(grant: Grant) -> bool:
    """Otherwise it is not the provider's word: our encryption key has changed."""
    try:
        vendor_apps.app_of(grant)
    except OperatorNeeded:
        return False
    return True


def _send(member: Membership, app: VendorApp) -> None:
    path = reverse("vendor_app", args=[app.organization.slug, app.provider, app.kind])
    with translation.override(member.user.language):
        facts = {
            "provider": str(registry.label(app.provider)),
            "organization": names.plain(app.organization),
            "url": settings.BASE_URL + path,
        }
        subject = _("Action required: %(provider)s refuses the app of %(organization)s") % facts
        emails.send(to=member.user.email, subject=subject, template="own_app_refused", context=facts)
