"""Says who a mention is: the last name leads to the full name, and that to a speaker on record.

Only the article's own words are used: “CSO Kwon” is Jason Kwon where the article says “Jason Kwon”
somewhere. A pronoun is whoever was last named where such a pronoun could stand.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from tracker.extraction.lexicon import COMMON_PLURALS, FEMALE, MALE, NO_NAME, PRONOUNS, TITLES
from tracker.extraction.linking import Article
from tracker.extraction.mentions import Mention, name_runs
from tracker.extraction.tokens import Paragraph

__all__ = ["KnownSpeaker", "Names", "Registry"]

_PERSONAL = frozenset(("he", "she", "him", "her", "himself", "herself"))
_ADDRESSES = frozenset(("mr", "mrs", "ms", "mx", "miss", "dr", "sir", "lord", "lady"))
_RELATIVE = frozenset(("who", "whom"))
_OF_COMMON_NOUNS = frozenset(("of", "who", "in", "for", "at", "on", "from", "with", "like"))
_ARTICLES = frozenset(("the", "a", "an"))
_BEFORE_OBJECT = _ARTICLES | frozenset(
    ("late", "then", "incoming", "outgoing", "current", "candidate", "his", "her", "their")
)
_OBJECT_OF = frozenset(
    ("of", "for", "to", "with", "from", "in", "at", "on", "by", "against", "near")
)
_OF_PLACES = frozenset(("in", "at", "from", "near", "on"))
_GOES_ON = frozenset(("who", "whom", "of", "from", "for", "at", "in", "and", "on", "with"))
_PERSONS = frozenset(
    ("adviser", "advisor", "aide", "ally", "lawyer", "supporter", "critic", "official")
)
_OF_OFFICES = frozenset(("campaign", "press", "senior", "policy"))
_SENTENCES_BACK = 6
_MOST_NAME_WORDS = 5
_LONG = 3  # words: a longer name with this last word is a place's or a committee's
_MOST_NAMESAKES = 40
_LONGEST_MENTION = 60  # characters


@dataclass(frozen=True, slots=True)
class KnownSpeaker:
    """A speaker on record: the name, other names, and whatever the caller knows it by."""

    name: str
    aliases: tuple[str, ...] = ()
    key: object = None


def _plain(name: str) -> str:
    """A name as it is compared: no case, accents, full stops or marks of possession."""
    if not name.isascii():
        name = unicodedata.normalize("NFKD", name)
        name = unicodedata.normalize(
            "NFC", "".join(char for char in name if not unicodedata.combining(char))
        )
    name = name.casefold()
    return " ".join(re.sub(r"['’]s\b|[.,]", " ", name).split())


def _may_be_one(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether two full names may be one person's: “J. Kwon”, “Jason Kwon” and “Jason B. Kwon”."""
    if len(one) < 2 or len(other) < 2 or one[-1] != other[-1]:
        return False
    middles = zip(one[1:-1], other[1:-1], strict=False)
    return all(_alike(*pair) for pair in ((one[0], other[0]), *middles))


def _alike(one: str, other: str) -> bool:
    return one == other or (1 in (len(one), len(other)) and one[0] == other[0])


class Registry:
    """The speakers on record, found by name or alias, and by a last name that only one of them has."""

    def __init__(self, speakers: Iterable[KnownSpeaker | str]) -> None:
        self._by_name: dict[str, KnownSpeaker] = {}
        self._by_last: dict[str, list[KnownSpeaker]] = {}
        for each in speakers:
            speaker = KnownSpeaker(each) if isinstance(each, str) else each
            for name in (speaker.name, *speaker.aliases):
                plain = _plain(name)
                if not plain:
                    continue
                self._by_name.setdefault(plain, speaker)
                last = self._by_last.setdefault(plain.rsplit(" ", 1)[-1], [])
                if " " in plain and speaker not in last:
                    last.append(speaker)

    def find(self, *names: str) -> KnownSpeaker | None:
        """The speaker who has one of these names or aliases as it stands, the surest names first."""
        for name in names:
            if found := self._by_name.get(_plain(name)):
                return found
        return None

    def find_by_last_name(self, name: str) -> KnownSpeaker | None:
        """The single speaker on record with this last name, unless the first name is another one.

        A stranger may be called alike, so that whoever takes this must say that it is doubtful.
        """
        words = _plain(name).split(" ")
        same = self._by_last.get(words[-1], [])
        if len(same) != 1:
            return None
        whole = (_plain(each).split(" ") for each in (same[0].name, *same[0].aliases))
        suits = len(words) == 1 or any(_may_be_one(words, other) for other in whole)
        return same[0] if suits else None

    def within(self, mention: str) -> KnownSpeaker | None:
        """The one speaker whose whole name stands within a mention, the longest name first.

        For scripts without spaces any part of the mention may be the name.
        """
        plain = _plain(mention)[:_LONGEST_MENTION]
        words = plain.split(" ")
        joint, units = (" ", words) if len(words) > 1 or plain.isascii() else ("", list(plain))
        for length in range(len(units), 0 if joint else 1, -1):
            for first in range(len(units) - length + 1):
                if found := self._by_name.get(joint.join(units[first : first + length])):
                    return found
        return None


