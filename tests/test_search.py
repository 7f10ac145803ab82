"""Which quotes a question finds, in which order, and what the numbers beside the filters promise."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.db import transaction

from tracker import search
from tracker.models import Citation, JointSpeaker, Quote, Speaker, SpeakerAlias
from tracker.search import Answer, Question, parse, totals

pytestmark = pytest.mark.django_db


def answer(question: Question, **how: Any) -> Answer:
    """The answer once all that a test changed by hand is indexed."""
    search.catch_up()
    return search.answer(question, **how)


def ids(words: str = "", **asked: Any) -> list[int]:
    query = {"query": parse(words)} if words else {}
    return answer(Question(**query, **asked)).ids


@pytest.fixture
def said(make_quote: Callable[..., Quote]) -> Callable[..., Quote]:
    """A published quote said then."""

    def make(said_on: str, text: str = "words", **fields: Any) -> Quote:
        return make_quote(text, said_on=said_on, **fields)

    return make


def test_drafts_held_and_withdrawn_quotes_are_in_no_answer(make_quote, editor):
    shown, held, withdrawn = make_quote("shown"), make_quote("held"), make_quote("withdrawn")
    make_quote("draft", published=False)
    held.hold(by=editor)
    withdrawn.withdraw(by=editor, category="our error", reason="A typo.")

    found = answer(Question())

    assert found.ids == [shown.pk]
    assert found.total == 1
    assert [each.count for each in found.facets["speaker"]] == [1]


def test_newest_first_puts_undated_quotes_last_and_breaks_ties_by_id(said):
    undated, old, twin, new = said(""), said("1947"), said("1947"), said("2025-05-26")

    assert ids() == [new.pk, twin.pk, old.pk, undated.pk]
    assert ids(order="oldest") == [old.pk, twin.pk, new.pk, undated.pk]


@pytest.mark.parametrize("order", ["newest", "oldest"])
def test_paging_forth_and_back_passes_every_quote_once(said, order):
    for said_on in (
        "",
        "1947",
        "2025-05",
        "1947",
        "2025-05-26",
        "",
        "1812",
        "1947/1948",
        "../1985",
    ):
        said(said_on)
    whole = ids(order=order)

    forth, page = [], answer(Question(order=order, size=2))
    assert not page.has_previous
    while page.ids:
        forth.append(page.ids)
        if not page.has_next:
            break
        page = answer(Question(order=order, size=2, after=page.ids[-1]))
        assert page.has_previous
    back = [forth[-1]]
    while page.has_previous:
        page = answer(Question(order=order, size=2, before=page.ids[0]))
        assert page.has_next
        if page.ids:
            back.insert(0, page.ids)

    assert [pk for pages in forth for pk in pages] == whole
    assert [pk for pages in back for pk in pages] == whole


def test_a_page_behind_a_quote_that_never_was_is_empty(said):
    said("2025")

    assert ids(after=10**17) == []


def test_a_month_is_found_by_any_day_in_it_and_left_out_by_must(said):
    quote = said("2025-05")

    assert ids(said_from=date(2025, 5, 20)) == [quote.pk]
    assert ids(said_to=date(2025, 5, 10)) == [quote.pk]
    assert ids(said_from=date(2025, 5, 20), dates="must") == []
    assert ids(said_to=date(2025, 5, 10), dates="must") == []
    assert ids(said_from=date(2025, 5, 1), said_to=date(2025, 5, 31), dates="must") == [quote.pk]
    assert ids(said_from=date(2025, 6, 1)) == []
    assert ids(said_to=date(2025, 4, 30)) == []


def test_undated_quotes_match_no_date_and_are_asked_for_on_their_own(said):
    undated = said("")
    said("2025")

    assert ids(said_from=date(1, 1, 1)) != [undated.pk]
    assert undated.pk not in ids(said_from=date(1, 1, 1), said_to=date(9999, 12, 31))
    assert ids(dates="undated") == [undated.pk]
    assert answer(Question(said_from=date(2025, 1, 1))).undated == 1


def test_misattributed_quotes_are_listed_only_when_asked_for(make_quote):
    theirs = make_quote("theirs")
    cake = make_quote("cake", attribution="misattributed", attribution_reason="Never said by her.")

    assert ids() == [theirs.pk]
    assert ids(attributions=("misattributed",)) == [cake.pk]
    counts = {each.value: each.count for each in answer(Question()).facets["attribution"]}
    assert counts == {"unverified": 1, "misattributed": 1}


def test_a_joint_statement_is_on_each_speakers_list_and_counts_once(
    make_quote, make_speaker, make_position
):
    roosevelt, churchill = make_speaker("Roosevelt"), make_speaker("Churchill")
    britain = make_speaker("United Kingdom", kind="organisation")
    quote = make_quote("they seek no aggrandizement", speaker=roosevelt)
    then = make_position(churchill, britain, "Prime Minister")
    JointSpeaker.objects.create(quote=quote, speaker=churchill, position=then)

    assert ids(speakers=(churchill.pk,)) == [quote.pk]
    assert ids(speakers=(roosevelt.pk, churchill.pk)) == [quote.pk]
    assert ids(organisations=(britain.pk,)) == [quote.pk]
    found = answer(Question())
    assert found.total == 1
    assert {each.label for each in found.facets["speaker"]} == {"Roosevelt", "Churchill"}


def test_organisation_means_the_one_then_or_itself_speaking(
    make_quote, make_speaker, make_position
):
    openai = make_speaker("OpenAI", kind="organisation")
    kwon = make_speaker("Jason Kwon")
    then = make_position(kwon, openai)
    as_officer = make_quote("as officer", speaker=kwon, position=then)
    make_quote("in private", speaker=kwon)
    itself = make_quote("itself", speaker=openai)
    official = make_quote("official", speaker_described_as="an official", of_organisation=openai)

    assert ids(organisations=(openai.pk,)) == [official.pk, itself.pk, as_officer.pk]
    counts = {each.value: each.count for each in answer(Question()).facets["organisation"]}
    assert counts == {openai.slug: 3}


def test_unnamed_speakers_are_in_no_speaker_facet(make_quote):
    make_quote("words", speaker_described_as="a senior official")

    assert "speaker" not in answer(Question()).facets


def test_a_speaker_who_is_not_listed_is_in_no_facet_and_not_found_by_name(make_quote, make_speaker):
    private = make_speaker("Private Citizen", listed=False)
    quote = make_quote("words", speaker=private)

    assert ids("citizen") == []
    assert "speaker" not in answer(Question()).facets
    assert ids(speakers=(private.pk,)) == [quote.pk]


def test_every_word_must_stand_in_words_names_aliases_or_headlines(
    make_quote, make_speaker, make_article
):
    kwon = make_speaker("Jason Kwon")
    SpeakerAlias.objects.create(speaker=kwon, name="제이슨 권", language="ko")
    quote = make_quote(
        "infrastructure is destiny", speaker=kwon, article=make_article("OpenAI in Seoul")
    )
    make_quote("something else", speaker=make_speaker("Another"), article=make_article("Elsewhere"))

    for words in ("DESTINY", "kwon destiny", "제이슨", "seoul jason", "is"):
        assert ids(words) == [quote.pk], words
    assert ids("destiny nowhere") == []


@pytest.mark.parametrize(
    "hostile", ["100%", "a_b", "it's", 'a "quote', "C++", "(brackets", "x AND y"]
)
def test_signs_that_mean_something_in_sql_are_no_part_of_a_word(make_quote, hostile):
    make_quote("plain words")
    quote = make_quote(f"words with {hostile} inside")

    assert ids(hostile) == [quote.pk]


def test_what_a_private_source_says_of_itself_finds_nothing(
    make_quote, make_article, make_publisher
):
    publisher = make_publisher("Secret Mailbox")
    letter = make_article("Confidential headline", publisher=publisher, access="private")
    make_quote("words", article=letter)

    assert ids("confidential") == []
    assert ids(publishers=(publisher.pk,)) == []
    assert "publisher" not in answer(Question()).facets


def test_evidence_in_a_private_source_finds_nothing_and_the_quotes_own_words_do(
    make_quote, make_article, make_citation
):
    letter = make_article("", access="private")
    quote = make_quote("words", article=letter)
    told = {"article": letter, "locator": "2", "role": "evidence on attribution"}
    make_citation(quote, "what the letter tells", **told)
    make_citation(quote, "what a book tells", role="evidence on attribution")

    assert ids("letter") == []
    assert ids("book") == [quote.pk]
    assert ids("words") == [quote.pk]


def test_a_quote_is_found_in_every_language_it_is_worded_in(make_quote, make_citation):
    quote = make_quote("infrastructure is destiny")
    make_citation(quote, "인프라가 곧 운명", language="ko")

    assert ids(languages=("ko",)) == [quote.pk]
    assert ids("운명") == [quote.pk]
    counts = {each.value: each.count for each in answer(Question()).facets["language"]}
    assert counts == {"en": 1, "ko": 1}


def test_a_place_is_a_place_a_city_or_a_country(make_quote, make_occasion):
    seoul = make_occasion(place="Four Seasons Hotel Seoul", city="Seoul", country="South Korea")
    quote = make_quote("words", occasion=seoul)

    for place in ("Four Seasons Hotel Seoul", "seoul", "South Korea"):
        assert ids(places=(place,)) == [quote.pk]
    assert ids(places=("Seou",)) == []


def test_values_of_one_filter_widen_and_filters_narrow(make_quote, make_speaker):
    one, two = make_speaker("One"), make_speaker("Two")
    direct = make_quote("a", speaker=one, kind="direct")
    indirect = make_quote("b", speaker=two, kind="indirect")

    assert ids(speakers=(one.pk, two.pk)) == [indirect.pk, direct.pk]
    assert ids(speakers=(one.pk, two.pk), kinds=("direct",)) == [direct.pk]


@pytest.fixture
def corpus(
    make_quote, make_speaker, make_position, make_topic, make_occasion, make_publisher, make_article
):
    """A small record in which every filter has several values that overlap."""
    openai = make_speaker("OpenAI", kind="organisation")
    people = [make_speaker(f"Speaker {n}") for n in range(3)]
    posts = [make_position(person, openai, "Officer") for person in people]
    topics = [make_topic(f"Topic {n}") for n in range(3)]
    places = [make_occasion(f"Occasion {n}", city=("Seoul", "Paris")[n % 2]) for n in range(3)]
    articles = [
        make_article(f"Article {n}", publisher=make_publisher(f"Publisher {n % 2}"))
        for n in range(4)
    ]
    kinds, dates = ("direct", "mixed", "indirect"), ("1947", "2025-05", "", "1947/1949", "2025")
    for n in range(24):
        person = n % 3
        quote = make_quote(
            f"words {n}",
            speaker=people[person],
            position=posts[person] if n % 2 else None,
            kind=kinds[n % 3],
            said_on=dates[n % 5],
            occasion=places[n % 3] if n % 4 else None,
            topics=topics[: n % 4],
            article=articles[n % 4],
            citation={"language": ("en", "ko")[n % 2]},
            attribution=("unverified", "confirmed", "disputed", "misattributed")[n % 4],
            attribution_reason="" if n % 4 == 0 else "Because.",
        )
        if n % 5 == 0:
            JointSpeaker.objects.create(quote=quote, speaker=people[(person + 1) % 3])
        if n % 6 == 0:
            Citation.objects.create(
                quote=quote, article=articles[(n + 1) % 4], text="w", language="fr"
            )
    return people


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"kinds": ("direct",)},
        {"languages": ("ko", "fr")},
        {"attributions": ("misattributed", "confirmed")},
        {"said_from": date(1948, 1, 1), "dates": "must"},
        {"said_to": date(1948, 1, 1), "kinds": ("mixed", "direct")},
        {"dates": "undated"},
        {"query": parse("words speaker")},
        {"places": ("Seoul",)},
    ],
)
def test_the_number_beside_a_value_is_what_choosing_it_lists(corpus, asked):
    found = answer(Question(**asked))
    keys = {
        "speaker": "tracker_speaker", "organisation": "tracker_speaker", "topic": "tracker_topic",
        "publisher": "tracker_publisher", "occasion": "tracker_occasion",
    }  # fmt: skip
    checked = 0
    for facet, counts in found.facets.items():
        for each in counts:
            value = _key(keys[facet], each.value) if facet in keys else each.value
            chosen = Question(**{**asked, f"{facet}s": (value,)})
            assert answer(chosen).total == each.count, (facet, each)
            checked += 1
    assert checked >= 5
    assert found.total == len(answer(Question(**asked, size=1000)).ids)
    assert found.total == sum(year.count for year in found.years) + (
        len(ids(**{**asked, "dates": "undated", "size": 1000})) if "said_from" not in asked and "said_to" not in asked else 0
    )  # fmt: skip


def _key(table: str, slug: str) -> int:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id FROM {table} WHERE slug = %s", [slug])
        return cursor.fetchone()[0]


def test_chosen_values_stay_in_a_facet_however_few_they_list(make_quote, make_speaker):
    for n in range(15):
        speaker = make_speaker(f"Busy {n:02}")
        make_quote("a", speaker=speaker)
        make_quote("b", speaker=speaker)
    rare = make_speaker("Zz Rare")
    make_quote("c", speaker=rare)

    assert rare.slug not in {each.value for each in answer(Question()).facets["speaker"]}
    assert rare.slug in {
        each.value for each in answer(Question(speakers=(rare.pk,))).facets["speaker"]
    }


def test_an_answer_takes_four_statements_one_more_with_words_or_on_a_further_page_and_one_fewer_asked_again(
    corpus, django_assert_num_queries: Any
):
    search.catch_up()
    asked = Question(size=5, kinds=("direct",), query=parse("words"))
    with django_assert_num_queries(5):
        first = search.answer(asked)
    with django_assert_num_queries(5):
        search.answer(replace(asked, after=first.ids[-1]))
    with django_assert_num_queries(4):
        search.answer(asked)
    with django_assert_num_queries(3):
        search.answer(asked, facets=False)
    with django_assert_num_queries(4):
        search.answer(Question(kinds=("direct",)))
    with django_assert_num_queries(5):
        search.answer(replace(asked, order="best"))
    with django_assert_num_queries(3):
        numbers = search.answer(Question(kinds=("mixed",), size=0))
    assert numbers.quotes == []
    assert numbers.facets == search.answer(Question(kinds=("mixed",))).facets


def test_numbers_that_are_known_are_those_of_the_quotes_as_they_are_now(make_quote, editor):
    quote, other = make_quote("some words"), make_quote("more words")
    asked = Question(query=parse("words"))

    def counted() -> tuple[int, int, int]:
        found = search.answer(asked)
        return found.total, found.facets["kind"][0].count, len(found.quotes)

    assert counted() == counted() == (2, 2, 2)
    make_quote("other words")
    assert counted() == (3, 3, 3)
    with suppress(RuntimeError), transaction.atomic():
        quote.hold(by=editor)
        assert counted() == (2, 2, 2)
        raise RuntimeError("not withdrawn after all")
    assert counted() == (3, 3, 3)
    other.hold(by=editor)
    assert counted() == (2, 2, 2)
    search.rebuild()
    assert counted() == (2, 2, 2)


def test_totals_of_many_questions_take_two_statements(corpus, django_assert_num_queries: Any):
    search.catch_up()
    asked = [Question(), Question(kinds=("direct",)), Question(query=parse("nowhere"))]

    with django_assert_num_queries(2):
        found = totals(asked)

    assert [each.count for each in found] == [search.answer(question).total for question in asked]
    assert totals([]) == []


def test_an_apostrophe_or_a_dash_finds_every_other(make_quote):
    curly = make_quote("that’s one small step—for man")

    for typed in ("that's", "that’s", "step-for", "step–for"):
        assert ids(typed) == [curly.pk], typed


def test_an_unnamed_speaker_is_found_by_the_description(make_quote):
    quote = make_quote("words", speaker_described_as="a senior official")

    assert ids("official") == [quote.pk]


def test_a_speaker_with_old_spelling_is_the_same_speaker(make_quote, make_speaker, editor):
    speaker: Speaker = make_speaker("Facebook", kind="organisation")
    quote = make_quote("words", speaker=speaker)
    speaker.rename("Meta", by=editor)

    assert ids("meta") == [quote.pk]
    assert [each.value for each in answer(Question()).facets["speaker"]] == ["meta"]
