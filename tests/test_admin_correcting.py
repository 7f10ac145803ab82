"""What readers have seen is not changed unseen: the desk asks what kind of change it is, and notes it."""

from collections.abc import Callable
from datetime import date
from html import unescape
from typing import Any

import pytest
from desk import address, errors, filled, said, tools, who_may
from django.core.exceptions import ValidationError
from django.test import Client

from tracker.models import (
    Article,
    Citation,
    Claim,
    Correction,
    JointSpeaker,
    Position,
    Quote,
    QuoteLink,
    Review,
    Speaker,
    Verdict,
)

Make = Callable[..., Any]
pytestmark = pytest.mark.django_db
WHY = {"correction_kind": "correction", "correction_text": "The day was wrong."}


def save(desk: Client, record: Any, **changes: Any) -> Any:
    page = desk.get(address(type(record), "change", record))
    return desk.post(address(type(record), "change", record), filled(page, **changes))


# --- A published quote --------------------------------------------------------------------------------


def test_a_changed_date_of_a_published_quote_asks_for_a_correction_and_keeps_what_was_typed(
    desk: Client, make_quote: Make
) -> None:
    quote = make_quote(said_on="2025-05")
    answer = save(desk, quote, said_on="2025-05-26", prompt="What then?")
    told = unescape(errors(answer)["__all__"][0])
    assert "readers have seen “May 2025” and will see “26 May 2025”" in told
    assert "Choose what kind" in errors(answer)["correction_kind"][0]
    page = answer.content.decode()
    assert "What then?" in page
    assert 'value="2025-05-26"' in page
    assert '<details><summary><h2 id="fieldset-0-5' not in page  # its fields are open
    quote.refresh_from_db()
    assert (quote.said_on, quote.prompt, said(answer)) == ("2025-05", "", [])
    again = filled(answer) | WHY
    assert desk.post(address(Quote, "change", quote), again).status_code == 302
    (note,) = Correction.objects.all()
    assert (note.quote, note.field, note.made_by.username) == (quote, "said on", "editor")
    assert (note.before, note.after, note.text) == ("May 2025", "26 May 2025", "The day was wrong.")


def test_each_thing_that_readers_were_told_has_its_own_note(
    desk: Client, make_quote: Make, make_speaker: Make, make_position: Make
) -> None:
    quote = make_quote(said_on="2025")
    other = make_speaker("Another")
    position = make_position(other)
    changes = {"speaker": other.pk, "position": position.pk, "citations__0__text": "new words"}
    assert "__all__" in errors(save(desk, quote, **changes))
    assert save(desk, quote, **changes, **WHY).status_code == 302
    told = {note.field: (note.before, note.after) for note in Correction.objects.all()}
    assert told == {
        "words": ("infrastructure is destiny", "new words"),
        "speaker": ("Jason Kwon", "Another"),
        "position then": ("", "Chief Strategy Officer, OpenAI"),
    }


def test_another_leading_citation_changes_the_words(
    desk: Client, make_quote: Make, make_article: Make
) -> None:
    quote = make_quote()
    other = Citation.objects.create(
        quote=quote, article=make_article(), text="destinée", language="fr"
    )
    assert "__all__" in errors(save(desk, quote, lead=other.pk))
    assert save(desk, quote, lead=other.pk, **WHY).status_code == 302
    assert Correction.objects.get().after == "destinée"


def test_what_was_held_was_seen_too(desk: Client, make_quote: Make) -> None:
    quote = make_quote(said_on="2025")
    quote.hold(by=None)
    assert "__all__" in errors(save(desk, quote, said_on="2024"))


def test_a_draft_and_what_readers_are_not_told_ask_for_nothing(
    desk: Client, make_quote: Make
) -> None:
    draft = make_quote(published=False, said_on="2025")
    page = desk.get(address(Quote, "change", draft))
    assert "correction_kind" not in page.context["adminform"].form.fields
    assert save(desk, draft, said_on="2024").status_code == 302
    quote = make_quote("another", said_on="2025")
    assert save(desk, quote, prompt="What then?").status_code == 302
    assert not Correction.objects.exists()


