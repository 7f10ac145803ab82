"""Bytes of a page or a file -> text, with no more lost than must be.

It must not touch Django, the database or the web.
"""

import codecs
import re

import webencodings

from .articles import NotText

__all__ = ["decode"]

# The order of UTF-32 before UTF-16 matters: one mark begins the other.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_WIDE = ("utf-16", "utf-32", "gb", "big5", "euc", "cp932", "cp949", "shift", "iso2022", "johab")
_LOOKED_AT = 4096  # bytes in which a page must say its charset; WHATWG HTML 4.2.5.4 wants 1,024
_COMMENT = re.compile(rb"<!--.*?(?:-->|\Z)", re.DOTALL)
_META = re.compile(rb"<meta[\s/][^>]*", re.IGNORECASE)
_SAID = re.compile(rb"""charset\s*=\s*["']?\s*([a-z0-9_.:+-]{1,40})""", re.IGNORECASE)
_XML = re.compile(rb"""\s*<\?xml\s[^>]*encoding\s*=\s*["']([a-z0-9_.:+-]{1,40})""", re.IGNORECASE)
_LAST_RESORT = "windows-1252"  # WHATWG HTML 13.2.3.2, for most of the world
_MIXED = "tracker.windows-1252"  # the name of the handler below, for what is not UTF-8
_MOST_STRAYS = 20  # one of so many letters beyond ASCII
_ASCII = re.compile("[\x00-\x7f]+")
_UNSURE = 0.15  # a confidence below which the guess is no better than the last resort

# How files begin that are not text, and what they are called.
_KINDS = (
    (b"%PDF-", "a PDF file"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"RIFF", "a picture or a sound"),
    (b"PK\x03\x04", "a ZIP archive or an office document"),
    (b"\xd0\xcf\x11\xe0", "an office document"),
    (b"\x1f\x8b", "a packed file"),
    (b"7z\xbc\xaf", "a packed file"),
    (b"\x7fELF", "a program"),
    (b"MZ", "a program"),
)
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\ufffd]")
_MOST_CONTROLS = 0.05  # of all characters; text in the wrong charset has some, pictures have many


def decode(body: bytes, declared: str = "") -> tuple[str, str]:
    """Return the text of `body`, and the name of the charset that it was read in.

    A byte order mark decides; else what the server `declared`; else what the page itself says; each
    unless the bytes contradict it and are UTF-8 or, by their letters, something else. Names are
    read as browsers do (WHATWG Encoding, 4.2): "iso-8859-1" means windows-1252, "euc-kr" CP949.
    Raises `NotText`.
    """
    for start, kind in _KINDS:
        if body.startswith(start):
            raise NotText(f"This is {kind}, not a page or a text. Paste its words instead.")
    text, charset = _decoded(body, declared)
    if len(_CONTROLS.findall(text)) > _MOST_CONTROLS * len(text):
        raise NotText("This is not text in any character set. Paste its words instead.")
    return text, charset


def _decoded(body: bytes, declared: str) -> tuple[str, str]:
    for mark, charset in _MARKS:
        if body.startswith(mark):
            return body[len(mark) :].decode(charset, "replace"), charset
    utf8 = _strictly(body, "utf-8") or _nearly_utf8(body)
    for label in (declared, _said_by_page(body)):
        charset = _codec(label)
        # Any bytes are text in most charsets of one byte, and no other text looks like UTF-8.
        if utf8 is not None and not body.isascii() and not charset.startswith(_WIDE):
            return utf8, "utf-8"
        if charset and (text := _strictly(body, charset)) is not None:
            return text, charset
    if utf8 is not None:
        return utf8, "utf-8"
    guess = _guessed(body)
    if (text := _strictly(body, guess)) is not None:
        return text, guess
    # Nothing fits all of it: as far as possible, in the charset that it is said to be in.
    charset = _codec(declared) or _codec(_said_by_page(body)) or guess
    if _damage(body, "utf-8") < _damage(body, charset):
        charset = "utf-8"
    return body.decode(charset, "replace"), charset


def _nearly_utf8(body: bytes) -> str | None:
    """The text of a page in UTF-8 into which a few bytes of windows-1252 got, each read as what it is."""
    text = body.decode("utf-8", _MIXED)
    strays = len(body) - len(text.encode("utf-8", "replace"))  # two bytes more for each, or three
    letters = len(text) - sum(map(len, _ASCII.findall(text)))
    return text if 0 < -strays * _MOST_STRAYS < letters else None


def _as_windows_1252(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    stray = error.object[error.start : error.end]
    return stray.decode(_LAST_RESORT, "replace"), error.end


def _said_by_page(body: bytes) -> str:
    start = body[:_LOOKED_AT]
    if xml := _XML.match(start):
        return xml[1].decode("ascii")
    for tag in _META.findall(_COMMENT.sub(b"", start)):
        if (said := _SAID.search(tag)) and _codec(said[1].decode("ascii")):
            # A page whose tags can be read byte by byte is not in UTF-16, whatever it says.
            name = said[1].decode("ascii")
            return "utf-8" if name.lower().startswith(("utf-16", "utf16")) else name
    return ""


def _codec(label: str) -> str:
    """The Python codec that browsers read a label with, or '' for no charset of the web."""
    encoding = webencodings.lookup(label) if label else None
    name = encoding.codec_info.name if encoding else ""
    return (
        "gb18030" if name == "gbk" else name
    )  # browsers decode both alike (WHATWG Encoding, 10.1)


def _guessed(body: bytes) -> str:
    import chardet  # here, since most pages say their charset: it is not needed for them

    guess = chardet.detect(body, compat_names=False, prefer_superset=False)
    name, sure = guess["encoding"], guess["confidence"]
    if not name or sure < _UNSURE:
        return _codec(_LAST_RESORT)
    # Browsers' larger charset of that name, if it fits: CP949 for EUC-KR.
    larger = _codec(name)
    return larger if larger and _strictly(body, larger) is not None else name


def _strictly(body: bytes, charset: str) -> str | None:
    try:
        return body.decode(charset)
    except (UnicodeError, LookupError):
        return None


def _damage(body: bytes, charset: str) -> int:
    return body.decode(charset, "replace").count("\ufffd")


codecs.register_error(_MIXED, _as_windows_1252)
