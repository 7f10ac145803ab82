"""What a reader can type: words and their forms, phrases, Korean, Japanese and Chinese, operators, and nonsense."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from test_sanitizing import payloads

from tracker import search
from tracker.models import Quote
from tracker.search import QueryError, Question, marked_parts, parse
from tracker.search.words import prepared, spans, stem, tokens


def terms(text: str) -> list[list[tuple[str, ...]]]:
    return [[term.tokens for term in branch] for branch in parse(text).branches]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It's OpenAI", ["it", "s", "openai"]),
        ("AI/ML at 2.5 %", ["ai", "ml", "at", "2", "5"]),
        ("Müller, Søren & Łukasz", ["muller", "soren", "lukasz"]),
        ("STRASSE straße", ["strasse", "strasse"]),
        ("한국은 곧", ["한국", "국은", "은", "곧"]),
        ("東京タワー", ["東京", "京タ", "タワ", "ワー", "ー"]),
        ("ＡＩ ｱｲ", ["ai", "アイ", "イ"]),
        ("OpenAI는", ["openai", "는"]),
        ("ﬁne ½", ["fine", "1", "2"]),
        ("नमस्ते", ["नमस्ते"]),
        ("مُحَمَّد", ["محمد"]),
        ("snake_case", ["snake", "case"]),
        ("… — %", []),
    ],
)
def test_text_is_parted_into_folded_words_and_pairs_of_characters(text, expected):
    assert tokens(text) == expected


@pytest.mark.parametrize(
    ("one", "other"),
    [("tax", "taxes"), ("determine", "determined"), ("economy", "economies"), ("run", "running")],
)
def test_inflections_have_one_stem(one, other):
    assert stem(one) == stem(other)


def test_new_and_news_are_different_words():
    assert stem("new") != stem("news")


@given(st.text(max_size=80))
def test_a_text_and_its_parts_have_the_same_tokens(text):
    assert tokens(text) == [span.token for span in spans(prepared(text))]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("taxes", [[("~tax",)]]),
        ('"infrastructure is destiny"', [[("infrastructure", "is", "destiny")]]),
        ("“infrastructure is”", [[("infrastructure", "is")]]),
        ("a b OR c", [[("~a",), ("~b",)], [("~c",)]]),
        ("or a or", [[("~a",)]]),
        ("openai.com", [[("openai", "com")]]),
        ("한국은", [[("한국", "국은")]]),
        ('"나라가 곧"', [[("나라", "라가", "가", "곧")]]),
        ('open "quote', [[("~open",), ("~quot",)]]),
        ("a a a", [[("~a",)]]),
        ("x AND (y NOT z)", [[("~x",), ("~and",), ("~y",), ("~not",), ("~z",)]]),
        ("text:a", [[("text", "a")]]),
        ("speaker:", [[("~speaker",)]]),
        ("ab*", [[("ab",)]]),
        ("a*", [[("~a",)]]),
        ("\x00country\u202e", [[("~countri",)]]),
    ],
)
def test_what_is_typed_is_taken_apart(typed, expected):
    assert terms(typed) == expected


def test_operators_mark_their_terms():
    (branch,) = parse('tax -rates begin* speaker:kwon -"no new"').branches
    assert [(t.tokens, t.prefix, t.in_names, t.without) for t in branch] == [
        (("~tax",), False, False, False),
        (("~rate",), False, False, True),
        (("begin",), True, False, False),
        (("kwon",), True, True, False),
        (("no", "new"), False, False, True),
    ]


def test_said_is_a_time_and_no_word():
    query = parse("said:2025-05 destiny")
    assert query.said == ((date(2025, 5, 1), date(2025, 5, 31)),)
    assert terms("said:2025-05 destiny") == [[("~destini",)]]


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("…", "There is no word in"),
        ("said:soon", "is not a date"),
        (" ".join(f"w{n}" for n in range(21)), "Ask for at most 20 words; these are 21."),
        ("x" * 501, "At most 500 characters can be asked for; these are 501."),
    ],
)
def test_what_cannot_be_asked_is_told(typed, told):
    with pytest.raises(QueryError, match=told):
        parse(typed)


@given(st.text(max_size=200))
def test_nothing_that_is_typed_breaks_the_parser(text):
    try:
        query = parse(text)
    except QueryError:
        return
    assert query.branches or query.said


# ---- What it finds ----

pytestmark = pytest.mark.django_db


@pytest.fixture
def found(make_quote: Callable[..., Quote]) -> Callable[[str], list[str]]:
    """The words of the quotes that are found among a few, by what is typed."""
    for text in (
        "infrastructure is destiny",
        "infrastructures are destiny",
        "New taxes are no news.",
        "To be, or not to be",
        "It’s AI/ML at openai.com, version 2.5",
        "Señor Müller said nothing",
    ):
        make_quote(text, citation={"language": "en"})
    for text in ("인프라가 곧 운명이다", "한국은 반도체부터 소프트웨어까지", "나라 사랑"):
        make_quote(text, citation={"language": "ko"})
    make_quote("東京タワーは高い", citation={"language": "ja"})

    def find(typed: str) -> list[str]:
        answer = search.answer(Question(query=parse(typed), order="oldest"))
        return [quote.lead.text for quote in answer.quotes]

    return find


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ('"infrastructure is destiny"', ["infrastructure is destiny"]),
        ("infrastructure", ["infrastructure is destiny", "infrastructures are destiny"]),
        ("infrastructures -are", ["infrastructure is destiny"]),
        ("tax", ["New taxes are no news."]),
        ("news", ["New taxes are no news."]),
        ('"to be or not to be"', ["To be, or not to be"]),
        ("it's", ["It’s AI/ML at openai.com, version 2.5"]),
        ("ai ml", ["It’s AI/ML at openai.com, version 2.5"]),
        ("openai.com", ["It’s AI/ML at openai.com, version 2.5"]),
        ("2.5", ["It’s AI/ML at openai.com, version 2.5"]),
        ("5.2", []),
        ("senor muller", ["Señor Müller said nothing"]),
        ("MÜLLER", ["Señor Müller said nothing"]),
        ("noth*", ["Señor Müller said nothing"]),
        ("taxes or muller", ["New taxes are no news.", "Señor Müller said nothing"]),
        ("운명", ["인프라가 곧 운명이다"]),
        ("프라가", ["인프라가 곧 운명이다"]),
        ('"프라가 곧"', ["인프라가 곧 운명이다"]),
        ("곧", ["인프라가 곧 운명이다"]),
        ("다", ["인프라가 곧 운명이다"]),
        ("프라곧", []),
        ("사랑", ["나라 사랑"]),
        ("京タ", ["東京タワーは高い"]),
        ("タワー", ["東京タワーは高い"]),
        ("동경", []),
    ],
)
def test_it_finds_what_a_reader_means(found, typed, expected):
    assert found(typed) == expected


def test_any_part_of_a_korean_text_of_two_characters_or_more_is_found(found):
    text = "한국은 반도체부터 소프트웨어까지"
    for start in range(len(text)):
        for end in range(start + 2, len(text) + 1):
            part = text[start:end]
            if " " not in part:
                assert text in found(part), part


def test_names_occasions_organisations_and_headlines_are_searched(
    make_quote, make_speaker, make_position, make_occasion, make_article
):
    kwon = make_speaker("Jason Kwon")
    kwon.aliases.create(name="제이슨 권", language="ko")
    then = make_position(kwon, make_speaker("OpenAI", kind="organisation"))
    day = make_occasion("Grand Opening", place="Hotel Plaza", city="Seoul")
    quote = make_quote(
        "words", speaker=kwon, position=then, occasion=day, article=make_article("A bold headline")
    )
    make_quote(
        "Kwon and OpenAI are mentioned only",
        speaker=make_speaker("Another"),
        article=make_article("Elsewhere"),
    )
    search.catch_up()

    for typed in ("제이슨", "opening", "plaza", "seoul", "bold", "jason kwon words"):
        assert search.answer(Question(query=parse(typed))).ids == [quote.pk], typed
    assert search.answer(Question(query=parse("speaker:kwon"))).ids == [quote.pk]
    assert search.answer(Question(query=parse('speaker:"jason kwon"'))).ids == [quote.pk]
    assert len(search.answer(Question(query=parse("openai"))).ids) == 2


def test_the_best_match_comes_first_and_its_pages_pass_every_quote_once(make_quote):
    best = make_quote("destiny, destiny, destiny", said_on="1900")
    for n in range(7):
        make_quote(f"a much longer sentence in which destiny stands once, number {n}")
    asked = Question(query=parse("destiny"), order="best", size=3)

    pages, answer = [], search.answer(asked)
    assert answer.ids[0] == best.pk
    while True:
        pages += answer.ids
        if not answer.has_next:
            break
        answer = search.answer(
            Question(query=parse("destiny"), order="best", size=3, after=pages[-1])
        )
    assert len(pages) == len(set(pages)) == 8
    before = search.answer(Question(query=parse("destiny"), order="best", size=3, before=pages[3]))
    assert before.ids == pages[:3]


def test_the_best_match_names_no_speaker_who_was_left_out(make_quote, make_speaker, make_article):
    kwon, lincoln = make_speaker("Jason Kwon"), make_speaker("Abraham Lincoln")
    mentioned = make_quote("Kwon and destiny", speaker=make_speaker("Another"))
    theirs = make_quote("destiny", speaker=kwon, article=make_article("One"))
    make_quote("Kwon’s destiny", speaker=lincoln, article=make_article("Two"))
    query = parse("destiny kwon -lincoln")

    for order in ("newest", "best"):
        found = search.answer(Question(query=query, order=order)).ids
        assert sorted(found) == [mentioned.pk, theirs.pk], order
    assert search.answer(Question(query=query, order="best")).ids[0] == mentioned.pk


# ---- Marks ----


@pytest.mark.parametrize(
    ("text", "typed", "marked"),
    [
        ("New taxes are no news.", "tax", ["taxes"]),
        ("infrastructure is destiny", '"is destiny"', ["is destiny"]),
        ("infrastructure is destiny", "is destiny", ["is destiny"]),
        ("인프라가 곧 운명이다", "운명", ["운명"]),
        ("인프라가 곧 운명이다", "프라가", ["프라가"]),
        ("인프라가 곧 운명이다", "다", ["다"]),
        ("It’s Müller’s", "muller", ["Müller"]),
        ("<b>bold</b> & so on", "bold", ["bold"]),
        ("destined for destiny", "destin*", ["destined", "destiny"]),
        ("no such word", "other", []),
    ],
)
def test_the_words_that_were_asked_for_are_marked(text, typed, marked):
    parts = marked_parts(text, parse(typed))
    assert "".join(part for part, _asked in parts) == text
    assert [part for part, asked in parts if asked] == marked


def test_a_page_marks_them_and_escapes_the_rest(make_quote):
    make_quote("2 < 3 & “destiny”")
    page = Client().get("/quotes/?q=destiny").content.decode()
    assert "2 &lt; 3 &amp; “<mark>destiny</mark>”" in page


# ---- Nonsense ----


@pytest.mark.parametrize("name", ["fts_query", "naughty"])
def test_hostile_searches_are_answered(make_quote: Callable[..., Any], name: str) -> None:
    make_quote("infrastructure is destiny")
    client = Client(raise_request_exception=False)
    refused = []
    for payload in payloads(name):
        for order in ("newest", "best"):
            response = client.get("/quotes/", {"q": payload, "order": order})
            if response.status_code not in (200, 302):  # what is blank leads to the whole list
                refused.append((payload, response.status_code))
    assert refused == []
