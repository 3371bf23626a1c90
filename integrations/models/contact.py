from django.db import models
from django.utils.timezone import now

from accounts.models import Membership
from integrations.models.connection import Connection


class AddressBook(models.Model):
    """The people of one account, as they were when they were last read. sync_token, problem: as of a Calendar."""

    connection = models.OneToOneField(Connection, on_delete=models.CASCADE, related_name="address_book")
    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="address_books")
    sync_token = models.TextField(blank=True)
    synced_at = models.DateTimeField(null=True, blank=True)
    failing_since = models.DateTimeField(null=True, blank=True)
    problem = models.TextField(blank=True)
    next_look_at = models.DateTimeField(default=now)

    def __str__(self) -> str:
        return f"address book {self.pk}"


class Person(models.Model):
    """Somebody in an address book (types.Contact). `search`: name, company and addresses in lower case.

    seen_at: when the look began that saw him last.
    """

    address_book = models.ForeignKey(AddressBook, on_delete=models.CASCADE, related_name="people")
    external_id = models.CharField(max_length=300)
    name = models.CharField(max_length=300, blank=True)
    emails = models.JSONField(default=list)
    phones = models.JSONField(default=list)
    company = models.CharField(max_length=300, blank=True)
    search = models.TextField(blank=True)
    seen_at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["name", "pk"]
        verbose_name_plural = "people"
        constraints = [
            models.UniqueConstraint(fields=["address_book", "external_id"], name="one_row_per_contact"),
        ]

    def __str__(self) -> str:
        return f"contact {self.pk}"


class PersonAddress(models.Model):
    """An e-mail address of somebody in an address book, in lower case: by it he is known."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="addresses")
    email = models.CharField(max_length=254, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "email"], name="one_row_per_person_and_address")]

    def __str__(self) -> str:
        return f"address {self.pk}"


class NewContact(models.Model):
    """Somebody whom a member wants in his address book, until the provider has him.

    attempted_at: when he was written first; he may be there since.  error, error_detail: why that could not be done.
    """

    address_book = models.ForeignKey(AddressBook, on_delete=models.CASCADE, related_name="new_contacts")
    name = models.CharField(max_length=300)
    email = models.CharField(max_length=254)
    attempted_at = models.DateTimeField(null=True, blank=True)
    error = models.TextField(blank=True)
    error_detail = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["address_book", "email"], name="one_new_contact_per_address")]

    def __str__(self) -> str:
        return f"new contact {self.pk}"
