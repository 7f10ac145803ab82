"""A query string becomes a question, or says what in it is not understood."""

import json
from datetime import date
from pathlib import Path

import pytest
from django.http import QueryDict

from tracker.filters import QuoteFilterSet, SpeakerFilterSet, language_name
from tracker.models import SpeakerAlias

pytestmark = pytest.mark.django_db

HOSTILE = Path(__file__).resolve().parents[2] / "shared" / "data" / "hostile"


def question(query: str):
    return QuoteFilterSet(QueryDict(query)).question


def errors(query: str) -> dict[str, list[str]]:
    return {
        name: list(texts) for name, texts in QuoteFilterSet(QueryDict(query)).form.errors.items()
    }


def test_an_empty_query_asks_for_everything():
    assert question("") == question("q=&speaker=&said_from=&order=&unheard-of=1")
    assert question("").speakers == ()


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("speaker=nobody", "There is no speaker “nobody”."),
        ("organisation=nobody", "There is no organisation “nobody”."),
        ("publisher=nobody", "There is no publisher “nobody”."),
        ("topic=nothing", "There is no topic “nothing”."),
        ("occasion=nothing", "There is no occasion “nothing”."),
        ("place=nowhere", "There is no place “nowhere”."),
        ("kind=song", "There is no kind “song”."),
        ("attribution=maybe", "There is no attribution “maybe”."),
        ("language=not_one", "Nothing here is in a language “not_one”."),
        ("said_from=yesterday", "“yesterday” is not a date. Write for example 1947, 2025-05 or 2025-05-26."),
        ("said_to=2025-13", "“2025-13” is not a date. Write for example 1947, 2025-05 or 2025-05-26."),
        ("dates=never", "“never” is not one of: may, must, undated."),
        ("order=random", "“random” is not one of: newest, oldest, best."),
        ("after=x", "There is no such page of the list."),
        ("before=-1", "There is no such page of the list."),
    ],
)  # fmt: skip
def test_an_unknown_value_says_so_and_asks_nothing(query, said):
    assert question(query) is None
    assert errors(query) == {query.split("=")[0]: [said]}


def test_an_unknown_value_among_known_ones_asks_nothing_either(make_quote):
    make_quote()

    assert question("speaker=jason-kwon").speakers
    assert question("speaker=jason-kwon&speaker=nobody") is None
    assert errors("speaker=jason-kwon&speaker=nobody") == {
        "speaker": ["There is no speaker “nobody”."]
    }


def test_a_percent_sign_in_an_unknown_name_is_only_a_sign(make_speaker, make_quote):
    for name in ("100% One", "100% Two"):
        make_quote("words", speaker=make_speaker(name))

    assert errors("speaker=50%25+%25s+%25(x)s") == {
        "speaker": ["There is no speaker “50% %s %(x)s”."]
    }
    assert errors("speaker=100%25") == {"speaker": ["Several names hold “100%”. Choose one:"]}


def test_a_speaker_whom_readers_cannot_see_is_unknown(make_quote, make_speaker):
    make_quote("draft", speaker=make_speaker("Only Drafts"), published=False)

    assert question("speaker=only-drafts") is None
    assert question("speaker=Only Drafts") is None


def test_a_speaker_is_found_by_name_alias_or_a_part_of_either(make_quote, make_speaker):
    kwon = make_speaker("Jason Kwon")
    SpeakerAlias.objects.create(speaker=kwon, name="제이슨 권", language="ko")
    make_quote("words", speaker=kwon)

    for typed in (
        "Jason Kwon",
        "jason kwon",
        "제이슨 권",
        "kwon",
        "KWON jason",
        "jason-kwon",
        "JASON-KWON",
    ):
        assert question(QueryDict(mutable=True).urlencode() + f"speaker={typed}").speakers == (
            kwon.pk,
        )


def test_several_of_one_name_are_offered(make_quote, make_speaker):
    for name in ("John Smith", "Jane Smith"):
        make_quote("words", speaker=make_speaker(name))
    filters = QuoteFilterSet(QueryDict("speaker=smith"))

    assert filters.question is None
    (error,) = filters.form.errors.as_data()["speaker"]
    assert {offer.value for offer in error.params["offers"]} == {"john-smith", "jane-smith"}
    assert list(error.messages) == ["Several names hold “smith”. Choose one:"]


def test_the_whole_name_wins_over_names_that_hold_it(make_quote, make_speaker):
    short, long = make_speaker("Kim Gu"), make_speaker("Kim Gu-ho")
    make_quote("a", speaker=short)
    make_quote("b", speaker=long)

    assert question("speaker=Kim Gu").speakers == (short.pk,)


def test_an_old_slug_still_filters(make_quote, make_speaker, editor):
    speaker = make_speaker("Facebook", kind="organisation")
    make_quote("words", speaker=speaker)
    speaker.rename("Meta", by=editor)

    assert question("speaker=facebook").speakers == (speaker.pk,)
    assert question("speaker=facebook&speaker=meta").speakers == (speaker.pk,)


