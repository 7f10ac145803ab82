"""Honest dates: what is accepted, what is refused and why, the bounds and the reading forms."""

import datetime
import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.dates import DateError, HonestDate, parse, reading, span_reading

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
VECTORS = DATA / "standards" / "edtf.json"
HOSTILE = DATA / "hostile" / "dates.jsonl"

FIRST, LAST = datetime.date(1, 1, 1), datetime.date(9999, 12, 31)
EN_DASH = "\N{EN DASH}"

# What the product leaves out of levels 0 and 1, said without the parser.
LEFT_OUT = (
    r"Y",  # years of more than four digits
    r"(^|/)-",  # years before 0001
    r"(^|/)0000",  # the year 0000
    r"(^|/)\d{4}-(2[1-9]|3\d|4[01])(?!\d)",  # seasons
)


def vectors() -> dict[str, Any]:
    if not VECTORS.exists():
        pytest.skip("the EDTF vectors are not on this machine")
    loaded: dict[str, Any] = json.loads(VECTORS.read_text(encoding="utf-8"))
    return loaded


def hostile() -> list[dict[str, str]]:
    if not HOSTILE.exists():
        pytest.skip("the hostile dates are not on this machine")
    return [json.loads(line) for line in HOSTILE.read_text(encoding="utf-8").splitlines()]


def left_out(text: str) -> bool:
    return any(re.search(pattern, text) for pattern in LEFT_OUT)


def is_accepted(text: str) -> bool:
    try:
        parse(text)
    except DateError:
        return False
    return True


def refusal(text: str) -> str:
    with pytest.raises(DateError) as caught:
        parse(text)
    return str(caught.value)


def bounds(text: str) -> tuple[str, str]:
    date = parse(text)
    return date.earliest.isoformat(), date.latest.isoformat()


# ---- The standard's vectors ----


def test_every_vector_of_levels_0_and_1_inside_the_subset_is_accepted() -> None:
    inside = [t for level in ("level0", "level1") for t in vectors()[level] if not left_out(t)]
    assert len(inside) > 40
    assert [text for text in inside if not is_accepted(text)] == []


def test_every_other_vector_is_refused_with_an_example() -> None:
    found = vectors()
    others = [t for level in ("level0", "level1") for t in found[level] if left_out(t)]
    for group in ("level2", "invalid_dates", "invalid_intervals", "invalid_datetimes"):
        others += found[group]
    assert len(others) > 200
    assert [text for text in others if is_accepted(text)] == []
    examples = {example for text in others for example in examples_in(refusal(text))}
    assert [example for example in examples if not is_accepted(example)] == []


def test_hostile_dates_are_read_or_refused_and_never_crash() -> None:
    rows = hostile()
    read = [row["payload"] for row in rows if is_accepted(row["payload"])]
    assert 0 < len(read) < len(rows)
    assert [
        row["payload"] for row in rows if row["expect"] == "invalid" and row["payload"] in read
    ] == []


def test_hostile_dates_that_are_valid_are_read() -> None:
    valid = {"valid", "valid-proleptic", "partial", "EDTF interval", "EDTF open interval"}
    texts = [row["payload"] for row in hostile() if row["expect"] in valid]
    # A time without seconds is ISO 8601 but not EDTF.
    assert [text for text in texts if not is_accepted(text)] == ["2024-01-01T00:00"]


# ---- Bounds ----


