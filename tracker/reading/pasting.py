"""A plain text, pasted or from a file -> its paragraphs, and what may be its headline.

It must not touch Django, the database or the web.
"""

import re

from .articles import NothingToRead, ReadArticle
from .paragraphs import pasted_paragraphs

__all__ = ["read_text"]

_LONGEST_HEADLINE = 160  # characters
_ENDS_A_SENTENCE = re.compile(r"[.。।;:,]\s*[\"”’»)]?$")
_DATELINE = re.compile(r"(?:by|von|par|por)\s|https?://|[\w.]+@|\d", re.IGNORECASE)


def read_text(text: str) -> ReadArticle:
    """Read a plain text. A first line that is short and no sentence is offered as the headline.

    It stays a paragraph, too: whether it is one, an editor sees. Raises `NothingToRead`.
    """
    paragraphs = tuple(pasted_paragraphs(text))
    if not paragraphs:
        raise NothingToRead("There are no words here. Paste the article’s text.")
    return ReadArticle(
        headline=_headline(paragraphs),
        paragraphs=paragraphs,
        text="\n\n".join(paragraphs),
        method="pasted",
    )


def _headline(paragraphs: tuple[str, ...]) -> str:
    first = paragraphs[0]
    longer = any(len(each) > len(first) for each in paragraphs[1:4])
    looks_it = len(first) <= _LONGEST_HEADLINE and not _ENDS_A_SENTENCE.search(first)
    return first if longer and looks_it and not _DATELINE.match(first) else ""
