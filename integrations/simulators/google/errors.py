"""How Google says no: in the API's envelope, at the token endpoint, on a page of its own."""

from integrations.simulators.http import Response, answer

STATUS = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    409: "ALREADY_EXISTS",
    429: "RESOURCE_EXHAUSTED",
}


class Refused(Exception):
    def response(self) -> Response:
        raise NotImplementedError


class ApiError(Refused):
    """detail: the reason of the newer ErrorInfo. status: as the newer APIs spell it."""

    def __init__(
        self,
        code: int,
        reason: str,
        message: str,
        *,
        domain: str = "global",
        location: str = "",
        detail: str = "",
        status: str = "",
    ) -> None:
        super().__init__(message)
        self.code, self.reason, self.message = code, reason, message
        self.domain, self.location, self.detail, self.status = domain, location, detail, status

    def response(self) -> Response:
        place = {"locationType": "header" if self.location[:1].isupper() else "parameter", "location": self.location}
        listed = {"domain": self.domain, "reason": self.reason, "message": self.message}
        error: dict[str, object] = {"code": self.code, "message": self.message}
        error["errors"] = [listed | (place if self.location else {})]
        if self.detail or self.status:
            error["status"] = self.status or STATUS.get(self.code, "UNKNOWN")
            error["details"] = [{"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": self.detail}]
        return answer(self.code, {"error": error})


class TokenError(Refused):
    def __init__(self, error: str, description: str, status: int = 400) -> None:
        super().__init__(description)
        self.error, self.description, self.status = error, description, status

    def response(self) -> Response:
        return answer(self.status, {"error": self.error, "error_description": self.description})


class PageError(Refused):
    """Shown to the person; the app hears nothing."""

    def __init__(self, error: str, sentence: str, status: int = 400) -> None:
        super().__init__(sentence)
        self.error, self.sentence, self.status = error, sentence, status


def invalid(message: str, location: str = "") -> ApiError:
    return ApiError(400, "invalid", message, location=location)


def not_found() -> ApiError:
    return ApiError(404, "notFound", "Not Found")


def out_of_scope() -> ApiError:
    return ApiError(
        403,
        "insufficientPermissions",
        "Request had insufficient authentication scopes.",
        detail="ACCESS_TOKEN_SCOPE_INSUFFICIENT",
    )


def too_many(form: str) -> ApiError:
    """As `form` says: the reason, or 429."""
    if form == "quota":
        return ApiError(403, "quotaExceeded", "Calendar usage limits exceeded.", domain="usageLimits")
    if form == "day":
        return ApiError(403, "dailyLimitExceeded", "Daily Limit Exceeded", domain="usageLimits")
    code, reason = (429, "rateLimitExceeded") if form == "429" else (403, form)
    if form in ("second", "user"):
        reason = "rateLimitExceeded" if form == "second" else "userRateLimitExceeded"
    return ApiError(code, reason, "Rate Limit Exceeded", domain="usageLimits")
