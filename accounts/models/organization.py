import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    OWNER = "owner", _("Owner")
    ADMIN = "admin", _("Admin")
    MEMBER = "member", _("Member")


class Registration(models.TextChoices):
    """Who may register applications that ask people for access."""

    MEMBERS = "members", _("Every member")
    APPROVAL = "approval", _("Every member, but an admin has to approve each")
    ADMINS = "admins", _("Admins only")


class Organization(models.Model):  # type: ignore[django-manager-missing]  # of applications: the toolkit has no types
    """The tenant: everything below belongs to exactly one.

    registration: who may register applications here.  outside_applications: whether its members may let applications of
    other organizations act for them.
    """

    name = models.CharField(_("name"), max_length=120)
    slug = models.SlugField(max_length=40, unique=True)
    requires_second_factor = models.BooleanField(_("everybody needs a second factor"), default=False)
    registration = models.CharField(max_length=10, choices=Registration, default=Registration.MEMBERS)
    outside_applications = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)
    members = models.ManyToManyField(settings.AUTH_USER_MODEL, through="Membership", related_name="organizations")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(registration__in=Registration.values), name="registration_is_known"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=10, choices=Role)
    joined_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "user"], name="one_membership_per_person"),
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="membership_role_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.user} in {self.organization}"

    @property
    def is_owner(self) -> bool:
        return self.role == Role.OWNER

    @property
    def is_admin(self) -> bool:
        """May do what admins may: owners too."""
        return self.role in (Role.OWNER, Role.ADMIN)
