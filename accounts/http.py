"""The request as our views see it."""

from django.http import HttpRequest
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
