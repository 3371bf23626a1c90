"""What admins decide about calendars and contacts."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from integrations import outward, registry
from integrations.exceptions import RequestRejected
from integrations.models import CalendarPolicy, PolicyLevel, Reach

DOMAIN = re.compile(r"(?=.{4,253}\Z)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]\Z")
MOST_DOMAINS = 200
AS_TYPED = {"inputmode": "url", "spellcheck": "false", "autocomplete": "off", "autocapitalize": "none"}

LEVELS = (
    (PolicyLevel.OFF.value, _("Members choose their service")),
    (PolicyLevel.SUGGESTED.value, _("Suggest the default service; members may choose another")),
    (PolicyLevel.ENFORCED.value, _("Lock: everybody uses the default service, with these permissions")),
)


class PolicyForm(forms.Form):
    """`service` is one of the registry; each is shown with its own words (policy/_service.html)."""

    service = forms.ChoiceField(label=_("Default service"), required=False, widget=forms.RadioSelect)
    ews_url = forms.CharField(
        label=_("Address of the server"),
        max_length=500,
        required=False,
        help_text=_("Members need not type it then."),
        widget=forms.TextInput(attrs=AS_TYPED),
    )
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
        names = ["service", "ews_url", "calendar", "contacts", "level", "enforce_oauth", "consent"]
        initial = {name: getattr(policy, name) for name in names}
        super().__init__(data, initial=initial | {"allowed_domains": ", ".join(policy.allowed_domains)})
        named = [(known.key, known.label) for known in registry.with_calendars()]
        self.fields["service"].choices = [("", ""), *named]  # type: ignore[attr-defined]

    def wanted(self) -> CalendarPolicy:
        """As it would be saved."""
        found = CalendarPolicy.objects.filter(pk=self.policy.pk).select_related("organization").first()
        wanted = found or CalendarPolicy(organization=self.policy.organization)
        for name, value in self.cleaned_data.items():
            setattr(wanted, name, value)
        return wanted

    def clean_ews_url(self) -> str:
        typed = str(self.cleaned_data["ews_url"]).strip()
        return _address(typed) if typed else ""

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
        on_server = {known.key for known in registry.with_servers()}
        if cleaned.get("service") in on_server and not cleaned.get("ews_url", "-"):
            self.add_error("ews_url", _("Enter the address of your server, so that members can connect to it."))
        return cleaned


def _address(typed: str) -> str:
    """Whether Bridge would go there now."""
    address = typed if "://" in typed else f"https://{typed}"
    try:
        outward.check(address)
    except RequestRejected as rejected:
        raise ValidationError(rejected.sentence) from rejected
    return address


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