@pytest.mark.parametrize(
    ("text", "earliest", "latest"),
    [
        ("2025-05-26", "2025-05-26", "2025-05-26"),
        ("2025-05", "2025-05-01", "2025-05-31"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("1900-02", "1900-02-01", "1900-02-28"),
        ("0001", "0001-01-01", "0001-12-31"),
        ("9999-12", "9999-12-01", "9999-12-31"),
        ("201X", "2010-01-01", "2019-12-31"),
        ("19XX", "1900-01-01", "1999-12-31"),
        ("2004-XX", "2004-01-01", "2004-12-31"),
        ("1985-02-XX", "1985-02-01", "1985-02-28"),
        ("1985-XX-XX", "1985-01-01", "1985-12-31"),
        ("1946/1948", "1946-01-01", "1948-12-31"),
        ("2004-02-01/2005-02", "2004-02-01", "2005-02-28"),
        ("2004-06~/2004-06-11%", "2004-06-01", "2004-06-11"),
        ("1985/..", "1985-01-01", "9999-12-31"),
        ("1985/", "1985-01-01", "9999-12-31"),
        ("../1985-04", "0001-01-01", "1985-04-30"),
        ("/1985-04", "0001-01-01", "1985-04-30"),
        ("../..", "0001-01-01", "9999-12-31"),
    ],
)
def test_bounds_are_the_first_and_last_day_it_may_mean(
    text: str, earliest: str, latest: str
) -> None:
    assert bounds(text) == (earliest, latest)


@pytest.mark.parametrize("text", ["1948", "1948-05", "1948-05-26"])
def test_a_qualifier_does_not_widen_the_bounds(text: str) -> None:
    assert {bounds(text + qualifier) for qualifier in "?~%"} == {bounds(text)}
    assert [parse(text + qualifier).qualifier for qualifier in "?~%"] == ["?", "~", "%"]


@pytest.mark.parametrize("zone", ["", "Z", "+14:00", "-12", "+04:30"])
def test_the_bounds_of_a_date_time_are_its_local_day(zone: str) -> None:
    assert bounds(f"0001-01-01T00:00:00{zone}") == ("0001-01-01", "0001-01-01")
    assert bounds(f"9999-12-31T23:59:59{zone}") == ("9999-12-31", "9999-12-31")


def test_the_ends_of_an_interval_are_dates_themselves() -> None:
    date = parse("1984~/2004-06")
    assert (date.precision, date.start, date.end) == ("interval", parse("1984~"), parse("2004-06"))
    assert parse("1984/..").end is None
    assert parse("1984").start is None


# ---- Refusals ----


def examples_in(message: str) -> list[str]:
    _, _, tail = message.partition("Write for example ")
    return re.split(", | or ", tail.removesuffix("."))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "There is no date."),
        ("2025-13", "The month 13 does not exist."),
        ("2025-00", "The month 00 does not exist."),
        ("2025-42-01", "The month 42 does not exist."),
        ("2025-02-29", "The day 29 does not exist in 2025-02."),
        ("2025-02-00", "The day 00 does not exist in 2025-02."),
        ("2025-13-XX", "The month 13 does not exist."),
        ("2001-21", "Seasons and other parts of a year"),
        ("0000", "Years outside 0001 to 9999"),
        ("000X", "Years outside 0001 to 9999"),
        ("00XX", "Years outside 0001 to 9999"),
        ("-0044", "Years before 0001"),
        ("1985/-0044", "Years before 0001"),
        ("Y17000", "with the letter Y"),
        ("2025-05-26t14:30:00", "no letters but the capitals X, T and Z"),
        ("201x", "no letters but the capitals X, T and Z"),
        ("May", "no letters but the capitals"),
        ("26 May 2025", "no spaces or line breaks"),
        ("2025-05-26 ", "no spaces or line breaks"),
        ("2025-05-26\n", "no spaces or line breaks"),
        ("2025\u00a0", "no spaces or line breaks"),
        ("2025-05-26\x00", "The character U+0000"),
        ("\u0662\u0660\u0662\u0665", "The character U+0662"),
        ("\uff12\uff10\uff12\uff15", "The character U+FF12"),
        ("1946\u20131948", "The character U+2013"),
        ("\ud800", "The character U+D800"),
        ("[1984,1986]", "Lists and sets"),
        ("?2001", "only once, at the end"),
        ("2001??", "only once, at the end"),
        ("2004-06?-11", "only once, at the end"),
        ("1XXX", "An X may stand only"),
        ("201X-05", "An X may stand only"),
        ("2014-XX-05", "An X may stand only"),
        ("201X~", "A date with an X cannot end in"),
        ("25-05-26", "four, two and two digits"),
        ("2025-5-26", "four, two and two digits"),
        ("20250526", "four, two and two digits"),
        ("10000", "four, two and two digits"),
        ("..", "four, two and two digits"),
        ("~", "four, two and two digits"),
        ("2025-05-26T14:30", "The time of day is not complete"),
        ("2025-05-26T14:30:00.5", "The time of day is not complete"),
        ("2025-05-26T14:30:00~", "The time of day is not complete"),
        ("2025-05-XXT14:30:00", "The time of day is not complete"),
        ("2025-05-26T24:00:00", "The time 24:00:00 does not exist."),
        ("2025-05-26T23:59:60", "The time 23:59:60 does not exist."),
        ("2025-05-26T23:60:00", "The time 23:60:00 does not exist."),
        ("2025-05-26T14:30:00+24", "The offset +24:00 does not exist."),
        ("2025-05-26T14:30:00+09:60", "The offset +09:60 does not exist."),
        ("2025-05-26T14:30:00-00:00", "The offset -00:00 does not exist."),
        ("2025-02-30T14:30:00", "The day 30 does not exist in 2025-02."),
        ("2025/05/26", "A slash stands only once"),
        ("/", "A slash stands only once"),
        ("2025/05", "“05” is not a date"),
        ("2025-05-26T14:30:00Z/2026", "no time of day"),
        ("201X/2020", "no X"),
    ],
)
def test_a_refusal_says_what_is_wrong_and_shows_what_is_accepted(text: str, reason: str) -> None:
    message = refusal(text)
    assert reason in message
    assert [example for example in examples_in(message) if not is_accepted(example)] == []


