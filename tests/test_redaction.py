"""Redaction: after it, the words and the names are in no table at all."""

import hashlib
from datetime import UTC, datetime

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import connection

from tracker.anchoring import Selector, to_json
from tracker.models import (
    Article,
    Capture,
    Citation,
    Claim,
    ClaimQuote,
    Correction,
    FieldChange,
    Quote,
    QuoteLink,
    Refused,
    Speaker,
    Verdict,
)

NOW = datetime(2025, 5, 26, 12, tzinfo=UTC)
WORDS = "infrastructure is destiny"


def _tables_with(text: str) -> set[str]:
    """The tables in which this text stands in some column, whatever its case."""
    found = set()
    for table in connection.introspection.table_names():
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            rows = cursor.fetchall()
        if any(text.lower() in str(value).lower() for row in rows for value in row):
            found.add(table)
    return found


def _log(record, editor, told: str = "") -> None:
    LogEntry.objects.create(
        user=editor,
        content_type=ContentType.objects.get_for_model(record),
        object_id=str(record.pk),
        object_repr=str(record)[:200],
        action_flag=CHANGE,
        change_message=told or f'[{{"added": {{"object": "{record}"}}}}]',
    )


def _now(quote) -> Quote:
    return Quote.objects.get(pk=quote.pk)


def test_after_redaction_words_and_names_are_in_no_table(
    make_quote, make_citation, make_article, make_speaker, make_position, make_topic,
    make_occasion, editor,
):  # fmt: skip
    kwon = make_speaker("Jason Kwon")
    kwon.aliases.create(name="제이슨 권", language="ko")
    altman = make_speaker("Sam Altman")
    article = make_article(
        "“Infrastructure is destiny,” says Jason Kwon",
        notes="<p>Jason Kwon said infrastructure is destiny.</p>",
    )
    text = (
        f"Seoul. “{WORDS.capitalize()},” said CSO Kwon. 제이슨 권은 말했다. Jason  Kwon: {WORDS}!"
    )
    capture = Capture.objects.create(
        article=article,
        method="typed",
        taken_at=NOW,
        text=text,
        headline=article.headline,
        raw_sha256=hashlib.sha256(text.encode()).hexdigest(),
    )
    quote = make_quote(
        WORDS,
        article=article,
        citation={
            "attributed_as": "CSO Kwon",
            "selectors": to_json([Selector(WORDS, "Seoul. “")]),
            "words_there": f"{WORDS}, so",
            "fragment": ":~:text=infrastructure is destiny",
        },
        speaker=kwon,
        position=make_position(kwon),
        said_on="2025-05-26",
        said_on_as_given=f"when he said {WORDS}",
        prompt=f"Why {WORDS}?",
        context=f"Jason Kwon meant that {WORDS}.",
        attribution="disputed",
        attribution_reason="Jason Kwon denies it.",
        reference="kwon-infrastructure is destiny",
        occasion=make_occasion(),
        topics=[make_topic("Jason Kwon", subject=kwon)],
    )
    quote.joint_speakers.create(speaker=altman)
    changed = make_citation(quote, f"so {WORDS}")
    changed.text = "인프라"
    changed.save()
    make_citation(quote, f"{WORDS}, then").delete()
    neighbour = make_quote("Korea is a key partner", article=article, speaker=altman)
    around = Selector("Korea is a key partner", f"… {WORDS}. ", "Jason Kwon")
    Citation.objects.filter(pk=neighbour.lead_id).update(
        selectors=to_json([around]), fragment=f":~:text={WORDS}-,Korea"
    )
    twin = make_quote(f"{WORDS.upper()}!", speaker=kwon)
    quote.absorb(twin, by=editor)
    for record in (quote, quote.lead, article, capture):
        _log(record, editor)

    quote.redact(by=editor, category="privacy")

    # A speaker's own record stays, and the topic that is theirs.
    theirs = {"tracker_speaker", "tracker_topic", "tracker_speakeralias"}
    theirs |= {table.replace("tracker_", "tracker_historical") for table in theirs}
    assert _tables_with(WORDS) == set()
    assert _tables_with("인프라") == set()
    for name in ("Jason Kwon", "Jason  Kwon", "CSO Kwon", "제이슨 권"):
        assert _tables_with(name) <= theirs
    assert _tables_with(hashlib.sha256(text.encode()).hexdigest()) == set()
    for each in (quote, twin):
        rows = [Quote.objects.filter(pk=each.pk).values().get(), *each.history.values()]
        assert {row[link] for row in rows for link in ("speaker_id", "position_id")} == {None}
    assert not Quote.history.model.topics.filter(quote__in=[quote, twin]).exists()
    assert not quote.joint_speakers.model.history.filter(quote_id=quote.pk).exists()
    assert Speaker.objects.filter(pk=kwon.pk).exists()


