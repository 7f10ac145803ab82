"""The query language: what a reader types into a search box, taken apart. It knows no database.

    words                 all of them, in any inflection of English: tax finds taxes
    "exact phrase"        these words in this order
    -without              not this word or phrase
    one or another        either side; words beside each other bind more tightly
    begin*                words that begin like this
    speaker:kwon          in the names of who said it
    said:2025-05          said then, as far as is known

Whatever else is typed is taken as words, or dropped when there is no letter or digit in it.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _

from tracker import dates

from .words import is_cjk, prepared, spans, stem, tokens

__all__ = [
    "LONGEST_QUERY",
    "MOST_TERMS",
    "Query",
    "QueryError",
    "Term",
    "TypedWord",
    "open_end",
    "parse",
    "respelt",
    "typed_words",
]

MOST_TERMS = 20
LONGEST_QUERY = 500  # characters
_SHORTEST_PREFIX = 2

_MARKS = str.maketrans(dict.fromkeys("“”„‟«»＂「」『』", '"'))
_PART = re.compile(
    r"""(?P<without>-)?(?:(?P<field>speaker|said):(?=["\w]))?(?:"(?P<phrase>[^"]*)"|(?P<word>[^\s"]+))""",
    re.IGNORECASE,
)


class QueryError(ValueError):
    """What was typed cannot be asked; the message tells a reader why."""


@dataclass(frozen=True, slots=True)
class Term:
    """What must stand somewhere, one token behind the other.

    Marked tokens (`~tax`) are stems, which stand for every inflection; the others are exact.
    """

    tokens: tuple[str, ...]
    prefix: bool = False  # the last token may go on
    in_names: bool = False  # looked for in speakers' names alone
    without: bool = False
    people: tuple[str, ...] = ()  # the tags of those who are called so, once that was looked up


@dataclass(frozen=True, slots=True)
class TypedWord:
    """A single word that is looked for, and where it stands in the text, once that is `prepared`."""

    token: str
    start: int
    end: int
    in_names: bool


@dataclass(frozen=True, slots=True)
class Query:
    """One of the `branches` must hold, with all of its terms; `said` are days, both ends included."""

    text: str
    branches: tuple[tuple[Term, ...], ...] = ()
    said: tuple[tuple[date, date], ...] = ()

    @property
    def wanted(self) -> list[Term]:
        """The terms that are looked for, of all branches."""
        return [term for branch in self.branches for term in branch if not term.without]


def parse(text: str) -> Query:
    """Take a query apart. Raises QueryError for one that is too long, or that asks for nothing that can be found."""
    if len(text) > LONGEST_QUERY:
        raise QueryError(
            _("At most %(most)d characters can be asked for; these are %(count)d.")
            % {"most": LONGEST_QUERY, "count": len(text)}
        )
    branches: list[list[Term]] = [[]]
    said: list[tuple[date, date]] = []
    for part in _parts(text):
        if part["field"].lower() == "said" and not part["without"]:
            said.append(_days(part["phrase"] or part["word"]))
        elif part["word"].lower() in ("or", "|") and not part["without"] and not part["field"]:
            branches.append([])
        elif (term := _term(part)) and term not in branches[-1]:
            branches[-1].append(term)
    kept = tuple(tuple(branch) for branch in branches if branch)
    if (count := sum(map(len, kept))) > MOST_TERMS:
        raise QueryError(
            _("Ask for at most %(most)d words; these are %(count)d.")
            % {"most": MOST_TERMS, "count": count}
        )
    if not kept and not said:
        raise QueryError(_("There is no word in “%(text)s” to look for.") % {"text": text.strip()})
    return Query(text.strip(), kept, tuple(said))


def typed_words(text: str) -> list[TypedWord]:
    """The words that are looked for one by one: no phrase, nothing left out, no beginning of a word, no date."""
    found = []
    for match in _matches(text):
        field, word = (match["field"] or "").lower(), match["word"] or ""
        if match["without"] or field == "said" or word.endswith("*"):
            continue
        if len(some := list(spans(word))) == 1 and word.lower() != "or":
            start = match.start("word")
            [one] = some
            found.append(
                TypedWord(one.token, start + one.start, start + one.end, field == "speaker")
            )
    return found


def respelt(text: str, words: Mapping[TypedWord, str]) -> str:
    """The query with other words in these places, and all else as it was typed."""
    text = prepared(text)
    for word in sorted(words, key=lambda each: -each.start):
        text = text[: word.start] + words[word] + text[word.end :]
    return text


def _parts(text: str) -> Iterator[dict[str, str]]:
    for match in _matches(text):
        yield {name: found or "" for name, found in match.groupdict().items()}


def _matches(text: str) -> Iterator[re.Match[str]]:
    printable = "".join(c if c.isprintable() else " " for c in prepared(text).translate(_MARKS))
    if printable.count('"') % 2:  # the last one opens nothing
        before, _mark, after = printable.rpartition('"')
        printable = f"{before} {after}"
    yield from _PART.finditer(printable)


def _days(text: str) -> tuple[date, date]:
    try:
        found = dates.parse(unicodedata.normalize("NFKC", text))
    except dates.DateError as error:
        example = _("“%(value)s” is not a date. Write for example said:1947 or said:2025-05.")
        raise QueryError(example % {"value": text}) from error
    return found.earliest, found.latest


def _term(part: dict[str, str]) -> Term | None:
    """The term of one word or phrase; None when there is nothing in it to look for."""
    typed = part["phrase"] or part["word"]
    found = tokens(typed)
    if not found:
        return None
    begins = typed.endswith("*") and not part["phrase"]
    in_names = part["field"].lower() == "speaker"
    said_without = (
        part["field"].lower() == "said"
    )  # "-said:2025" is no date to leave out, but two words
    if said_without:
        found = ["said", *found]
    alone = len(found) == 1 and not is_cjk(found[0])
    if alone and not part["phrase"] and not in_names:
        prefix = begins and len(found[0]) >= _SHORTEST_PREFIX
        wanted = found if prefix else [f"~{stem(found[0])}"]
        return Term(tuple(wanted), prefix, without=bool(part["without"]))
    found, prefix = open_end(found, begins or (in_names and not part["phrase"]))
    return Term(tuple(found), prefix, in_names, bool(part["without"]))


def open_end(found: list[str], begins: bool) -> tuple[list[str], bool]:
    """The tokens of a phrase; what ends in a run of Chinese, Japanese or Korean may go on behind it."""
    if not is_cjk(found[-1]):
        return found, begins and len(found[-1]) >= _SHORTEST_PREFIX
    if (
        len(found) > 1
        and is_cjk(found[-2])
        and found[-2].endswith(found[-1])
        and len(found[-2]) == 2
    ):
        return found[:-1], False
    return found, True