def _bare(words: Sequence[str]) -> tuple[str, ...]:
    """The name among the words of a mention: “CSO Jason Kwon, a lawyer” is Jason Kwon.

    Whoever is named only to say whose or of whom is not meant: “Trump’s lawyer, Rudy Smith” is
    Rudy Smith, and “a critic of Macron” nobody.
    """
    is_described = False
    before: tuple[str, ...] = ()  # a title that goes before “of”: “Secretary of State”
    for first, last in _capitalised(words):
        run = words[first:last]
        is_possessor = last < len(words) and _tells_whose(words, last)
        # “Secretary of State Anna Bell” has a name, “Mayor of Arden” none.
        is_office = bool(before) and (len(run) > 1 or _is_title(run[0]))
        is_object = not is_office and _is_object(words, first, run)
        if is_possessor or is_object or (is_described and not _stands_free(words, first, last)):
            is_described = True
            before = ()
            continue
        if all(_is_title(word) for word in run) and last < len(words):
            before = tuple(run) if words[last].lower() == "of" else ()
            continue
        return _untitled(run)
    return ()


def _capitalised(words: Sequence[str]) -> Iterator[tuple[int, int]]:
    """The runs of words that may be a name's."""
    first = -1
    for i in range(len(words) + 1):
        is_name = (
            i < len(words)
            and words[i][0].isupper()
            and words[i].lower() not in NO_NAME
            and words[i].lower() not in PRONOUNS
        )
        if first >= 0 and not is_name:
            yield first, i
            first = -1
        if is_name and first < 0:
            first = i


def _tells_whose(words: Sequence[str], at: int) -> bool:
    """Whether what ends at a word is of the person behind it: “Macron’s”, “Jones’”, “Trump aide”."""
    if words[at] in ("'s", "’s") or (words[at] in "'’" and words[at - 1].endswith("s")):
        return at + 1 < len(words)
    near = words[at : at + 2]
    if not all(word.isalpha() and word.islower() for word in near[:1]):
        return False
    return any(_is_person(word) for word in near[: 1 + (near[0] in _OF_OFFICES)])


def _is_person(word: str) -> bool:
    return word.islower() and (word in _PERSONS or word in TITLES or word in COMMON_PLURALS)


def _is_object(words: Sequence[str], first: int, run: Sequence[str]) -> bool:
    """Whether a name only tells of whom: “a critic of Macron”, “people close to the King”.

    Not where the office of somebody begins with it: “the Bank of England Governor Mark Kent”.
    """
    of = first - 1
    while of > 0 and (words[of].lower() in _BEFORE_OBJECT or _is_title(words[of].lower())):
        of -= 1  # “a lawyer for the former president Macron”
    if of < 1 or words[of].lower() not in _OBJECT_OF:
        return False
    titles = [_is_title(word) for word in run]
    holds_office = any(is_title and not all(titles[:i]) for i, is_title in enumerate(titles[:-1]))
    return not holds_office


def _stands_free(words: Sequence[str], first: int, last: int) -> bool:
    """Whether the name beside a description is the person’s: “the party’s leader, Anna Bell”.

    “Trump’s Republican rivals” and “Officials in Austin, Texas” have none.
    """
    before = words[first - 1].lower()
    if before in _ARTICLES or before in _OBJECT_OF or before in ("and", "or", "&"):
        return False
    if last < len(words) and words[last].isalpha() and words[last].lower() not in _GOES_ON:
        return False
    is_of_place = any(word.lower() in _OBJECT_OF for word in words[:first])
    return not is_of_place or last - first > 1