def test_a_redacted_quote_is_withdrawn_and_stays_blank(make_quote, editor):
    quote = make_quote(WORDS)
    quote.redact(by=editor, category="legal")
    kept = _now(quote)
    assert (kept.status, kept.withdrawal_category, kept.text) == ("withdrawn", "legal", "")
    assert kept.redacted_at
    assert (kept.speaker, kept.speaker_described_as) == (None, "Name withheld")
    assert kept.slug == "name-withheld"
    assert kept.lead.text == ""
    assert kept.history.latest().history_user == editor
    assert kept.lead.history.latest().history_user == editor
    with pytest.raises(Refused, match="blanked for good"):
        kept.publish(by=editor)
    with pytest.raises(Refused, match="blanked before"):
        kept.redact(by=editor, category="legal")
    assert Quote.objects.publish(by=editor).done == 0


def test_a_withdrawn_quote_a_draft_and_an_unnamed_one_can_be_redacted(make_quote, editor):
    withdrawn, draft = make_quote(WORDS), make_quote(WORDS, published=False)
    unnamed = make_quote(WORDS, speaker_described_as="an aide of Jason Kwon")
    withdrawn.withdraw(by=editor, category="our error", reason="Jason Kwon said no such thing.")
    for quote in (withdrawn, draft, unnamed):
        quote.redact(by=editor, category="privacy")
    assert [_now(quote).withdrawal_category for quote in (withdrawn, draft, unnamed)] == [
        "privacy",
        "",
        "privacy",
    ]
    assert _now(draft).status == "draft"
    assert _tables_with(WORDS) == set()
    assert _tables_with("Jason Kwon") == {"tracker_speaker", "tracker_historicalspeaker"}


def test_the_outside_key_of_a_redacted_quote_is_known_again_and_says_nothing(make_quote, editor):
    quote = make_quote(WORDS, reference="Jason Kwon, row 12")
    quote.redact(by=editor, category="privacy")
    assert _now(quote).reference == Quote.blanked_reference("Jason Kwon, row 12")
    assert _tables_with("row 12") == set()


@pytest.mark.parametrize("category", ["our error", "duplicate", "misattributed", ""])
def test_words_are_blanked_for_privacy_or_law_only(make_quote, editor, category):
    quote = make_quote(WORDS)
    with pytest.raises(Refused, match="privacy or legal reasons only"):
        quote.redact(by=editor, category=category)
    assert _now(quote).text == WORDS


def test_a_quote_joined_into_another_is_redacted_there(make_quote, editor):
    quote, other = make_quote(WORDS), make_quote("Infrastructure is fate")
    quote.absorb(other, by=editor)
    with pytest.raises(Refused, match="redact that one"):
        other.redact(by=editor, category="privacy")
    quote.redact(by=editor, category="privacy")
    assert _now(other).withdrawal_category == "privacy"
    assert _now(other).joined_into == quote
    assert _tables_with("is fate") == set()


def test_what_else_stands_in_a_copy_keeps_its_place(make_quote, make_article, make_speaker, editor):
    article = make_article("Two in Seoul")
    text = f"Li said: “{WORDS}.” Many listened. Altman said: “Korea is a key partner.”"
    capture = Capture.objects.create(article=article, method="typed", taken_at=NOW, text=text)
    altman = make_speaker("Sam Altman")
    other = make_quote("Korea is a key partner", article=article, speaker=altman)
    start = text.index("Korea")
    make_quote(WORDS, article=article, speaker=make_speaker("Li")).redact(
        by=editor, category="privacy"
    )
    capture.refresh_from_db()
    assert capture.text[start:].startswith("Korea is a key partner.”")
    assert (
        capture.text == f"██ said: “{'█' * len(WORDS)}.” Many listened. {text[text.index('Alt') :]}"
    )
    assert capture.text_sha256 == hashlib.sha256(capture.text.encode()).hexdigest()
    assert Article.objects.get(pk=article.pk).headline == "Two in Seoul"
    assert _now(other).text == "Korea is a key partner"
    assert _now(other).is_published


def test_a_copy_that_prints_the_words_differently_is_given_up_whole(
    make_quote, make_article, editor
):
    article = make_article()
    capture = Capture.objects.create(
        article=article, method="typed", taken_at=NOW, text="He said it’s\u00ad destiny – now."
    )
    make_quote("it's destiny - now", article=article).redact(by=editor, category="legal")
    capture.refresh_from_db()
    assert (capture.text, capture.text_sha256) == ("", "")


# --- What repeats the words -----------------------------------------------------------------------


