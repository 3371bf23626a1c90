"""Text for files that spreadsheets open."""

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def harmless(text: str) -> str:
    """A spreadsheet takes what begins like a formula for one and runs it; behind an apostrophe it is text."""
    return f"'{text}" if text.lstrip().startswith(FORMULA) or text.startswith(FORMULA) else text