def _untitled(words: Sequence[str]) -> tuple[str, ...]:
    """A run of capitalised words without the titles and offices before the name."""
    run = list(words)
    # “Chief Strategy Officer Jason Kwon”: what goes before the last title is no name either.
    for last in range(len(run) - 3, -1, -1):
        if _is_title(run[last]):
            run = run[last + 1 :]
            break
    was_addressed = False
    while len(run) > 1 and _is_title(run[0]):
        was_addressed = run.pop(0).lower().rstrip(".") in _ADDRESSES
    # “Mr. King” is a name, “the President” is none.
    is_bare_title = len(run) == 1 and run[0].lower().rstrip(".") in TITLES
    return () if is_bare_title and not was_addressed else tuple(run)


def _is_title(word: str) -> bool:
    """A title, or letters that stand for one: CSO, CEO."""
    return word.lower().rstrip(".") in TITLES or (
        word.isupper() and word.isalpha() and len(word) in (3, 4)
    )


def _stands_by(words: Paragraph, mention: Mention, name: Mention) -> bool:
    """Whether a name is in apposition to a mention: around it, or beyond one comma."""
    if name.first <= mention.first and mention.last <= name.last:
        return True
    between = range(min(name.last, mention.last), max(name.first, mention.first))
    return len(between) == 1 and words.words[between[0]] == ","


