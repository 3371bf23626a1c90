from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models.organization import Organization


class Act(models.TextChoices):
    """What is written down, `<noun>.<verb>`: the noun is what the log can be filtered by."""

    ORGANIZATION_FOUNDED = "organization.founded", _("Founded the organization")
    ORGANIZATION_RENAMED = "organization.renamed", _("Renamed the organization")
    SECOND_FACTOR_REQUIRED = "organization.second_factor_required", _("Changed whether a second factor is required")
    MEMBER_INVITED = "member.invited", _("Invited somebody")
    INVITATION_RESENT = "member.invitation_resent", _("Sent an invitation again")
    INVITATION_WITHDRAWN = "member.invitation_withdrawn", _("Withdrew an invitation")
    MEMBER_JOINED = "member.joined", _("Joined")
    MEMBER_LEFT = "member.left", _("Left")
    MEMBER_REMOVED = "member.removed", _("Removed a member")
    ROLE_CHANGED = "member.role_changed", _("Changed a role")
    FACTOR_ADDED = "member.factor_added", _("Added a second factor")
    FACTOR_REMOVED = "member.factor_removed", _("Removed a second factor")
    RECOVERY_CODES_RENEWED = "member.recovery_codes_renewed", _("Made new recovery codes")
    FACTOR_RESET = "member.factor_reset", _("The operator reset a second factor")
    DELEGATE_NAMED = "member.delegate_named", _("Handed the managing of a schedule to somebody")
    DELEGATE_CHANGED = "member.delegate_changed", _("Changed what a delegate sees")
    DELEGATE_REMOVED = "member.delegate_removed", _("Took the managing of a schedule back")
    OWNERSHIP_HANDED_OVER = "member.ownership_handed_over", _("Handed over ownership")
    TEAM_CHANGED = "team.changed", _("Changed a team")
    CONNECTION_CONNECTED = "connection.connected", _("Connected an account")
    CONNECTION_RENEWED = "connection.renewed", _("Renewed an account")
    CONNECTION_DISCONNECTED = "connection.disconnected", _("Disconnected an account")
    CONNECTION_ENDED = "connection.ended", _("An account’s access ended")
    ARRIVAL_CONFIRMED = "connection.confirmed", _("Confirmed the account that arrived")
    ARRIVAL_DECLINED = "connection.declined", _("Declined the account that arrived")
    SETUP_LINK_ISSUED = "connection.link_issued", _("Made a set-up link")
    SETUP_LINK_REVOKED = "connection.link_revoked", _("Revoked a set-up link")
    SETUP_LINK_USED = "connection.link_used", _("A set-up link was used")
    SEAT_CORRECTED = "connection.seat_corrected", _("Named the account a member hosts with")
    SEAT_REMOVED = "connection.seat_removed", _("Removed the organization’s connection for himself")
    SEAT_RESTORED = "connection.seat_restored", _("Took the organization’s connection back")
    POLICY_CHANGED = "connection.policy_changed", _("Changed what members may do")
    APP_SAVED = "app.saved", _("Saved an app of the organization’s own")
    APP_REMOVED = "app.removed", _("Removed an app of the organization’s own")
    APPLICATION_REGISTERED = "application.registered", _("Registered an application")
    APPLICATION_CHANGED = "application.changed", _("Changed an application")
    APPLICATION_APPROVED = "application.approved", _("Approved an application")
    APPLICATION_BLOCKED = "application.blocked", _("Blocked an application")
    APPLICATION_SECRET_RENEWED = "application.secret_renewed", _("Renewed an application’s secret")
    APPLICATION_DELETED = "application.deleted", _("Deleted an application")
    APPLICATION_ALLOWED = "application.allowed", _("Let an application act for himself")
    APPLICATION_ENDED = "application.access_ended", _("Ended an application’s access")
    APPLICATIONS_RULED = "application.rules_changed", _("Changed who may register and use applications")
    API_KEY_MADE = "application.key_made", _("Made an API key")
    API_KEY_REVOKED = "application.key_revoked", _("Revoked an API key")
    WEBHOOK_CHANGED = "application.webhook_changed", _("Changed where an application’s webhooks go")
    ROOM_CHANGED = "room.changed", _("Changed where built-in meetings take place")
    LOG_EXPORTED = "log.exported", _("Exported the audit log")


NOUNS = {
    "organization": _("Organization"),
    "member": _("Members and invitations"),
    "team": _("Teams"),
    "connection": _("Connections"),
    "app": _("Apps of its own"),
    "application": _("Applications and API keys"),
    "room": _("Video rooms"),
    "log": _("Audit log"),
}
"""What the log can be filtered by."""


class AuditEntry(models.Model):
    """What was done: append-only. Each entry holds the hash of the one before it, so that a change shows (audit.py).

    `by` may have gone since; `by_name` stays. Nobody, that is Bridge itself or a provider: both empty.
    """

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="audit_entries")
    number = models.PositiveIntegerField()
    at = models.DateTimeField()
    act = models.CharField(max_length=50)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    by_name = models.CharField(max_length=254, blank=True)
    subject = models.CharField(max_length=300, blank=True)
    details = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    previous_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["organization", "number"], name="audit_numbers_differ"),
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.act}"

    @property
    def sentence(self) -> str:
        """What was done, in words; an act that this version does not know any more keeps its own name."""
        return str(Act(self.act).label) if self.act in Act.values else self.act

    @property
    def said(self) -> str:
        """The details on one line."""
        return ", ".join(f"{name.replace('_', ' ')}: {_words(value)}" for name, value in self.details.items())


def _words(value: Any) -> str:
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
