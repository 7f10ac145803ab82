"""A citation is checked against copies of its own article, and readers are told with care of what was not found."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AbstractBaseUser

from tracker.models import Article, Capture, Citation, Quote, Refused

Make = Callable[..., Any]

WORDS = "infrastructure is destiny"
FILL = "Paragraphs about the meeting in Seoul and those who came to it. " * 20
PAGE = f"{FILL}Mr Kwon said that “{WORDS}.” {FILL}"
CHANGED = PAGE.replace("destiny", "fate")
GONE = f"{FILL}Mr Kwon said something. {FILL}"
WALL = "We value your privacy. Accept all cookies to go on."
MAY = datetime(2025, 5, 26, 9, tzinfo=UTC)


@pytest.fixture
def citation(make_quote: Make, make_article: Make) -> Citation:
    article = make_article(url_as_typed="https://example.org/seoul")
    return make_quote(WORDS, article=article).lead


@pytest.fixture
def copy(citation: Citation) -> Make:
    """`copy(text, day, method=...)`: a copy of the citation's article, made so many days after 26 May."""

    def make(text: str = PAGE, day: float = 0, **fields: Any) -> Capture:
        fields.setdefault("article", citation.article)
        fields.setdefault("method", "fetched")
        return Capture.objects.create(text=text, taken_at=MAY + timedelta(days=day), **fields)

    return make


def told(citation: Citation) -> tuple[str, str]:
    """What readers are told, and what they are not told yet."""
    citation.refresh_from_db()
    return citation.check_result, citation.doubt


# --- Anchors --------------------------------------------------------------------------------------


def test_an_anchor_keeps_where_the_words_stand_and_names_the_copy(
    citation: Citation, copy: Make, editor: AbstractBaseUser
) -> None:
    capture = copy()
    assert citation.anchor(capture, by=editor) == "exact"
    assert [each.exact for each in citation.anchors] == [WORDS]
    assert (citation.start, citation.end) == (PAGE.index(WORDS), PAGE.index(WORDS) + len(WORDS))
    assert (citation.anchored_in, citation.checked_in) == (capture, capture)
    assert (citation.check_result, citation.words_there) == ("exact", "")
    assert citation.fragment == ":~:text=infrastructure%20is%20destiny"
    assert citation.history.first().history_user == editor
    citation.full_clean()


def test_parts_that_were_marked_are_anchored_as_they_are(
    make_quote: Make, copy: Make, citation: Citation, editor: AbstractBaseUser
) -> None:
    text = "“We build it,” he said, “and we stay.”"
    broken = make_quote("We build it and we stay.", article=citation.article).lead
    parts = [(text.index("“We"), text.index(" he")), (text.index("“and"), len(text))]
    assert broken.anchor(copy(text), by=editor, parts=parts) == "exact"
    assert [each.exact for each in broken.anchors] == ["We build it", "and we stay."]


def test_words_that_are_not_in_a_copy_are_not_anchored_in_it(
    citation: Citation, copy: Make, make_article: Make, editor: AbstractBaseUser
) -> None:
    for capture, why in (
        (copy(WALL), "not in that copy"),
        (copy(CHANGED), "not in that copy"),
        (copy("", http_status=404, outcome="not found"), "no text"),
        (copy(PAGE, article=make_article("Another")), "copy of another article"),
    ):
        with pytest.raises(Refused, match=why):
            citation.anchor(capture, by=editor)
    assert told(citation) == ("unchecked", "")


# --- What readers are told ------------------------------------------------------------------------


def test_words_that_are_there_are_told_at_once(citation: Citation, copy: Make) -> None:
    assert citation.check_against(copy(), by=None) == "exact"
    assert told(citation) == ("exact", "")
    assert citation.anchored_in == citation.checked_in


def test_one_look_that_finds_other_words_is_told_to_nobody(citation: Citation, copy: Make) -> None:
    citation.check_against(first := copy(), by=None)
    assert citation.check_against(copy(CHANGED, 10), by=None) == "altered"
    assert told(citation) == ("exact", "altered")
    assert citation.checked_in == first


@pytest.mark.parametrize(("text", "result"), [(CHANGED, "altered"), (GONE, "missing")])
def test_two_looks_a_day_apart_at_a_page_of_its_usual_length_are_told(
    citation: Citation, copy: Make, text: str, result: str
) -> None:
    citation.check_against(copy(), by=None)
    citation.check_against(copy(text, 10), by=None)
    citation.check_against(copy(text, 10.5), by=None)
    assert told(citation) == ("exact", result)
    citation.check_against(last := copy(text, 11), by=None)
    assert told(citation) == (result, "")
    assert citation.checked_in == last
    assert citation.words_there == ("infrastructure is fate" if result == "altered" else "")


def test_a_wall_before_the_page_never_makes_words_missing(citation: Citation, copy: Make) -> None:
    citation.check_against(copy(), by=None)
    for day in (10, 11, 12, 13):
        assert citation.check_against(copy(WALL, day), by=None) == "missing"
    assert told(citation) == ("exact", "missing")
    citation.check_against(copy(GONE, 14), by=None)
    assert told(citation) == ("exact", "missing")  # the first look that counts
    citation.check_against(copy(GONE, 15), by=None)
    assert told(citation) == ("missing", "")


def test_two_looks_that_find_different_things_are_told_to_nobody(
    citation: Citation, copy: Make
) -> None:
    citation.check_against(copy(), by=None)
    citation.check_against(copy(CHANGED, 10), by=None)
    citation.check_against(copy(GONE, 12), by=None)
    assert told(citation) == ("exact", "missing")


