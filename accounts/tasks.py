"""The timetable: forget tokens and codes that are over."""

from celery import shared_task
from oauth2_provider.models import clear_expired


@shared_task
def forget_tokens() -> None:
    """Used refresh tokens stay until they would have expired: by them a replay is known."""
    clear_expired()
