"""The examples of the guide: files that the pages show and the tests run, with the address of this installation."""

from datetime import timedelta
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.utils.timezone import now

FOLDER = Path(settings.BASE_DIR) / "templates/developers/examples"
ELSEWHERE = "https://bridge.example.org"
"""What the files say instead of our address."""

DAY = "2027-03-01"
"""What they say instead of a day to come."""

LANGUAGES = {"curl": ("curl", ".sh"), "python": ("Python", ".py")}
"""By what stands in the page's address: the name to read, and how the files end."""


def chosen(wanted: str) -> str:
    return wanted if wanted in LANGUAGES else next(iter(LANGUAGES))


def text(name: str, language: str) -> str:
    """Empty where there is none in this language."""
    coming = (now() + timedelta(days=7)).date().isoformat()
    return _read(f"{name}{LANGUAGES[language][1]}").replace(ELSEWHERE, settings.BASE_URL).replace(DAY, coming)


def names() -> list[str]:
    return sorted({file.stem for file in FOLDER.iterdir() if file.suffix in (".sh", ".py")})


@lru_cache
def _read(file_name: str) -> str:
    file = FOLDER / file_name
    return file.read_text(encoding="utf-8").strip() if file.exists() else ""
