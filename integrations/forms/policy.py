"""What admins decide about calendars and contacts."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from integrations import registry
from integrations.forms.addresses import AddressField
from integrations.models import CalendarPolicy, PolicyLevel, Reach

DOMAIN = re.compile(r"(?=.{4,253}\Z)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]\Z")
MOST_DOMAINS = 200

DECIDED = ("service", "calendar", "contacts", "level", "allowed_domains", "enforce_oauth", "consent")

LEVELS = (
    (PolicyLevel.OFF.value, _("Members choose their service")),
    (PolicyLevel.SUGGESTED.value, _("Suggest the default service; members may choose another")),
    (PolicyLevel.ENFORCED.value, _("Lock: everybody uses the default service, with these permissions")),
)


class PolicyForm(forms.Form):
    """`service` is one of the registry; each is shown with its own words (policy/_service.html)."""

    service = forms.ChoiceField(label=_("Default service"), required=False, widget=forms.RadioSelect)
    calendar = forms.ChoiceField(label=_("Calendar"), choices=[(one.value, one.label) for one in list(Reach)[1:]])
    contacts = forms.ChoiceField(label=_("Contacts"), choices=Reach.choices)
    level = forms.ChoiceField(label=_("For members"), choices=LEVELS, widget=forms.RadioSelect)
    allowed_domains = forms.CharField(
        label=_("Allowed domains"),
        max_length=5000,
        required=False,
        help_text=_("Separated by commas, for example example.com, example.org. Empty: every domain."),
        widget=forms.TextInput(attrs={"spellcheck": "false", "autocapitalize": "none", "autocomplete": "off"}),
    )
    enforce_oauth = forms.BooleanField(label=_("Enforce OAuth 2.0"), required=False)
    consent = forms.BooleanField(label=_("Consent on behalf of the whole account"), required=False)

    def __init__(self, data: Any = None, *, policy: CalendarPolicy) -> None:
        self.policy = policy
        names = ["service", "calendar", "contacts", "level", "enforce_oauth", "consent"]
        initial = {name: getattr(policy, name) for name in names}
        super().__init__(data, initial=initial | {"allowed_domains": ", ".join(policy.allowed_domains)})
        named = [(known.key, known.label) for known in registry.with_calendars()]
        self.fields["service"].choices = [("", ""), *named]  # type: ignore[attr-defined]
        self.servers = [known.key for known in registry.with_servers()]
        for key in self.servers:
            self.fields[f"address_{key}"] = AddressField(initial=policy.ews_url if key == self._whose() else "")

    def address_of(self, key: str) -> forms.BoundField | None:
        return self[f"address_{key}"] if key in self.servers else None

    def wanted(self) -> CalendarPolicy:
        """As it would be saved."""
        found = CalendarPolicy.objects.filter(pk=self.policy.pk).select_related("organization").first()
        wanted = found or CalendarPolicy(organization=self.policy.organization)
        for name in DECIDED:
            setattr(wanted, name, self.cleaned_data[name])
        whose = wanted.service if wanted.service in self.servers else self._whose()
        wanted.ews_url = self.cleaned_data.get(f"address_{whose}", "")
        return wanted

    def clean_allowed_domains(self) -> list[str]:
        typed = str(self.cleaned_data["allowed_domains"]).lower().replace(";", ",").split(",")
        domains = list(dict.fromkeys(_domain(one) for one in typed if one.strip()))
        if len(domains) > MOST_DOMAINS:
            raise ValidationError(_("Please name at most %(number)s domains."), params={"number": MOST_DOMAINS})
        return domains

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("level") != PolicyLevel.OFF and not cleaned.get("service", "-"):
            self.add_error("service", _("Choose the service that is to be suggested or prescribed."))
        asked = f"address_{cleaned.get('service')}"
        if asked in self.fields and not cleaned.get(asked, "-"):
            self.add_error(asked, _("Enter the address of your server, so that members can connect to it."))
        return cleaned

    def _whose(self) -> str:
        """Which service's server the address in force is."""
        opener = self.policy.impersonator.grant.provider if self.policy.impersonator else ""
        return next((key for key in (self.policy.service, opener, *self.servers) if key in self.servers), "")


def _domain(typed: str) -> str:
    """In the letters of the network, as addresses are compared."""
    name = typed.strip().removeprefix("@").removesuffix(".")
    try:
        known = name.encode("idna").decode()
    except UnicodeError:
        known = ""
    if not DOMAIN.match(known):
        text = _("“%(domain)s” is no domain. A domain looks like example.com, without a name before it.")
        raise ValidationError(text, params={"domain": name[:80]})
    return known
