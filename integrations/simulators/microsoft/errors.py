"""Refusals in Microsoft's words: Graph, the token endpoint and the pages each speak their own dialect."""

import uuid
from typing import Any

from integrations.simulators.http import Response, answer


class Refused(Exception):
    """Anything that is answered instead of what was asked."""

    def response(self) -> Response:
        raise NotImplementedError


class GraphError(Refused):
    def __init__(self, status: int, code: str, message: str = "", headers: dict[str, str] | None = None) -> None:
        super().__init__(f"{code}: {message}")
        self.status, self.code, self.message, self.headers = status, code, message or code, headers or {}

    def response(self) -> Response:
        inner = {"date": "2026-11-20T10:00:00", "request-id": str(uuid.uuid4()), "client-request-id": str(uuid.uuid4())}
        content = {"error": {"code": self.code, "message": self.message, "innerError": inner}}
        response = answer(self.status, content)
        response.headers += self.headers.items()
        return response


class TokenError(Refused):
    def __init__(self, error: str, number: int, sentence: str, *, status: int = 400, **more: str) -> None:
        super().__init__(f"AADSTS{number}: {sentence}")
        self.error, self.number, self.sentence, self.status, self.more = error, number, sentence, status, more

    def content(self) -> dict[str, Any]:
        return {
            "error": self.error,
            "error_description": f"AADSTS{self.number}: {self.sentence} Trace ID: {uuid.uuid4()}",
            "error_codes": [self.number],
            "timestamp": "2026-11-20 10:00:00Z",
            "trace_id": str(uuid.uuid4()),
            "correlation_id": str(uuid.uuid4()),
            "error_uri": f"https://login.microsoftonline.com/error?code={self.number}",
            **self.more,
        }

    def response(self) -> Response:
        return answer(self.status, self.content())


class Stay(Exception):
    """The person stays on Microsoft's page; nobody is sent back. `page` names which one."""

    def __init__(self, number: int, sentence: str, page: str = "error") -> None:
        super().__init__(sentence)
        self.number, self.sentence, self.page = number, sentence, page


class Back(Exception):
    """The person is sent back with an error."""

    def __init__(self, error: str, number: int, sentence: str) -> None:
        super().__init__(sentence)
        self.error, self.description = error, f"AADSTS{number}: {sentence}"


def no_item() -> GraphError:
    return GraphError(404, "ErrorItemNotFound", "The specified object was not found in the store.")


def access_denied() -> GraphError:
    return GraphError(403, "ErrorAccessDenied", "Access is denied. Check credentials and try again.")


def bad_request(message: str, code: str = "ErrorInvalidRequest") -> GraphError:
    return GraphError(400, code, message)


def invalid_property(message: str) -> GraphError:
    return GraphError(400, "ErrorPropertyValidationFailure", message)


def unknown_zone(name: object) -> GraphError:
    message = f"A valid TimeZone value must be specified. The following TimeZone value is not supported: '{name}'."
    return GraphError(400, "TimeZoneNotSupportedException", message)
