"""A made-up corpus as one CSV file in the columns that `import_quotes` reads; the same arguments give the same bytes.

Speakers follow Zipf's law: the first of 5,000 said about 43,000 of a million quotes. Ten years of
articles with a growing number in each, about five quotes an article, 15 in 100 articles recorded
late. 3 quotes in 100 are Korean, 2 known to the month only, 1 in 200 undated, 1 in 100 disputed,
1 in 200 by a speaker whom the source does not name.
"""

import csv
import random
import re
from bisect import bisect
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import accumulate, product
from pathlib import Path
from typing import NamedTuple

from vocabulary import ASKED, English, headline_words, is_apart, korean_words

__all__ = ["Row", "asked_words_stand_apart", "read_corpus", "write_corpus"]

FIRST_DAY, DAYS = date(2016, 1, 1), 3_653
SPEAKERS, ORGANISATIONS, QUOTES_OF_AN_ARTICLE = 5_000, 800, 5

_FIRST = (
    "James Mary Robert Patricia John Jennifer Michael Linda David Elizabeth William Barbara "
    "Richard Susan Joseph Jessica Charles Sarah Carlos Karen Daniel Lisa Matthew Nancy Anthony "
    "Betty Marco Sandra Andrew Ashley Paul Emily Joshua Kimberly Kenneth Donna Kevin Michelle "
    "Brian Carol George Amanda Amina Fatima Mohammed Wei Li Yuki Haruto Priya Arjun Olga Dmitri "
    "Ingrid Lars Sofia Mateo Chloe Hugo Nadia Omar Leila Kwame Zanele Thabo Jin Minh Linh Ravi "
    "Anil Sunita Pedro Lucia Giulia Luca Anna Piotr Katarzyna"
).split()
_LAST = (
    "Smith Johnson Williams Brown Jones Garcia Miller Davis Rodriguez Martinez Hernandez Lopez "
    "Gonzalez Wilson Anderson Thomas Taylor Moore Jackson Martin Lee Perez Thompson White Harris "
    "Sanchez Clark Ramirez Lewis Robinson Walker Young Allen King Wright Scott Torres Nguyen Hill "
    "Flores Green Adams Nelson Baker Hall Rivera Campbell Mitchell Carter Roberts Patel Singh Khan "
    "Kumar Tanaka Suzuki Sato Kim Park Choi Ivanov Petrov Kowalski Nowak Rossi Ferrari Bianchi "
    "Müller Schmidt Schneider Dubois Laurent Moreau Jensen Hansen Larsen Okafor Mensah Dlamini "
    "Nkosi Santos Oliveira Costa Haddad Nasser Cohen Levi Yilmaz Demir"
).split()
_FAMILY = "김 이 박 최 정 강 조 윤 장 임 한 오 서 신 권 황 안 송".split()
_GIVEN = "민준 서연 도윤 지우 예준 하은 시우 지민 주원 수아 지호 서현 준서 민서 현우 은지".split()
_ORGANISATION = (
    "National Federal European United Global Central Northern Pacific Royal Metropolitan "
    "Independent American Public International Regional Atlantic Union Civic Progressive Liberty",
    "Health Energy Trade Climate Education Transport Labour Finance Defence Housing Science Food "
    "Water Digital Justice Culture Aviation Mining Farming Media",
    "Ministry Agency Council Institute Association Party Bank Commission University Foundation",
)
_TITLES = (
    "Minister|Senator|Chief Executive|Spokesperson|Professor|Mayor|Ambassador|Union Leader|Analyst|"
    "Director|Police Chief|Campaigner|Economist|Judge|Coach|Author"
).split("|")
_OUTLET = (
    "Daily Evening Morning Sunday Weekly Global National City Coastal Northern Southern Capital "
    "Free New",
    "Herald Times Post Tribune Courier Gazette Observer Chronicle Journal Standard Ledger Monitor "
    "Star Wire",
)
_TOPICS = (
    "Politics|Economy|Health|Climate|Energy|Education|Crime|Courts|Elections|Migration|Defence|"
    "Foreign policy|Housing|Transport|Technology|Artificial intelligence|Privacy|Science|Space|"
    "Agriculture|Food|Water|Taxes|Trade|Jobs|Unions|Banks|Inflation|Sport|Culture|Media|Religion|"
    "Rights|Disasters|Business"
).split("|")
_UNNAMED = "a senior official|an aide|a person close to the talks|an officer|a diplomat".split("|")
_REASONS = (
    "Two outlets that were there give other words.",
    "No recording or transcript of that day has it.",
    "The same sentence was in print years before, under another name.",
)
_BASES = (
    *("unknown", "reporter present", "re-report", "own publication"),
    *("transcript", "recording", "prepared text"),
)
_OCCASIONS = [
    f"{what} of {year}"
    for what in ("Budget debate", "Climate summit", "Party congress", "Annual meeting")
    for year in range(2016, 2026)
]