def test_a_typo_is_logged_and_not_listed(desk: Client, make_quote: Make) -> None:
    quote = make_quote()
    changes = {"citations__0__text": "infrastructure is destiny.", "correction_kind": "typo"}
    assert save(desk, quote, **changes).status_code == 302
    assert (Correction.objects.count(), Correction.objects.listed().count()) == (1, 0)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"correction_kind": "correction"}, "correction_text"),
        ({"correction_text": "Wrong."}, "correction_kind"),
        ({"correction_kind": "withdrawal", "correction_text": "x"}, "correction_kind"),
        ({"correction_kind": "x" * 400, "correction_text": "x"}, "correction_kind"),
        ({"correction_kind": "update", "correction_text": "<b>x</b>"}, "correction_text"),
        ({"correction_kind": "update", "correction_text": "a\x00b"}, "correction_text"),
    ],
)
def test_what_is_wrong_with_a_note_is_said_beside_it(
    desk: Client, make_quote: Make, given: dict[str, str], field: str
) -> None:
    quote = make_quote(said_on="2025")
    assert field in errors(save(desk, quote, said_on="2024", **given))
    quote.refresh_from_db()
    assert quote.said_on == "2025"
    assert not Correction.objects.exists()


def test_a_published_quote_saved_unchanged_leaves_no_trace(desk: Client, make_quote: Make) -> None:
    quote = make_quote()
    rows = quote.history.count()
    assert save(desk, quote).status_code == 302
    assert save(desk, quote, correction_kind="typo").status_code == 302
    assert (quote.history.count(), Correction.objects.count()) == (rows, 0)


def test_words_with_html_signs_stay_text_in_what_is_asked(
    desk: Client, make_quote: Make, make_speaker: Make
) -> None:
    quote = make_quote()
    other = make_speaker("<script>alert(1)</script>")
    answer = save(desk, quote, speaker=other.pk)
    assert "<script>alert(1)" not in answer.content.decode()
    assert "__all__" in errors(answer)


# --- A position, a review ------------------------------------------------------------------------------


def test_a_title_under_published_quotes_says_how_many_it_changes(
    desk: Client, make_quote: Make, make_position: Make
) -> None:
    position = make_position()
    for n in range(2):
        make_quote(f"words {n}", speaker=position.person, position=position)
    joint = make_quote("joint", speaker=Speaker.objects.create(name="Another"))
    JointSpeaker.objects.create(quote=joint, speaker=position.person, position=position)
    make_quote("draft", published=False, speaker=position.person, position=position)
    told = errors(save(desk, position, title="CSO"))["__all__"][0]
    assert "It changes 3 published quotes." in told
    assert save(desk, position, since="2024").status_code == 302
    assert save(desk, position, title="CSO", **WHY).status_code == 302
    note = Correction.objects.get()
    assert (note.position, note.field, note.after) == (position, "title", "CSO")


def test_a_title_without_published_quotes_is_changed_freely(
    desk: Client, make_position: Make
) -> None:
    position = make_position()
    assert save(desk, position, title="CSO").status_code == 302
    assert not Correction.objects.exists()


def test_a_title_is_not_changed_behind_readers_in_the_speakers_form(
    desk: Client, make_quote: Make, make_position: Make
) -> None:
    position = make_position()
    make_quote(speaker=position.person, position=position)
    answer = save(desk, position.person, positions__0__title="CSO")
    told = errors(answer)["positions-0-title"][0]
    assert "It changes 1 published quote." in told
    assert address(Position, "change", position) in told


def test_a_published_verdict_is_not_changed_unseen(desk: Client, make_quote: Make) -> None:
    claim = Claim.objects.create(text="An office opens", kind="promise")
    claim.claim_quotes.create(quote=make_quote())
    claim.publish(by=None)
    kept, broken = (Verdict.objects.get(slug=slug) for slug in ("kept", "broken"))
    review = Review.objects.create(
        claim=claim, verdict=kept, summary="So.", reviewed_on=date(2025, 9, 1)
    )
    review.evidence.create(bearing="nothing found", note="Searched.")
    review.publish(by=None)
    told = unescape(errors(save(desk, review, verdict=broken.pk))["__all__"][0])
    assert "Verdict: readers have seen “Kept” and will see “Broken”." in told
    assert save(desk, review, explanation="<p>Why.</p>").status_code == 302
    assert save(desk, review, verdict=broken.pk, **WHY).status_code == 302
    note = Correction.objects.get()
    assert (note.review, note.before, note.after) == (review, "Kept", "Broken")


# --- Corrections by hand --------------------------------------------------------------------------------


