"""Honest dates: "May 2025", "about 1948" and "1946 or later" as values that sort and filter.

Knows no Django, reads no clock and no locale. The rules are those of the Extended Date/Time
Format, ISO 8601-2:2019 annex A as profiled by the Library of Congress
(https://www.loc.gov/standards/datetime/), levels 0 and 1, without seasons, without years
outside 0001 to 9999 and without the `Y` form. The calendar is proleptic Gregorian.
"""

import datetime
import re
from calendar import monthrange
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

__all__ = ["DateError", "HonestDate", "parse", "reading", "span_reading"]

Precision = Literal["time", "day", "month", "year", "decade", "century", "interval"]

_LONGEST = 100
_QUALIFIERS = ("?", "~", "%")
_DATES = "2025-05, 2025-05-26 or 1948~"
_TIMES = "2025-05-26T14:30:00 or 2025-05-26T14:30:00+09:00"
_INTERVALS = "1946/1948, 2025-05-02/2025-05-05 or 1985/.."

# A date's shape is its text with every digit made 0: the whole grammar of dates is this table.
_TO_SHAPE = str.maketrans("123456789", "000000000")
_SHAPES: dict[str, Precision] = {
    "0000": "year",
    "0000-00": "month",
    "0000-00-00": "day",
    "000X": "decade",
    "00XX": "century",
    "0000-XX": "year",
    "0000-XX-XX": "year",
    "0000-00-XX": "month",
}
_TIME_SHAPE = "T00:00:00"
_ZONE_SHAPES = ("", "Z", "+00", "-00", "+00:00", "-00:00")

# Why a text has no known shape, most telling reason first.
_REASONS = (
    (r"[\[\]{},]", "Lists and sets of dates cannot be used.", _DATES),
    (r"Y", "Years of more than four digits, with the letter Y, cannot be used.", _DATES),
    (r"^-", "Years before 0001 cannot be used.", _DATES),
    (r"[A-SU-Wa-z]", "A date is digits, with no letters but the capitals X, T and Z.", _DATES),
    (r"^.{10}T", "The time of day is not complete or not well formed.", _TIMES),
    (
        r"[?~%].",
        "The signs ?, ~ and % may stand only once, at the end of a whole date.",
        "2025-05~, 1948? or 1948%",
    ),
    (
        r"X",
        "An X may stand only for the last digits of a year alone, or for a whole month or day.",
        "201X, 19XX, 2004-XX or 1985-04-XX",
    ),
)


class DateError(ValueError):
    """A text is not a date that can be used; the message says why and shows one that can."""


@dataclass(frozen=True, slots=True)
class HonestDate:
    """A date no more exact than its source gives it.

    `earliest` and `latest` are the first and last day that it may mean, as local days; an open
    or unknown end of an interval is 0001-01-01 or 9999-12-31. `qualifier` is `?` (uncertain),
    `~` (about), `%` (both) or empty, and widens nothing. `start` and `end` are the dates of an
    interval, None where that end is open or unknown and in every date that is no interval.
    """

    text: str
    earliest: datetime.date
    latest: datetime.date
    precision: Precision
    qualifier: str = ""
    start: "HonestDate | None" = None
    end: "HonestDate | None" = None

    def __str__(self) -> str:
        return self.text

    @property
    def tells_nothing(self) -> bool:
        """Whether both ends of an interval are open or unknown: `../..`, `/..`, `../`."""
        return self.precision == "interval" and self.start is None and self.end is None

    @property
    def html(self) -> str:
        """The value for `<time datetime>` (HTML, the time element), or '' where HTML has none."""
        if self.precision in ("interval", "decade", "century") or "X" in self.text:
            return ""
        if self.precision == "time":
            return self.text[:19] + _zone(self.text)
        return self.text.removesuffix(self.qualifier)


@lru_cache(
    maxsize=20_000
)  # all days of 50 years: a list, and an import even more so, reads them again and again
def parse(text: str) -> HonestDate:
    """Read EDTF text. Raises `DateError` for everything outside the subset named above.

    Nothing is guessed or repaired: what is accepted is canonical already.
    """
    if not text:
        raise _refusal("There is no date.")
    if len(text) > _LONGEST:
        raise _refusal(f"A date has no more than {_LONGEST} characters.")
    for character in text:
        if character.isspace():
            raise _refusal("A date has no spaces or line breaks.")
        if not "!" <= character <= "~":
            raise _refusal(f"The character U+{ord(character):04X} has no place in a date.")
    if "/" in text:
        return _interval(text)
    if text[10:11] == "T":
        return _moment(text)
    return _date(text)


def _refusal(reason: str, examples: str = _DATES) -> DateError:
    return DateError(f"{reason} Write for example {examples}.")


def _explained(text: str) -> DateError:
    for pattern, reason, examples in _REASONS:
        if re.search(pattern, text):
            return _refusal(reason, examples)
    return _refusal(
        f"“{text}” is not a date: year, month and day have four, two and two digits, "
        "joined by hyphens."
    )