class Row(NamedTuple):
    """A line of the file; the names are its header."""

    reference: str
    text: str
    kind: str
    language: str
    said_on: str
    speaker: str
    speaker_kind: str
    described_as: str
    organisation: str
    title: str
    article_url: str
    headline: str
    publisher: str
    published_on: str
    locator: str
    basis: str
    occasion: str
    topics: str
    attribution: str
    attribution_reason: str
    status: str


class _Speaker(NamedTuple):
    name: str
    kind: str
    organisation: str
    title: str
    korean: bool


class _Zipf:
    """Draws from a sequence, the first ones most often (Zipf and Mandelbrot)."""

    def __init__(self, number: int, power: float, shift: float) -> None:
        self._sums = list(accumulate((rank + 1 + shift) ** -power for rank in range(number)))

    def draw(self, chance: random.Random) -> int:
        return bisect(self._sums, chance.random() * self._sums[-1])


def write_corpus(path: Path, *, quotes: int, seed: int, prefix: str = "bench") -> None:
    """Write the file; it is there whole or not at all. The prefix is that of references and in addresses."""
    unfinished = path.with_suffix(".unfinished")
    with unfinished.open("w", newline="", encoding="utf-8") as file:
        lines = csv.writer(file)
        lines.writerow(Row._fields)
        lines.writerows(_Maker(quotes, seed, prefix).rows())
    unfinished.rename(path)


def read_corpus(path: Path) -> Iterator[Row]:
    with path.open(newline="", encoding="utf-8") as file:
        lines = csv.reader(file)
        next(lines)
        for line in lines:
            yield Row._make(line)


