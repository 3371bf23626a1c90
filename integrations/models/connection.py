import uuid

from django.db import models
from django.db.models import Q
from django.utils import formats
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from accounts.models import Membership, Organization
from integrations.models.grant import Grant, GrantStatus
from integrations.types import AppKind, Permission


class Connection(models.Model):
    """Who may use a grant: one member (personal), or a whole organization (membership is empty).

    ended_at, ended_status: when and how the grant ended under it. If somebody else renews the grant, this connection
    stays ended until it is connected again: nothing revives by itself.
    members_may_remove: of an organization's connection, whether members may do without it.
    permissions: what was asked for (types.Permission), by the organization's policy of that day.
    alerts_sent: how many "Action required" mails went out since it ended (alerts.py).
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="connections")
    membership = models.ForeignKey(
        Membership, on_delete=models.CASCADE, null=True, blank=True, related_name="connections"
    )
    grant = models.ForeignKey(Grant, on_delete=models.PROTECT, related_name="connections")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_status = models.CharField(max_length=15, blank=True)
    permissions = models.JSONField(default=list)
    members_may_remove = models.BooleanField(default=False)
    alerts_sent = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["created_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["membership", "grant"],
                condition=Q(membership__isnull=False),
                name="one_personal_connection_per_grant",
            ),
            models.UniqueConstraint(
                fields=["organization", "grant"],
                condition=Q(membership__isnull=True),
                name="one_organization_connection_per_grant",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.grant.provider} connection {self.pk}"

    @property
    def is_usable(self) -> bool:
        """A meeting can be asked for. While our own settings are wrong it has to wait, but it is not lost."""
        return self.ended_at is None and self.grant.is_alive

    @property
    def is_shared(self) -> bool:
        """An organization's, for its members."""
        return self.membership_id is None

    @property
    def stands(self) -> bool:
        """It works, or somebody may mend it; not if it was taken away at the provider."""
        return self.status != GrantStatus.REVOKED

    @property
    def account(self) -> str:
        """Which account it is, in words; of one whose data was erased we know only since when it was connected."""
        if self.grant.email:
            return str(self.grant.email)
        if self.grant.kind == AppKind.SERVER:
            return _("your own app")
        return _("connected on %(date)s") % {"date": formats.date_format(localtime(self.created_at), "DATE_FORMAT")}

    @property
    def asked(self) -> frozenset[Permission]:
        return frozenset(Permission(name) for name in self.permissions)

    @property
    def status(self) -> GrantStatus:
        return GrantStatus(self.ended_status or self.grant.status)
