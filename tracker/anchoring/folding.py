"""When two wordings are one: text as it is compared, never as it is stored."""

import re
import unicodedata
from collections.abc import Iterable

__all__ = ["ONE_KIND", "fold", "without_unseen", "wording_key", "wordings"]

# Quotation marks of all scripts, and the accents, primes and letters that are typed for them.
_QUOTES = "\"'`´ʹʺʻʼʽˈˮ‘’‚‛“”„‟′″‴‵‶«»‹›「」『』《》〈〉〝〞〟❛❜❝❞＂＇｀｢｣׳״"
# Hyphens, dashes, minus and bars, and the Japanese wave dash; not the long vowel mark, a letter.
_DASHES = "‐‑‒–—―⁃−⸺⸻﹘﹣－⎯─━〜～"
ONE_KIND = str.maketrans(dict.fromkeys(_QUOTES, "'") | dict.fromkeys(_DASHES, "-"))
# What shows nothing beside the format characters (Cf): joiners, fillers, variation selectors.
_UNSEEN = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0]")
# French sets guillemets off with a space that does not break; a common space may be a German one.
_GUILLEMET_SPACE = re.compile("(?<=[«‹])[\u00a0\u2009\u202f]+|[\u00a0\u2009\u202f]+(?=[»›])")

# A single full stop or comma at the end; not the dots of an omission.
_LAST_STOP = re.compile(r"(?<![.,。،۔।])[.,。،۔।]$")


def fold(text: str) -> str:
    """Return `text` as it is compared: two wordings are one when their folded forms are equal.

    Folded away are the kind of quotation marks (and their nesting, and those around the whole),
    the kind of dashes and the space around them, case, width and ligatures (Unicode D147,
    compatibility caseless match), runs of white space and characters that show nothing. Letters,
    accents, numbers and all other punctuation count, a full stop at the end too.

    `text` is expected to have passed `sanitizing.plain_words`, which bounds its length.
    """
    text = _GUILLEMET_SPACE.sub("", text)
    # Quotes go first: NFKC would turn an acute accent typed as one into a space and a mark.
    text = without_unseen(text.translate(ONE_KIND))
    for _ in range(2):
        text = unicodedata.normalize("NFKC", unicodedata.normalize("NFKD", text).casefold())
    text = without_unseen(text.translate(ONE_KIND))
    text = re.sub("'+", "'", re.sub(r"\s*-[\s-]*", "-", text))
    return " ".join(text.split()).strip("' ")


def wording_key(text: str) -> str:
    """Return what two texts have in common when they are one wording.

    That is `fold` without a full stop or comma at the end: it is often the quoting sentence's. A
    question mark or dots that stand for words left out count.
    """
    folded = fold(text)
    return _LAST_STOP.sub("", folded).strip("' ") or folded


def wordings(texts: Iterable[str]) -> list[str]:
    """Return the texts that are different wordings, the first of each as it is, in their order."""
    first: dict[str, str] = {}
    for text in texts:
        first.setdefault(wording_key(text), text)
    return list(first.values())


def without_unseen(text: str) -> str:
    if text.isascii():
        return text
    text = _UNSEEN.sub("", text)
    return "".join(c for c in text if c.isascii() or unicodedata.category(c) != "Cf")
