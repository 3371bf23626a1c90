"""Keeps secrets out of the logs: tokens, codes, passcodes, links that let somebody in."""

import logging
import re

_SECRETS = re.compile(
    r"""(?ix)
    (?P<name>(?:access_token|refresh_token|client_secret|code_verifier|password|pwd|zak|code|state|token)
        ["']?\s*[=:]\s*["']?)
    (?P<value>[^\s"'&,}]+)
    | (?P<auth>(?:bearer|basic)\s+)(?P<credentials>[^\s"',]+)
    | (?P<path>(?:/|%2F)(?:b|room|feeds|invitations|connect/[a-z0-9-]+/organization)(?:/|%2F))(?P<secret>[^\s"'/?]+)
    """
)


def redact(text: str) -> str:
    """`text` with the value of every secret replaced by three dots."""
    return _SECRETS.sub(lambda found: f"{found['name'] or found['auth'] or found['path']}…", text)


class Redact(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = redact(record.getMessage()), ()
        if record.exc_info:
            record.exc_text = redact(logging.Formatter().formatException(record.exc_info))
        return True