@pytest.mark.parametrize(
    "text", ["1948/1946", "2025-05-05/2025-05-02", "2004-06-11/2004-06", "2004-02/2004"]
)
def test_a_reversed_interval_is_refused(text: str) -> None:
    start, end = text.split("/")
    assert f"The end {end} begins before the start {start}." in refusal(text)


@pytest.mark.parametrize("text", ["2004/2004", "1111-01-01/1111", "2004/2004-06"])
def test_an_interval_may_end_within_its_start(text: str) -> None:
    assert parse(text).text == text


def test_a_long_text_is_refused_before_it_is_read() -> None:
    assert "no more than 100 characters" in refusal("2025/" * 1_000_000)
    assert "no more than 100 characters" in refusal("9" * 101)


# ---- What always holds ----

DATE_CHARACTERS = st.text("0123456789-XYTZ?~%/.:+ ", max_size=25)
PARTS = st.sampled_from(
    ["/", "..", "~", "?", "%", "-XX", "X", "-02", "-31", "1948", "2000", "T23:20:30", "Z", "+09"]
)
ALMOST_DATES = st.lists(PARTS, max_size=6).map("".join)


@given(st.one_of(st.text(max_size=120), DATE_CHARACTERS, ALMOST_DATES))
def test_any_text_is_refused_or_is_a_canonical_date(text: str) -> None:
    try:
        date = parse(text)
    except DateError:
        return
    assert parse(date.text) == date
    assert str(date) == date.text == text
    assert FIRST <= date.earliest <= date.latest <= LAST
    for language in ("en", "ko"):
        assert reading(date, language)
        assert reading(date, language, short=True)
        assert span_reading(date, date, language)


@given(st.dates())
def test_every_day_month_and_year_round_trips(day: datetime.date) -> None:
    text = day.isoformat()
    assert parse(text) == HonestDate(text, day, day, "day")
    month, year = parse(text[:7]), parse(text[:4])
    assert (month.precision, month.earliest) == ("month", day.replace(day=1))
    assert month.earliest <= day <= month.latest
    assert (month.latest - month.earliest).days in (27, 28, 29, 30)
    first, last = datetime.date(day.year, 1, 1), datetime.date(day.year, 12, 31)
    assert (year.precision, year.earliest, year.latest) == ("year", first, last)


@given(st.dates(), st.dates())
def test_an_interval_of_days_is_read_exactly_when_it_is_in_order(
    start: datetime.date, end: datetime.date
) -> None:
    assert is_accepted(f"{start}/{end}") == (start <= end)


@given(st.datetimes(timezones=st.just(datetime.UTC)))
def test_every_second_of_every_day_is_read(moment: datetime.datetime) -> None:
    text = moment.replace(microsecond=0).isoformat()
    assert (parse(text).precision, parse(text).earliest) == ("time", moment.date())


# ---- HTML ----


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("2025-05-26", "2025-05-26"),
        ("2025-05~", "2025-05"),
        ("1948?", "1948"),
        ("2025-05-26T14:30:00", "2025-05-26T14:30:00"),
        ("2025-05-26T14:30:00Z", "2025-05-26T14:30:00Z"),
        ("2025-05-26T14:30:00+09", "2025-05-26T14:30:00+09:00"),
        ("1946/1948", ""),
        ("201X", ""),
        ("19XX", ""),
        ("2004-XX", ""),
        ("1985-04-XX", ""),
    ],
)
def test_html_gets_a_valid_datetime_or_none(text: str, html: str) -> None:
    assert parse(text).html == html


@pytest.mark.parametrize(
    ("text", "nothing"),
    [("../..", True), ("/..", True), ("../", True), ("../2025", False), ("2025", False)],
)
def test_an_interval_without_ends_tells_nothing(text: str, nothing: bool) -> None:
    assert parse(text).tells_nothing is nothing


# ---- Reading forms ----


