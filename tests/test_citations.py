"""Citations: exact words in one source, where they stand there, and how they were checked."""

import unicodedata
from datetime import UTC, datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction

from tracker.models import Capture, Citation, Refused

NOW = datetime(2025, 5, 26, 12, tzinfo=UTC)


def _copy(article, text="infrastructure is destiny") -> Capture:
    return Capture.objects.create(article=article, method="typed", taken_at=NOW, text=text)


def _saved(citation) -> Citation:
    return Citation.objects.get(pk=citation.pk)


# --- Words ----------------------------------------------------------------------------------------


def test_words_are_kept_exactly_as_printed(make_quote):
    words = "“Korea’s   ‘full-stack’\n\nstrength”… 3 < 4 & 5 > 4"
    assert _saved(make_quote(words).lead).text == words


def test_words_are_composed_and_line_ends_are_one_kind(make_quote):
    citation = make_quote(unicodedata.normalize("NFD", "한국은\r\n핵심\r파트너")).lead
    assert _saved(citation).text == "한국은\n핵심\n파트너"
    [bulk] = Citation.objects.bulk_create(
        [Citation(quote=citation.quote, article=citation.article, locator="2", text="e\u0301\r\n.")]
    )
    assert _saved(bulk).text == "é\n."


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("in<b>fra</b>structure", "HTML"),
        ("infra\0structure", "control character"),
        ("infra\ud800structure", "half a character"),
        ("\u202einfrastructure", "not closed"),
        ("\u200b \n", "no words"),
        ("x" * 20_001, "too long"),
    ],
)
def test_words_that_cannot_be_stored_are_refused_with_the_reason(make_quote, words, reason):
    citation = make_quote().lead
    citation.text = words
    with pytest.raises(ValidationError, match=reason) as refused:
        citation.full_clean()
    assert list(refused.value.message_dict) == ["text"]
    with pytest.raises(ValidationError, match=reason), transaction.atomic():
        citation.save(update_fields=["text"])
    assert _saved(citation).text == "infrastructure is destiny"


def test_balanced_direction_controls_stay(make_quote):
    words = "\u2067שלום\u2069 is destiny"
    assert _saved(make_quote(words).lead).text == words


def test_empty_words_are_refused_in_a_form(make_quote):
    citation = make_quote().lead
    citation.text = ""
    with pytest.raises(ValidationError) as refused:
        citation.full_clean()
    assert list(refused.value.message_dict) == ["text"]


def test_a_citation_names_itself_shortly(make_quote, make_article):
    citation = make_quote("word " * 40, article=make_article("A headline")).lead
    assert str(citation) == f"{'word ' * 12}… — A headline · undated"


@pytest.mark.parametrize(
    "words",
    ["“Yes.”", '"Yes."', "「네」", "『네』", "«Oui.»", "‘Yes.’", "„Ja.“", "„Ja.”", " “Yes.” \n"],
)
def test_the_outer_quotation_marks_are_left_out(make_quote, words):
    citation = make_quote().lead
    citation.text = words
    with pytest.raises(ValidationError, match="outer quotation marks") as refused:
        citation.full_clean()
    assert list(refused.value.message_dict) == ["text"]
    citation.role = "evidence on attribution"
    citation.full_clean()
    assert _saved(citation).text == "infrastructure is destiny"


@pytest.mark.parametrize(
    "words",
    [
        "“Yes” and “no”",
        '"Yes" and "no"',
        "“No” is not “yes",
        "‘I don’t know’",
        "They said “yes”",
        "“Yes”, they said",
        "”Yes“",
    ],
)
def test_quotation_marks_that_belong_to_the_words_stay(make_quote, words):
    citation = make_quote().lead
    citation.text = words
    citation.full_clean()
    assert citation.text == words


# --- Places ---------------------------------------------------------------------------------------


def test_a_quote_is_cited_once_from_a_place(
    make_quote, make_citation, make_article, the_database_refuses
):
    article = make_article()
    quote = make_quote(article=article)
    columns = "tracker_citation.quote_id, tracker_citation.article_id, tracker_citation.locator"
    with the_database_refuses("a_quote_is_cited_once_from_a_place", columns=columns):
        make_citation(quote, "Infrastructure is destiny.", article=article)
    again = make_citation(quote, article=article, locator="12", locator_kind="page")
    make_citation(make_quote(text=""), article=article)
    with the_database_refuses("a_quote_is_cited_once_from_a_place", columns=columns):
        Citation.objects.filter(pk=again.pk).update(locator="", locator_kind="")
    with pytest.raises(ValidationError, match="already exists"):
        Citation(quote=quote, article=article, text="Infrastructure is destiny.").full_clean()


def test_a_kind_of_place_needs_a_place(make_quote, the_database_refuses):
    citation = make_quote(citation={"locator": "12"}).lead
    citation.full_clean()
    with the_database_refuses("kind_of_locator_needs_a_locator"):
        Citation.objects.update(locator="", locator_kind="page")
    citation.locator, citation.locator_kind = "", "time"
    with pytest.raises(ValidationError, match="Give the place in the source too"):
        citation.full_clean()


def test_selectors_start_before_they_end(make_quote, the_database_refuses):
    make_quote()
    Citation.objects.update(start=3, end=3)
    with the_database_refuses("citation_starts_before_it_ends"):
        Citation.objects.update(start=4, end=3)


# --- Checks ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("missing", ["checked_in", "checked_at"])
def test_a_checked_citation_names_its_copy(make_quote, the_database_refuses, missing):
    citation = make_quote().lead
    assert citation.check_result == "unchecked"
    checked = {"checked_in": _copy(citation.article), "checked_at": NOW, "check_result": "exact"}
    with the_database_refuses("checked_citation_names_its_copy"):
        Citation.objects.update(**checked | {missing: None})
    Citation.objects.update(**checked)
    with the_database_refuses("checked_citation_names_its_copy"):
        Citation.objects.update(**{missing: None})


@pytest.mark.parametrize("column", ["anchored_in", "checked_in"])
def test_a_citation_is_checked_in_a_copy_of_its_own_article(make_quote, make_article, column):
    citation = make_quote().lead
    setattr(citation, column, _copy(citation.article))
    citation.full_clean()
    setattr(citation, column, _copy(make_article()))
    with pytest.raises(ValidationError, match="copy of another article"):
        citation.full_clean()


def test_a_leading_citation_stays_with_its_quote(make_quote, make_citation):
    quote, other = make_quote(), make_quote()
    quote.lead.full_clean()
    lead = quote.lead
    lead.quote = other
    with pytest.raises(ValidationError) as refused:
        lead.full_clean()
    assert list(refused.value.message_dict) == ["quote"]
    second = make_citation(quote, "Infrastructure is destiny.")
    second.quote = other
    second.full_clean()


# --- Deleting -------------------------------------------------------------------------------------


def test_the_leading_citation_is_not_deleted(make_quote, make_citation, editor):
    quote = make_quote()
    lead, other = quote.lead, make_citation(quote, "Infrastructure is destiny.")
    with pytest.raises(Refused, match="choose another leading citation first"):
        lead.delete()
    quote.lead_with(other, by=editor)
    lead.delete()
    assert list(quote.citations.all()) == [other]
