"""How words answer words, as readers meet it: from both sides, in the right words, with date and position on both."""

from collections.abc import Callable
from typing import Any

import pytest

from tracker import records, search
from tracker.models import JointSpeaker, Quote, QuoteLink

pytestmark = pytest.mark.django_db

Make = Callable[..., Any]
Kind = QuoteLink.Kind


def linked(later: Quote, earlier: Quote, kind: str = "repeats", **more: Any) -> QuoteLink:
    link = QuoteLink.objects.create(
        later=later, earlier=earlier, kind=kind, note="It is so.", **more
    )
    link.publish(by=None)
    return link


def seen_from(quote: Quote) -> records.QuoteLinks:
    links = list(QuoteLink.objects.open_to_readers().touching([quote.pk]).to_show())
    others = {pk for each in links for pk in (each.later_id, each.earlier_id)}
    found = records.links_of(quote, links, {r.id: r for r in records.rows(search.shown(others))})
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("kind", "later", "earlier", "loud"),
    [
        ("repeats", "Repeats", "Repeated later", False),
        ("says otherwise", "Says otherwise", "Said otherwise later", True),
        ("withdraws", "Withdraws", "Withdrawn later", True),
        ("corrects", "Corrects", "Corrected later", False),
        ("clarifies", "Clarifies", "Clarified later", False),
        ("denies having said it", "Denies having said it", "Later denied having said it", True),
        ("answers", "Answers", "Answered later", False),
    ],
)
def test_each_side_of_a_link_has_its_own_words(
    make_quote: Make, kind: str, later: str, earlier: str, loud: bool
) -> None:
    then, now = make_quote("one", said_on="1988"), make_quote("two", said_on="1990")
    linked(now, then, kind)
    (back,), (on,) = seen_from(now).before[0].links, seen_from(then).since[0].links
    assert (back.sign.word, back.here_sign.word) == (earlier, later)
    assert (on.sign.word, on.here_sign.word) == (later, earlier)
    assert {each.loud for each in (back.sign, back.here_sign, on.sign, on.here_sign)} == {loud}
    assert seen_from(now).signs == (back.here_sign,)


def test_every_kind_of_link_has_words_and_a_glyph_of_its_own() -> None:
    signs = [records.link_signs(kind) for kind in Kind.values]
    assert len({later.glyph for later, _earlier in signs}) == len(Kind.values)
    assert len({sign.word for pair in signs for sign in pair}) == 2 * len(Kind.values)


def test_date_and_position_then_stand_on_both_sides(make_quote: Make, make_position: Make) -> None:
    before = make_position(title="Vice President")
    after = make_position(before.person, before.organisation, title="President")
    one = make_quote("one", speaker=before.person, position=before, said_on="1988-08-18")
    two = make_quote("two", speaker=before.person, position=after, said_on="1990-06-26")
    linked(two, one, "says otherwise")
    found = seen_from(two)
    (linked_one,) = found.before
    assert (found.here.said.words, linked_one.said.words) == ("26 June 1990", "18 August 1988")
    assert found.here.by[0].title == "President"
    assert linked_one.other.by[0].title == "Vice President"


def test_what_was_said_before_and_since_is_in_order_of_time_and_undated_words_stand_apart(
    make_quote: Make,
) -> None:
    this = make_quote("this", said_on="2000")
    for day in ("1990-06", "", "1980~", "1990"):
        linked(this, make_quote(f"before {day}", said_on=day))
    for day in ("2010", "", "2001"):
        linked(make_quote(f"since {day}", said_on=day), this)
    found = seen_from(this)
    assert [each.said.words for each in found.before] == [*("about 1980", "1990", "June 1990")]
    assert [each.said.words for each in found.since] == ["2001", "2010"]
    assert [(each.said.words, each.links[0].is_earlier) for each in found.undated] == [
        ("undated", True),
        ("undated", False),
    ]


def test_only_saying_otherwise_and_withdrawing_are_a_turn(make_quote: Make) -> None:
    this = make_quote("this", said_on="2000")
    for kind in Kind.values:
        linked(make_quote(kind, said_on="2001"), this, kind)
    turns = {each.links[0].kind for each in seen_from(this).since if each.is_turn}
    assert turns == {"says otherwise", "withdraws"}
    assert not seen_from(this).is_turn  # the words turn at the later quote


