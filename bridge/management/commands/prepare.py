from argparse import ArgumentParser

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Bring the database up to date and gather the static files: what must happen before a new version serves."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--demo", action="store_true", help="load the example organization")
        parser.add_argument("--no-static", action="store_true", help="the static files are gathered already")

    def handle(self, *args: object, demo: bool, no_static: bool, **options: object) -> None:
        settings.VAR_DIR.mkdir(exist_ok=True)
        call_command("migrate", interactive=False, verbosity=0)
        call_command("createcachetable", verbosity=0)
        if not no_static:
            call_command("collectstatic", interactive=False, verbosity=0)
        if demo:
            call_command("load_demo")
