"""Which addresses may be fetched at all: the form of a web address, and which IP addresses are public.

It must not touch Django, the database or the web: names are resolved elsewhere.
"""

import ipaddress
import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote

from .answers import AddressRefused

__all__ = ["DEFAULT_PORTS", "Target", "is_public", "target_of"]

DEFAULT_PORTS = {"http": 80, "https": 443}
_LONGEST = 2000  # characters: as long as an address that is recorded

_URL = re.compile(
    r"(?P<scheme>https?)://(?P<netloc>[^/?#]*)(?P<path>[^?#]*)(?P<query>\?[^#]*)?", re.I
)
_NETLOC = re.compile(
    r"(?:\[(?P<v6>[0-9a-f:.]{2,45})\]|(?P<name>[a-z0-9_.-]+))(?::(?P<port>[0-9]{1,5}))?",
    re.I | re.A,
)
# Letters, digits and hyphens (RFC 1123, 2.1); underscores too, which live sites use.
_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
# A host that ends like this is an IPv4 address to browsers (WHATWG URL, 3.5) and to getaddrinfo.
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
# What RFC 3986 lets stand in a path and a query, "%" included, and "[]|", which live sites use.
_KEPT = "/:=&?~+!$,;'@()*%[]|"

# Not public, by the IANA registries of special-purpose IPv4 and IPv6 addresses (RFC 6890). Written
# out, since what `ipaddress` knows of them differs between patch releases of Python 3.11.
_IPV4_CLOSED = tuple(
    map(
        ipaddress.IPv4Network,
        (
            *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16"),
            *("172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16"),
            *("198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4"),
            "168.63.129.16/32",  # public by its number: the host of every machine at Azure
        ),
    )
)
_GLOBAL_UNICAST = ipaddress.IPv6Network(
    "2000::/3"
)  # all that IANA has given out of IPv6 (RFC 4291)
_IPV6_CLOSED = tuple(
    map(ipaddress.IPv6Network, ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"))
)
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")  # RFC 6052, 2.1
_IPV4_IN_IPV6 = 0xFFFFFFFF


@dataclass(frozen=True, slots=True)
class Target:
    """An address taken apart: `host` in lower case without brackets, `path` with its query, as sent."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def origin(self) -> str:
        """Scheme, host and port, without the port that the scheme has anyway (RFC 6454, 6.2)."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.port == DEFAULT_PORTS[self.scheme] else f":{self.port}"
        return f"{self.scheme}://{host}{port}"

    @property
    def url(self) -> str:
        return self.origin + self.path


def target_of(url: str, *, ports: frozenset[int] | None) -> Target:
    """Take a web address apart; the fragment is dropped. `ports` None allows any.

    Hosts are names of two labels or more in their ASCII form (RFC 5891), or IP addresses in their
    canonical form (RFC 6943, 3.1.1, tells why not the others). Whether a host is public is seen
    only when it is resolved. Raises `AddressRefused`.
    """
    if len(url) > _LONGEST:
        raise AddressRefused(f"A web address has at most {_LONGEST:,} characters.")
    if not url.isprintable() or " " in url or "\\" in url:
        raise AddressRefused(
            "There is a space, a backslash or a control character in this web address."
        )
    match = _URL.match(url)
    if not match:
        raise AddressRefused("A web address begins with http:// or https:// and a host.")
    if "@" in match["netloc"]:
        raise AddressRefused("A web address with a user name or password is not fetched.")
    netloc = _NETLOC.fullmatch(match["netloc"])
    if not netloc:
        raise AddressRefused("The host or the port of this web address is not valid.")
    scheme = match["scheme"].lower()
    port = int(netloc["port"]) if netloc["port"] else DEFAULT_PORTS[scheme]
    if not 0 < port < 65536 or (ports is not None and port not in ports):
        raise AddressRefused(f"Port {port} is not one that pages are fetched from.")
    host = _ipv6(netloc["v6"]) if netloc["v6"] else _host(netloc["name"].lower())
    path = quote((match["path"] or "/") + (match["query"] or ""), safe=_KEPT)
    return Target(scheme, host, port, path)


def is_public(address: str) -> bool:
    """Whether an IP address, as text, is of a machine on the public internet.

    An IPv4 address inside an IPv6 one counts as itself: IPv4-mapped (RFC 4291, 2.5.5.2), NAT64
    (RFC 6052), 6to4 (RFC 3056), Teredo (RFC 4380; server and client both). What is no IP address,
    or has a zone, is not public.
    """
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv4Address):
        return ip.is_global and not any(ip in closed for closed in _IPV4_CLOSED)
    if ip.scope_id is not None:
        return False
    inner = list(_inside(ip))
    if inner:
        return all(is_public(str(each)) for each in inner)
    return (
        ip in _GLOBAL_UNICAST and ip.is_global and not any(ip in closed for closed in _IPV6_CLOSED)
    )


def _inside(ip: ipaddress.IPv6Address) -> Iterator[ipaddress.IPv4Address]:
    """The IPv4 addresses that packets to this IPv6 address may end at."""
    if ip.ipv4_mapped:
        yield ip.ipv4_mapped
    if ip.sixtofour:
        yield ip.sixtofour
    if ip.teredo:
        yield from ip.teredo
    if ip in _NAT64:
        yield ipaddress.IPv4Address(int(ip) & _IPV4_IN_IPV6)


def _ipv6(text: str) -> str:
    try:
        return ipaddress.IPv6Address(text).compressed
    except ValueError as error:
        raise AddressRefused("The host of this web address is not a valid IP address.") from error


def _host(name: str) -> str:
    labels = name.removesuffix(".").split(".")
    if _NUMBER.fullmatch(labels[-1]):
        try:
            return str(ipaddress.IPv4Address(".".join(labels)))
        except ValueError as error:
            raise AddressRefused(
                "This web address has an unusual form of an IP address."
            ) from error
    host = ".".join(labels)
    if len(labels) < 2 or len(host) > 253 or not all(map(_LABEL.fullmatch, labels)):
        raise AddressRefused("The host of this web address is not a valid name on the internet.")
    return host
