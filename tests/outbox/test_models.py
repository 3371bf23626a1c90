"""What the database itself refuses."""

import pytest
from django.db import IntegrityError, transaction

from outbox.models import Intent

pytestmark = pytest.mark.django_db


def test_one_intent_per_effect():
    Intent.objects.create(kind="test", subject=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        Intent.objects.create(kind="test", subject=1)


def test_an_intent_settles_what_was_wanted():
    with pytest.raises(IntegrityError, match="intent_settles_what_was_wanted"), transaction.atomic():
        Intent.objects.create(kind="test", subject=1, wanted=1, settled=2)