def test_a_quote_that_several_links_join_to_this_one_is_told_once_with_all_of_them(
    make_quote: Make,
) -> None:
    one, two = make_quote("one", said_on="1988"), make_quote("two", said_on="1990")
    three = make_quote("three", said_on="1990")
    for kind in ("repeats", "says otherwise"):
        linked(two, one, kind)
    linked(three, one, "answers")
    (first, second), (back,) = seen_from(one).since, seen_from(two).before
    assert [each.word for each in first.signs] == ["Repeats", "Says otherwise"]
    assert [each.word for each in back.signs] == ["Repeated later", "Said otherwise later"]
    assert [each.word for each in seen_from(two).signs] == ["Repeats", "Says otherwise"]
    assert (first.is_turn, second.is_turn, back.is_turn) == (True, False, False)
    assert [len(each.links) for each in (first, second)] == [2, 1]


def test_a_link_says_whether_we_or_an_outlet_say_so(
    make_quote: Make, make_article: Make, make_publisher: Make
) -> None:
    one, two = make_quote("one", said_on="1988"), make_quote("two", said_on="1990")
    article = make_article("A pledge dropped", publisher=make_publisher("The Gazette"))
    linked(two, one, "repeats")
    linked(two, one, "corrects", asserted_in=article)
    ours, theirs = seen_from(two).before[0].links
    assert ours.asserted_in is None
    assert theirs.asserted_in is not None
    assert (theirs.asserted_in.name, theirs.asserted_in.title) == (
        "The Gazette",
        "A pledge dropped",
    )


def test_of_a_private_source_that_says_so_only_medium_and_date_are_told(
    make_quote: Make, make_article: Make, make_publisher: Make
) -> None:
    publisher = make_publisher("The Gazette")
    letter = make_article(
        "Dear Ann", access="private", medium="letter", publisher=publisher, published_on="1990"
    )
    one, two = make_quote("one", said_on="1988"), make_quote("two", said_on="1990")
    linked(two, one, asserted_in=letter)
    source = seen_from(two).before[0].links[0].asserted_in
    assert source is not None
    assert (source.name, source.published.words) == ("a private source (letter)", "1990")
    assert "Gazette" not in repr(source)
    assert "Dear Ann" not in repr(source)


def test_a_link_whose_other_quote_has_no_row_is_left_out(make_quote: Make) -> None:
    one, two = make_quote("one", said_on="1988"), make_quote("two", said_on="1990")
    links = [linked(two, one)]
    assert records.links_of(two, links, {}) is None


def test_unnamed_and_joint_speakers_stand_on_their_side(
    make_quote: Make, make_speaker: Make
) -> None:
    joint = make_quote("joint", said_on="1990")
    JointSpeaker.objects.create(quote=joint, speaker=make_speaker("Michael Dukakis"))
    search.catch_up()
    unnamed = make_quote("unnamed", speaker_described_as="a senior official", said_on="1991")
    linked(unnamed, joint, "answers")
    found = seen_from(unnamed)
    assert [each.name for each in found.before[0].other.by] == ["Jason Kwon", "Michael Dukakis"]
    assert [each.name for each in found.here.by] == ["A senior official, not named"]


@pytest.mark.parametrize(
    ("said_on", "phrase"),
    [
        ("1988-08-18", "Says otherwise than on 18 August 1988"),
        ("1988-08", "Says otherwise than in August 1988"),
        ("1988", "Says otherwise than in 1988"),
        ("1988~", "Says otherwise than earlier (about 1988)"),
        ("1988-XX", "Says otherwise than earlier (1988, month not known)"),
        ("1986/1988", "Says otherwise than earlier (some time between 1986 and 1988)"),
        ("", "Says otherwise than earlier (undated)"),
    ],
)
def test_a_mention_says_when_as_precisely_as_it_is_known(
    make_quote: Make, said_on: str, phrase: str
) -> None:
    one, two = make_quote("one", said_on=said_on), make_quote("two", said_on="1990")
    link = linked(two, one, "says otherwise")
    (back,) = records.mentions([link], {one.pk, two.pk})[two.pk]
    (on,) = records.mentions([link], {one.pk, two.pk})[one.pk]
    assert (back.phrase, back.url) == (phrase, f"#quote-{one.pk}")
    assert (on.phrase, on.url) == ("Said otherwise later: 1990", f"#quote-{two.pk}")


def test_a_mention_of_a_quote_on_another_page_leads_to_the_quotes_own(make_quote: Make) -> None:
    one, two = make_quote("one", said_on="1988"), make_quote("two", said_on="1990")
    found = records.mentions([linked(two, one)], {two.pk})
    assert [each.url for each in found.pop(two.pk)] == [f"/quotes/{one.pk}/"]
    assert found == {}
