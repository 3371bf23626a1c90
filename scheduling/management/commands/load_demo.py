from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from scheduling import demo, demo_people
from scheduling.demo_cast import PASSWORD, PEOPLE


class Command(BaseCommand):
    help = "Load a demo organization with schedulers, simulated accounts and calendars, and bookings. Twice is once."

    def handle(self, *args: object, **options: object) -> None:
        if not settings.SIMULATORS:
            raise CommandError("The demo needs the simulated providers of the try-out (SIMULATORS=true).")
        people = demo_people.gather()
        for membership, person in zip(people, PEOPLE, strict=True):
            if person.works:
                demo.fill(membership)
        self.stdout.write(
            "The demo is loaded; what is held at the simulated providers follows once Bridge runs. Sign in as"
        )
        for membership in people:
            self.stdout.write(f"  {membership.user.email:<20} password {PASSWORD}   ({membership.get_role_display()})")