def test_dates_are_asked_by_their_outer_days():
    asked = question("said_from=2025-05&said_to=2025-05&dates=must")

    assert (asked.said_from, asked.said_to) == (date(2025, 5, 1), date(2025, 5, 31))
    assert asked.dates == "must"


def test_a_place_may_be_written_in_any_case(make_quote, make_occasion):
    make_quote("words", occasion=make_occasion(city="Seoul"))

    assert question("place=SEOUL").places == ("Seoul",)


def test_too_many_words_and_too_long_ones_are_refused():
    assert errors("q=" + "+".join(f"w{n}" for n in range(21))) == {
        "q": ["Ask for at most 20 words; these are 21."]
    }
    assert "q" in errors("q=" + "x" * 501)
    assert "speaker" in errors("speaker=" + "x" * 501)
    assert errors("&".join(f"kind=k{n}" for n in range(21))) == {
        "kind": ["Choose at most 20 values."]
    }


def test_fixed_values_cannot_be_asked_away(make_quote, make_speaker):
    kwon, other = make_speaker("Jason Kwon"), make_speaker("Other")
    for speaker in (kwon, other):
        make_quote("words", speaker=speaker)
    from tracker.filters import Chosen

    fixed = {"speaker": Chosen(kwon.slug, kwon.name, kwon.pk, kwon.slug)}

    assert QuoteFilterSet(QueryDict("speaker=other"), fixed=fixed).question.speakers == (kwon.pk,)
    assert QuoteFilterSet(QueryDict("speaker=nobody"), fixed=fixed).question.speakers == (kwon.pk,)


@pytest.mark.skipif(not HOSTILE.exists(), reason="the shared data is not here")
@pytest.mark.parametrize("name", ["sqli", "naughty", "unicode", "fts_query", "dates", "xss"])
def test_nothing_that_is_typed_breaks_a_filter(name, make_quote):
    make_quote()
    rows = (HOSTILE / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    for row in rows[:60]:
        case = json.loads(row)
        payload = case.get(
            "payload", json.loads(case["payload_json"]) if "payload_json" in case else ""
        )
        data = QueryDict(mutable=True)
        for field in ("q", "speaker", "place", "said_from", "language", "after", "topic"):
            data[field] = payload
        filters = QuoteFilterSet(data)
        assert filters.question is None or not payload.strip() or "q" not in filters.form.errors


def test_speakers_are_listed_by_name_with_quotes_and_after_one(make_quote, make_speaker):
    for name in ("Beta", "Alpha", "Gamma"):
        make_quote("words", speaker=make_speaker(name))
    make_speaker("Silent")
    make_quote("words", speaker=make_speaker("Hidden", listed=False))

    def names(query: str) -> list[str]:
        return [speaker.name for speaker in SpeakerFilterSet(QueryDict(query)).speakers()]

    assert names("") == ["Alpha", "Beta", "Gamma"]
    assert names("after=alpha") == ["Beta", "Gamma"]
    assert names("after=nobody") == []
    assert names("q=gam") == ["Gamma"]
    assert names("q=" + "x" * 600) == []


def test_many_of_one_name_are_offered_in_part_and_say_so(make_quote, make_speaker):
    for n in range(12):
        make_quote("words", speaker=make_speaker(f"Kim {n:02}"))
    (error,) = QuoteFilterSet(QueryDict("speaker=kim")).form.errors.as_data()["speaker"]

    assert list(error.messages) == ["Many names hold “kim”. Choose one, or type more of the name:"]
    assert len(error.params["offers"]) == 10


def test_a_time_that_ends_before_it_begins_is_refused():
    assert errors("said_from=2020&said_to=2010") == {
        "said_to": ["This time ends before it begins."]
    }
    assert question("said_from=2020&said_to=2020")


def test_a_language_that_no_wording_is_in_is_unknown(make_quote, make_citation):
    quote = make_quote()
    make_citation(quote, "인프라가 곧 운명", language="ko")

    assert question("language=KO").languages == ("ko",)
    assert errors("language=xx&language=ko") == {
        "language": ["Nothing here is in a language “xx”."]
    }


@pytest.mark.parametrize(
    ("tag", "name"),
    [
        ("ko", "Korean"),
        ("ko-KR", "Korean"),
        ("zh-Hant", "Traditional Chinese"),
        ("zh-Hans", "Simplified Chinese"),
        ("zh", "Chinese"),
        ("la", "Latin"),
        ("grc", "Ancient Greek"),
        ("nez", "Nez Perce"),
        ("la-VA", "Latin"),
        ("qaa", "qaa"),
    ],
)
def test_a_language_has_a_name_or_else_its_tag(tag: str, name: str):
    assert language_name(tag) == name