def _date(text: str) -> HonestDate:
    """A year, month or day, with digits not known (X) or a qualifier, never both."""
    qualifier = text[-1] if text.endswith(_QUALIFIERS) else ""
    written = text.removesuffix(qualifier)
    precision = _SHAPES.get(_shape(written))
    if precision is None:
        raise _explained(text)
    if qualifier and "X" in written:
        raise _refusal("A date with an X cannot end in ?, ~ or % as well.", "201X or 2004~")
    year, month, day = written[:4], written[5:7].strip("X"), written[8:].strip("X")
    first = _day(year.replace("X", "0"), month or "01", day or "01")
    last_year, last_month = int(year.replace("X", "9")), int(month or "12")
    last_day = int(day or monthrange(last_year, last_month)[1])
    last = datetime.date(last_year, last_month, last_day)
    return HonestDate(text, first, last, precision, qualifier)


def _day(year: str, month: str, day: str) -> datetime.date:
    if year == "0000":
        raise _refusal("Years outside 0001 to 9999 cannot be used.")
    if 21 <= int(month) <= 41:
        raise _refusal(f"Seasons and other parts of a year (“month” {month}) cannot be used.")
    if not 1 <= int(month) <= 12:
        raise _refusal(f"The month {month} does not exist.")
    if not 1 <= int(day) <= monthrange(int(year), int(month))[1]:
        raise _refusal(f"The day {day} does not exist in {year}-{month}.")
    return datetime.date(int(year), int(month), int(day))


def _moment(text: str) -> HonestDate:
    """A day with a time of day. Its bounds are the local day as written, whatever its zone."""
    shape = _shape(text)
    if shape[10:19] != _TIME_SHAPE or shape[19:] not in _ZONE_SHAPES:
        raise _explained(text)
    day = _date(text[:10])
    if day.precision != "day" or "X" in day.text:
        raise _explained(text)
    if text[11:13] > "23" or text[14:16] > "59" or text[17:19] > "59":
        raise _refusal(f"The time {text[11:19]} does not exist.", _TIMES)
    zone = _zone(text)
    if zone[1:3] > "23" or zone[4:] > "59" or zone == "-00:00":
        raise _refusal(f"The offset {zone} does not exist.", _TIMES)
    return HonestDate(text, day.earliest, day.latest, "time")


def _interval(text: str) -> HonestDate:
    """`a/b`, meaning some time within. An end is a date, `..` (open) or empty (unknown).

    The end may not begin before the start does: 2004-06-11/2004-06 is reversed too.
    """
    left, _, right = text.partition("/")
    if "/" in right or not (left or right):
        raise _refusal(
            "A slash stands only once, between the two dates of an interval.", _INTERVALS
        )
    start, end = _interval_end(left), _interval_end(right)
    if start and end and end.earliest < start.earliest:
        raise _refusal(f"The end {right} begins before the start {left}.", _INTERVALS)
    earliest = start.earliest if start else datetime.date.min
    latest = end.latest if end else datetime.date.max
    return HonestDate(text, earliest, latest, "interval", start=start, end=end)


def _interval_end(text: str) -> HonestDate | None:
    if text in ("", ".."):
        return None
    if text[10:11] == "T":
        raise _refusal("The ends of an interval have no time of day.", _INTERVALS)
    date = _date(text)
    if "X" in text:
        raise _refusal("The ends of an interval have no X.", _INTERVALS)
    return date


def _shape(text: str) -> str:
    return text.translate(_TO_SHAPE)


def _zone(text: str) -> str:
    """The offset of a date-time, in full: '', 'Z', '+09:00'."""
    zone = text[19:]
    return f"{zone}:00" if len(zone) == 3 else zone


# ---- Reading forms: every phrase in (English, Korean) ----

_MONTHS = (
    "January February March April May June July August September October November December",
    "1월 2월 3월 4월 5월 6월 7월 8월 9월 10월 11월 12월",
)
_SHORT_MONTHS = ("Jan Feb March April May June July Aug Sept Oct Nov Dec", _MONTHS[1])
_PHRASES = {
    "early year": ("AD {}", "서기 {}"),
    "year": ("{year}", "{year}년"),
    "month": ("{month} {year}", "{year}년 {month}"),
    "day": ("{day} {month} {year}", "{year}년 {month} {day}일"),
    "time": ("{}, {}", "{} {}"),
    "decade": ("the {}s", "{}년대"),
    "in decade": ("in {}", "{}"),
    "0000-XX": ("{}, month not known", "{}(월 미상)"),
    "0000-XX-XX": ("{}, month and day not known", "{}(월일 미상)"),
    "0000-00-XX": ("{}, day not known", "{}(일 미상)"),
    "about": ("about {}", "{}경"),
    "uncertain": ("{}, uncertain", "{}(불확실)"),
    "uncertain part": ("{} (uncertain)", "{}(불확실)"),
    "between": ("some time between {} and {}", "{}에서 {} 사이"),
    "later": ("{} or later", "{} 이후"),
    "later, end unknown": ("{} or later, end not known", "{} 이후(끝은 미상)"),
    "earlier": ("{} or earlier", "{} 이전"),
    "earlier, start unknown": ("{} or earlier, start not known", "{} 이전(시작은 미상)"),
    "unknown": ("date not known", "날짜 미상"),
    "span": ("{} \N{EN DASH} {}", "{} \N{EN DASH} {}"),
    "since": ("since {}", "{}부터"),
    "from": ("from {}, end not recorded", "{}부터(끝은 기록 없음)"),
    "until": ("until {}", "{}까지"),
}


