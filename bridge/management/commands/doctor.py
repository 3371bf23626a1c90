import sys

from django.core.management.base import BaseCommand

from bridge.doctor import addresses, installation, rooms, services
from bridge.doctor.findings import Check, Finding

CHECKS: tuple[Check, ...] = (
    installation.settings_are_complete,
    installation.keys_are_our_own,
    installation.database_answers,
    installation.cache_keeps,
    services.broker_answers,
    services.nothing_waits_long,
    services.accounts_can_be_renewed,
    services.mail_leaves,
    addresses.providers_are_reached,
    addresses.providers_can_tell_us,
    addresses.clock_agrees_with_the_database,
    rooms.rooms_connect,
)


class Command(BaseCommand):
    help = "Look at the whole installation; say what is wrong and how to mend it. Exit status 1: something is grave."
    requires_system_checks = ()

    def handle(self, *args: object, **options: object) -> None:
        grave = 0
        for check in CHECKS:
            findings = list(check())
            grave += sum(finding.grave for finding in findings)
            self.stdout.write(f"{_mark(findings)} {check.__name__.replace('_', ' ')}")
            for finding in findings:
                self.stdout.write(f"       {finding.sentence}" + (f"\n       → {finding.fix}" if finding.fix else ""))
        self.stdout.write(f"\n{grave} to mend." if grave else "\nBridge is well.")
        sys.exit(1 if grave else 0)


def _mark(findings: list[Finding]) -> str:
    if not findings:
        return "well  "
    return "MEND  " if any(finding.grave for finding in findings) else "note  "
