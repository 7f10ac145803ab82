"""The page “Did they say it?”: its form, its answers, and what it says of a name."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.html import strip_tags
from test_sanitizing import payloads

from tracker import checking, search

Make = Callable[..., Any]

WORDS = "infrastructure is destiny."
WRONGLY = {"attribution": "misattributed", "attribution_reason": "Older than they are."}

pytestmark = pytest.mark.django_db


def page(words: str = "", speaker: str = "", **headers: str) -> str:
    asked = {"words": words, "speaker": speaker}
    response = Client().get("/check/", asked, headers=headers)
    assert response.status_code == 200
    return response.content.decode()


def answer(words: str, speaker: str = "") -> str:
    """The answer as it is read aloud."""
    found = re.search(r'(?s)<section[^>]*role="status".*?</section>', page(words, speaker))
    assert found
    return " ".join(strip_tags(found[0]).replace("&#x27;", "'").split())


def test_the_page_begins_with_a_form_and_what_the_answers_mean() -> None:
    body = page()
    assert "<title>Did they say it? ·" in body
    assert "What the answers mean" in body
    assert 'role="status"' not in body
    assert "noindex" not in body
    assert 'aria-current="page">Did they say it?' in body


def test_every_field_has_a_label_and_keeps_what_was_typed() -> None:
    body = page('say "it" & <b>', "Some <i>one")
    for name in re.findall(r'<(?:textarea|input) id="([^"]+)"', body):
        assert f'<label for="{name}"' in body or f'for="{name}"' in body
    assert "say &quot;it&quot; &amp; &lt;b&gt;</textarea>" in body
    assert 'value="Some &lt;i&gt;one"' in body


def test_a_misquote_is_answered_with_a_difference_that_reads_aloud(make_quote: Make) -> None:
    make_quote(WORDS, said_on="2025-05-26")
    assert answer("infrastructure is fate", "Jason Kwon") == (
        "On record, in other words On record as the words of Jason Kwon, 26 May 2025. "
        "1 word is different; 81 percent of the letters are the same. "
        "infrastructure is you wrote: fate on record: destiny. "
        "Struck out is what you pasted, underlined is what is on record."
    )
    body = page("infrastructure is fate")
    assert "<title>On record, in other words: “infrastructure is fate” ·" in body
    assert '<meta name="robots" content="noindex">' in body
    assert '<del><span class="vh" lang="en">you wrote: </span>fate</del>' in body
    assert '<ins><span class="vh" lang="en">on record: </span>destiny.</ins>' in body


def test_words_on_record_are_shown_with_whose_they_are_and_their_source(make_quote: Make) -> None:
    quote = make_quote(WORDS, said_on="2025-05")
    assert answer("Infrastructure is destiny") == (
        "On record, word for word On record as the words of Jason Kwon, May 2025. "
        "Every word is the same."
    )
    body = page("Infrastructure is destiny")
    assert "OpenAI to open office in Seoul" in body
    assert f'href="{quote.get_absolute_url()}">The whole record</a>' in body
    assert "<del>" not in body
    make_quote("We said that infrastructure is destiny for all.")
    assert "in a wording that goes on" in answer("that infrastructure is destiny")


def test_what_is_wrongly_attributed_says_so_first(make_quote: Make) -> None:
    make_quote(WORDS)
    make_quote(WORDS, **WRONGLY)
    for name in ("", "Jason Kwon", "Somebody Else"):
        assert answer(WORDS, name).startswith(
            "Wrongly attributed On record as wrongly attributed to Jason Kwon."
        )
    assert "Alike too" in page(WORDS)


def test_reported_words_wear_no_quotation_marks(make_quote: Make) -> None:
    make_quote(WORDS, kind="indirect")
    body = page(WORDS)
    assert "On record as reported of Jason Kwon, undated, not word for word." in body
    assert f"“{WORDS}" not in body
    assert "words indirect" in body


def test_a_name_is_matched_by_slug_name_and_alias_accents_aside(
    make_quote: Make, make_speaker: Make
) -> None:
    muller = make_speaker("José Müller", slug="jose")
    muller.aliases.create(name="The Fox")
    make_quote(WORDS, speaker=muller)
    for name in ("jose", "José Müller", "jose muller", "the fox", " MÜLLER "):
        assert answer(WORDS, name).startswith("On record, word for word"), name


def test_the_words_of_somebody_else_are_said_to_be_theirs(
    make_quote: Make, make_speaker: Make
) -> None:
    make_quote(WORDS, said_on="2025")
    make_quote(
        "The best way to predict the future is to invent it", speaker=make_speaker("Alan Kay")
    )
    said = "On record, by someone else Not on record as the words of Alan Kay, but of Jason Kwon, 2025."
    assert answer(WORDS, "alan-kay").startswith(said)


def test_a_name_that_nobody_has_is_said_to_be_unknown_and_the_words_are_answered(
    make_quote: Make, make_speaker: Make
) -> None:
    make_quote(WORDS)
    body = page(WORDS, "Alan Kay")
    assert "There is no speaker “Alan Kay”." in body
    assert answer(WORDS, "Alan Kay").startswith("On record, by someone else")
    make_speaker("Alan Kay")  # and has no published quote
    assert "There is no speaker “Alan Kay”." in page(WORDS, "Alan Kay")


def test_a_name_of_several_answers_for_all_and_offers_each(
    make_quote: Make, make_speaker: Make
) -> None:
    make_quote(WORDS)
    make_quote("something else altogether", speaker=make_speaker("Ann Kwon"))
    body = page(WORDS, "Kwon")
    assert "Several names hold “Kwon”" in body
    assert "words=infrastructure%20is%20destiny.&amp;speaker=ann-kwon" in body
    assert answer(WORDS, "Kwon").startswith("On record, word for word")


def test_what_is_not_on_record_may_have_been_said(make_quote: Make) -> None:
    make_quote(WORDS)
    said = "Not in our records That does not mean that it was not said."
    assert answer("nobody said a thing like this") == said
    assert answer("nobody said a thing like this", "Jason Kwon") == said


def test_too_long_words_and_none_at_all_are_explained_and_kept() -> None:
    long = "word " * 500
    assert "At most 2000 characters can be checked; these are 2499." in page(long)
    assert long.strip() in page(long)
    assert "There is no word in this that could be looked for." in page("?!")
    assert 'aria-describedby="words-problem"' in page("?!")


def test_words_that_take_too_long_to_find_are_explained(monkeypatch: pytest.MonkeyPatch) -> None:
    def too_slow(*_args: Any, **_more: Any) -> None:
        raise search.TooSlow

    monkeypatch.setattr(checking.search, "candidates", too_slow)
    assert "This takes too long to find." in page("to be or not to be")


def test_only_published_quotes_are_on_record(make_quote: Make, editor: Any) -> None:
    make_quote(WORDS, published=False)
    held, withdrawn = make_quote(WORDS), make_quote(WORDS)
    held.hold(by=editor)
    withdrawn.withdraw(by=editor, category="our error", reason="Ours.")
    search.catch_up()
    assert answer(WORDS).startswith("Not in our records")


def test_an_answer_takes_at_most_eight_queries(make_quote: Make, make_speaker: Make) -> None:
    for n in range(30):
        make_quote(f"infrastructure is destiny number {n}", speaker=make_speaker(f"Kwon {n}"))
    Client().get("/about/")
    for name in ("", "kwon-3", "Kwon 3", "kwon", "nobody"):
        with CaptureQueriesContext(connection) as asked:
            page("infrastructure is fate number 3", name)
        assert len(asked) <= 8, [each["sql"][:200] for each in asked]


def test_an_empty_search_leads_here_with_its_words(make_quote: Make) -> None:
    make_quote(WORDS)
    body = Client().get("/quotes/", {"q": "infrastructure is fate"}).content.decode()
    assert 'href="/check/?words=infrastructure%20is%20fate"' in body


def test_the_answer_is_given_in_korean(make_quote: Make) -> None:
    make_quote(WORDS)
    body = page("infrastructure is fate", **{"accept-language": "ko"})
    assert "다른 표현으로 기록됨" in body
    assert '<span class="vh" lang="ko">입력한 말: </span>fate' in body


def test_only_reading_is_answered() -> None:
    assert Client().post("/check/", {"words": WORDS}).status_code == 405


@pytest.mark.parametrize("name", ["naughty", "fts_query"])
def test_hostile_words_and_names_are_answered(name: str, make_quote: Make) -> None:
    make_quote(WORDS)
    for payload in payloads(name):
        text = payload.encode("utf-8", "replace").decode()
        page(text, text)
