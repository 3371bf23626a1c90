from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.http import HttpRequest

from accounts import emails, organizations, profiles
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


def _text(message: EmailMultiAlternatives) -> str:
    return "" if getattr(message, "content_subtype", "plain") == "html" else str(message.body)