def test_a_correction_is_added_to_any_record_that_readers_know(
    desk: Client, make_quote: Make, make_position: Make, make_article: Make
) -> None:
    position = make_position()
    records = {
        "quote": make_quote(),
        "speaker": position.person,
        "position": position,
        "article": make_article(),
    }
    for name, record in records.items():
        page = desk.get(address(type(record), "change", record))
        assert "Add a correction" in tools(page)
        form = desk.get(address(Correction, "add"), {name: record.pk})
        answer = desk.post(address(Correction, "add"), filled(form, text="It was wrong."))
        assert answer.status_code == 302, errors(answer)
        assert Correction.objects.of(record).get().made_by is not None
    listed = desk.get(address(Correction, "changelist"), {"of": "article"})
    assert listed.context["cl"].queryset.count() == 1
    unknown = desk.get(address(Correction, "changelist"), {"of": "nonsense"})
    assert unknown.context["cl"].queryset.count() == 0


def test_a_correction_is_of_one_record_and_explained(
    desk: Client, make_quote: Make, make_article: Make
) -> None:
    page = desk.get(address(Correction, "add"), {"quote": "9" * 40})
    none = desk.post(address(Correction, "add"), filled(page, text="Wrong."))
    assert "Choose the one record" in errors(none)["__all__"][0]
    both = filled(page, text="Wrong.", quote=make_quote().pk, article=make_article().pk)
    assert "__all__" in errors(desk.post(address(Correction, "add"), both))
    bare = filled(page, quote=make_quote().pk)
    assert "text" in errors(desk.post(address(Correction, "add"), bare))
    kinds = page.context["adminform"].form.fields["kind"].choices
    assert "withdrawal" not in [kind for kind, _label in kinds]


def test_a_correction_is_put_right_with_its_history_and_never_deleted(
    desk: Client, make_quote: Make
) -> None:
    (note,) = Correction.objects.note(make_quote(), kind="correction", text="Wrong.", by=None)
    assert save(desk, note, text="The day was wrong.").status_code == 302
    note.refresh_from_db()
    assert (note.text, note.history.count()) == ("The day was wrong.", 2)
    assert desk.post(address(Correction, "delete", note), {"post": "yes"}).status_code == 403
    chosen = {"action": "delete_selected", "_selected_action": [note.pk]}
    desk.post(address(Correction, "changelist"), chosen)
    assert Correction.objects.filter(pk=note.pk).exists()


def test_a_correction_that_readers_were_told_does_not_become_a_typing_error(
    desk: Client, make_quote: Make
) -> None:
    (note,) = Correction.objects.note(make_quote(), kind="correction", text="Wrong.", by=None)
    kinds = desk.get(address(Correction, "change", note)).context["adminform"].form.fields["kind"]
    assert [kind for kind, _label in kinds.choices] == ["correction", "clarification", "update"]
    assert "kind" in errors(save(desk, note, kind="typo", text=""))
    note.kind = "typo"
    with pytest.raises(ValidationError, match="Readers were told of it"):
        note.full_clean()
    assert save(desk, note, kind="update").status_code == 302
    assert Correction.objects.to_list().get().kind == "update"


def test_a_typing_error_can_still_be_told_to_readers(desk: Client, make_quote: Make) -> None:
    (note,) = Correction.objects.note(make_quote(), kind="typo", text="", by=None)
    assert save(desk, note, kind="correction", text="It was wrong.").status_code == 302
    assert Correction.objects.to_list().get() == note


def test_that_something_was_withdrawn_stays_said(desk: Client, make_quote: Make) -> None:
    make_quote().withdraw(by=None, category="legal", reason="-")
    note = Correction.objects.get()
    page = desk.get(address(Correction, "change", note))
    assert "kind" not in page.context["adminform"].form.fields
    assert save(desk, note, kind="typo", text="For a reason.").status_code == 302
    note.refresh_from_db()
    assert (note.kind, note.text) == ("withdrawal", "For a reason.")
    for kind in ("typo", "update"):
        note.kind = kind
        with pytest.raises(ValidationError, match="noted when it is"):
            note.full_clean()


def test_a_correction_is_not_made_on_a_day_to_come(desk: Client, make_quote: Make) -> None:
    form = desk.get(address(Correction, "add"), {"quote": make_quote().pk})
    data = filled(form, text="It was wrong.", made_on="2999-01-01")
    told = errors(desk.post(address(Correction, "add"), data))
    assert told["made_on"] == ["This day has not come yet."]


def test_who_may_only_look_is_asked_for_no_correction_and_offered_none(make_quote: Make) -> None:
    quote = make_quote()
    page = who_may("view_quote").get(address(Quote, "change", quote))
    assert page.status_code == 200
    assert "correction_kind" not in page.content.decode()
    assert "Add a correction" not in tools(page)


