"""Which addresses Bridge may go to when a person typed where: the public internet, and what the operator allows.

https://www.iana.org/assignments/iana-ipv4-special-registry and …/iana-ipv6-special-registry; spelled out here because
older Pythons take some of them (192.0.0.0/24, deprecated site-local addresses) for public ones.
"""

import ipaddress
import socket
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

NOT_PUBLIC_IPV4 = (
    "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
    "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
    "224.0.0.0/3", "168.63.129.16/32",  # the last tells machines at Azure about themselves, although it looks public
)  # fmt: skip
NOT_PUBLIC_IPV6 = ("2001::/23", "2001:db8::/32", "3fff::/20")
NOT_PUBLIC = tuple(ipaddress.ip_network(text) for text in NOT_PUBLIC_IPV4 + NOT_PUBLIC_IPV6)
PUBLIC_IPV6 = IPv6Network("2000::/3")
TRANSLATED = IPv6Network("64:ff9b::/96")  # NAT64: the last 32 bits are an IPv4 address
COMPATIBLE = IPv6Network("::/96")


class Forbidden(Exception):
    """At least one of a name's addresses lies where Bridge does not go."""


@dataclass(frozen=True)
class Place:
    """One address of a name, ready to connect to. `names`: the one asked for and those that it is an alias of."""

    family: int
    at: Any
    names: frozenset[str]


def find(host: str, port: int) -> list[Place]:
    """All addresses of the name. Raises Forbidden if one of them is, and OSError if there are none."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_CANONNAME)
    names = frozenset(plain_name(name) for name in (host, *(entry[3] for entry in found)) if name)
    if not _is_our_own(host, port) and not all(allows(str(entry[4][0])) for entry in found):
        raise Forbidden
    return [Place(entry[0], entry[4], names) for entry in found]


def allows(text: str) -> bool:
    address = ipaddress.ip_address(text.partition("%")[0])
    meant = _meant(address)
    return _is_public(meant) or any(_within(one, network) for one in (address, meant) for network in permitted())


def permitted() -> list[Network]:
    """What the operator allows besides. Raises ValueError if he wrote no network."""
    return [ipaddress.ip_network(text.strip(), strict=False) for text in settings.OUTWARD_PRIVATE_ADDRESSES]


def are_at_home(host: str, port: int, places: list[Place]) -> bool:
    """Where the operator lets Bridge go besides, so that nothing travels over the internet."""
    within = (ipaddress.ip_address(str(place.at[0]).partition("%")[0]) for place in places)
    return _is_our_own(host, port) or all(any(_within(one, network) for network in permitted()) for one in within)


def plain_name(host: str) -> str:
    return host.rstrip(".").lower()


def _is_our_own(host: str, port: int) -> bool:
    """In the try-out the simulated servers live at Bridge's own address."""
    ours = urlsplit(settings.BASE_URL)
    return settings.SIMULATORS and (host, port) == (ours.hostname, ours.port or (443 if settings.HTTPS else 80))


def _meant(address: Address) -> Address:
    """The IPv4 address that some IPv6 addresses only wrap."""
    if isinstance(address, IPv4Address):
        return address
    if address in TRANSLATED or address in COMPATIBLE:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or address


def _is_public(address: Address) -> bool:
    if address.version == 6 and not _within(address, PUBLIC_IPV6):
        return False
    return not any(_within(address, network) for network in NOT_PUBLIC)


def _within(address: Address, network: Network) -> bool:
    return address.version == network.version and address in network