def reading(date: HonestDate | str, language: str = "en", *, short: bool = False) -> str:
    """A date in words: "26 May 2025", "about 1948", "some time between 1946 and 1948".

    `language` is a BCP 47 tag; every language but Korean reads English. `short`, for lists,
    leaves the time of day out and abbreviates the month of a whole day. Raises `DateError`.
    """
    return _Reader(language, short).alone(_parsed(date))


def span_reading(
    since: HonestDate | str, until: HonestDate | str, language: str = "en", *, short: bool = False
) -> str:
    """A stretch of time in words: "from 2021, end not recorded", "until 1932", or both dates around a dash.

    An empty text means that side is not given; '' when neither is. Only a `since` whose end is
    open, as in 2021/.., lasts still: "since 2021". Raises `DateError`.
    """
    reader = _Reader(language, short)
    if since and until:
        return reader.say("span", reader.within(_parsed(since)), reader.within(_parsed(until)))
    if since:
        start = _parsed(since)
        if start.start and start.text.endswith("/.."):
            return reader.say("since", reader.within(start.start))
        return reader.say("from", reader.within(start))
    if until:
        return reader.say("until", reader.within(_parsed(until)))
    return ""


def _parsed(date: HonestDate | str) -> HonestDate:
    return parse(date) if isinstance(date, str) else date


class _Reader:
    """One language's words, put around dates."""

    def __init__(self, language: str, short: bool) -> None:
        self._language = 1 if re.split("[-_]", language)[0].lower() == "ko" else 0
        self._short = short

    def say(self, phrase: str, *parts: str, **fields: str) -> str:
        return _PHRASES[phrase][self._language].format(*parts, **fields)

    def alone(self, date: HonestDate) -> str:
        """The date where it stands by itself."""
        words = self._qualified(date, "uncertain")
        return self.say("in decade", words) if self._is_named_decade(date) else words

    def within(self, date: HonestDate) -> str:
        """The date where it is a part of a longer phrase."""
        return self._qualified(date, "uncertain part")

    def _qualified(self, date: HonestDate, uncertain: str) -> str:
        words = self._interval(date) if date.precision == "interval" else self._plain(date)
        if date.qualifier in ("~", "%"):
            words = self.say("about", words)
        if date.qualifier in ("?", "%"):
            words = self.say(uncertain, words)
        return words

    def _interval(self, date: HonestDate) -> str:
        if date.start and date.end:
            if date.start == date.end:
                return self.within(date.start)
            return self.say("between", self.within(date.start), self.within(date.end))
        if date.start:
            later = "later" if date.text.endswith("..") else "later, end unknown"
            return self.say(later, self.within(date.start))
        if date.end:
            earlier = "earlier" if date.text.startswith("..") else "earlier, start unknown"
            return self.say(earlier, self.within(date.end))
        return self.say("unknown")

    def _plain(self, date: HonestDate) -> str:
        first, last = date.earliest, date.latest
        if self._is_named_decade(date):
            return self.say("decade", self._year(first))
        if date.precision in ("decade", "century"):
            return self.say("between", self._calendar(first, "year"), self._calendar(last, "year"))
        if date.precision == "time":
            return self._moment(date)
        words = self._calendar(first, date.precision)
        shape = _shape(date.text)
        return self.say(shape, words) if shape in _PHRASES else words

    def _is_named_decade(self, date: HonestDate) -> bool:
        # "The 2000s" may be ten, a hundred or a thousand years: that decade is given in years.
        return date.precision == "decade" and date.earliest.year % 100 != 0

    def _calendar(self, day: datetime.date, precision: Precision) -> str:
        names = _SHORT_MONTHS if self._short and precision == "day" else _MONTHS
        month = names[self._language].split()[day.month - 1]
        return self.say(precision, year=self._year(day), month=month, day=str(day.day))

    def _year(self, day: datetime.date) -> str:
        return str(day.year) if day.year >= 1000 else self.say("early year", str(day.year))

    def _moment(self, date: HonestDate) -> str:
        day = self._calendar(date.earliest, "day")
        if self._short:
            return day
        time = date.text[11:19].removesuffix(":00")
        zone = _zone(date.text).replace("Z", "UTC")
        return self.say("time", day, f"{time} ({zone})" if zone else time)
