"""Bridge's own video rooms: whether browsers will find a way to each other."""

from collections.abc import Iterator

from django.conf import settings

from bridge.doctor.findings import Finding


def rooms_connect() -> Iterator[Finding]:
    yield from _misspelt("STUN_URLS", ("stun:", "stuns:"))
    yield from _misspelt("TURN_URLS", ("turn:", "turns:"))
    if settings.TURN_URLS and not settings.TURN_SECRET:
        yield Finding(
            "TURN_URLS is set, but TURN_SECRET is not: no call can use it.", "Set the server's static-auth-secret."
        )
    if settings.JITSI_URL and not settings.JITSI_URL.startswith("https://"):
        yield Finding(
            f"JITSI_URL is {settings.JITSI_URL}: browsers give it no camera.", "Give it an address with https://"
        )
    if not (settings.EMBEDDED or settings.TURN_URLS or settings.JITSI_URL):
        fix = "Set TURN_URLS and TURN_SECRET: docs/production.md, Video rooms."
        yield Finding("People behind strict networks cannot meet in a Bridge room.", fix, grave=False)


def _misspelt(name: str, schemes: tuple[str, ...]) -> Iterator[Finding]:
    for url in getattr(settings, name):
        if not url.startswith(schemes):
            yield Finding(f"{name}: {url} is no address browsers know.", f"Write it as {schemes[0]}host:3478")
