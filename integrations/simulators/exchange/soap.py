"""Envelopes: reading what a client asks, writing answers and faults."""

from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import fromstring

from integrations.simulators.exchange.versions import Product
from integrations.simulators.http import Response

NAMES = {
    "s": "http://schemas.xmlsoap.org/soap/envelope/",
    "m": "http://schemas.microsoft.com/exchange/services/2006/messages",
    "t": "http://schemas.microsoft.com/exchange/services/2006/types",
    "e": "http://schemas.microsoft.com/exchange/services/2006/errors",
}
XML = [("Content-Type", "text/xml; charset=utf-8")]

for _prefix, _name in NAMES.items():
    ElementTree.register_namespace(_prefix, _name)


class Refused(Exception):
    """`code` as Exchange spells it. As a fault it spoils the whole call, else only the item that it is about."""

    def __init__(self, code: str, text: str = "", *, values: dict[str, str] | None = None) -> None:
        super().__init__(code)
        self.code, self.text, self.values = code, text or f"Simulated: {code}", values or {}


class Fault(Refused):
    """HTTP 500 with a SOAP fault."""


@dataclass(frozen=True)
class Envelope:
    version: str
    impersonated: tuple[str, str] | None
    """How the mailbox is named (PrimarySmtpAddress, SmtpAddress, …), and the name."""
    operation: str
    request: Element


def tag(name: str) -> str:
    """ "t:ItemId" in full."""
    prefix, _colon, local = name.partition(":")
    return f"{{{NAMES[prefix]}}}{local}" if local else name


def local(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def el(name: str, *inside: Element | str | None, **attributes: Any) -> Element:
    """An element with text and children; None is left out."""
    made = Element(tag(name), {key: str(value) for key, value in attributes.items()})
    for one in inside:
        if isinstance(one, str):
            made.text = one
        elif one is not None:
            made.append(one)
    return made


def read(content: bytes) -> Envelope:
    """Raises Fault."""
    try:
        root = fromstring(content, forbid_dtd=True)
        body = root.find(tag("s:Body"))
        [request] = [] if body is None else list(body)
    except (ElementTree.ParseError, ValueError):
        raise Fault("ErrorSchemaValidation", "The request failed schema validation.") from None
    wanted = root.find(f"{tag('s:Header')}/{tag('t:RequestServerVersion')}")
    sid = root.find(f"{tag('s:Header')}/{tag('t:ExchangeImpersonation')}/{tag('t:ConnectingSID')}")
    named = (local(sid[0]), sid[0].text or "") if sid is not None and len(sid) else None
    version = wanted.get("Version", "") if wanted is not None else "Exchange2007"
    return Envelope(version, named, local(request).removesuffix("Request"), request)


def answer(operation: str, inside: list[Element], product: Product) -> Response:
    return _envelope(200, el(f"m:{operation}Response", *inside), product)


def messages(operation: str, each: list[Element]) -> list[Element]:
    return [el("m:ResponseMessages", *each)]


def success(operation: str, *inside: Element | None) -> Element:
    code = el("m:ResponseCode", "NoError")
    return el(f"m:{operation}ResponseMessage", code, *inside, ResponseClass="Success")


def error(operation: str, refused: Refused) -> Element:
    parts = [el("m:MessageText", refused.text), el("m:ResponseCode", refused.code), el("m:DescriptiveLinkKey", "0")]
    if refused.values:
        parts.append(el("m:MessageXml", *(el("t:Value", value, Name=name) for name, value in refused.values.items())))
    if operation == "SyncFolderItems":  # as real servers answer, and clients insist
        parts += [el("m:SyncState"), el("m:IncludesLastItemInRange", "true")]
    return el(f"m:{operation}ResponseMessage", *parts, ResponseClass="Error")


def fault(refused: Refused, product: Product) -> Response:
    values = [el("t:Value", value, Name=name) for name, value in refused.values.items()]
    detail = el(
        "detail",
        el("e:ResponseCode", refused.code),
        el("e:Message", refused.text),
        el("t:MessageXml", *values) if values else None,
    )
    inside = el("s:Fault", el("faultcode", "a:" + refused.code), el("faultstring", refused.text), detail)
    return _envelope(500, inside, product)


def _envelope(status: int, inside: Element, product: Product) -> Response:
    server = el(
        "t:ServerVersionInfo",
        MajorVersion=product.major,
        MinorVersion=product.minor,
        MajorBuildNumber=product.build,
        MinorBuildNumber=6,
        Version=product.named,
    )
    envelope = el("s:Envelope", el("s:Header", server), el("s:Body", inside))
    return Response(status, ElementTree.tostring(envelope, encoding="utf-8", xml_declaration=True), list(XML))
