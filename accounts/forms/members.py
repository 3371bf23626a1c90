from django import forms
from django.utils.translation import gettext_lazy as _

from accounts import roles
from accounts.models import Membership, Role

MEANINGS = {
    Role.OWNER: _("Owner: everything, and who else owns the organization"),
    Role.ADMIN: _("Admin: members, invitations, teams, connections for everybody, settings"),
    Role.MEMBER: _("Member: own schedulers, bookings and accounts"),
}


class RoleForm(forms.Form):
    """The roles that `by` may give."""

    role = forms.ChoiceField(label=_("Role"), widget=forms.RadioSelect)

    def __init__(self, *args: object, by: Membership, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["role"].choices = [  # type: ignore[attr-defined]
            (role.value, text) for role, text in MEANINGS.items() if roles.may_give(by, role)
        ]


class GoForm(forms.Form):
    cancel_bookings = forms.BooleanField(
        label=_("Cancel the coming bookings too"),
        required=False,
        help_text=_("Whoever booked is told by mail. Without this tick they stand."),
    )