def test_a_draft_offers_no_correction(desk: Client, make_quote: Make) -> None:
    draft = make_quote(published=False)
    assert "Add a correction" not in tools(desk.get(address(Quote, "change", draft)))
    assert Article.objects.count() == 1


# --- Claims, reviews, links and every wording ---------------------------------------------------------


@pytest.fixture
def review(make_quote: Make) -> Review:
    claim = Claim.objects.create(text="An office opens", kind="promise", due="2026")
    claim.claim_quotes.create(quote=make_quote(said_on="2025"))
    claim.publish(by=None)
    made = Review.objects.create(claim=claim, summary="So.", reviewed_on=date(2025, 9, 1))
    made.evidence.create(bearing="nothing found", note="Searched.")
    made.publish(by=None)
    return made


def a_link(make_quote: Make) -> QuoteLink:
    earlier, later = make_quote("never", said_on="2025"), make_quote("always", said_on="2026")
    link = QuoteLink.objects.create(later=later, earlier=earlier, kind="answers", note="So.")
    link.publish(by=None)
    return link


def assert_asked(desk: Client, record: Any, name: str, value: Any, told: str, typo: bool) -> None:
    """The change asks for a note, and only one of a text passes for a typing error."""
    seen = unescape(errors(save(desk, record, **{name: value}))["__all__"][0])
    assert told in seen
    answer = save(desk, record, **{name: value}, correction_kind="typo")
    assert (answer.status_code == 302) is typo
    if not typo:
        assert "More than spelling" in errors(answer)["correction_kind"][0]
        assert save(desk, record, **{name: value}, **WHY).status_code == 302
    note = Correction.objects.get()
    assert note.record == record
    assert note.kind == ("typo" if typo else "correction")


@pytest.mark.parametrize(
    ("name", "value", "told", "typo"),
    [
        ("summary", "So it is.", "Summary: readers have seen “So.”", True),
        ("reviewed_on", "2025-09-02", "Reviewed on: readers have seen “1 September 2025”", False),
    ],
)
def test_what_a_published_review_says_is_not_changed_unseen(
    desk: Client, review: Review, name: str, value: str, told: str, typo: bool
) -> None:
    assert_asked(desk, review, name, value, told, typo)


@pytest.mark.parametrize(
    ("name", "value", "told", "typo"),
    [
        ("text", "An office opens here", "Claim: readers have seen “An office opens”", True),
        ("kind", "prediction", "Kind: readers have seen “Promise”", False),
        ("due", "2027", "Due: readers have seen “2026”", False),
    ],
)
def test_what_a_published_claim_says_is_not_changed_unseen(
    desk: Client, review: Review, name: str, value: str, told: str, typo: bool
) -> None:
    claim = review.claim
    if name != "due":  # what was reviewed stays as it is
        Review.objects.update(published_at=None)
    assert_asked(desk, claim, name, value, told, typo)


@pytest.mark.parametrize(
    ("name", "value", "told", "typo"),
    [
        ("note", "So it is.", "Note: readers have seen “So.”", True),
        ("kind", "repeats", "What it does: readers have seen “Answers”", False),
        ("later", "other", "Later quote: readers have seen", False),
        ("earlier", "other", "Earlier quote: readers have seen", False),
    ],
)
def test_what_a_published_link_says_is_not_changed_unseen(
    desk: Client, make_quote: Make, name: str, value: str, told: str, typo: bool
) -> None:
    link = a_link(make_quote)
    value = make_quote("other").pk if value == "other" else value
    assert_asked(desk, link, name, value, told, typo)


def test_a_wording_that_does_not_lead_is_not_changed_unseen(
    desk: Client, make_quote: Make, make_citation: Make
) -> None:
    quote = make_quote("never")
    make_citation(quote, "at no time")
    make_citation(quote, "It was he.", role="evidence on attribution")
    assert save(desk, quote, citations__2__text="It was him.").status_code == 302
    told = "Words: readers have seen “at no time” and will see “at no times”."
    answer = save(desk, quote, citations__1__text="at no times")
    assert told in unescape(errors(answer)["__all__"][0])
    typo = {"correction_kind": "typo"}
    assert save(desk, quote, citations__1__text="at no times", **typo).status_code == 302
    assert Correction.objects.get().before == "at no time"