class Names:
    """The names of an article, and whom each mention means."""

    def __init__(self, article: Article) -> None:
        self._article = article
        self._full: dict[str, Counter[tuple[str, ...]]] = {}
        self._titles: dict[str, str] = {}
        self._holders: dict[str, set[str]] = {}  # of an office, by their last names
        self._runs = [name_runs(tagged, n) for n, tagged in enumerate(article.paragraphs)]
        for run in chain.from_iterable(self._runs):
            self._note(run)

    def _note(self, mention: Mention) -> None:
        words = self._words(mention)
        name = _bare(words)
        if not name or len(name) > _MOST_NAME_WORDS:
            return
        namesakes = self._full.setdefault(name[-1].lower(), Counter())
        if name in namesakes or len(namesakes) < _MOST_NAMESAKES:
            namesakes[name] += 1
        before = self._article.paragraphs[mention.paragraph].words.lower[
            max(mention.first - 1, 0) : mention.last
        ]
        for word in before:
            if word in TITLES and word != name[-1].lower():
                self._holders.setdefault(word, set()).add(name[-1])
            if word in ("mr.", "mr", "sir"):
                self._titles[name[-1].lower()] = "he"
            elif word in ("mrs.", "ms.", "mrs", "ms", "miss", "lady"):
                self._titles[name[-1].lower()] = "she"

    def _words(self, mention: Mention) -> Sequence[str]:
        words = self._article.paragraphs[mention.paragraph].words.words
        return words[mention.first : mention.last]

    def of(self, mention: Mention) -> str:
        """The full name of whom a mention means, or an empty string where the article has none."""
        if mention.kind == "pronoun":
            meant = self._antecedent(mention)
            return self.of(meant) if meant else ""
        name = _bare(self._words(mention))
        if not name or self._is_common(mention, name):
            return self._described(mention)
        return " ".join(self._fullest(name))

    def _is_common(self, mention: Mention, name: tuple[str, ...]) -> bool:
        """Whether a word is capitalised only because the sentence begins: “Critics of the plan”."""
        words = self._article.paragraphs[mention.paragraph].words
        first = mention.first
        starts = not first or words.sentences[first] != words.sentences[first - 1]
        if len(name) > 1 or not starts or words.words[first] != name[0]:
            return False
        if words.lower[first] in COMMON_PLURALS:
            return True
        goes_on = mention.last - first > 1 and words.lower[first + 1] in _OF_COMMON_NOUNS
        return self._article.names[name[0].lower()] < 2 and goes_on

    def _described(self, mention: Mention) -> str:
        """Of “the mayor”: the name beside it, or the one person whom the article calls mayor."""
        words = self._article.paragraphs[mention.paragraph].words
        for other in self._article.mentions[mention.paragraph]:
            name = _bare(self._words(other)) if other != mention and other.kind == "name" else ()
            is_place = len(name) == 1 and words.lower[max(other.first - 1, 0)] in _OF_PLACES
            if not name or is_place or self._is_common(other, name):
                continue  # “In Arden, Trump’s lawyer said”
            if _stands_by(words, mention, other):
                return " ".join(self._fullest(name))
        holders = self._holders.get(words.lower[mention.last - 1], set())
        is_of_holder = any(  # “the wife of the mayor”
            word in _OBJECT_OF or word in ("'s", "’s")
            for word in words.lower[mention.first : mention.last]
        )
        if words.lower[mention.first] == "the" and len(holders) == 1 and not is_of_holder:
            return " ".join(self._fullest((next(iter(holders)),)))
        return ""

    def of_label(self, label: str) -> str:
        """The full name of who a transcript's label means: “PENCE” is Mike Pence."""
        words = label.split()
        name = _bare([word.capitalize() if word.isupper() else word for word in words])
        return " ".join(self._fullest(name)) if name else ""

    def most_named(self) -> str:
        """The person whom the article names most often, by a full name at least once."""
        totals = {
            max(full, key=lambda name: (len(name) > 1, full[name], name)): sum(full.values())
            for full in self._full.values()
        }
        persons = [(total, name) for name, total in totals.items() if len(name) in (2, 3)]
        return " ".join(max(persons)[1]) if persons else ""

    def _fullest(self, name: tuple[str, ...]) -> tuple[str, ...]:
        """The longest form of a name in the article; the more frequent one of several persons."""
        known = self._full.get(name[-1].lower(), Counter())
        longer = [
            (full != name and len(name) > 1, count, len(full), full)
            for full, count in known.items()
            if len(full) > 1 and (len(full) <= _LONG if len(name) == 1 else set(name) <= set(full))
        ]
        if not longer:
            return name
        return max(longer, key=lambda each: each[1:])[-1]

    # ---- Pronouns ----

    def _antecedent(self, pronoun: Mention) -> Mention | None:
        """The nearest name before that the pronoun may stand for; none for “we” or “it”."""
        words = self._article.paragraphs[pronoun.paragraph].words
        said = words.lower[pronoun.first]
        if said in _RELATIVE:
            before = [m for m in self._runs[pronoun.paragraph] if m.last <= pronoun.first]
            near = [m for m in before if m.last >= pronoun.first - 6]
            return near[-1] if near else None
        if said not in _PERSONAL:
            return None
        best: tuple[float, Mention] | None = None
        for rank, mention in enumerate(self._before(pronoun)):
            score = self._fit(mention, said) - 0.5 * rank
            if score > -50 and (best is None or score > best[0]):
                best = score, mention
        return best[1] if best else None

    def _before(self, pronoun: Mention) -> list[Mention]:
        """Names before a pronoun, the nearest sentence first and its first name first."""
        found: list[Mention] = []
        for number in range(pronoun.paragraph, max(-1, pronoun.paragraph - 3), -1):
            sentences = self._article.paragraphs[number].words.sentences
            names = [
                mention
                for mention in self._runs[number]
                if number < pronoun.paragraph or mention.first < pronoun.first
            ]
            names.sort(key=lambda mention: (-sentences[mention.first], mention.first))
            found += names
            if len(found) >= 2 * _SENTENCES_BACK:
                break
        return found[: 2 * _SENTENCES_BACK]

    def _fit(self, mention: Mention, pronoun: str) -> float:
        """How well a name suits “he” or “she”: the wrong gender never, a speaker or subject best."""
        words = self._article.paragraphs[mention.paragraph].words
        name = self._fullest(_bare(self._words(mention)) or ("?",))
        gender = self._titles.get(name[-1].lower(), "")
        gender = gender or ("he" if name[0] in MALE else "she" if name[0] in FEMALE else "")
        is_female = pronoun in ("she", "her", "herself")
        if gender and (gender == "she") != is_female:
            return -100
        before = words.lower[mention.first - 1] if mention.first else "^"
        starts = (
            not mention.first
            or words.sentences[mention.first] != words.sentences[mention.first - 1]
        )
        score = 2.0 * mention.is_tagged + 1.5 * starts + 1.5 * bool(gender)
        score += 1.0 * (len(name) > 1)
        return score - 1.5 * (before in ("of", "in", "at", "for", "from", "the", "by", "on"))
