"""Whose words they are: what readers can be told only on what grounds, by whom, and how every way in obeys."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tracker.models import (
    Article,
    Citation,
    Claim,
    ClaimQuote,
    Correction,
    FieldChange,
    NewQuote,
    Quote,
    QuoteLink,
    Refused,
    independent_sources,
    record_quotes,
)

Make = Callable[..., Any]
pytestmark = pytest.mark.django_db

REASON = "There is a recording."
WRONGLY = {"role": "attributes wrongly"}
EVIDENCE = {"role": "evidence on attribution"}


@pytest.fixture
def second() -> Any:
    return get_user_model().objects.create_user("second")


@pytest.fixture
def draft(make_quote: Make) -> Callable[..., Quote]:
    """`draft("confirmed", {"basis": "transcript"}, {...})`: with citations that say no more than these."""

    def make(attribution: str, *citations: dict[str, Any], **fields: Any) -> Quote:
        quote: Quote = make_quote(text="", **fields)
        for number, given in enumerate(citations):
            how = dict(given)
            article = how.pop("article", None) or Article.objects.create(headline=f"Page {number}")
            quote.cite(article, text="infrastructure is destiny", by=None, **how)
        quote.attribute(attribution, reason=REASON, by=None)
        return quote

    return make


def now(quote: Quote) -> Quote:
    return Quote.objects.get(pk=quote.pk)


# --- On what grounds ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("citations", "missing"),
    [
        ([{}], "two more citations"),
        ([WRONGLY], "Evidence on who said these words"),
        ([{}, EVIDENCE], "Attributes them wrongly"),
        ([WRONGLY, EVIDENCE], ""),
        ([{"role": "earliest known"}, WRONGLY, EVIDENCE], ""),
    ],
)
def test_words_that_are_not_theirs_are_published_with_who_says_so_and_evidence(
    draft: Make, editor: Any, citations: list[dict[str, Any]], missing: str
) -> None:
    quote = draft("misattributed", *citations)
    if missing:
        with pytest.raises(Refused, match=missing):
            quote.publish(by=editor)
        assert Quote.objects.filter(pk=quote.pk).publish(by=editor).refused == [
            (quote, quote.lacks())
        ]
    else:
        quote.publish(by=editor)
        assert now(quote).is_published


@pytest.mark.parametrize("basis", Citation.Basis.values)
def test_one_source_confirms_words_only_when_it_is_the_speakers_own_voice_or_text(
    draft: Make, editor: Any, basis: str
) -> None:
    quote = draft("confirmed", {"basis": basis})
    if basis in ("recording", "transcript", "own publication"):
        quote.publish(by=editor)
    else:
        with pytest.raises(Refused, match="Nothing on record confirms it"):
            quote.publish(by=editor)


@pytest.mark.parametrize("role", ["attributes wrongly", "evidence on attribution"])
def test_a_recording_of_who_did_not_say_it_confirms_nothing(
    draft: Make, editor: Any, role: str
) -> None:
    quote = draft("confirmed", {}, {"basis": "recording", "role": role})
    with pytest.raises(Refused, match="Nothing on record confirms it"):
        quote.publish(by=editor)


def test_two_independent_sources_confirm_words(
    draft: Make, make_article: Make, make_publisher: Make, editor: Any
) -> None:
    present = {"basis": "reporter present"}
    first = make_article("Post", publisher=make_publisher("Post"))
    alike = make_article("Post again", publisher=first.publisher)
    copied = make_article("Copy", original=first, relation="re-report")
    other = make_article("UPI", publisher=make_publisher("UPI"))
    for article in (alike, copied):
        quote = draft("confirmed", present | {"article": first}, present | {"article": article})
        with pytest.raises(Refused, match="independent of the first"):
            quote.publish(by=editor)
    draft("confirmed", present | {"article": first}, present | {"article": other}).publish(
        by=editor
    )


def test_a_re_report_of_what_is_not_recorded_is_no_source(draft: Make, editor: Any) -> None:
    quote = draft("confirmed", {"basis": "re-report"}, {"basis": "re-report"}, {})
    assert (
        independent_sources(
            quote.citations.all(),
            Article.objects.chains(quote.citations.values_list("article", flat=True)),
        )
        == 1
    )
    with pytest.raises(Refused, match="Nothing on record"):
        quote.publish(by=editor)


def test_what_is_unverified_needs_one_citation(draft: Make, editor: Any) -> None:
    quote = draft("unverified", {})
    quote.publish(by=editor)
    assert (now(quote).attributed_by, now(quote).attributed_at) == (None, None)


def test_five_hundred_are_published_without_queries_for_each(
    make_article: Make, make_publisher: Make, editor: Any
) -> None:
    pages = [make_article(f"Page {n}", publisher=make_publisher(f"P {n}")) for n in range(2)]

    def publishing(number: int) -> int:
        for status in ("confirmed", "misattributed", "disputed"):
            ids = record_quotes(
                [
                    NewQuote(
                        text=f"Words {n}",
                        article=pages[0].pk,
                        described_as="an aide",
                        attribution=status,
                        attribution_reason="So.",
                    )
                    for n in range(number)
                ],
                by=None,
            )
            roles = {"misattributed": ("attributes wrongly", "evidence on attribution")}
            lead, other = roles.get(status, ("reports", "reports"))
            Citation.objects.filter(quote__in=ids).update(role=lead)
            Citation.objects.bulk_create(
                Citation(quote_id=pk, article=pages[1], text="So.", role=other) for pk in ids
            )
        drafts = Quote.objects.unpublished()
        with CaptureQueriesContext(connection) as queries:
            assert drafts.publish(by=editor).refused == []
        return len(queries)

    few, many = publishing(5), publishing(160)
    assert Quote.objects.published().count() == 495
    assert many <= few + 30  # in slices, as large as SQLite takes them


# --- Who settles it, and when ---------------------------------------------------------------------


def test_it_is_settled_by_somebody_at_a_time(draft: Make, editor: Any) -> None:
    quote = draft("unverified", {"basis": "recording"})
    quote.attribute("confirmed", reason=f" {REASON} ", by=editor)
    kept = now(quote)
    assert (kept.attribution, kept.attribution_reason) == ("confirmed", REASON)
    assert kept.attributed_by == quote.attributed_by == editor
    assert kept.attributed_at == quote.attributed_at is not None
    assert kept.history.first().history_user == editor
    assert kept.history.first().attribution == "confirmed"
    quote.attribute("unverified", reason="", by=editor)
    assert (now(quote).attributed_by, now(quote).attributed_at) == (None, None)


def test_publishing_settles_what_nobody_had_settled(make_quote: Make, editor: Any) -> None:
    one = make_quote(attribution="confirmed", attribution_reason=REASON)
    many = make_quote(attribution="confirmed", attribution_reason=REASON, published=False)
    Quote.objects.filter(pk=many.pk).publish(by=editor)
    for quote in (one, many):
        assert now(quote).attributed_by == editor
        assert now(quote).attributed_at >= now(quote).created_at
        assert quote.history.first().attributed_by == editor


@pytest.mark.parametrize("attribution", ["confirmed", "disputed", "misattributed"])
def test_it_is_settled_with_a_reason(draft: Make, attribution: str) -> None:
    quote = draft("unverified", {})
    with pytest.raises(Refused, match="Give the reason"):
        quote.attribute(attribution, reason="  ", by=None)
    assert now(quote).attribution == "unverified"


@pytest.mark.parametrize(
    ("attribution", "reason"),
    [("perhaps", "So."), ("disputed", "a\x00b"), ("disputed", "<b>x</b>")],
)
def test_what_no_form_would_take_is_refused(draft: Make, attribution: str, reason: str) -> None:
    with pytest.raises(Refused):
        draft("unverified", {}).attribute(attribution, reason=reason, by=None)


def test_a_redacted_or_joined_quote_is_not_attributed(make_quote: Make, editor: Any) -> None:
    quote, other, blank = make_quote(), make_quote(), make_quote()
    quote.absorb(other, by=editor)
    blank.redact(by=editor, category="legal")
    for each in (other, blank):
        with pytest.raises(Refused, match="no longer a quote of its own"):
            each.attribute("disputed", reason="So.", by=editor)


# --- Two editors ----------------------------------------------------------------------------------


@pytest.mark.parametrize("attribution", ["disputed", "misattributed"])
def test_who_says_that_words_are_not_theirs_does_not_publish_it(
    draft: Make, editor: Any, second: Any, attribution: str
) -> None:
    quote = draft("unverified", WRONGLY, EVIDENCE)
    quote.attribute(attribution, reason="So.", by=editor)
    with pytest.raises(Refused, match="another editor must publish it"):
        quote.publish(by=editor)
    (refused,) = Quote.objects.filter(pk=quote.pk).publish(by=editor).refused
    assert "another editor" in refused[1]
    assert not now(quote).is_published
    quote.publish(by=second)
    assert (now(quote).is_published, now(quote).attributed_by) == (True, editor)


@pytest.mark.parametrize("attribution", ["disputed", "misattributed"])
def test_on_what_readers_see_it_must_be_held_first(
    make_quote: Make, make_citation: Make, editor: Any, second: Any, attribution: str
) -> None:
    quote = make_quote(citation=WRONGLY)
    make_citation(quote, "Not his.", **EVIDENCE)
    with pytest.raises(Refused, match="Hold it first"):
        quote.attribute(attribution, reason="So.", by=editor)
    assert now(quote).attribution == "unverified"
    quote.hold(by=editor)
    quote.attribute(attribution, reason="So.", by=editor)
    quote.publish(by=second)
    assert now(quote).attribution == attribution


def test_a_published_quote_is_confirmed_on_its_grounds_only(make_quote: Make, editor: Any) -> None:
    bare, heard = make_quote(), make_quote(citation={"basis": "recording"})
    with pytest.raises(Refused, match="Nothing on record"):
        bare.attribute("confirmed", reason="So.", by=editor)
    with pytest.raises(Refused, match="two more citations"):
        bare.attribute("misattributed", reason="So.", by=None)
    heard.attribute("confirmed", reason="So.", by=editor)
    assert (now(bare).attribution, now(heard).attribution) == ("unverified", "confirmed")
    heard.attribute("unverified", reason="", by=editor)
    assert now(heard).attribution == "unverified"


# --- What the words really are --------------------------------------------------------------------


def test_words_that_are_not_theirs_lead_to_the_true_quote(make_quote: Make, draft: Make) -> None:
    true, quote = make_quote("qu’ils mangent de la brioche"), draft("unverified", {})
    quote.attribute("misattributed", reason="Older.", by=None, true_quote=true)
    assert now(quote).true_quote == true
    assert list(true.taken_for.all()) == [quote]
    unseen = draft("unverified", {})
    quote.attribute("misattributed", reason="Older.", by=None, true_quote=unseen)
    with pytest.raises(Refused, match="Other records need it"):
        unseen.delete()
    quote.attribute("unverified", reason="", by=None)
    assert now(quote).true_quote is None


def test_only_what_is_not_theirs_has_a_true_quote(make_quote: Make, draft: Make) -> None:
    quote, true = draft("unverified", {}), make_quote()
    with pytest.raises(Refused, match="Only words that are not theirs"):
        quote.attribute("disputed", reason="So.", by=None, true_quote=true)
    quote.true_quote = true
    with pytest.raises(ValidationError, match="Only words that are not theirs") as error:
        quote.full_clean()
    assert set(error.value.message_dict) == {"true_quote"}


def test_quotes_are_not_taken_for_each_other_in_a_circle(draft: Make) -> None:
    one, two, three = (draft("unverified", {}) for _ in range(3))
    with pytest.raises(Refused, match="taken for itself"):
        one.attribute("misattributed", reason="So.", by=None, true_quote=one)
    two.attribute("misattributed", reason="So.", by=None, true_quote=one)
    three.attribute("misattributed", reason="So.", by=None, true_quote=two)
    with pytest.raises(Refused, match="itself taken for this one"):
        one.attribute("misattributed", reason="So.", by=None, true_quote=three)


# --- Other ways in --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("attribution", "basis", "taken"),
    [
        ("unverified", "unknown", True),
        ("confirmed", "recording", True),
        ("confirmed", "reporter present", False),
        ("disputed", "recording", False),
        ("misattributed", "recording", False),
    ],
)
def test_many_are_not_recorded_as_published_when_one_could_not_be(
    make_article: Make, editor: Any, attribution: str, basis: str, taken: bool
) -> None:
    new = NewQuote(
        text="So.",
        article=make_article().pk,
        described_as="an aide",
        attribution=attribution,
        attribution_reason="So.",
        basis=basis,
    )
    if taken:
        record_quotes([new.published()], by=editor)
    else:
        with pytest.raises(Refused):
            record_quotes([new.published()], by=editor)
        assert not Quote.objects.exists()
        record_quotes([new], by=editor)
    quote = Quote.objects.get()
    settled = attribution != "unverified"
    assert (quote.attributed_by, quote.attributed_at is not None) == (
        editor if settled else None,
        settled,
    )


# --- Dates and speakers under links ---------------------------------------------------------------


@pytest.fixture
def linked(make_quote: Make) -> QuoteLink:
    earlier = make_quote("never", said_on="2025-05-26")
    later = make_quote("always", said_on="2026-01", speaker=earlier.speaker)
    return QuoteLink.objects.create(later=later, earlier=earlier, kind="says otherwise", note="-")


@pytest.mark.parametrize(
    ("end", "said_on", "possible"),
    [
        ("later", "2024", False),
        ("later", "2025", True),
        ("later", "", True),
        ("later", "2025-05-26", True),
        ("earlier", "2026-02", False),
        ("earlier", "2026", True),
        ("earlier", "2026-01-31", True),
    ],
)
def test_a_date_that_a_link_contradicts_is_refused_beside_it(
    linked: QuoteLink, end: str, said_on: str, possible: bool
) -> None:
    quote = getattr(QuoteLink.objects.get(), end)
    quote.said_on = said_on
    if possible:
        quote.full_clean()
        return
    with pytest.raises(ValidationError, match="Says otherwise") as error:
        quote.full_clean()
    assert set(error.value.message_dict) == {"said_on"}


@pytest.mark.parametrize("end", ["later", "earlier"])
def test_another_speaker_under_a_link_of_one_speaker_is_refused(
    linked: QuoteLink, make_speaker: Make, end: str
) -> None:
    quote = getattr(QuoteLink.objects.get(), end)
    quote.speaker = make_speaker("Sam Altman")
    with pytest.raises(ValidationError, match="one and the same") as error:
        quote.full_clean()
    assert set(error.value.message_dict) == {"speaker"}
    quote.joint_speakers.create(speaker=linked.later.speaker)
    quote.full_clean()
    linked.later.joint_speakers.all().delete()
    linked.earlier.joint_speakers.all().delete()
    QuoteLink.objects.update(kind="answers")
    quote.full_clean()


def test_a_withdrawn_link_stands_in_nobodys_way(linked: QuoteLink) -> None:
    linked.publish(by=None)
    linked.withdraw(by=None, category="our error", reason="Wrong.")
    quote = now(linked.later)
    quote.said_on = "2024"
    quote.full_clean()


def test_links_are_looked_at_only_when_the_date_or_the_speaker_changed(linked: QuoteLink) -> None:
    quote = Quote.objects.select_related("speaker", "lead").get(pk=linked.later_id)
    with CaptureQueriesContext(connection) as queries:
        quote.clean()
    assert len(queries) == 0
    quote.said_on = "2025-06"
    quote.clean_fields()
    with CaptureQueriesContext(connection) as queries:
        quote.clean()
    assert len(queries) <= 3  # its speakers, its links and its claims


@pytest.mark.parametrize("of", ["link", "claim"])
def test_what_withdraws_stays_in_the_speakers_own_words(make_quote: Make, of: str) -> None:
    earlier, later = make_quote(said_on="2025"), make_quote("I was wrong", said_on="2026")
    if of == "link":
        QuoteLink.objects.create(later=later, earlier=earlier, kind="withdraws", note="So.")
    else:
        claim = Claim.objects.create(text="One")
        claim.claim_quotes.create(quote=earlier)
        claim.claim_quotes.create(quote=later, role="withdraws")
    quote = now(later)
    quote.kind = "indirect"
    with pytest.raises(ValidationError, match="own words") as error:
        quote.full_clean()
    assert set(error.value.message_dict) == {"kind"}


@pytest.mark.parametrize("which", ["withdrawing", "making"])
def test_who_withdraws_a_claim_stays_one_who_made_it(
    make_quote: Make, make_speaker: Make, which: str
) -> None:
    making, withdrawing = make_quote("so"), make_quote("not so")
    claim = Claim.objects.create(text="One")
    claim.claim_quotes.create(quote=making)
    claim.claim_quotes.create(quote=withdrawing, role="withdraws")
    quote = now(making if which == "making" else withdrawing)
    quote.speaker = make_speaker("Sam Altman")
    with pytest.raises(ValidationError, match="can withdraw it") as error:
        quote.full_clean()
    assert set(error.value.message_dict) == {"speaker"}


# --- Joining --------------------------------------------------------------------------------------


def test_what_is_joined_brings_its_claims_links_and_corrections(
    make_quote: Make, editor: Any
) -> None:
    quote, other, answer, before = (make_quote(text, said_on="2025") for text in "abcd")
    claim, both = Claim.objects.create(text="One"), Claim.objects.create(text="Two")
    claim.claim_quotes.create(quote=other)
    both.claim_quotes.create(quote=quote, role="repeats")
    both.claim_quotes.create(quote=other, first_appearance=True)
    ends = [(answer, other), (other, before), (quote, other), (answer, quote)]
    links = [
        QuoteLink.objects.create(later=later, earlier=earlier, kind="answers", note="-")
        for later, earlier in ends
    ]
    changes = [FieldChange("words", "a", "b")]
    Correction.objects.note(other, kind="correction", text="Wrong.", by=None, changes=changes)

    quote.absorb(other, by=editor)

    rows = ClaimQuote.objects.order_by("claim").values_list("claim", "quote", "role")
    assert list(rows) == [(claim.pk, quote.pk, "makes"), (both.pk, quote.pk, "makes")]
    assert both.claim_quotes.get().first_appearance
    assert ClaimQuote.history.filter(history_user=editor).count() == 3
    now_linked = {(each.later, each.earlier) for each in QuoteLink.objects.all()}
    # What the one has already, and what would answer itself, stays with the other.
    assert now_linked == {(answer, other), (quote, before), (quote, other), (answer, quote)}
    assert links[1].history.first().history_user == editor
    note = Correction.objects.get()
    assert (note.quote, note.history.first().history_user) == (quote, editor)


def test_that_it_was_joined_is_no_withdrawal_for_readers(make_quote: Make, editor: Any) -> None:
    quote, other = make_quote(), make_quote()
    quote.absorb(other, by=editor)
    assert now(other).is_withdrawn
    assert not Correction.objects.exists()


def test_that_the_other_was_withdrawn_is_not_told_of_the_one(make_quote: Make, editor: Any) -> None:
    quote, other = make_quote(), make_quote()
    other.withdraw(by=editor, category="our error", reason="So.")
    quote.absorb(other, by=editor)
    assert Correction.objects.get().quote == other


def test_what_was_taken_for_the_other_is_taken_for_the_one(make_quote: Make, editor: Any) -> None:
    quote, other, taken = make_quote(), make_quote(), make_quote(published=False)
    taken.attribute("misattributed", reason="So.", by=None, true_quote=other)
    quote.hold(by=None)
    quote.attribute("misattributed", reason="So.", by=None, true_quote=other)
    Quote.objects.filter(pk=other.pk).hold(by=None)
    quote.absorb(other, by=editor)
    assert now(taken).true_quote == quote
    assert now(quote).true_quote is None


def test_of_two_equal_links_readers_keep_the_one_that_they_see(
    make_quote: Make, editor: Any
) -> None:
    earlier, into, other = (make_quote(said_on=year) for year in ("2020", "2021", "2021"))
    draft = QuoteLink.objects.create(later=into, earlier=earlier, kind="answers", note="Draft.")
    seen = QuoteLink.objects.create(later=other, earlier=earlier, kind="answers", note="Seen.")
    seen.publish(by=None)
    into.absorb(other, by=editor)
    assert list(QuoteLink.objects.open_to_readers()) == [seen]
    draft.refresh_from_db()
    assert (draft.later, draft.kind, draft.note) == (other, "answers", "Draft.")


def test_what_withdraws_does_not_come_to_reported_words(make_quote: Make, editor: Any) -> None:
    earlier = make_quote(said_on="2020")
    into, other = make_quote("a", said_on="2021", kind="indirect"), make_quote("b", said_on="2021")
    link = QuoteLink.objects.create(later=other, earlier=earlier, kind="withdraws", note="So.")
    claim = Claim.objects.create(text="One")
    claim.claim_quotes.create(quote=earlier)
    row = claim.claim_quotes.create(quote=other, role="withdraws")
    into.absorb(other, by=editor)
    link.refresh_from_db()
    row.refresh_from_db()
    assert (link.later, row.quote) == (other, other)


def test_a_claim_is_not_lost_to_readers_in_words_that_are_not_theirs(
    make_quote: Make, editor: Any
) -> None:
    into, other = make_quote(attribution="misattributed", attribution_reason="So."), make_quote()
    with pytest.raises(Refused, match="wrongly attributed"):
        into.absorb(other, by=editor)


def test_words_that_are_no_longer_another_quote_stay_so(make_quote: Make, editor: Any) -> None:
    quote, other = make_quote(published=False), make_quote(published=False)
    quote.attribute("misattributed", reason="So.", by=None, true_quote=other)
    quote.absorb(other, by=editor)
    quote.save()
    assert now(quote).true_quote is None


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("only_misattributed_words_are_another_quote", {"attribution": "unverified"}),
        ("a_quote_is_not_taken_for_itself", {"attribution": "misattributed"}),
    ],
)
def test_the_database_knows_which_words_can_be_another_quote(
    make_quote: Make, the_database_refuses: Any, name: str, fields: dict[str, Any]
) -> None:
    quote, other = make_quote(published=False), make_quote(published=False)
    true = quote if name == "a_quote_is_not_taken_for_itself" else other
    with the_database_refuses(name):
        Quote.objects.filter(pk=quote.pk).update(
            true_quote=true.pk, attribution_reason="So.", **fields
        )
