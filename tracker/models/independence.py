"""What an attribution rests on: how many sources of some words are independent of each other, and what is missing.

Only citations and the chains of their articles are looked at; nothing is written.
"""

from collections.abc import Iterable, Mapping, Sequence

from django.utils.translation import gettext as _

from .citations import Citation
from .quotes import Quote
from .sources import Article

__all__ = ["PROVING", "chains_of", "giving_theirs", "independent_sources", "lacking"]

Chains = Mapping[int, Sequence[Article]]

# Each of these alone confirms that the words are the speaker's.
PROVING = frozenset(
    str(each.value)
    for each in (
        Citation.Basis.RECORDING,
        Citation.Basis.TRANSCRIPT,
        Citation.Basis.OWN_PUBLICATION,
    )
)
_ENOUGH = 2  # sources that are independent of each other


def giving_theirs(citations: Iterable[Citation]) -> list[Citation]:
    """Those that give the words and do not attribute them wrongly."""
    wrongly = Citation.Role.ATTRIBUTES_WRONGLY
    return [each for each in citations if each.gives_the_words and each.role != wrongly]


def independent_sources(citations: Iterable[Citation], chains: Chains) -> int:
    """How many of the sources that give the words are independent of each other.

    Those whose chains have one root are one, and so are those of one publisher; a re-report of
    what is not recorded is none, and neither is a source whose chain is not known.
    """
    giving = giving_theirs(citations)
    copies = {each.article_id for each in giving if each.basis == Citation.Basis.RE_REPORT}
    roots = [chains[each.article_id][-1] for each in giving if each.article_id in chains]
    owners = {
        (root.publisher_id, root.publisher_id or root.pk) for root in roots if root.pk not in copies
    }
    return len(owners)


def lacking(attribution: str, citations: Sequence[Citation], chains: Chains | None = None) -> str:
    """What these citations lack for readers to be told so, in an editor's words; '' when they will do.

    One or two queries, for chains that are not given, and only where they matter.
    """
    if attribution == Quote.Attribution.MISATTRIBUTED:
        return _lacking_of_wrong({each.role for each in citations})
    if attribution != Quote.Attribution.CONFIRMED or _is_proven(citations):
        return ""
    known = Article.objects.chains(_articles(citations)) if chains is None else chains
    if independent_sources(citations, known) >= _ENOUGH:
        return ""
    return _(
        "Nothing on record confirms it: add a citation that rests on a recording, a transcript or the "
        "speaker's own publication, or a second source that is independent of the first. Or leave it unverified."
    )


def chains_of(quotes: Iterable[Quote]) -> Chains:
    """The chains that `lacking` asks for of all these quotes together, whose citations are loaded."""
    confirmed = Quote.Attribution.CONFIRMED
    asked = [list(each.citations.all()) for each in quotes if each.attribution == confirmed]
    return Article.objects.chains({pk for each in asked for pk in _articles(each)})


def _is_proven(citations: Iterable[Citation]) -> bool:
    return any(each.basis in PROVING for each in giving_theirs(citations))


def _articles(citations: Sequence[Citation]) -> set[int]:
    """Whose chains matter: none where a citation proves the words."""
    return set() if _is_proven(citations) else {each.article_id for each in citations}


def _lacking_of_wrong(roles: set[str]) -> str:
    wrongly = Citation.Role.ATTRIBUTES_WRONGLY in roles
    if wrongly and Citation.Role.EVIDENCE in roles:
        return ""
    if wrongly:
        return _(
            "Words that are not theirs need a citation with the role “Evidence on who said these words”: add it."
        )
    if Citation.Role.EVIDENCE in roles:
        return _(
            "Words that are not theirs need a citation with the role “Attributes them wrongly”: add it."
        )
    return _(
        "Words that are not theirs need two more citations: one that attributes them wrongly, "
        "and one with evidence on who said them."
    )
