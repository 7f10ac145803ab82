"""Reviews at the desk, ours and those of other outlets; the scales and verdicts; links between quotes."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from claiming import a_claim, a_review
from desk import a_row, address, errors, filled, said, tools
from django.contrib.auth import get_user_model
from django.test import Client
from django.utils import timezone

from tracker.models import (
    Article,
    Claim,
    Evidence,
    Publisher,
    Quote,
    QuoteLink,
    Review,
    Scale,
    SlugRedirect,
    Verdict,
)

Make = Callable[..., Any]
pytestmark = pytest.mark.django_db


@pytest.fixture
def claim(make_quote: Make) -> Claim:
    made = Claim.objects.create(text="An office opens in Seoul", kind="promise")
    made.claim_quotes.create(quote=make_quote())
    made.publish(by=None)
    return made


def verdict(slug: str) -> Verdict:
    return Verdict.objects.get(slug=slug)


def add(desk: Client, claim: Claim, /, *, evidence: bool = True, **changes: Any) -> Any:
    page = desk.get(address(Review, "add"), {"claim": claim.pk})
    row = a_row("evidence", 0, bearing="nothing found", note="The register was searched.")
    found = {"summary": "Steps were taken.", "verdict": verdict("in-the-works").pk}
    data = filled(page, **(found | changes))
    return desk.post(address(Review, "add"), data | (row if evidence else {}))


# --- Writing one --------------------------------------------------------------------------------------


def test_a_review_is_written_from_its_claim_and_leads_back_to_it_when_published(
    desk: Client, claim: Claim, editor: Any
) -> None:
    assert "Write a review" in tools(desk.get(address(Claim, "change", claim)))
    answer = add(desk, claim, _publish="1", explanation="<p>So.</p><script>alert(1)</script>")
    assert answer.url == address(Claim, "change", claim), errors(answer)
    review = Review.objects.get()
    assert (review.is_current, review.reviewer, review.written_by) == (True, editor, editor)
    assert (review.reviewed_on, review.reviewer_is_named) == (timezone.localdate(), False)
    assert review.explanation == "<p>So.</p>"


def test_the_verdicts_offered_are_those_in_use_of_the_claims_scale(
    desk: Client, claim: Claim
) -> None:
    stalled = verdict("stalled")
    stalled.retired = True
    stalled.save()

    def offered(**query: Any) -> dict[str, list[str]]:
        page = desk.get(address(Review, "add"), query)
        choices = page.context["adminform"].form.fields["verdict"].choices
        return {str(scale): [name for _pk, name in found] for scale, found in choices[1:]}

    promise = ["Not yet rated", "In the works", "Kept", "Compromise", "Broken"]
    assert offered(claim=claim.pk) == {"Promise": promise}
    assert list(offered()) == ["Factual", "Promise", "Prediction"]
    assert list(offered(claim="9" * 40)) == ["Factual", "Promise", "Prediction"]


def test_a_verdict_of_another_scale_or_a_retired_one_is_refused_beside_the_field(
    desk: Client, claim: Claim
) -> None:
    answer = add(desk, claim, verdict=verdict("true").pk)
    assert "another scale" in errors(answer)["verdict"][0]
    Verdict.objects.filter(slug="kept").update(retired=True)
    assert "retired" in errors(add(desk, claim, verdict=verdict("kept").pk))["verdict"][0]
    assert not Review.objects.exists()


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("summary", ""),
        ("summary", "a" * 301),
        ("summary", "a\x00b"),
        ("claim", "9" * 40),
        ("verdict", "9" * 40),
        ("supersedes", "9" * 40),
        ("reviewer", "9" * 40),
        ("reviewed_on", "3000-01-01"),
        ("explanation", "<div>" * 2000),
        ("replied_on", "2025-01-01"),
        ("reply", "We see it otherwise."),
        ("rating_there", "Pants on fire"),
        ("article", "9" * 40),
    ],
)
def test_what_is_wrong_with_a_review_is_said_and_nothing_is_lost(
    desk: Client, claim: Claim, field: str, typed: str
) -> None:
    answer = add(desk, claim, **{"reviewer_is_named": "on", field: typed})
    beside = {"reply": "replied_on", "replied_on": "reply", "rating_there": "article"}
    assert beside.get(field, field) in errors(answer)
    assert "The register was searched." in answer.content.decode()
    assert not Review.objects.exists()


@pytest.mark.parametrize(
    ("field", "typed", "part"),
    [("replied_on", "yesterday", "Right of reply"), ("rating_there", "So", "A review of another")],
)
def test_a_part_that_is_shut_is_open_when_something_in_it_is_wrong(
    desk: Client, claim: Claim, field: str, typed: str, part: str
) -> None:
    shut = re.compile(rf"<summary>\s*<h2[^>]*>{part}")
    assert shut.search(desk.get(address(Review, "add")).content.decode())
    answer = add(desk, claim, **{field: typed})
    assert errors(answer)
    assert not shut.search(answer.content.decode())


def test_evidence_has_a_source_unless_nothing_was_found(desk: Client, claim: Claim) -> None:
    row = a_row("evidence", 0, bearing="supports", kind="data", note="So.")
    assert "Choose the source" in str(errors(add(desk, claim, evidence=False, **row)))


def test_a_review_without_evidence_is_saved_and_told_why_it_is_not_published(
    desk: Client, claim: Claim
) -> None:
    answer = add(desk, claim, evidence=False, _publish="1")
    review = Review.objects.get()
    assert answer.url == address(Review, "change", review)
    assert "It is saved. It has no evidence." in said(answer)[-1]
    assert review.status == "draft"


def test_a_new_review_proposes_to_supersede_the_one_that_stands(desk: Client, claim: Claim) -> None:
    add(desk, claim, _publish="1")
    first = Review.objects.get()
    answer = add(desk, claim, supersedes="", _publish="1")
    assert "stands: say that this one supersedes it" in said(answer)[-1]
    Review.objects.exclude(pk=first.pk).get().delete()
    add(desk, claim, verdict=verdict("kept").pk, _publish="1")
    assert [each.supersedes for each in Review.objects.current()] == [first]


@pytest.mark.parametrize("verb", ["hold", "withdraw"])
def test_a_new_review_proposes_to_supersede_the_last_that_readers_have_seen(
    desk: Client, claim: Claim, verb: str
) -> None:
    for _ in range(2):
        add(desk, claim, _publish="1")
    how = {"withdraw": {"category": "our error", "reason": "Wrong."}}
    hidden = Review.objects.current().get()
    getattr(hidden, verb)(by=None, **how.get(verb, {}))
    answer = add(desk, claim, _publish="1")
    assert answer.url == address(Claim, "change", claim), said(answer)
    assert Review.objects.current().get().supersedes == hidden
    add(desk, claim)  # a draft supersedes the last one: nothing is left to propose
    page = desk.get(address(Review, "add"), {"claim": claim.pk})
    assert "supersedes" not in page.context["adminform"].form.initial


@pytest.mark.parametrize("verb", ["", "hold", "withdraw"])
def test_whose_a_review_is_and_what_it_supersedes_is_read_only_once_readers_have_seen_it(
    desk: Client, claim: Claim, verb: str
) -> None:
    add(desk, claim, _publish="1")
    add(desk, claim, verdict="", _publish="1")
    first, review = Review.objects.order_by("pk")
    page = Article.objects.create(
        headline="Checked", publisher=Publisher.objects.create(name="Fact Desk")
    )
    if verb:
        how = {"withdraw": {"category": "our error", "reason": "Wrong."}}
        getattr(review, verb)(by=None, **how.get(verb, {}))
    here = address(Review, "change", review)
    form = desk.get(here)
    assert not {"claim", "article", "supersedes"} & set(form.context["adminform"].form.fields)
    data = filled(form, article=page.pk, supersedes="", explanation="<p>So.</p>")
    assert desk.post(here, data).status_code == 302
    review.refresh_from_db()
    assert (review.publisher, review.supersedes, review.explanation) == (None, first, "<p>So.</p>")


def test_an_outlets_review_that_readers_have_seen_is_corrected(desk: Client, claim: Claim) -> None:
    outlet = Publisher.objects.create(name="Fact Desk")
    page = Article.objects.create(headline="Checked", publisher=outlet)
    theirs = {"article": page.pk, "rating_there": "Half-kept", "verdict": ""}
    add(desk, claim, **theirs, evidence=False, _publish="1")
    review = Review.objects.published().get()
    here = address(Review, "change", review)
    why = {"correction_kind": "correction", "correction_text": "It was copied wrongly."}
    answer = desk.post(here, filled(desk.get(here), rating_there="Kept in part") | why)
    assert answer.status_code == 302, errors(answer)
    review.refresh_from_db()
    assert (review.rating_there, review.publisher, review.article) == (
        "Kept in part",
        outlet,
        page,
    )


def test_a_draft_follows_its_page_to_another_publisher(desk: Client, claim: Claim) -> None:
    outlet = Publisher.objects.create(name="Fact Desk")
    page = Article.objects.create(headline="Checked", publisher=outlet)
    add(desk, claim, article=page.pk, rating_there="Half-kept", verdict="", evidence=False)
    page.publisher = Publisher.objects.create(name="Another Desk")
    page.save()
    review = Review.objects.get()
    here = address(Review, "change", review)
    desk.post(here, filled(desk.get(here), _publish="1"))
    review.refresh_from_db()
    assert (review.publisher, review.is_published) == (page.publisher, True)


def test_a_claim_changed_last_when_a_published_review_of_it_was_saved(
    desk: Client, claim: Claim
) -> None:
    add(desk, claim, _publish="1")
    review = Review.objects.get()
    here, rows = address(Review, "change", review), claim.history.count()
    long_ago = timezone.now() - timedelta(days=100)

    def is_changed(**changes: str) -> bool:
        Claim.objects.update(updated_at=long_ago)
        assert desk.post(here, filled(desk.get(here), **changes)).status_code == 302
        claim.refresh_from_db()
        return claim.updated_at > long_ago

    assert not is_changed()
    assert is_changed(explanation="<p>More is known.</p>")
    assert is_changed(evidence__0__note="Two registers were searched.")
    assert claim.history.count() == rows
    review.hold(by=None)
    assert not is_changed(explanation="<p>Less is known.</p>")


def test_only_reviews_of_the_same_claim_can_be_superseded(desk: Client, claim: Claim) -> None:
    other = Claim.objects.create(text="Another", kind="promise")
    theirs = Review.objects.create(claim=other, summary="So.", reviewed_on=date(2025, 1, 1))
    assert "supersedes" in errors(add(desk, claim, supersedes=theirs.pk))


def test_an_outlets_review_takes_its_publisher_from_the_page(desk: Client, claim: Claim) -> None:
    outlet = Publisher.objects.create(name="Fact Desk")
    page = Article.objects.create(headline="Checked", publisher=outlet)
    nobodys = Article.objects.create(headline="Nobody's")
    theirs = {"rating_there": "Half-kept", "verdict": ""}
    assert "article" in errors(add(desk, claim, article=nobodys.pk, **theirs))
    assert "verdict" in errors(add(desk, claim, article=page.pk, rating_there="Half-kept"))
    assert add(desk, claim, article=page.pk, **theirs, evidence=False).status_code == 302
    review = Review.objects.get()
    assert (review.publisher, review.is_ours) == (outlet, False)
    form = desk.get(address(Review, "change", review))
    answer = desk.post(address(Review, "change", review), filled(form, article="", rating_there=""))
    assert answer.status_code == 302
    review.refresh_from_db()
    assert review.is_ours


def test_a_review_saved_unchanged_leaves_no_trace_and_one_changed_evidence_is_its_writers(
    desk: Client, claim: Claim, editor: Any
) -> None:
    add(desk, claim)
    review = Review.objects.get()
    rows, evidence = review.history.count(), Evidence.history.count()
    page = desk.get(address(Review, "change", review))
    assert desk.post(address(Review, "change", review), filled(page)).status_code == 302
    assert (review.history.count(), Evidence.history.count()) == (rows, evidence)
    second = get_user_model().objects.create_superuser("second")
    desk.force_login(second)
    page = desk.get(address(Review, "change", review))
    data = filled(page, evidence__0__note="The register was searched twice.")
    assert desk.post(address(Review, "change", review), data).status_code == 302
    review.refresh_from_db()
    assert review.written_by == second
    assert "searched twice" in desk.get(address(Review, "history", review)).content.decode()


def test_the_list_of_reviews_is_narrowed_and_shows_no_html(desk: Client, claim: Claim) -> None:
    outlet = Publisher.objects.create(name="<script>alert(1)</script>")
    page = Article.objects.create(headline="Checked", publisher=outlet)
    Review.objects.create(
        claim=claim, summary="So.", article=page, publisher=outlet, reviewed_on=date(2025, 1, 1)
    )
    add(desk, claim)
    for query, count in (({"desk": "ours"}, 1), ({"desk": "x"}, 0), ({"queue": "waiting"}, 0)):
        listed = desk.get(address(Review, "changelist"), query)
        assert listed.context["cl"].queryset.count() == count
    assert "<script>alert(1)" not in desk.get(address(Review, "changelist")).content.decode()


# --- Scales and verdicts ------------------------------------------------------------------------------


def test_a_verdict_is_renamed_and_its_old_address_is_kept(desk: Client) -> None:
    kept = verdict("kept")
    page = desk.get(address(Verdict, "change", kept))
    assert "◑ half full" in page.content.decode()
    data = filled(page, name="Fulfilled")
    assert desk.post(address(Verdict, "change", kept), data).status_code == 302
    kept.refresh_from_db()
    assert (kept.name, kept.slug) == ("Fulfilled", "fulfilled")
    assert SlugRedirect.objects.filter(slug="kept").exists()


def test_a_rating_beyond_the_scale_is_said_beside_the_field(desk: Client) -> None:
    page = desk.get(address(Verdict, "change", verdict("kept")))
    answer = desk.post(address(Verdict, "change", verdict("kept")), filled(page, rating="9"))
    assert "run from 1 to 3" in errors(answer)["rating"][0]


def test_a_verdict_that_reviews_use_is_retired_and_not_deleted(desk: Client, claim: Claim) -> None:
    add(desk, claim)
    used = verdict("in-the-works")
    answer = desk.post(address(Verdict, "delete", used), {"post": "yes"})
    assert "Retire it instead" in said(answer)[-1]
    chosen = {"action": "delete_selected", "_selected_action": [used.pk]}
    answer = desk.post(address(Verdict, "changelist"), chosen)
    assert "Retire it instead" in answer.content.decode()
    assert Verdict.objects.filter(pk=used.pk).exists()
    unused = verdict("stalled")
    desk.post(address(Verdict, "delete", unused), {"post": "yes"})
    assert not Verdict.objects.filter(pk=unused.pk).exists()


def test_a_scale_keeps_its_kind_and_lists_its_verdicts(desk: Client) -> None:
    scale = Scale.objects.get(kind="promise")
    page = desk.get(address(Scale, "change", scale))
    assert "kind" not in page.context["adminform"].form.fields
    assert "In the works" in page.content.decode()
    answer = desk.post(address(Scale, "change", scale), filled(page, best="2"))
    assert "lies beyond" in errors(answer)["__all__"][0]
    assert desk.get(address(Scale, "changelist")).status_code == 200
    assert desk.get(address(Verdict, "changelist"), {"q": "이행"}).status_code == 200


# --- Links between quotes -----------------------------------------------------------------------------


def link(desk: Client, later: Quote, earlier: Quote, /, **changes: Any) -> Any:
    page = desk.get(address(QuoteLink, "add"), {"later": later.pk})
    given = {"earlier": earlier.pk, "kind": "repeats", "note": "The same again."}
    return desk.post(address(QuoteLink, "add"), filled(page, **(given | changes)))


def test_a_quote_is_linked_to_an_earlier_one_from_its_form(
    desk: Client, make_quote: Make, editor: Any
) -> None:
    earlier, later = make_quote(said_on="2025"), make_quote("again", said_on="2026")
    assert "Link it to an earlier quote" in tools(desk.get(address(Quote, "change", later)))
    assert link(desk, later, earlier, _publish="1").status_code == 302
    made = QuoteLink.objects.get()
    assert (made.later, made.earlier, made.written_by) == (later, earlier, editor)
    assert made.is_published
    assert desk.get(address(QuoteLink, "changelist"), {"q": "again"}).status_code == 200


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"kind": "says otherwise"}, "kind"),
        ({"kind": "nonsense"}, "kind"),
        ({"note": ""}, "note"),
        ({"note": "a\x00b"}, "note"),
        ({"earlier": "9" * 40}, "earlier"),
        ({"asserted_in": "9" * 40}, "asserted_in"),
    ],
)
def test_why_a_link_cannot_be_is_said_beside_the_field(
    desk: Client, make_quote: Make, make_speaker: Make, changes: dict[str, Any], field: str
) -> None:
    earlier = make_quote(said_on="2025")
    later = make_quote("again", said_on="2026", speaker=make_speaker("Another"))
    assert field in errors(link(desk, later, earlier, **changes))
    assert not QuoteLink.objects.exists()


def test_a_link_against_the_dates_is_refused_beside_the_later_quote(
    desk: Client, make_quote: Make
) -> None:
    answer = link(desk, make_quote(said_on="2024"), make_quote("again", said_on="2026"))
    assert "cannot be so" in errors(answer)["later"][0]


def test_who_says_that_somebody_says_otherwise_does_not_publish_it(
    desk: Client, make_quote: Make
) -> None:
    earlier, later = make_quote(said_on="2025"), make_quote("never", said_on="2026")
    answer = link(desk, later, earlier, kind="says otherwise", _publish="1")
    assert "another editor must publish it" in said(answer)[-1]
    made = QuoteLink.objects.get()
    made.publish(by=get_user_model().objects.create_superuser("second"))
    page = desk.get(address(QuoteLink, "change", made))
    assert "Hold it to change it" in page.content.decode()
    desk.post(address(QuoteLink, "change", made), filled(page, note="Another note."))
    made.refresh_from_db()
    assert made.note == "The same again."


# --- What readers see is not emptied ------------------------------------------------------------------


def test_a_published_review_of_ours_keeps_its_last_evidence(desk: Client, claim: Claim) -> None:
    add(desk, claim, _publish="1")
    review = Review.objects.get()
    page = desk.get(address(Review, "change", review))
    data = filled(page, evidence__0__DELETE="on")
    told = errors(desk.post(address(Review, "change", review), data))
    assert told["evidence"] == ["A published review needs evidence: hold it first."]
    assert review.evidence.count() == 1
    review.hold(by=None)
    data = filled(desk.get(address(Review, "change", review)), evidence__0__DELETE="on")
    assert desk.post(address(Review, "change", review), data).status_code == 302
    assert review.evidence.count() == 0


def test_a_published_review_may_change_one_piece_of_evidence_for_another(
    desk: Client, claim: Claim
) -> None:
    add(desk, claim, _publish="1")
    review = Review.objects.get()
    page = desk.get(address(Review, "change", review))
    row = a_row("evidence", 1, bearing="nothing found", kind="data", note="Asked.", order="2")
    data = filled(page, evidence__0__DELETE="on", evidence__TOTAL_FORMS="2") | row
    assert desk.post(address(Review, "change", review), data).status_code == 302
    assert review.evidence.get().note == "Asked."


def test_one_editor_does_not_turn_a_published_link_into_says_otherwise(
    desk: Client, make_quote: Make, editor: Any
) -> None:
    earlier, later = make_quote(said_on="2025"), make_quote("never", said_on="2026")
    link(desk, later, earlier, _publish="1")
    made = QuoteLink.objects.get()
    here = address(QuoteLink, "change", made)
    why = {"correction_kind": "correction", "correction_text": "It says otherwise."}
    answer = desk.post(here, filled(desk.get(here), kind="says otherwise") | why)
    told = "Hold it first: another editor then publishes it."
    assert errors(answer)["kind"] == [told]
    made.refresh_from_db()
    assert (made.kind, made.is_published) == ("repeats", True)
    desk.post(here, filled(desk.get(here), _hold="1"))
    desk.post(here, filled(desk.get(here), kind="says otherwise", _publish="1") | why)
    made.refresh_from_db()
    assert (made.kind, made.status) == ("says otherwise", "held")
    made.publish(by=get_user_model().objects.create_superuser("second"))
    assert made.is_published


def test_a_draft_link_turned_into_says_otherwise_is_not_published_by_who_turned_it(
    desk: Client, make_quote: Make
) -> None:
    earlier, later = make_quote(said_on="2025"), make_quote("never", said_on="2026")
    link(desk, later, earlier, kind="answers")
    made = QuoteLink.objects.get()
    here = address(QuoteLink, "change", made)
    data = filled(desk.get(here), kind="says otherwise", _publish="1")
    assert "another editor must publish it" in said(desk.post(here, data))[-1]
    made.refresh_from_db()
    assert (made.kind, made.status) == ("says otherwise", "in review")


def test_a_locked_link_is_held_or_withdrawn_and_not_saved(desk: Client, make_quote: Make) -> None:
    earlier, later = make_quote(said_on="2025"), make_quote("never", said_on="2026")
    link(desk, later, earlier, kind="says otherwise")
    made = QuoteLink.objects.get()
    made.publish(by=None)
    page = desk.get(address(QuoteLink, "change", made)).content.decode()
    for name in ("_save", "_continue", "_addanother"):
        assert f'name="{name}"' not in page
    assert '<input type="submit" value="Hold: hide at once" name="_hold">' in page
    assert "Withdraw …" in page
    assert "Hold it to change it" in page
    made.hold(by=None)
    assert 'name="_save"' in desk.get(address(QuoteLink, "change", made)).content.decode()


# --- What a verdict means, and who is named -----------------------------------------------------------


def test_what_a_verdict_of_published_reviews_says_is_refused_beside_the_field(
    desk: Client, claim: Claim
) -> None:
    add(desk, claim, _publish="1")
    used = verdict("in-the-works")
    here = address(Verdict, "change", used)
    answer = desk.post(here, filled(desk.get(here), name="Under way", final="on", order="9"))
    told = errors(answer)
    assert told["name"] == ["1 published review has it: retire it and add another."]
    assert told["final"] == told["name"]
    assert "sign" in errors(desk.post(here, filled(desk.get(here), sign="q3")))
    data = filled(desk.get(here), order="9", meaning="Steps are seen.")
    assert desk.post(here, data).status_code == 302
    used.refresh_from_db()
    assert (used.order, used.meaning) == (9, "Steps are seen.")


def test_what_a_verdict_of_published_reviews_is_called_elsewhere_is_neither_changed_nor_deleted(
    desk: Client, claim: Claim
) -> None:
    add(desk, claim, _publish="1")
    used = verdict("in-the-works")
    here = address(Verdict, "change", used)
    answer = desk.post(here, filled(desk.get(here), names__0__name="완료"))
    assert "“진행 중” stays as it is" in errors(answer)["names-0-__all__"][0]
    answer = desk.post(here, filled(desk.get(here), names__0__DELETE="on"))
    assert "“진행 중” stays as it is" in errors(answer)["names"][0]
    row = a_row("names", 1, language="fr", name="En cours")
    data = filled(desk.get(here), names__TOTAL_FORMS="2") | row
    assert desk.post(here, data).status_code == 302
    assert dict(used.names.values_list("language", "name")) == {"ko": "진행 중", "fr": "En cours"}


def test_a_reviewer_without_a_full_name_is_not_named(
    desk: Client, claim: Claim, editor: Any
) -> None:
    answer = add(desk, claim, reviewer_is_named="on")
    assert "full name" in errors(answer)["reviewer_is_named"][0]
    editor.first_name, editor.last_name = "Ada", "Kim"
    editor.save()
    assert add(desk, claim, reviewer_is_named="on").status_code == 302


def test_what_is_superseded_already_is_told_in_words(desk: Client, claim: Claim) -> None:
    add(desk, claim, _publish="1")
    first = Review.objects.get()
    add(desk, claim, supersedes=first.pk)
    told = errors(add(desk, claim, supersedes=first.pk))["supersedes"]
    assert told == ["Another review supersedes that one already: supersede the newest one instead."]


def test_who_withdraws_a_finding_is_told_which_one_readers_will_find_then(
    desk: Client, make_quote: Make
) -> None:
    claim = a_claim(make_quote())
    first = a_review(claim, "in-the-works")
    second = a_review(claim, "kept", supersedes=first)
    told = "Readers will then find the earlier finding again"
    shown = desk.get(address(Review, "withdraw", second)).content.decode()
    assert told in shown
    assert "In the works" in shown
    assert told not in desk.get(address(Review, "withdraw", first)).content.decode()
    chosen = {"action": "withdraw", "_selected_action": [second.pk]}
    assert told in desk.post(address(Review, "changelist"), chosen).content.decode()
