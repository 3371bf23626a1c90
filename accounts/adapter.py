from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import emails, encryption, organizations, profiles
from accounts.models import User


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """What we change in allauth: signing up founds an organization; mails go through the outbox."""

    @transaction.atomic
    def save_user(self, request: HttpRequest, user: User, form: Any, commit: bool = True) -> User:
        user.name = form.cleaned_data["name"]
        user.time_zone = form.cleaned_data["time_zone"]
        user.custom_url = profiles.free_custom_url(user.name)
        user = super().save_user(request, user, form, commit)
        organizations.found(user)
        return user

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        message = self.render_mail(template_prefix, email, context)
        html = next((str(body) for body, _ in getattr(message, "alternatives", [])), "")
        emails.keep(to=email, subject=message.subject, text=_text(message), html=html)

    def send_notification_mail(
        self, template_prefix: str, user: User, context: dict[str, Any] | None = None, email: str | None = None
    ) -> None:
        super().send_notification_mail(template_prefix, user, context, email or user.email)


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """What we change in allauth's second factor: secrets are sealed, names and errors are in our words.

    allauth does not say whose secret it is, so all are sealed for one owner (decision 0018).
    """

    error_messages = DefaultMFAAdapter.error_messages | {
        "cannot_generate_recovery_codes": gettext_lazy("First set up an authenticator app or a passkey."),
        "incorrect_code": gettext_lazy("This is not the right code. Codes of the app change every half minute."),
        "unverified_email": gettext_lazy("First confirm your email address."),
    }

    def encrypt(self, text: str) -> str:
        return encryption.encrypt(text, owner="second factor")

    def decrypt(self, encrypted_text: str) -> str:
        return encryption.decrypt(encrypted_text, owner="second factor")

    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:
        number = Authenticator.objects.filter(user=user, type=type).count() + 1
        return _("Passkey %(number)s") % {"number": number}

    def _get_site_name(self) -> str:
        return "Bridge"


def _text(message: EmailMultiAlternatives) -> str:
    return "" if getattr(message, "content_subtype", "plain") == "html" else str(message.body)
