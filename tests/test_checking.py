"""What is said of words that a reader heard: the order of the answers, and misquotes of the demo's quotes."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import transaction

from tracker import search
from tracker.checking import Answer, check
from tracker.importing import load_record, read_record
from tracker.management.commands import demo
from tracker.models import Quote, Speaker

Make = Callable[..., Any]

WORDS = "infrastructure is destiny"
WRONGLY = {"attribution": "misattributed", "attribution_reason": "Older than they are."}

pytestmark = pytest.mark.django_db


def test_words_on_record_are_found_word_for_word(make_quote: Make) -> None:
    quote = make_quote(WORDS)
    found = check("“Infrastructure is destiny.”")
    assert (found.answer, found.best and found.best.quote.id) == (Answer.WORD_FOR_WORD, quote.pk)


def test_words_that_differ_are_found_in_other_words(make_quote: Make) -> None:
    make_quote(WORDS)
    assert check("infrastructure is fate").answer == Answer.IN_OTHER_WORDS
    assert check("infrastructure is not destiny").answer == Answer.IN_OTHER_WORDS


@pytest.mark.parametrize("kind", ["indirect", "mixed"])
def test_reported_words_are_never_word_for_word(kind: str, make_quote: Make) -> None:
    make_quote(WORDS, kind=kind)
    assert check(WORDS).answer == Answer.IN_OTHER_WORDS


def test_wrong_attribution_leads_whoever_is_named_and_whatever_else_there_is(
    make_quote: Make, make_speaker: Make
) -> None:
    kay = make_speaker("Alan Kay")
    own = make_quote(WORDS, speaker=kay)
    wrongly = make_quote("infrastructure is our destiny", **WRONGLY)
    for speakers in (None, [], [kay.pk], [wrongly.speaker_id]):
        found = check(WORDS, speakers)
        assert (found.answer, found.best and found.best.quote.id) == (Answer.WRONGLY, wrongly.pk)
        assert [match.quote.id for match in found.also] == [own.pk]


def test_a_name_decides_between_speakers(make_quote: Make, make_speaker: Make) -> None:
    kay, other = make_speaker("Alan Kay"), make_speaker("Nobody Else")
    exact = make_quote(WORDS)
    near = make_quote("infrastructure is fate", speaker=kay)
    kwon = exact.speaker_id
    found = check(WORDS, [kay.pk])
    assert (found.answer, found.best and found.best.quote.id) == (Answer.IN_OTHER_WORDS, near.pk)
    assert check(WORDS, [kwon]).answer == Answer.WORD_FOR_WORD
    for speakers in ([other.pk], []):
        found = check(WORDS, speakers)
        assert (found.answer, found.best and found.best.quote.id) == (Answer.SOMEONE_ELSE, exact.pk)


def test_a_joint_speaker_said_it_too(make_quote: Make, make_speaker: Make) -> None:
    kay = make_speaker("Alan Kay")
    make_quote(WORDS).joint_speakers.create(speaker=kay)
    search.catch_up()
    assert check(WORDS, [kay.pk]).answer == Answer.WORD_FOR_WORD


def test_any_wording_counts_and_evidence_is_none(make_quote: Make, make_citation: Make) -> None:
    quote = make_quote("인프라는 운명이다", citation={"language": "ko"})
    make_citation(quote, WORDS)
    make_citation(quote, "he never wrote that down", role="evidence on attribution")
    found = check(WORDS)
    assert found.answer == Answer.WORD_FOR_WORD
    assert found.best
    assert not found.best.leads
    assert check("he never wrote that down").answer == Answer.NOT_FOUND


def test_what_is_less_alike_comes_apart(make_quote: Make) -> None:
    make_quote("the economy is strong")
    found = check("the country is strong")
    assert (found.answer, found.best) == (Answer.NOT_FOUND, None)
    assert len(found.less) == 1
    assert check("nothing like it").less == ()


# ---- The demo's quotes, misquoted ----


@pytest.fixture(scope="module")
def _demo_data(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    with django_db_blocker.unblock(), transaction.atomic():
        load_record(read_record(demo.RECORD), by=None)
        yield
        transaction.set_rollback(True)


MISQUOTES = [
    ("infrastructure is fate", "Jason Kwon", Answer.IN_OTHER_WORDS),
    ("infrastructure is destiny", "Jason Kwon", Answer.WORD_FOR_WORD),
    ("the only thing we need to fear is fear itself", "Franklin D. Roosevelt", Answer.IN_OTHER_WORDS),
    ("the only thing we have to fear is fear itself", "Franklin D. Roosevelt", Answer.WORD_FOR_WORD),
    ("This generation has a rendezvous with destiny", "Franklin D. Roosevelt", Answer.IN_OTHER_WORDS),
    ("We chose to go to the moon in this decade and to do other things", "John F. Kennedy", Answer.IN_OTHER_WORDS),
    ("Do not ask what can your country do for you, ask what you can do for your country", "John F. Kennedy", Answer.IN_OTHER_WORDS),
    ("AI infrastucture ultimately determines each nation's technological sovereignty", "Jason Kwon", Answer.IN_OTHER_WORDS),
    ("한국은 반도체에서 소프트웨어까지 AI 전 영역을 아우르는 생태계를 갖추고 있다", "Jason Kwon", Answer.IN_OTHER_WORDS),
    ("That is one small step for a man, one giant leap for all mankind", "Neil Armstrong", Answer.IN_OTHER_WORDS),
    ("Let them eat the cake", "Marie Antoinette", Answer.WRONGLY),
    ("I disapprove what you say, but will defend to death your right to say it", "Voltaire", Answer.WRONGLY),
]  # fmt: skip


@pytest.mark.usefixtures("_demo_data")
@pytest.mark.parametrize(("words", "name", "answer"), MISQUOTES)
def test_misquotes_of_the_demo_are_found_among_all_its_quotes(
    words: str, name: str, answer: Answer
) -> None:
    speaker = Speaker.objects.get(name=name)
    for speakers in ([speaker.pk], None):
        found = check(words, speakers)
        assert found.answer == answer
        assert found.best
        assert name in [each.name for each in found.best.quote.by]


@pytest.mark.usefixtures("_demo_data")
def test_every_quote_of_the_demo_is_found_by_its_own_words() -> None:
    for quote in Quote.objects.published().select_related("lead"):
        found = check(quote.text[:2000])
        assert found.best, quote.text
        assert found.best.likeness.is_exact
        assert (found.answer == Answer.WRONGLY) >= (quote.attribution == "misattributed")


@pytest.mark.usefixtures("_demo_data")
@pytest.mark.parametrize(
    "words",
    [
        "a sentence that nobody on record here has ever said to anyone",
        "we will build a wall and they will pay for it",
        "the future of the country is in the hands of the people",
        "한국의 미래는 우리 손에 달려 있다고 생각한다",
    ],
)
def test_what_nobody_said_is_not_in_the_records(words: str) -> None:
    assert check(words).answer == Answer.NOT_FOUND
