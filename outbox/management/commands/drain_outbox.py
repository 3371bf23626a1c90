from django.core.management.base import BaseCommand

from outbox import intents


class Command(BaseCommand):
    help = "Settle everything that is due, once, in this process."

    def handle(self, *args: object, **options: object) -> None:
        self.stdout.write(f"{intents.drain()} attempts made.")
