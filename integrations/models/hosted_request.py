import uuid
from datetime import timedelta

from django.db import models
from django.db.models import Q
from django.utils.timezone import now

from accounts import redirect_addresses
from accounts.models import Application, Membership

LIFE = timedelta(hours=1)
"""Long enough to sign up and to fetch a code from the mail."""


class HostedRequest(models.Model):
    """An application has sent somebody here to connect a conferencing service, and waits for him to come back.

    session_hash: of whoever's browser it is, so that nobody finishes what another began.  membership: who he turned out
    to be, once he signed in.  state: the application's own, given back to it unchanged.  provider: the one it asked
    for, or empty.  result, service: what it was told in the end (hosted_results.py), and which service he chose.
    problem: the result of the last try that failed; what it is told if he gives up then.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="+")
    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    session_hash = models.CharField(max_length=64)
    redirect_uri = models.CharField(max_length=2000)
    state = models.CharField(max_length=2000, blank=True)
    provider = models.CharField(max_length=20, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    result = models.CharField(max_length=40, blank=True)
    service = models.CharField(max_length=20, blank=True)
    problem = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(answered_at=None, result="") | Q(answered_at__isnull=False) & ~Q(result=""),
                name="hosted_request_is_open_or_answered",
            ),
        ]

    def __str__(self) -> str:
        return f"hosted request {self.pk}"

    @property
    def host(self) -> str:
        """Where he goes back to, as a person may know it."""
        return redirect_addresses.host(self.redirect_uri)

    @property
    def is_open(self) -> bool:
        return self.answered_at is None and now() - self.created_at < LIFE
