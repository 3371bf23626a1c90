import uuid
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from integrations.exceptions import RequestRejected
from scheduling import subscriptions
from scheduling.models import Subscription


class WebhookForm(forms.Form):
    """Where to, and what of. `submission` makes of a form that is sent twice one webhook."""

    submission = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    url = forms.CharField(
        label=_("Address"),
        max_length=2000,
        help_text=_("Where your program listens, such as https://crm.example.com/bridge. Bridge sends a POST there."),
        widget=forms.URLInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": _("Please enter the address where your program listens.")},
    )
    types = forms.MultipleChoiceField(
        label=_("What to tell"),
        required=False,
        choices=[(kind.value, kind.label) for kind in subscriptions.TYPES],
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Tick nothing to be told of everything, also of what comes later."),
    )
    description = forms.CharField(
        label=_("Note"), max_length=200, required=False, help_text=_("For you and your colleagues: what it is for.")
    )

    def __init__(self, data: Any = None, *, webhook: Subscription | None = None) -> None:
        known = {name: getattr(webhook, name) for name in ("url", "types", "description")} if webhook else {}
        super().__init__(data, initial=known)
        self.webhook = webhook

    def clean_url(self) -> str:
        url: str = self.cleaned_data["url"]
        if self.webhook is None or url != self.webhook.url:
            try:
                subscriptions.check(url)
            except RequestRejected as refusal:
                raise ValidationError(refusal.sentence) from None
        return url

    @property
    def chosen(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("url", "types", "description")}
