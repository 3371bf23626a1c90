"""A real CalDAV server (Radicale) on loopback, and what people do there without Bridge."""

import shutil
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import requests

from tests.servers import free_port, wait_for

CONFIGURATION = """
[server]
hosts = 127.0.0.1:{port}
[auth]
type = htpasswd
htpasswd_filename = {folder}/users
htpasswd_encryption = plain
delay = 0
[storage]
filesystem_folder = {folder}/collections
[logging]
level = critical
"""
PASSWORD = "open-sesame"


@dataclass
class Server:
    """Each test has people of its own."""

    url: str
    folder: Path

    def person(self, name: str = "") -> "Person":
        name = name or f"mina-{uuid.uuid4().hex[:12]}@example.org"
        with (self.folder / "users").open("a") as users:
            users.write(f"{name}:{PASSWORD}\n")
        return Person(self, name)


@dataclass
class Person:
    server: Server
    name: str

    @property
    def home(self) -> str:
        return f"/{self.name}/"

    def calendar(self, name: str = "work", *, components: str = "VEVENT", extra: str = "") -> str:
        """Its path."""
        path = f"{self.home}{name}/"
        kinds = "".join(f'<C:comp name="{kind}"/>' for kind in components.split())
        body = (
            '<C:mkcalendar xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"><D:set><D:prop>'
            f"<D:displayname>{name.title()}</D:displayname>{extra}"
            f"<C:supported-calendar-component-set>{kinds}</C:supported-calendar-component-set>"
            "</D:prop></D:set></C:mkcalendar>"
        )
        self.ask("MKCALENDAR", path, body)
        return path

    def put(self, path: str, *lines: str, before: str = "") -> str:
        """An object of one event with these lines, or of them alone if they begin with BEGIN:. Returns its path."""
        inner = "\n".join(lines)
        if not inner.startswith("BEGIN:"):
            uid = "" if "UID:" in inner else f"UID:{path.rpartition('/')[2]}\n"
            inner = f"BEGIN:VEVENT\n{uid}DTSTAMP:20270101T000000Z\n{inner}\nEND:VEVENT"
        self.ask("PUT", path, f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//Test//EN\n{before}{inner}\nEND:VCALENDAR\n")
        return path

    def read(self, path: str) -> str:
        """Unfolded."""
        return self.ask("GET", path).text.replace("\r\n ", "").replace("\r\n", "\n")

    def delete(self, path: str) -> None:
        self.ask("DELETE", path)

    def forget(self, calendar: str) -> None:
        """What the server has told until now. One that changed nothing since would know it without remembering."""
        self.delete(self.put(f"{calendar}passing.ics", "DTSTART:20270101T000000Z"))
        found = self.server.folder / "collections" / "collection-root" / calendar.strip("/")
        shutil.rmtree(found / ".Radicale.cache" / "sync-token")

    def ask(self, method: str, path: str, body: str = "") -> requests.Response:
        answer = requests.request(
            method, self.server.url + path, data=body.encode(), auth=(self.name, PASSWORD), timeout=30
        )
        answer.raise_for_status()
        return answer


@dataclass
class Owner:
    """The desk's part of the owner, in one calendar."""

    person: Person
    calendar: str

    def add(self, title: str, start: datetime, end: datetime, *, private: bool = False, free: bool = False) -> str:
        lines = [f"SUMMARY:{title}", f"DTSTART:{utc(start)}", f"DTEND:{utc(end)}"]
        lines += ["CLASS:PRIVATE"] * private + ["TRANSP:TRANSPARENT"] * free
        return self.person.put(f"{self.calendar}{uuid.uuid4().hex}.ics", *lines)

    def repeat(self, title: str, start: datetime, end: datetime, *, weeks: int) -> str:
        lines = [f"SUMMARY:{title}", f"DTSTART:{utc(start)}", f"DTEND:{utc(end)}", f"RRULE:FREQ=WEEKLY;COUNT={weeks}"]
        return self.person.put(f"{self.calendar}{uuid.uuid4().hex}.ics", *lines)

    def move(self, event_id: str, by: timedelta) -> None:
        """One instance gets an exception, as a calendar program would write it."""
        path, _sign, name = event_id.partition("#")
        text = self.person.read(path)
        if not name:
            self.person.ask("PUT", path, _moved(text, by))
            return
        event = text[text.index("BEGIN:VEVENT") : text.index("END:VEVENT") + len("END:VEVENT\n")]
        begun, ended = _value(event, "DTSTART"), _value(event, "DTEND")
        start = datetime.strptime(name, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
        lines = [line for line in event.splitlines() if not line.startswith(("RRULE", "DTSTART", "DTEND"))]
        times = [f"RECURRENCE-ID:{name}", f"DTSTART:{utc(start + by)}", f"DTEND:{utc(start + by + (ended - begun))}"]
        exception = "\n".join([*lines[:-1], *times, lines[-1], ""])
        self.person.ask("PUT", path, text.replace("END:VCALENDAR", f"{exception}END:VCALENDAR"))


def utc(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _moved(text: str, by: timedelta) -> str:
    for name in ("DTSTART", "DTEND"):
        was = _value(text, name)
        text = text.replace(f"{name}:{utc(was)}", f"{name}:{utc(was + by)}")
    return text


def _value(text: str, name: str) -> datetime:
    said = next(line for line in text.splitlines() if line.startswith(f"{name}:")).partition(":")[2]
    return datetime.strptime(said, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)


def _end(server: subprocess.Popen[bytes]) -> None:
    server.terminate()
    try:
        server.wait(5)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait(5)


@contextmanager
def running() -> Iterator[Server]:
    """Its own folder, its own users; ended by its process."""
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="bridge-caldav-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        (folder / "users").touch()
        (folder / "config").write_text(CONFIGURATION.format(port=port, folder=folder))
        command = [sys.executable, "-m", "radicale", "--config", str(folder / "config")]
        server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            wait_for(port, seconds=30)
            yield Server(f"http://127.0.0.1:{port}", folder)
        finally:
            _end(server)
