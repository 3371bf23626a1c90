"""Refusals in Zoom's words. The API, the token endpoint and the pages each speak their own dialect."""

from datetime import datetime

from integrations.simulators.http import Response, answer


class Refused(Exception):
    """Anything that is answered instead of what was asked."""

    def response(self) -> Response:
        raise NotImplementedError


class ApiError(Refused):
    def __init__(self, status: int, code: int, message: str, fields: list[str] | None = None) -> None:
        super().__init__(message)
        self.status, self.code, self.message, self.fields = status, code, message, fields or []

    def response(self) -> Response:
        content: dict[str, object] = {"code": self.code, "message": self.message}
        if self.fields:
            content["errors"] = [{"field": field, "message": "Invalid field."} for field in self.fields]
        return answer(self.status, content)


class TokenError(Refused):
    def __init__(self, reason: str, error: str, status: int = 400) -> None:
        super().__init__(reason)
        self.reason, self.error, self.status = reason, error, status

    def response(self) -> Response:
        return answer(self.status, {"reason": self.reason, "error": self.error})


class NotAuthorized(Exception):
    """The person stays on Zoom's page. `number` is Zoom's own, 0 where it shows none; `page` names the page."""

    def __init__(self, number: int, sentence: str, page: str = "error") -> None:
        super().__init__(sentence)
        self.number, self.sentence, self.page = number, sentence, page


def invalid_token() -> ApiError:
    return ApiError(401, 124, "Invalid access token.")


def expired_token() -> ApiError:
    return ApiError(401, 124, "Access token is expired.")


def missing_scopes(scopes: tuple[str, ...], status: int) -> ApiError:
    return ApiError(status, 4711, f"Invalid access token, does not contain scopes:[{', '.join(scopes)}].")


def no_user(user_id: str) -> ApiError:
    return ApiError(404, 1001, f"User does not exist: {user_id}.")


def no_meeting(meeting_id: str | int) -> ApiError:
    return ApiError(404, 3001, f"Meeting does not exist: {meeting_id}.")


def invalid(fields: list[str]) -> ApiError:
    return ApiError(400, 300, "Validation Failed.", fields)


class TooMany(ApiError):
    """`reset`: named in Retry-After, as Zoom does for daily limits of the account only."""

    def __init__(self, message: str, kind: str = "", reset: datetime | None = None) -> None:
        super().__init__(429, 429, message)
        self.kind, self.reset = kind, reset

    def response(self) -> Response:
        response = super().response()
        if self.kind:
            response.headers.append(("X-RateLimit-Type", self.kind))
        if self.reset:
            response.headers.append(("Retry-After", self.reset.strftime("%Y-%m-%dT%H:%M:%SZ")))
        return response
