from typing import Any

from allauth.usersessions.models import UserSession
from django import forms
from django.db.models import QuerySet


class SessionForm(forms.Form):
    """Which of these sessions is meant."""

    session = forms.ModelChoiceField(queryset=UserSession.objects.none())

    def __init__(self, data: Any, *, among: QuerySet[UserSession]) -> None:
        super().__init__(data)
        self.fields["session"].queryset = among  # type: ignore[attr-defined]
