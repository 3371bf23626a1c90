"""The request as our views see it."""

from django.http import HttpRequest, QueryDict
from django_htmx.middleware import HtmxDetails

from accounts.models import Membership, Organization, User


class VisitorRequest(HttpRequest):
    """From anybody; `user` may be anonymous."""

    htmx: HtmxDetails


class MemberRequest(VisitorRequest):
    """From a member, in the organization named by the URL, else the one used last (middleware.py)."""

    user: User
    organization: Organization
    membership: Membership


def posted(request: HttpRequest) -> QueryDict | None:
    """What was sent by a form, even if it is nothing; None if only the page is asked for."""
    return request.POST if request.method == "POST" else None
