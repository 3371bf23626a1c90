"""XML from strangers is read without entities, and never grows in memory."""

import pytest

from integrations import safe_xml

BILLION_LAUGHS = b"""<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol">%s]><lolz>&lol9;</lolz>""" % b"".join(
    b'<!ENTITY lol%d "%s">' % (n, b"&lol%s;" % (b"" if n == 1 else str(n - 1).encode()) * 10) for n in range(1, 10)
)
HOSTILE = {
    "billion laughs": BILLION_LAUGHS,
    "quadratic": b'<!DOCTYPE a [<!ENTITY x "%s">]><a>%s</a>' % (b"x" * 50_000, b"&x;" * 1000),
    "file": b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
    "remote": b'<!DOCTYPE a SYSTEM "http://127.0.0.1:9/evil.dtd"><a/>',
    "parameter entity": b'<!DOCTYPE a [<!ENTITY % x SYSTEM "http://127.0.0.1:9/">%x;]><a/>',
    "plain doctype": b"<!DOCTYPE html><html/>",
    "in UTF-16": '<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>'.encode("utf-16"),
    "deep": b"<a>" * 200_000,
    "wide": b"<a>" + b"<b/>" * 300_001 + b"</a>",
    "long": b"<a>" + b"x" * safe_xml.MOST_BYTES + b"</a>",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_xml_is_refused(name: str):
    with pytest.raises(safe_xml.Hostile):
        safe_xml.parse(HOSTILE[name])


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_xml_is_refused_where_another_parser_reads_it(name: str):
    with pytest.raises(safe_xml.Hostile):
        safe_xml.check(HOSTILE[name])


@pytest.mark.parametrize("content", [b"", b"hello", b"<a>", b"<a></b>", b"<html><br></html>", b"\xff\xfe"])
def test_what_is_no_xml_says_so(content: bytes):
    with pytest.raises(safe_xml.Unreadable):
        safe_xml.parse(content)
    safe_xml.check(content)  # that is for the other parser to judge


def test_honest_xml_is_read():
    root = safe_xml.parse('<d:multistatus xmlns:d="DAV:"><d:href>/ü&amp;</d:href></d:multistatus>'.encode())

    assert [(child.tag, child.text) for child in root] == [("{DAV:}href", "/ü&")]
