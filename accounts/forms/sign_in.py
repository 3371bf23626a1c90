from typing import Any

from allauth.account.forms import LoginForm as BaseLoginForm
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.translation import gettext as _


class LoginForm(BaseLoginForm):  # type: ignore[misc]
    """Whoever has forgotten his password still comes to where he wanted to go."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sent = self.request.POST if self.request.method == "POST" else self.request.GET
        if wish := sent.get(REDIRECT_FIELD_NAME, ""):
            address = f"{reverse('account_reset_password')}?{urlencode({REDIRECT_FIELD_NAME: wish})}"
            help_text = format_html('<a href="{}">{}</a>', address, _("Forgot your password?"))
            self.fields["password"].help_text = help_text
