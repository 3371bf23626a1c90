from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts import queries, second_factors


class Command(BaseCommand):
    help = "Remove somebody's second factor and end his sessions; he is told by mail. First make sure who asks."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", help="the address he signs in with")

    def handle(self, *args: object, **options: Any) -> None:
        user = queries.account_with(options["email"])
        if not user:
            raise CommandError(f"Nobody signs in with {options['email']}.")
        second_factors.reset(user)
        self.stdout.write(f"{user} signs in with the password alone again, and is told by mail.")
