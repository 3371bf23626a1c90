"""Zoom's webinars: listed beside the meetings, with a permission of their own that many apps do not have.

https://developers.zoom.us/docs/api/meetings/#tag/webinars/GET/users/{userId}/webinars
"""

from urllib.parse import quote

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from requests import Session

from integrations.exceptions import ProviderUnavailable, RequestRejected
from integrations.providers.zoom import meetings, translation
from integrations.types import ListedMeeting

SCOPES = frozenset(
    f"{scope}{level}" for scope in ("webinar:read:list_webinars", "webinar:read") for level in ("", ":admin")
)
NO_PLAN = 200
MOST_PAGES = 20


class Webinars:
    unallowed: str | Promise = gettext_lazy(
        "Not read: Bridge’s app at Zoom lacks the scope webinar:read:list_webinars. Whoever manages the app adds it "
        "there; then connect the account again."
    )

    def permits(self, granted: frozenset[str]) -> bool:
        return bool(SCOPES & granted)

    def list_webinars(self, http: Session, host: str) -> list[ListedMeeting]:
        """Those with a time. Who has no plan for webinars has none."""
        query = {"page_size": "300"}
        found: list[ListedMeeting] = []
        for _page in range(MOST_PAGES):
            try:
                response = http.get(f"/users/{quote(host, safe='')}/webinars", params=query)
            except RequestRejected as rejected:
                if rejected.code == NO_PLAN:
                    return []
                raise
            page = translation.content(response)
            try:
                found += [meetings.listed_meeting(item) for item in page["webinars"] if item.get("start_time")]
            except (AttributeError, KeyError, TypeError, ValueError) as error:
                raise translation.unclear(response) from error
            if not page.get("next_page_token"):
                return found
            query["next_page_token"] = str(page["next_page_token"])
        raise ProviderUnavailable(_("Zoom’s list of webinars does not end. Bridge looks at it again later."))
