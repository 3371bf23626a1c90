from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization
from integrations.types import Permission


class PolicyLevel(models.TextChoices):
    OFF = "off", _("Members choose their service")
    SUGGESTED = "suggested", _("One service is suggested")
    ENFORCED = "enforced", _("One service is enforced")


class Reach(models.TextChoices):
    NONE = "none", _("Nothing")
    READ = "read", _("See")
    WRITE = "write", _("See and change")


class Why(models.TextChoices):
    """What of a policy an account does not fit, or why its member is asked to set one up."""

    OFF = "off", _("Calendars are switched off")
    SERVICE = "service", _("Another service is prescribed")
    PERMISSIONS = "permissions", _("Other permissions are prescribed")
    DOMAIN = "domain", _("The address is outside the allowed domains")
    OAUTH = "oauth", _("It works with a password where signing in is prescribed")
    SHARED = "shared", _("The account that opened the mailbox is gone")
    NONE = "none", _("No calendar is set up")


_CALENDAR = {Reach.READ: {Permission.CALENDAR_READ}, Reach.WRITE: {Permission.CALENDAR_READ, Permission.CALENDAR_WRITE}}
_CONTACTS = {Reach.READ: {Permission.CONTACTS_READ}, Reach.WRITE: {Permission.CONTACTS_READ, Permission.CONTACTS_WRITE}}


class CalendarPolicy(models.Model):
    """What an organization decides about its members' calendars and contacts. No row: nobody has decided, all is on.

    service: the default one, a key of the registry.  calendar, contacts: what is asked of a service.  ews_url,
    ews_version: where Exchange is and which.  impersonator: the connection that opens every member's mailbox.
    allowed_domains: lower case; empty: all.  consent: the provider's account, whose admin consents for everybody, is
    asked for.  enforce_oauth: no password goes to the cloud.
    """

    organization = models.OneToOneField(Organization, on_delete=models.CASCADE, related_name="calendar_policy")
    enabled = models.BooleanField(default=True)
    level = models.CharField(max_length=10, choices=PolicyLevel, default=PolicyLevel.OFF)
    service = models.CharField(max_length=20, blank=True)
    calendar = models.CharField(max_length=10, choices=Reach, default=Reach.WRITE)
    contacts = models.CharField(max_length=10, choices=Reach, default=Reach.READ)
    ews_url = models.CharField(max_length=500, blank=True)
    ews_version = models.CharField(max_length=20, blank=True)
    impersonator = models.ForeignKey(
        "integrations.Connection", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    allowed_domains = models.JSONField(default=list, blank=True)
    consent = models.BooleanField(default=False)
    enforce_oauth = models.BooleanField(default=False)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(level__in=PolicyLevel.values), name="policy_level_is_known"),
            models.CheckConstraint(condition=Q(calendar__in=["read", "write"]), name="policy_calendar_reach_is_known"),
            models.CheckConstraint(condition=Q(contacts__in=Reach.values), name="policy_contacts_reach_is_known"),
            models.CheckConstraint(condition=Q(level="off") | ~Q(service=""), name="policy_names_its_service"),
        ]

    def __str__(self) -> str:
        return f"calendar policy of {self.organization_id}"

    @property
    def is_locked(self) -> bool:
        return self.level == PolicyLevel.ENFORCED

    @property
    def permissions(self) -> frozenset[Permission]:
        return frozenset(_CALENDAR[Reach(self.calendar)] | _CONTACTS.get(Reach(self.contacts), set()))


class AccountConsent(models.Model):
    """The admin of a provider's account consented on behalf of everybody in it.

    account_id: the provider's id of the account.  scopes: what was consented to, as far as it can be told.  problem:
    how it differs from the organization's settings, a sentence.
    """

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="account_consents")
    provider = models.CharField(max_length=20)
    account_id = models.CharField(max_length=200)
    by_email = models.EmailField(blank=True)
    scopes = models.JSONField(default=list)
    consented_at = models.DateTimeField()
    checked_at = models.DateTimeField(null=True, blank=True)
    problem = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "provider"], name="one_account_consent_per_provider"),
        ]

    def __str__(self) -> str:
        return f"{self.provider} consent {self.pk}"