def test_a_changed_date_is_no_typo(desk: Client, make_quote: Make) -> None:
    quote = make_quote(said_on="2025-05")
    answer = save(desk, quote, said_on="2025-05-26", correction_kind="typo")
    assert "said on" in errors(answer)["correction_kind"][0]
    quote.refresh_from_db()
    assert (quote.said_on, Correction.objects.exists()) == ("2025-05", False)


def test_a_wording_is_not_taken_away_or_put_in_anothers_place_unseen(
    desk: Client, make_quote: Make, make_citation: Make
) -> None:
    quote = make_quote("never")
    other = make_citation(quote, "at no time")
    told = "Words: readers have seen “at no time” and will see “nothing”."
    for change in (
        {"citations__1__DELETE": "on"},
        {"citations__1__role": "evidence on attribution"},
    ):
        answer = save(desk, quote, **change)
        assert told in unescape(errors(answer)["__all__"][0])
        assert (
            "Choose another kind"
            in errors(save(desk, quote, **change, correction_kind="typo"))["correction_kind"][0]
        )
    assert save(desk, quote, lead=other.pk, **WHY).status_code == 302
    assert [note.field for note in Correction.objects.all()] == ["words"]


def test_joint_speakers_of_a_published_quote_are_not_changed_unseen(
    desk: Client, make_quote: Make, make_speaker: Make, make_position: Make
) -> None:
    quote, other = make_quote(), make_speaker("Sam Altman")
    position = make_position(other)
    row = {
        "joint_speakers__TOTAL_FORMS": "1",
        "joint_speakers__0__speaker": other.pk,
        "joint_speakers__0__position": position.pk,
        "joint_speakers__0__order": 1,
    }
    told = unescape(errors(save(desk, quote, **row))["__all__"][0])
    assert "readers have seen “Jason Kwon” and will see “Jason Kwon; Sam Altman”" in told
    assert save(desk, quote, **row, **WHY).status_code == 302
    assert {note.field for note in Correction.objects.all()} == {"speaker", "position then"}
    gone = {"joint_speakers__0__DELETE": "on"}
    assert "Jason Kwon; Sam Altman" in unescape(errors(save(desk, quote, **gone))["__all__"][0])


def test_a_joint_speaker_stays_while_a_link_rests_on_them(
    desk: Client, make_quote: Make, make_speaker: Make
) -> None:
    other = make_speaker("Sam Altman")
    earlier, later = make_quote(said_on="2025", speaker=other), make_quote(said_on="2026")
    later.joint_speakers.create(speaker=other)
    QuoteLink.objects.create(later=later, earlier=earlier, kind="says otherwise", note="So.")
    answer = save(desk, later, joint_speakers__0__DELETE="on", **WHY)
    assert "one and the same" in errors(answer)["joint_speakers"][0]
    assert later.joint_speakers.exists()


def test_the_organisation_of_a_position_is_not_changed_unseen(
    desk: Client, make_quote: Make, make_position: Make
) -> None:
    position = make_position()
    make_quote(speaker=position.person, position=position)
    other = Speaker.objects.create(name="Anthropic", kind="organisation")
    told = unescape(errors(save(desk, position, organisation=other.pk))["__all__"][0])
    assert "Organisation: readers have seen" in told
    answer = save(desk, position.person, positions__0__organisation=other.pk)
    assert "own form" in errors(answer)["positions-0-organisation"][0]
    assert save(desk, position, organisation=other.pk, **WHY).status_code == 302
    assert Correction.objects.get().field == "organisation"


def test_a_title_under_a_held_quote_was_seen_too(
    desk: Client, make_quote: Make, make_position: Make
) -> None:
    position = make_position()
    quote = make_quote(speaker=position.person, position=position)
    quote.hold(by=None)
    answer = save(desk, position, title="Janitor")
    assert "correction_kind" in errors(answer)
    assert "published quote" not in errors(answer)["__all__"][0]


def test_what_a_correction_of_a_link_keeps_are_addresses_and_no_words(
    desk: Client, client: Client, make_quote: Make
) -> None:
    link = a_link(make_quote)
    draft = make_quote("words that nobody has seen", said_on="2026", published=False)
    third = make_quote("third", said_on="2026")
    for quote in (draft, third):
        assert save(desk, link, later=quote.pk, **WHY).status_code == 302
    client.logout()
    page = client.get("/corrections/").content.decode()
    assert "words that nobody has seen" not in page
    assert f"/quotes/{third.pk}/" in page