class _Maker:
    def __init__(self, quotes: int, seed: int, prefix: str) -> None:
        self.quotes, self.prefix = quotes, prefix
        self.chance = random.Random(f"{prefix} {seed} {quotes}")
        beside = random.Random(seed)  # who and what there is does not depend on the number
        self.english = English(beside)
        self.organisations = _some(beside, _ORGANISATION, ORGANISATIONS)
        self.outlets = _some(beside, _OUTLET)
        self.headline_words = headline_words()
        self.speakers = _speakers(beside, self.organisations)
        self.speaker_law = _Zipf(len(self.speakers), 1.0, 2)
        self.outlet_law = _Zipf(len(self.outlets), 1.0, 3)
        self.topic_law = _Zipf(len(_TOPICS), 0.9, 2)
        self.put_in = self._put_in()
        self.supply: list[str] = []
        self.made = 0

    def _put_in(self) -> dict[int, list[str]]:
        """For each quote that is to hold them, the words that are asked for."""
        put_in: dict[int, list[str]] = {}
        for asked in ASKED:
            number = min(self.quotes, asked.number or round(self.quotes * asked.share))
            for quote in self.chance.sample(range(self.quotes), number):
                put_in.setdefault(quote, []).append(asked.text)
        return put_in

    def rows(self) -> Iterator[Row]:
        days = self._days_of_articles(max(1, self.quotes // QUOTES_OF_AN_ARTICLE))
        for number, day in enumerate(days, start=1):
            left = self.quotes - self.made
            size = min(left, self.chance.randint(1, 2 * QUOTES_OF_AN_ARTICLE - 1))
            yield from self._article(number, day, left if number == len(days) else size)

    def _days_of_articles(self, number: int) -> list[date]:
        chance = self.chance
        days = sorted(int(DAYS * chance.random() ** 0.7) for _ in range(number))
        late = [place for place in range(number) if chance.random() < 0.15]
        moved = [days[place] for place in late]
        chance.shuffle(moved)
        for place, day in zip(late, moved, strict=True):
            days[place] = day
        return [FIRST_DAY + timedelta(days=day) for day in days]

    def _article(self, number: int, day: date, quotes: int) -> Iterator[Row]:
        chance = self.chance
        outlet = self.outlets[self.outlet_law.draw(chance)]
        headline = " ".join(chance.choices(self.headline_words, k=chance.randint(5, 10)))
        site = outlet.replace(" ", "").lower()
        name = f"{headline.replace(' ', '-')}-{self.prefix}-{number}"
        topics = {_TOPICS[self.topic_law.draw(chance)]}
        cast = [self.speakers[self.speaker_law.draw(chance)] for _ in range(chance.randint(1, 3))]
        occasion = chance.choice(_OCCASIONS) if chance.random() < 0.02 else ""
        shared = {
            "article_url": f"https://{site}.example/{day:%Y/%m/%d}/{name}",
            "headline": headline.capitalize(),
            "publisher": outlet,
            "published_on": day.isoformat(),
            "locator": "",
            "basis": chance.choice(_BASES),
            "occasion": occasion,
            "topics": "; ".join(topics),
            "status": "published",
        }
        for _ in range(quotes):
            yield self._quote(chance.choice(cast), day, shared)

    def _quote(self, speaker: _Speaker, day: date, shared: dict[str, str]) -> Row:
        chance = self.chance
        korean = chance.random() < (0.5 if speaker.korean else 0.012)
        attribution = chance.choices(("unverified", "disputed"), cum_weights=(990, 1000))[0]
        unnamed = not speaker.korean and attribution == "unverified" and chance.random() < 0.005
        self.made += 1
        return Row(
            reference=f"{self.prefix}-{self.made}",
            text=self._korean() if korean else self._english(self.put_in.get(self.made - 1)),
            kind=chance.choices(("direct", "mixed", "indirect"), cum_weights=(70, 85, 100))[0],
            language="ko" if korean else "en",
            said_on=self._said_on(day),
            speaker="" if unnamed else speaker.name,
            speaker_kind="" if unnamed else speaker.kind,
            described_as=chance.choice(_UNNAMED) if unnamed else "",
            organisation=speaker.organisation,
            title="" if unnamed else speaker.title,
            attribution=attribution,
            attribution_reason="" if attribution == "unverified" else chance.choice(_REASONS),
            **shared,
        )

    def _said_on(self, day: date) -> str:
        kind = self.chance.random()
        if kind < 0.005:
            return ""
        said = day - timedelta(days=self.chance.randint(0, 2))
        return said.isoformat()[:7] if kind < 0.025 else said.isoformat()

    def _length(self) -> int:
        return min(45, max(5, int(self.chance.lognormvariate(2.9, 0.45))))

    def _korean(self) -> str:
        return " ".join(korean_words(self.chance, max(4, self._length() * 2 // 3))) + "."

    def _english(self, put_in: list[str] | None) -> str:
        length = self._length()
        if len(self.supply) < length:
            self.supply = self.english.draw(200_000)
        words, self.supply[-length:] = self.supply[-length:], []
        if length > 14:  # somewhere in a long one there is a comma
            words[length // 2] += ","
        for each in put_in or ():
            words.insert(self.chance.randrange(1, len(words)), each)
        words[0] = words[0].capitalize()
        return f"{' '.join(words)}."


def _some(chance: random.Random, parts: tuple[str, ...], number: int | None = None) -> list[str]:
    names = [" ".join(each) for each in product(*(part.split() for part in parts))]
    chance.shuffle(names)
    return names[:number]


def _speakers(chance: random.Random, organisations: list[str]) -> list[_Speaker]:
    """Each name once. 4 in 100 are Korean, 2 in 100 are organisations."""
    law = _Zipf(len(organisations), 0.8, 5)
    names = [f"{first} {last}" for first, last in product(_FIRST, _LAST)]
    chance.shuffle(names)
    korean = [f"{family}{given}" for family, given in product(_FAMILY, _GIVEN)]
    korean = chance.sample(korean, SPEAKERS // 25)
    firms = organisations[: SPEAKERS // 50]
    people = names[: SPEAKERS - len(korean) - len(firms)]

    def person(name: str, *, of: str = "") -> _Speaker:
        organisation = organisations[law.draw(chance)]
        return _Speaker(name, "person", organisation, chance.choice(_TITLES), of == "ko")

    speakers = [person(name) for name in people]
    others = [person(name, of="ko") for name in korean]
    others += [_Speaker(name, "organisation", "", "", False) for name in firms]
    for other in others:
        speakers.insert(chance.randrange(10, len(speakers)), other)
    return speakers


def asked_words_stand_apart() -> None:
    """Raises AssertionError where a search by stems, by words and by substrings would not agree."""
    from snowballstemmer import stemmer  # type: ignore[import-untyped]

    beside = [
        *_FIRST,
        *_LAST,
        *_FAMILY,
        *_GIVEN,
        *headline_words(),
        *English(random.Random()).words,
    ]
    for text in (*_ORGANISATION, *_OUTLET, *_TITLES, *_TOPICS, *_UNNAMED, *_REASONS, *_OCCASIONS):
        beside += re.findall(r"\w+", text)
    stem = stemmer("english").stemWord
    asked = {word for each in ASKED for word in each.text.split()}
    stems = {stem(word) for word in asked}
    assert len(stems) == len(asked), "two words asked for have one stem"
    for word in beside:
        assert is_apart(word), f"{word!r} is too much like a word asked for"
        assert stem(word.lower()) not in stems, f"{word!r} has the stem of a word asked for"
