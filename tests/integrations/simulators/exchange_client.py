"""Speaks to the simulated Exchange: by exchangelib, as Bridge does, and by hand where that would be too polite."""

from datetime import UTC, datetime
from typing import Any
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import requests
from exchangelib import IMPERSONATION, Account, Configuration, Credentials, EWSTimeZone
from exchangelib.protocol import close_connections
from exchangelib.transport import BASIC
from exchangelib.version import Build, Version

from integrations.simulators.exchange.simulator import PASSWORD, SERVICE

MINA = "mina@corp.example"
MONDAY = datetime(2027, 3, 1, 9, tzinfo=UTC)
ENVELOPE = """<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"
 xmlns:m="http://schemas.microsoft.com/exchange/services/2006/messages"
 xmlns:t="http://schemas.microsoft.com/exchange/services/2006/types"><s:Header>
 <t:RequestServerVersion Version="{version}"/>{header}</s:Header><s:Body>{body}</s:Body></s:Envelope>"""
IMPERSONATE = (
    "<t:ExchangeImpersonation><t:ConnectingSID><t:PrimarySmtpAddress>{}</t:PrimarySmtpAddress>"
    "</t:ConnectingSID></t:ExchangeImpersonation>"
)


class ExchangeClient:
    def __init__(self, url: str) -> None:
        self.address = f"{url}/EWS/Exchange.asmx"

    def __enter__(self) -> "ExchangeClient":
        return self

    def __exit__(self, *how: object) -> None:
        close_connections()

    def account(self, whose: str = MINA, **how: Any) -> Account:
        """`how`: user, password, auth_type, version."""
        credentials = Credentials(how.get("user", SERVICE), how.get("password", PASSWORD))
        version = how.get("version", Version(Build(15, 1)))
        config = Configuration(credentials, None, self.address, how.get("auth_type", BASIC), version)
        zone = EWSTimeZone("Europe/London")
        return Account(whose, config=config, autodiscover=False, access_type=IMPERSONATION, default_timezone=zone)

    def post(self, body: str, *, acting_for: str = MINA, version: str = "Exchange2016", **how: Any) -> "Answered":
        header = IMPERSONATE.format(acting_for) if acting_for else ""
        content = ENVELOPE.format(version=version, header=header, body=body)
        auth = how.pop("auth", (SERVICE, PASSWORD))
        return Answered(requests.post(self.address, content, auth=auth, timeout=5, **how))


class Answered:
    def __init__(self, response: requests.Response) -> None:
        self.status, self.headers = response.status_code, response.headers
        self.root: Element | None = ElementTree.fromstring(response.content) if response.content else None

    def text(self, name: str) -> str:
        """Of the first element of this local name."""
        return next((one.text or "" for one in self.all(name)), "")

    def all(self, name: str) -> list[Element]:
        return [] if self.root is None else [one for one in self.root.iter() if one.tag.rpartition("}")[2] == name]