def test_claims_reviews_links_and_corrections_keep_no_word_and_no_name(
    make_quote, make_article, make_speaker, make_topic, editor
):
    kwon = make_speaker("Jason Kwon")
    quote = make_quote(WORDS, speaker=kwon, said_on="2025-05-26")
    later = make_quote("of course", speaker=make_speaker("Sam Altman"), said_on="2026")
    told = f"Jason Kwon said {WORDS}."
    claim = Claim.objects.create(text=f"That {WORDS} is so")
    claim.topics.add(make_topic("Jason Kwon", subject=kwon))
    claim.claim_quotes.create(quote=quote)
    claim.publish(by=editor)
    review = claim.reviews.create(
        verdict=Verdict.objects.get(slug="true"),
        summary=told,
        explanation=f"<p>Jason <em>Kwon</em>: {WORDS}</p>",
        reply=told,
        replied_on=NOW.date(),
        reviewed_on=NOW.date(),
    )
    review.evidence.create(article=make_article(f"“{WORDS}”, page 1"), note=told)
    review.evidence.create(bearing="nothing found", note=told, happened_on="2025")
    review.publish(by=editor)
    link = QuoteLink.objects.create(
        later=later, earlier=quote, kind="answers", note=told, asserted_in=make_article(told)
    )
    changes = [FieldChange("words", WORDS, told)]
    for record in (quote, claim, review, link, quote.lead.article):
        Correction.objects.note(record, kind="correction", text=told, by=editor, changes=changes)
        _log(record, editor)
    _log(claim.claim_quotes.get(), editor)

    quote.redact(by=editor, category="legal")

    assert _tables_with(WORDS) == set()
    theirs = {"tracker_speaker", "tracker_topic"}
    theirs |= {table.replace("tracker_", "tracker_historical") for table in theirs}
    assert _tables_with("Jason Kwon") == theirs
    assert _tables_with("<em>Kwon") == set()
    claim.refresh_from_db()
    assert (claim.status, claim.withdrawal_category) == ("withdrawn", "legal")
    assert claim.history.first().history_user == editor
    assert (claim.slug, claim.topics.count()) == ("claim", 0)
    assert not ClaimQuote.history.exists()
    notes = Correction.objects.filter(kind="withdrawal")
    assert [(each.quote, each.claim) for each in notes.order_by("id")] == [
        (None, claim),
        (quote, None),
    ]
    about = Correction.objects.exclude(kind="withdrawal").filter(article=None)
    assert {each.text for each in about} == {"████████"}
    of_page = Correction.objects.get(article=quote.lead.article)
    assert (of_page.text.strip("█."), len(of_page.text)) == (" said ", len(told))


def test_a_claim_that_somebody_else_makes_too_stays_with_bars_over_the_words(
    make_quote, make_speaker, editor
):
    quote = make_quote(WORDS)
    other = make_quote("it is fate", speaker=make_speaker("Sam Altman"))
    claim = Claim.objects.create(text=f"Fate rules, or: {WORDS}, as Jason Kwon has it")
    for each in (quote, other):
        claim.claim_quotes.create(quote=each)
    claim.publish(by=editor)
    review = claim.reviews.create(
        summary="Jason Kwon is right.", explanation="<p>It is so.</p>", reviewed_on=NOW.date()
    )
    review.evidence.create(bearing="nothing found", note="The register was searched.")
    quote.redact(by=editor, category="privacy")
    claim.refresh_from_db()
    review.refresh_from_db()
    assert claim.is_published
    assert claim.text.startswith("Fate rules, or: ███")
    assert claim.text.endswith("as ██████████ has it")
    assert (review.summary, review.explanation) == ("██████████ is right.", "<p>It is so.</p>")
    assert review.evidence.get().note == "The register was searched."
    assert [each.quote for each in claim.claim_quotes.all()] == [other]
    assert _tables_with(WORDS) == set()
    assert _tables_with("Jason Kwon") == {"tracker_speaker", "tracker_historicalspeaker"}


def test_words_wrongly_taken_for_a_redacted_quote_tell_no_name(make_quote, make_speaker, editor):
    true = make_quote(WORDS)
    taken = make_quote("fate", speaker=make_speaker("Sam Altman"), published=False)
    reason = "Jason Kwon said it."
    taken.attribute("misattributed", reason=reason, by=None, true_quote=true)
    change = FieldChange("reason for the attribution", WORDS, reason)
    Correction.objects.note(taken, kind="update", text=reason, by=editor, changes=[change])
    true.redact(by=editor, category="privacy")
    taken.refresh_from_db()
    assert taken.attribution_reason == "██████████ said it."
    assert _tables_with("Jason Kwon") == {"tracker_speaker", "tracker_historicalspeaker"}


def test_a_redacted_quote_does_not_tell_whose_words_it_had(make_quote, make_speaker, editor):
    true = make_quote("fate", speaker=make_speaker("Sam Altman"))
    quote = make_quote(WORDS, published=False)
    quote.attribute("misattributed", reason="Not his.", by=None, true_quote=true)
    quote.redact(by=editor, category="privacy")
    rows = [
        *quote.history.values("true_quote"),
        *Quote.objects.filter(pk=quote.pk).values("true_quote"),
    ]
    assert {row["true_quote"] for row in rows} == {None}


def test_what_was_withdrawn_before_it_was_redacted_is_noted_once(make_quote, editor):
    quote = make_quote(WORDS)
    quote.withdraw(by=editor, category="our error", reason="Not checked.")
    quote.redact(by=editor, category="privacy")
    assert Correction.objects.filter(quote=quote, kind="withdrawal").count() == 1
