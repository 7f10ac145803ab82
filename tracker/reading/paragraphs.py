"""The paragraphs of an article: found in a page by trafilatura, or plainly, or in a pasted text.

It must not touch Django, the database or the web.
"""

import re
from collections.abc import Iterable, Iterator

from lxml import etree
from lxml.html import HtmlElement

from tracker.sanitizing import can_be_seen, storable_text

__all__ = ["all_blocks", "article_blocks", "pasted_paragraphs"]

# What trafilatura makes of a page: these stand by themselves, all else runs on in its line.
_BLOCKS = frozenset(re.findall(r"\w+", "p head item quote cell ab list table row main body"))
# The same of HTML itself.
_HTML_BLOCKS = frozenset(
    re.findall(
        r"\w+",
        "address article aside blockquote body center dd details dialog dir div dl dt fieldset"
        " figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr html li main menu nav ol p pre"
        " section summary table tbody td tfoot th thead tr ul",
    )
)
_NO_ARTICLE = frozenset(
    re.findall(
        r"\w+",
        "head script style template noscript nav header footer aside button select textarea"
        " svg math iframe object embed audio video canvas map",
    )
)
_BREAKS = frozenset({"br", "lb"})
# No end of a sentence, one break, and a small letter.
_SHORTEST_WRAPPED, _LONGEST_WRAPPED = 40, 120  # characters
_MOST_ENDED = 0.4  # of wrapped lines happen to end where a sentence does
_ENDS = re.compile(r"[.!?:…。？！][\"'”’»)\]]*\Z")
_SAYS = re.compile(r"[^\W_]")
_RUNS_ON = re.compile(r"(?<=[^\W_])[^\S\n]*\n[^\S\n]*(?=[^\W\d_])(?=[a-zà-öø-ÿа-я])")
_LONGEST_LINE = 20_000  # characters without a break: longer is no paragraph of a pasted text
_HYPHEN_AT_END = re.compile(r"(?<=[^\W\d_])-\n(?=[a-z])")


def article_blocks(tree: HtmlElement, url: str = "") -> list[str]:
    """The article's paragraphs as trafilatura finds them; none when it finds none. Changes the tree."""
    import trafilatura  # takes a second and a half

    found = trafilatura.bare_extraction(tree, url=url or None, include_comments=False)
    body = getattr(found, "body", None)
    return _paragraphs(body, _BLOCKS, frozenset()) if body is not None else []


def all_blocks(tree: HtmlElement) -> list[str]:
    """Every block of text of a page that may be the article's: what else cannot be told apart is in it."""
    return _paragraphs(tree, _HTML_BLOCKS, _NO_ARTICLE)


def pasted_paragraphs(text: str) -> list[str]:
    """The paragraphs of a plain text: apart by empty lines, or, when it has none, by lines."""
    text = re.sub(r"\r\n?", "\n", text).strip()
    parts = re.split(r"\n[^\S\n]*\n\s*", text)
    if len(parts) == 1 or max(map(len, parts)) > _LONGEST_LINE:
        parts = text.split("\n")
    elif _is_wrapped(parts):
        parts = [_HYPHEN_AT_END.sub("", part) for part in parts]
    else:
        parts = text.split("\n")
    return list(_lines(parts))


def _is_wrapped(parts: list[str]) -> bool:
    """Whether lines are broken by their length: much alike, and most of them within a sentence.

    The turns of a transcript are not, however short they are.
    """
    inner = [line.strip() for part in parts for line in part.split("\n")[:-1]]
    if not inner:
        return True
    lengths = sorted(map(len, inner))
    ended = sum(1 for line in inner if _ENDS.search(line))
    return (
        lengths[len(lengths) // 2] >= _SHORTEST_WRAPPED
        and lengths[-1] <= _LONGEST_WRAPPED
        and ended <= _MOST_ENDED * len(inner)
    )


def _paragraphs(
    root: etree._Element, blocks: frozenset[str], left_out: frozenset[str]
) -> list[str]:
    """The texts between the edges of blocks, without recursion, however deep the tree is."""
    lines: list[str] = []
    line: list[str] = []
    skipping: etree._Element | None = None
    for event, element in etree.iterwalk(root, events=("start", "end", "comment", "pi")):
        tag = element.tag if isinstance(element.tag, str) else ""
        if event == "start" and skipping is None:
            if tag in left_out:
                skipping = element
            if tag in blocks or tag in left_out:
                lines.append("".join(line))
                line = []
            if skipping is None:
                line.append("\n" if tag in _BREAKS else _in_one_line(element.text))
        elif event != "start" and (skipping is None or skipping is element):
            skipping = None
            if tag in blocks:
                lines.append("".join(line))
                line = []
            line.append(_in_one_line(element.tail) if element is not root else "")
    return list(_lines([*lines, "".join(line)]))


def _in_one_line(text: str | None) -> str:
    return re.sub(r"\s+", " ", text or "")


def _lines(parts: Iterable[str]) -> Iterator[str]:
    """Each part, broken where a line ends in it, unless the sentence plainly runs on there."""
    text = _RUNS_ON.sub(" ", storable_text("\n\n".join(parts)))
    for each in text.split("\n"):
        if _SAYS.search(each) and can_be_seen(each):
            yield " ".join(each.split())