def test_words_that_are_back_end_the_doubt(citation: Citation, copy: Make) -> None:
    citation.check_against(copy(), by=None)
    citation.check_against(copy(GONE, 10), by=None)
    citation.check_against(copy(PAGE, 11), by=None)
    citation.check_against(copy(GONE, 12), by=None)
    assert told(citation) == ("exact", "missing")


def test_what_an_editor_typed_makes_nothing_missing_and_is_outweighed_by_a_page(
    citation: Citation, copy: Make
) -> None:
    citation.check_against(copy(PAGE, 3, method="typed"), by=None)
    assert told(citation) == ("exact", "")
    citation.check_against(page := copy(PAGE, 1), by=None)
    assert citation.checked_in == page
    citation.check_against(copy(GONE, 5, method="typed"), by=None)
    citation.check_against(copy(GONE, 7, method="typed"), by=None)
    citation.check_against(copy(PAGE, 8, method="typed"), by=None)
    assert told(citation) == ("exact", "")
    assert citation.checked_in == page


def test_the_usual_length_is_that_of_pages_and_not_of_what_was_typed(
    citation: Citation, copy: Make
) -> None:
    citation.check_against(copy(f"“{WORDS}”", method="typed"), by=None)
    for day in (1, 2):
        citation.check_against(copy(CHANGED, day), by=None)
    assert told(citation) == ("altered", "")


def test_an_older_copy_changes_nothing(citation: Citation, copy: Make) -> None:
    citation.check_against(newer := copy(PAGE, 10), by=None)
    citation.check_against(copy(PAGE, 2), by=None)
    assert told(citation) == ("exact", "")
    assert citation.checked_in == newer


def test_a_page_that_does_not_answer_does_not_erase_that_it_was_exact(
    citation: Citation, copy: Make
) -> None:
    citation.check_against(copy(), by=None)
    gone = copy("", 20, http_status=404, outcome="not found")
    with pytest.raises(Refused, match="no text"):
        citation.check_against(gone, by=None)
    assert Citation.objects.check_against(gone, by=None) == {}
    assert told(citation) == ("exact", "")


# --- An editor's word -----------------------------------------------------------------------------


def test_an_editor_may_confirm_what_one_look_found(
    citation: Citation, copy: Make, editor: AbstractBaseUser
) -> None:
    citation.check_against(copy(), by=None)
    citation.check_against(changed := copy(CHANGED, 10), by=None)
    citation.confirm_check(by=editor)
    assert told(citation) == ("altered", "")
    assert (citation.checked_in, citation.words_there) == (changed, "infrastructure is fate")
    assert citation.history.first().history_user == editor
    with pytest.raises(Refused, match="nothing to confirm"):
        citation.confirm_check(by=editor)


def test_an_editor_may_say_that_a_look_counts_for_nothing(
    citation: Citation, copy: Make, editor: AbstractBaseUser
) -> None:
    citation.check_against(copy(), by=None)
    citation.check_against(copy(CHANGED, 10), by=None)
    citation.dismiss_check(by=editor)
    assert told(citation) == ("exact", "")
    citation.check_against(copy(CHANGED, 12), by=None)
    assert told(citation) == ("exact", "altered")


def test_many_are_checked_and_confirmed_at_once_with_their_history(
    citation: Citation,
    copy: Make,
    make_quote: Make,
    editor: AbstractBaseUser,
    django_assert_max_num_queries: Make,
) -> None:
    others = [make_quote(f"{WORDS} {n}", article=citation.article) for n in range(60)]
    elsewhere = make_quote(WORDS).lead
    first, capture = copy(), copy(CHANGED, 10)
    Citation.objects.check_against(first, by=editor)
    with django_assert_max_num_queries(50):  # most of them the index's own, however many citations
        found = Citation.objects.check_against(capture, by=editor)
    assert found.total() == len(others) + 1
    assert told(citation) == ("exact", "altered")
    assert told(elsewhere) == ("unchecked", "")
    assert citation.history.first().doubt == "altered"
    assert citation.history.first().history_user == editor
    confirmed = Citation.objects.filter(pk=citation.pk).confirm_checks(by=editor)
    assert (confirmed, told(citation)) == (1, ("altered", ""))


# --- Other words ----------------------------------------------------------------------------------


def test_other_words_have_not_been_checked(citation: Citation, copy: Make) -> None:
    citation.check_against(copy(), by=None)
    citation.text = "infrastructure is fate"
    citation.full_clean()
    citation.save()
    assert told(citation) == ("unchecked", "")
    assert (citation.anchors, citation.anchored_in, citation.fragment) == ((), None, "")


def test_another_source_has_not_been_looked_at(
    citation: Citation, copy: Make, make_article: Make
) -> None:
    citation.check_against(copy(), by=None)
    citation.article = make_article("Another")
    citation.full_clean()
    citation.save()
    assert told(citation) == ("unchecked", "")


def test_the_same_words_stay_checked(citation: Citation, copy: Make) -> None:
    citation.check_against(copy(), by=None)
    citation.attributed_as = "CSO Kwon"
    citation.full_clean()
    citation.save()
    assert told(citation) == ("exact", "")


def test_a_doubt_names_its_copy(citation: Citation, copy: Make, the_database_refuses: Make) -> None:
    with the_database_refuses("doubt_names_its_copy"):
        Citation.objects.update(doubt="altered")
    with the_database_refuses("doubt_names_its_copy"):
        Citation.objects.update(doubted_in=copy())


def test_a_copy_that_a_doubt_names_is_not_deleted(citation: Citation, copy: Make) -> None:
    citation.check_against(copy(), by=None)
    citation.check_against(changed := copy(CHANGED, 10), by=None)
    with pytest.raises(Exception, match="restricted"):
        changed.delete()
    assert Quote.objects.count() == 1
    assert Article.objects.count() == 1
