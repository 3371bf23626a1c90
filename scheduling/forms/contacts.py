from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.forms.filters import FilterForm, SearchField


class ContactSearchForm(FilterForm):
    q = SearchField(label=_("Contact"), placeholder=_("Name, company or e-mail"))

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        self.full_clean()

    @property
    def text(self) -> str:
        return str(self.cleaned_data.get("q", ""))
