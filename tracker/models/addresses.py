"""Gives every spelling of a web address one form, so that an article is stored once.

It must not touch Django, the database or the web. Whether an address may be fetched is no matter
of this module.
"""

import ipaddress
import re
import unicodedata
from urllib.parse import urlsplit

__all__ = ["AddressError", "bare_domain", "normalise_url", "shown_url"]

_LONGEST = 2000
_DEFAULT_PORTS = {"http": 80, "https": 443}

# Parameters that only tell the site where the reader came from: leaving them out gives the same
# page. Beside these, all that begin with utm_ (Google Analytics).
# fmt: off
_TRACKING = frozenset({
    # adverts and shares
    "fbclid", "gclid", "gclsrc", "dclid", "gbraid", "wbraid", "msclkid", "twclid", "ttclid",
    "yclid", "igsh", "igshid",
    # newsletters
    "mc_cid", "mc_eid", "_hsenc", "_hsmi", "mkt_tok",
    # site analytics
    "_ga", "_gl", "ref_src", "ref_url", "spm",
})
# fmt: on

_UNRESERVED = re.compile(r"[A-Za-z0-9._~-]")
# An escape, or a character that RFC 3986, 3.3, has no place for in a path, such as a lone "%".
_PATH_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})|[^A-Za-z0-9._~!$&'()*+,;=:@/-]")
# The same for a query (3.4), which keeps its escapes. Square brackets are no part of the grammar,
# but "list[]=1" is common and kept as typed.
_NOT_IN_QUERY = re.compile(r"[^A-Za-z0-9._~!$&'()*+,;=:@/?%\[\]-]")
_NON_ASCII_ESCAPES = re.compile(r"(?:%[89A-Fa-f][0-9A-Fa-f])+")

_NETLOC = re.compile(r"(?P<host>\[[^\[\]]*\]|[^:\[\]]*)(?::(?P<port>[0-9]*))?", re.DOTALL)
# Letters, digits and hyphens (RFC 1123, 2.1); underscores too, which live sites use.
_ASCII_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
# RFC 5892, 2.1, after lower-casing: letters, marks, digits.
_LETTERS_AND_DIGITS = {"Ll", "Lo", "Lm", "Mn", "Mc", "Nd"}
# Browsers read a host that ends like this as an IPv4 address (WHATWG URL, 3.5).
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
# Joiners are letters' parts in Persian and in emoji, so an address copied for reading has them.
_JOINERS = "\u200c\u200d"


class AddressError(ValueError):
    """A text that is no usable web address; the message tells an editor why."""


def normalise_url(typed: str) -> str:
    """Return the one form of a web address (RFC 3986, 6.2.2 and 6.2.3).

    Scheme and host are in lower case, the host in its ASCII form (RFC 5891; "ß" stays itself) and
    without the trailing dot; the default port, the fragment (a text fragment too) and tracking
    parameters are left out; dot segments are resolved; in the path, escapes are upper case and
    only where needed. Other parameters keep their order and text. Normalising again gives the same.

    Raises `AddressError` for anything but http and https, and for addresses with a user name,
    without a valid host or port, with white space, backslashes, control or invisible characters,
    or of more than 2,000 characters.
    """
    typed = typed.strip()
    _refuse_characters(typed)
    if not re.match(r"https?:", typed, re.IGNORECASE):
        raise AddressError("A web address begins with http:// or https://.")
    try:
        parts = urlsplit(typed)
    except ValueError as error:
        raise AddressError("The host of this web address is not valid.") from error
    scheme = parts.scheme.lower()
    netloc = _netloc(parts.netloc, _DEFAULT_PORTS[scheme])
    query = _query(parts.query)
    url = f"{scheme}://{netloc}{_path(parts.path)}" + (f"?{query}" if query else "")
    if len(url) > _LONGEST:
        raise AddressError(f"A web address has at most {_LONGEST:,} characters.")
    return url


def bare_domain(url: str) -> str:
    """Return the host of a web address without "www.", or '' when there is none."""
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return ""
    bare = host.removeprefix("www.")
    return bare if "." in bare else host


def shown_url(url: str) -> str:
    """Return a web address as text for reading: no scheme, "www." or slash at the end.

    Escaped letters beyond ASCII are shown as themselves when all of them are printable; the host
    stays in its ASCII form, since look-alike letters could pretend to be another site.
    """
    text = re.sub(r"^https?://", "", url, flags=re.IGNORECASE)
    host, slash, rest = text.partition("/")
    bare = host.removeprefix("www.")
    host = bare if "." in bare else host
    return _NON_ASCII_ESCAPES.sub(_readable, f"{host}{slash}{rest}").removesuffix("/")


def _readable(escapes: re.Match[str]) -> str:
    try:
        text = bytes.fromhex(escapes.group().replace("%", "")).decode("utf-8")
    except UnicodeDecodeError:
        return escapes.group()
    return text if text.isprintable() else escapes.group()


def _refuse_characters(typed: str) -> None:
    if len(typed) > _LONGEST:
        raise AddressError(f"A web address has at most {_LONGEST:,} characters.")
    # Of ASCII, what prints and is no space is all there is to say: most addresses are that.
    unusual = not (typed.isascii() and typed.isprintable()) or " " in typed
    for character in typed if unusual else "":
        category = unicodedata.category(character)
        if category.startswith("Z") or character in "\t\n\r":
            raise AddressError("There is white space inside this web address.")
        if category in {"Cc", "Cf", "Cs", "Cn"} and character not in _JOINERS:
            raise AddressError(
                "There is a control or invisible character in this web address "
                f"(U+{ord(character):04X})."
            )
    if "\\" in typed:
        raise AddressError("There is a backslash in this web address.")


def _netloc(netloc: str, default_port: int) -> str:
    if "@" in netloc:
        raise AddressError("A web address with a user name or password cannot be recorded.")
    match = _NETLOC.fullmatch(netloc)
    if not match:
        raise AddressError("The host or port of this web address is not valid.")
    host = _host(match["host"])
    if not match["port"]:
        return host
    port = int(match["port"])
    if not 0 < port < 65536:
        raise AddressError("The port of this web address is not between 1 and 65535.")
    return host if port == default_port else f"{host}:{port}"


def _host(host: str) -> str:
    if not host:
        raise AddressError("This web address names no host, such as example.org.")
    invalid = AddressError("The host of this web address is not a valid name or IP address.")
    try:
        if host.startswith("["):
            if "%" in host:  # a zone, which means something on one machine only
                raise invalid
            return f"[{ipaddress.IPv6Address(host[1:-1]).compressed}]"
        # The mapping of Unicode UTS #46, near enough: compatibility forms, case, ideographic dots.
        name = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", host).lower())
        labels = name.replace("\u3002", ".").removesuffix(".").split(".")
        if _NUMBER.fullmatch(labels[-1]):
            return str(ipaddress.IPv4Address(".".join(labels)))
    except ValueError as error:
        raise invalid from error
    name = ".".join(map(_ascii_label, labels))
    if len(name) > 253 or not all(map(_ASCII_LABEL.fullmatch, name.split("."))):
        raise invalid
    return name


def _ascii_label(label: str) -> str:
    """Return a label in its ASCII form (RFC 3492), or '', which is no valid label.

    Not Python's own "idna" codec: that is the standard of 2003, which turns "straße" into
    "strasse", another site to every browser of today, and knows no letters younger than 2002.
    """
    if label.isascii():
        return label
    valid = all(c == "-" or unicodedata.category(c) in _LETTERS_AND_DIGITS for c in label)
    begins_well = label[0] != "-" and not unicodedata.combining(label[0])
    if not valid or not begins_well or label.endswith("-") or len(label) > 63:
        return ""
    return "xn--" + label.encode("punycode").decode("ascii")


def _path(path: str) -> str:
    return _without_dot_segments(_PATH_ESCAPE.sub(_path_escape, path))


def _query(query: str) -> str:
    kept = (part for part in query.split("&") if not _is_tracking(part.partition("=")[0].lower()))
    return _NOT_IN_QUERY.sub(lambda match: _escaped(match.group()), "&".join(kept))


def _is_tracking(name: str) -> bool:
    return name.startswith("utm_") or name in _TRACKING


def _path_escape(match: re.Match[str]) -> str:
    if not match[1]:
        return _escaped(match.group())
    character = chr(int(match[1], 16))
    return character if _UNRESERVED.fullmatch(character) else match.group().upper()


def _escaped(character: str) -> str:
    return "".join(f"%{byte:02X}" for byte in character.encode("utf-8"))


def _without_dot_segments(path: str) -> str:
    """Return an absolute path without "." and ".." segments (RFC 3986, 5.2.4)."""
    kept: list[str] = []
    segments = path.split("/")[1:]
    for segment in segments:
        if segment == "..":
            del kept[-1:]
        elif segment != ".":
            kept.append(segment)
    if segments and segments[-1] in {".", ".."}:
        kept.append("")
    return "/" + "/".join(kept)
