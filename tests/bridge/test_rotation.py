"""Writing anew under the newest key what is kept sealed: of every floor."""

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command

from scheduling import feeds, signing_keys
from tests import factories

OLD, NEW = "VGhpcyBpcyB0aGUgb2xkIGtleSBvZiB0aGUgdGVzdHM=", "VGhpcyBpcyB0aGUgbmV3IGtleSBvZiB0aGUgdGVzdHM="
REWRITTEN = {"Grant", "VendorApp", "CalendarFeed", "SubscriptionSecret"}
SHORT_LIVED = {"AuthorizationRequest", "WebhookDelivery"}
"""Over before anybody takes the old key away."""

pytestmark = pytest.mark.django_db


@pytest.fixture
def under_the_old_key(settings):
    settings.ENCRYPTION_KEYS = [OLD]


def test_feeds_and_signing_keys_outlive_the_old_key(under_the_old_key, settings, olga):
    feed = feeds.keep(olga, details=True, private=False)
    subscription = factories.subscription(factories.application(olga))
    address, secret = feeds.address(feed), signing_keys.renew(subscription)
    settings.ENCRYPTION_KEYS = [NEW, OLD]

    call_command("rotate_encryption_key")

    settings.ENCRYPTION_KEYS = [NEW]
    feed.refresh_from_db()
    assert feeds.address(feed) == address
    assert signing_keys.live(subscription) == [secret]


@pytest.mark.parametrize("what", ["feeds", "secrets of webhooks"])
def test_what_no_key_opens_is_named(under_the_old_key, settings, olga, what):
    if what == "feeds":
        feeds.keep(olga, details=True, private=False)
    else:
        signing_keys.renew(factories.subscription(factories.application(olga)))
    settings.ENCRYPTION_KEYS = [NEW]

    with pytest.raises(CommandError, match=what):
        call_command("rotate_encryption_key")


def test_no_sealed_row_is_forgotten():
    ours = [
        model for model in apps.get_models() if model.__module__.startswith(("accounts", "integrations", "scheduling"))
    ]
    sealed = {model.__name__ for model in ours if any(field.name.startswith("sealed") for field in model._meta.fields)}

    assert sealed - SHORT_LIVED == REWRITTEN