@pytest.mark.parametrize(
    ("text", "english", "korean"),
    [
        ("2025-05-26", "26 May 2025", "2025년 5월 26일"),
        ("2025-05", "May 2025", "2025년 5월"),
        ("2025-05~", "about May 2025", "2025년 5월경"),
        ("1948", "1948", "1948년"),
        ("1948~", "about 1948", "1948년경"),
        ("1948?", "1948, uncertain", "1948년(불확실)"),
        ("1948%", "about 1948, uncertain", "1948년경(불확실)"),
        ("0014-09-17", "17 September AD 14", "서기 14년 9월 17일"),
        ("201X", "in the 2010s", "2010년대"),
        ("200X", "some time between 2000 and 2009", "2000년에서 2009년 사이"),
        ("19XX", "some time between 1900 and 1999", "1900년에서 1999년 사이"),
        ("2004-XX", "2004, month not known", "2004년(월 미상)"),
        ("1985-04-XX", "April 1985, day not known", "1985년 4월(일 미상)"),
        ("1985-XX-XX", "1985, month and day not known", "1985년(월일 미상)"),
        ("2025-05-26T14:30:00+09", "26 May 2025, 14:30 (+09:00)", "2025년 5월 26일 14:30 (+09:00)"),
        ("2025-05-26T14:30:15Z", "26 May 2025, 14:30:15 (UTC)", "2025년 5월 26일 14:30:15 (UTC)"),
        ("2025-05-26T00:00:00", "26 May 2025, 00:00", "2025년 5월 26일 00:00"),
        ("1946/1948", "some time between 1946 and 1948", "1946년에서 1948년 사이"),
        (
            "2025-05-02/2025-05-05",
            "some time between 2 May 2025 and 5 May 2025",
            "2025년 5월 2일에서 2025년 5월 5일 사이",
        ),
        (
            "1984?/2004-06~",
            "some time between 1984 (uncertain) and about June 2004",
            "1984년(불확실)에서 2004년 6월경 사이",
        ),
        ("1985/1985", "1985", "1985년"),
        ("1985/..", "1985 or later", "1985년 이후"),
        ("../1985", "1985 or earlier", "1985년 이전"),
        ("1985/", "1985 or later, end not known", "1985년 이후(끝은 미상)"),
        ("/1985", "1985 or earlier, start not known", "1985년 이전(시작은 미상)"),
        ("../..", "date not known", "날짜 미상"),
    ],
)
def test_a_date_reads_well_in_english_and_korean(text: str, english: str, korean: str) -> None:
    assert reading(text) == english
    assert reading(parse(text), "ko") == korean


@pytest.mark.parametrize(
    ("text", "short"),
    [
        ("2025-05-26", "26 May 2025"),
        ("2025-09-10", "10 Sept 2025"),
        ("1941-12-08", "8 Dec 1941"),
        ("1933-03-04~", "about 4 March 1933"),
        ("1900-01", "January 1900"),
        ("2025-09-10T14:30:00Z", "10 Sept 2025"),
        ("1945-01-30/1945-02", "some time between 30 Jan 1945 and February 1945"),
    ],
)
def test_lists_get_a_short_form(text: str, short: str) -> None:
    assert reading(text, short=True) == short


def test_the_short_form_in_korean_leaves_out_only_the_time() -> None:
    assert reading("2025-09-10T14:30:00", "ko", short=True) == "2025년 9월 10일"


@pytest.mark.parametrize("language", ["en-GB", "fr", "", "kok"])
def test_every_language_but_korean_reads_english(language: str) -> None:
    assert reading("2025-05", language) == "May 2025"


@pytest.mark.parametrize("language", ["ko", "ko-KR", "ko_KR", "KO"])
def test_every_tag_for_korean_reads_korean(language: str) -> None:
    assert reading("2025-05", language) == "2025년 5월"


def test_a_text_that_is_no_date_has_no_reading() -> None:
    with pytest.raises(DateError):
        reading("someday")


@pytest.mark.parametrize(
    ("since", "until", "english", "korean"),
    [
        (
            "1933-03-04",
            "1945-04-12",
            f"4 March 1933 {EN_DASH} 12 April 1945",
            f"1933년 3월 4일 {EN_DASH} 1945년 4월 12일",
        ),
        ("2021", "", "from 2021, end not recorded", "2021년부터(끝은 기록 없음)"),
        ("2021/..", "", "since 2021", "2021년부터"),
        ("", "1932", "until 1932", "1932년까지"),
        (
            "201X",
            "2021?",
            f"the 2010s {EN_DASH} 2021 (uncertain)",
            f"2010년대 {EN_DASH} 2021년(불확실)",
        ),
        ("201X", "", "from the 2010s, end not recorded", "2010년대부터(끝은 기록 없음)"),
        ("", "", "", ""),
    ],
)
def test_a_span_names_the_sides_it_has(since: str, until: str, english: str, korean: str) -> None:
    assert span_reading(since, until) == english
    assert span_reading(since, until, "ko") == korean


def test_a_span_has_a_short_form() -> None:
    assert (
        span_reading("1933-03-04", "1945-10-12", short=True)
        == f"4 March 1933 {EN_DASH} 12 Oct 1945"
    )
