"""Claims at the desk: made of quotes, told apart from those like them, read by a second editor, and what waits."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from claiming import a_claim, a_review
from desk import a_row, address, errors, filled, said, tools, who_may
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tracker.admin.alike import claims_alike
from tracker.models import Claim, ClaimQuote, Correction, Quote, QuoteLink, Review, Verdict

Make = Callable[..., Any]
pytestmark = pytest.mark.django_db
OFFICE = "OpenAI opens an office in Seoul within months"


@pytest.fixture
def claim(make_quote: Make, editor: Any) -> Claim:
    made = Claim.objects.create(text=OFFICE, kind="promise", due="2025")
    made.claim_quotes.create(quote=make_quote(said_on="2025-05-26"))
    made.publish(by=editor)
    return made


def add(desk: Client, quote: Quote | None, **changes: Any) -> Any:
    page = desk.get(address(Claim, "add"), {"quote": quote.pk} if quote else {})
    return desk.post(address(Claim, "add"), filled(page, **{"text": OFFICE, **changes}))


def review_of(claim: Claim, **how: Any) -> Review:
    verdict = Verdict.objects.get(slug="in-the-works")
    review = Review.objects.create(
        claim=claim, verdict=verdict, summary="Seen.", reviewed_on=date(2025, 9, 1), **how
    )
    review.evidence.create(bearing="nothing found", note="The register was searched.")
    return review


# --- Making a claim -----------------------------------------------------------------------------------


def test_a_quote_becomes_a_claim_with_its_topics(
    desk: Client, make_quote: Make, make_topic: Make, editor: Any
) -> None:
    quote = make_quote(topics=[make_topic("Offices")])
    page = desk.get(address(Quote, "change", quote))
    assert "Make a claim of this quote" in tools(page)
    assert add(desk, quote).status_code == 302
    claim = Claim.objects.get()
    assert (claim.text, claim.written_by, claim.status) == (OFFICE, editor, "draft")
    assert [(each.quote, each.role) for each in claim.claim_quotes.all()] == [(quote, "makes")]
    assert [topic.name for topic in claim.topics.all()] == ["Offices"]


def test_a_claim_is_made_of_a_quote_by_who_may_add_its_quotes_alone(make_quote: Make) -> None:
    quote = make_quote()
    writer = who_may("add_claim", "view_quote", "change_quote")
    assert "Make a claim of this quote" not in tools(writer.get(address(Quote, "change", quote)))
    here = f"{address(Claim, 'add')}?quote={quote.pk}"
    assert writer.get(here).status_code == 403
    sent = filled(writer.get(address(Claim, "add")), text=OFFICE)
    assert writer.post(here, sent).status_code == 403
    assert not Claim.objects.exists()


@pytest.mark.parametrize(
    ("model", "name"), [(Claim, "quote"), (Correction, "quote"), (QuoteLink, "later")]
)
def test_an_address_tells_no_words_of_a_quote_to_who_may_not_see_quotes(
    make_quote: Make, make_topic: Make, model: Any, name: str
) -> None:
    draft = make_quote("secret words", published=False, topics=[make_topic("Secret topic")])
    nouns = ("claim", "claimquote", "correction", "quotelink")
    writer, here = who_may(*(f"add_{noun}" for noun in nouns)), address(model, "add")
    page = writer.get(here, {name: draft.pk})
    rows = {"claim_quotes-TOTAL_FORMS": "1"} | a_row("claim_quotes", 0, quote=draft.pk)
    again = writer.post(here, filled(page, **{name: draft.pk}) | rows)
    for answer in (page, again):
        assert answer.status_code == 200
        assert "secret" not in answer.content.decode().lower()
    assert f"Quote {draft.pk}" in again.content.decode()


@pytest.mark.parametrize("quote", ["0", "9" * 40, "x", "1 OR 1=1", ""])
def test_an_address_that_names_no_quote_opens_an_empty_form(desk: Client, quote: str) -> None:
    assert desk.get(address(Claim, "add"), {"quote": quote}).status_code == 200


@pytest.mark.parametrize(
    ("field", "typed", "told"),
    [
        ("text", "a" * 300, "299"),
        ("text", "", "required"),
        ("text", "a\x00b", "Null"),
        ("due", "next year", "date"),
        ("claim_quotes-0-quote", "9" * 30, ""),
        ("claim_quotes-0-role", "makes it up", ""),
        ("kind", "rumour", ""),
    ],
)
def test_what_is_wrong_with_a_claim_is_said_beside_the_field(
    desk: Client, make_quote: Make, field: str, typed: str, told: str
) -> None:
    answer = add(desk, make_quote(), **{"kind": "promise", field.replace("-", "__"): typed})
    assert told in errors(answer)[field][0]
    assert not Claim.objects.exists()


def test_only_a_promise_or_a_prediction_is_due(desk: Client, make_quote: Make) -> None:
    answer = add(desk, make_quote(), due="2026")
    assert "Only a promise" in errors(answer)["__all__"][0]


def test_a_claim_has_a_quote_once_and_one_first_appearance(desk: Client, make_quote: Make) -> None:
    one, other = make_quote(), make_quote("another")
    rows = {"claim_quotes-TOTAL_FORMS": "2"}
    again = rows | a_row("claim_quotes", 1, quote=one.pk, role="repeats")
    assert "claim_quotes-1-__all__" in errors(add(desk, one, **again))
    first = rows | a_row("claim_quotes", 0, quote=one.pk, role="makes", first_appearance="on")
    first |= a_row("claim_quotes", 1, quote=other.pk, role="makes", first_appearance="on")
    assert "claim_quotes-1-first_appearance" in errors(add(desk, one, **first))


def test_a_claim_is_published_by_its_button_and_told_why_not(
    desk: Client, make_quote: Make
) -> None:
    draft = make_quote(published=False)
    answer = add(desk, draft, _publish="1")
    assert "It is saved. None of the quotes that make it is published" in said(answer)[-1]
    draft.publish(by=None)
    claim = Claim.objects.get()
    page = desk.get(address(Claim, "change", claim))
    desk.post(address(Claim, "change", claim), filled(page, _publish="1"))
    claim.refresh_from_db()
    assert claim.is_published


def test_a_frozen_claim_keeps_its_words_and_says_why(desk: Client, claim: Claim) -> None:
    review_of(claim).publish(by=None)
    page = desk.get(address(Claim, "change", claim))
    assert "its words and its kind stay as they are" in page.content.decode()
    data = filled(page, text="Another", kind="factual")
    assert desk.post(address(Claim, "change", claim), data).status_code == 302
    claim.refresh_from_db()
    assert (claim.text, claim.kind) == (OFFICE, "promise")


def test_a_claim_saved_unchanged_leaves_no_trace_and_its_history_tells_of_its_quotes(
    desk: Client, claim: Claim, make_quote: Make
) -> None:
    rows = claim.history.count()
    page = desk.get(address(Claim, "change", claim))
    assert desk.post(address(Claim, "change", claim), filled(page)).status_code == 302
    assert claim.history.count() == rows
    row = a_row("claim_quotes", 1, quote=make_quote("later words").pk, role="repeats")
    data = filled(page, **{"claim_quotes-TOTAL_FORMS": "2"}) | row
    assert desk.post(address(Claim, "change", claim), data).status_code == 302
    told = desk.get(address(Claim, "history", claim)).content.decode()
    assert "later words" in told


def test_a_published_claim_is_withdrawn_and_not_deleted(desk: Client, claim: Claim) -> None:
    desk.post(address(Claim, "delete", claim), {"post": "yes"})
    assert Claim.objects.filter(pk=claim.pk).exists()
    page = reverse("admin:tracker_claim_withdraw", args=[claim.pk])
    cancel = f'<a href="{address(Claim, "changelist")}" class="closelink">'
    assert cancel in re.sub(r"\s+", " ", desk.get(page).content.decode())
    desk.post(page, {"category": "our error", "reason": "A mistake."})
    claim.refresh_from_db()
    assert claim.is_withdrawn


def test_the_form_of_a_claim_asks_no_more_for_more_quotes(
    desk: Client, claim: Claim, make_quote: Make, make_speaker: Make
) -> None:
    here = address(Claim, "change", claim)
    desk.get(here)
    counted = []
    for number in (1, 5):
        for n in range(number):
            speaker = make_speaker(f"Speaker {number} {n}")
            quote = make_quote(f"words {number} {n}", speaker=speaker)
            claim.claim_quotes.create(quote=quote, role="repeats")
        with CaptureQueriesContext(connection) as asked:
            assert f"words {number} 0" in desk.get(here).content.decode()
        counted.append(len(asked))
    assert counted[0] == counted[1]


# --- Two editors --------------------------------------------------------------------------------------


def test_who_changes_a_part_wrote_it_and_another_must_publish(
    desk: Client, editor: Any, make_quote: Make, settings: Any
) -> None:
    settings.TWO_EDITORS = True
    second = get_user_model().objects.create_superuser("second")
    claim = Claim.objects.create(text=OFFICE, written_by=second)
    page = desk.get(address(Claim, "change", claim))
    row = a_row("claim_quotes", 0, quote=make_quote().pk, role="makes")
    data = filled(page, **{"claim_quotes-TOTAL_FORMS": "1"}) | row
    answer = desk.post(address(Claim, "change", claim), data | {"_publish": "1"})
    assert "another editor must publish it" in said(answer)[-1]
    claim.refresh_from_db()
    assert (claim.written_by, claim.status) == (editor, "in review")
    claim.publish(by=second)
    assert claim.is_published


def test_what_a_second_editor_published_is_read_only_until_it_is_held(
    desk: Client, claim: Claim, settings: Any
) -> None:
    settings.TWO_EDITORS = True
    page = desk.get(address(Claim, "change", claim))
    assert "Hold it to change it" in page.content.decode()
    sent = {"text": "Another", "kind": "promise", "claim_quotes-0-role": "denies"}
    desk.post(address(Claim, "change", claim), filled(page) | sent)
    claim.refresh_from_db()
    assert (claim.text, claim.claim_quotes.get().role) == (OFFICE, "makes")
    desk.post(address(Claim, "change", claim), filled(page, _hold="1"))
    page = desk.get(address(Claim, "change", claim))
    told = {"correction_kind": "update", "correction_text": "It was looked at again."}
    answer = desk.post(address(Claim, "change", claim), filled(page, text="Another", **told))
    assert answer.status_code == 302
    claim.refresh_from_db()
    assert (claim.text, claim.status) == ("Another", "held")


def test_evidence_of_a_review_that_a_second_editor_published_is_not_deleted(
    desk: Client, claim: Claim, settings: Any
) -> None:
    settings.TWO_EDITORS = True
    review = review_of(claim)
    review.evidence.create(bearing="nothing found", note="Another one, too.")
    review.publish(by=None)
    first, second = review.evidence.order_by("pk")
    sent = {"evidence-TOTAL_FORMS": "2", "evidence-INITIAL_FORMS": "2"}
    sent |= a_row("evidence", 0, id=first.pk, review=review.pk, DELETE="on")
    sent |= a_row("evidence", 1, id=second.pk, review=review.pk)
    here = address(Review, "change", review)
    desk.post(here, filled(desk.get(here)) | sent)
    assert review.evidence.count() == 2


def test_who_may_add_claims_and_not_change_them_publishes_none(make_quote: Make) -> None:
    writer = who_may("add_claim", "add_claimquote", "view_quote")
    assert add(writer, make_quote(), _publish="1").status_code == 302
    assert Claim.objects.get().status == "draft"


# --- Claims like this one -----------------------------------------------------------------------------


def test_claims_like_one_that_is_typed_are_found_whatever_their_status(desk: Client) -> None:
    like = Claim.objects.create(text=OFFICE)
    Claim.objects.create(text="Nuclear power is the cheapest source of electricity")
    assert claims_alike("An office of OpenAI opens in Seoul, within some months") == [like]
    assert claims_alike(OFFICE, but=like.pk) == []
    korean = Claim.objects.create(text="오픈AI는 몇 달 안에 서울에 사무실을 연다")
    assert claims_alike("오픈AI가 서울에 사무실을 몇 달 안에 연다") == [korean]
    assert claims_alike("a") == claims_alike("") == claims_alike("\x00%_") == []


def test_the_script_asks_for_like_claims_and_is_told_no_html(desk: Client) -> None:
    like = Claim.objects.create(text=f"{OFFICE} <script>")
    answer = desk.get(reverse("admin:tracker_claim_alike"), {"text": OFFICE, "but": "9" * 40})
    assert answer["Content-Type"] == "application/json"
    told = {"text": like.text, "status": "Draft", "address": address(Claim, "change", like)}
    assert answer.json() == {"claims": [told]}


def test_the_like_claims_are_for_editors_who_may_see_claims(client: Client) -> None:
    Claim.objects.create(text=OFFICE)
    page = reverse("admin:tracker_claim_alike")
    assert client.get(page, {"text": OFFICE}).status_code == 302
    client.force_login(get_user_model().objects.create_user("new", is_staff=True))
    assert client.get(page, {"text": OFFICE}).status_code == 403


def test_without_a_script_like_claims_are_told_after_saving(desk: Client, make_quote: Make) -> None:
    Claim.objects.create(text=f"{OFFICE}.")
    answer = add(desk, make_quote())
    assert any("There is a claim like this one" in told for told in said(answer))


def test_like_claims_are_told_after_saving_to_who_may_see_claims_alone(make_quote: Make) -> None:
    Claim.objects.create(text=f"{OFFICE}.")
    writer = who_may("add_claim", "add_claimquote", "view_quote")
    answer = add(writer, make_quote())
    assert answer.status_code == 302
    assert not any("like this one" in told for told in said(answer))


def test_like_claims_take_one_query(desk: Client) -> None:
    Claim.objects.bulk_create(Claim(text=f"{OFFICE} {n}") for n in range(300))
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert len(claims_alike(OFFICE)) == 5
    assert len(asked) == 1


# --- Lists and queues ---------------------------------------------------------------------------------


def test_the_list_tells_claimants_and_verdict_and_is_narrowed(
    desk: Client, claim: Claim, make_topic: Make
) -> None:
    review_of(claim).publish(by=None)
    Claim.objects.create(text="Another")
    listed = desk.get(address(Claim, "changelist"))
    for told in (OFFICE, "Jason Kwon", "In the works"):
        assert told in listed.content.decode()
    verdict = Verdict.objects.get(slug="in-the-works").pk
    for narrowed, count in (
        ({"verdict": verdict}, 1),
        ({"verdict": "9" * 40}, 0),
        ({"verdict": "x"}, 0),
        ({"queue": "overdue"}, 1),
        ({"queue": "nonsense"}, 0),
        ({"topic": make_topic().pk}, 0),
        ({"q": "Kwon"}, 1),
        ({"q": "nobody"}, 0),
    ):
        page = desk.get(address(Claim, "changelist"), narrowed)
        assert page.context["cl"].queryset.count() == count, narrowed


def test_the_front_page_counts_what_waits_and_leads_to_it(
    desk: Client, claim: Claim, make_quote: Make
) -> None:
    waits = Claim.objects.create(text="Another")
    waits.submit(by=None)
    review_of(waits).submit(by=None)
    disputed = make_quote("never", attribution="disputed", attribution_reason="They deny it.")
    assert disputed.is_published
    make_quote("so it is", published=False).submit(by=None)
    page = desk.get(reverse("admin:index"))
    names = {queue.name: queue for queue in page.context["queues"]}
    assert set(names) == {"unreviewed", "overdue", "quotes", "claims", "reviews", "disputed"}
    for queue in names.values():
        assert f'href="{queue.address}"' in page.content.decode()
        assert desk.get(queue.address).context["cl"].queryset.count() == queue.count == 1


@pytest.mark.parametrize("model", [Claim, Review, QuoteLink, Quote])
def test_what_only_another_editor_may_publish_waits_for_them_in_review(
    desk: Client, claim: Claim, make_quote: Make, settings: Any, model: Any
) -> None:
    settings.TWO_EDITORS = True
    quote = make_quote("so it is", said_on="2026", published=False)
    made = {
        Claim: lambda: a_claim(make_quote(), text="Another", published=False),
        Review: lambda: a_review(claim, published=False),
        QuoteLink: lambda: QuoteLink.objects.create(
            later=make_quote(said_on="2026"),
            earlier=make_quote(said_on="2025"),
            kind="repeats",
            note="So.",
        ),
        Quote: lambda: quote,
    }[model]()
    typed = {
        Claim: {"text": "Other words"},
        Review: {"summary": "Other words."},
        QuoteLink: {"note": "Other words."},
        Quote: {"attribution": "disputed", "attribution_reason": "They deny it."},
    }[model]
    here = address(model, "change", made)
    told = said(desk.post(here, filled(desk.get(here), _publish="1", **typed)))[-1]
    assert "It is saved and submitted for review." in told
    assert "another editor must publish it" in told
    made.refresh_from_db()
    assert made.status == "in review"
    told = said(desk.post(here, filled(desk.get(here), _publish="1")))[-1]
    assert "It is saved. You" in told
    made.refresh_from_db()
    assert made.status == "in review"
    queues = desk.get(reverse("admin:index")).context["queues"]
    (waits,) = (
        each
        for each in queues
        if model._meta.model_name in each.address.split("/") and each.address.endswith("=waiting")
    )
    assert list(desk.get(waits.address).context["cl"].queryset) == [made]


def test_what_nobody_can_publish_stays_a_draft_though_another_editor_would_have_to(
    desk: Client, settings: Any
) -> None:
    settings.TWO_EDITORS = True
    without_a_quote = Claim.objects.create(text="Another")
    here = address(Claim, "change", without_a_quote)
    answer = desk.post(here, filled(desk.get(here), text="Other words", _publish="1"))
    assert "It is saved. It has no quote." in said(answer)[-1]
    without_a_quote.refresh_from_db()
    assert without_a_quote.status == "draft"


def test_a_disputed_quote_leaves_the_queue_when_a_published_link_replies(
    desk: Client, make_quote: Make
) -> None:
    disputed = make_quote(
        said_on="2025", attribution="disputed", attribution_reason="They deny it."
    )
    link = QuoteLink.objects.create(
        later=make_quote("no", said_on="2026"), earlier=disputed, kind="repeats", note="So."
    )
    link.publish(by=None)
    queue = {"queue": "disputed"}
    assert desk.get(address(Quote, "changelist"), queue).context["cl"].queryset.count() == 1
    reply = QuoteLink.objects.create(
        later=link.later, earlier=disputed, kind="denies having said it", note="So."
    )
    assert desk.get(address(Quote, "changelist"), queue).context["cl"].queryset.count() == 1
    reply.publish(by=None)
    assert desk.get(address(Quote, "changelist"), queue).context["cl"].queryset.count() == 0


def test_the_queues_are_counted_in_one_query_and_shown_to_who_may_see_them(
    client: Client, claim: Claim
) -> None:
    staff: Any = get_user_model().objects.create_user("new", is_staff=True)
    client.force_login(staff)
    assert client.get(reverse("admin:index")).context["queues"] == []
    staff.user_permissions.add(Permission.objects.get(codename="view_claim"))
    with CaptureQueriesContext(connection) as asked:
        page = client.get(reverse("admin:index"))
    assert [queue.name for queue in page.context["queues"]] == ["unreviewed", "overdue"]
    counting = [each for each in asked.captured_queries if "UNION ALL" in each["sql"]]
    assert len(counting) == 1


def test_names_in_a_list_of_claims_are_text(
    desk: Client, make_quote: Make, make_speaker: Make
) -> None:
    quote = make_quote(speaker=make_speaker("<img src=x onerror=alert(1)>"))
    claim = Claim.objects.create(text="<b>Bold</b> claim")
    ClaimQuote.objects.create(claim=claim, quote=quote)
    listed = desk.get(address(Claim, "changelist")).content.decode()
    assert "<img src=x" not in listed
    assert "<b>Bold</b>" not in listed


# --- What readers see is not emptied, and who withdraws a claim ---------------------------------------


@pytest.mark.parametrize("change", [{"DELETE": "on"}, {"role": "repeats"}])
def test_a_published_claim_keeps_its_last_quote_that_makes_it(
    desk: Client, claim: Claim, change: dict[str, str]
) -> None:
    here = address(Claim, "change", claim)
    row = a_row("claim_quotes", 0, **change)
    told = errors(desk.post(here, filled(desk.get(here)) | row))
    assert "hold it first" in told["claim_quotes"][0]
    assert claim.claim_quotes.get().role == "makes"
    claim.hold(by=None)
    assert desk.post(here, filled(desk.get(here)) | row).status_code == 302
    assert not claim.claim_quotes.filter(role="makes").exists()


def test_a_published_claim_is_not_left_to_a_quote_that_readers_do_not_see(
    desk: Client, claim: Claim, make_quote: Make
) -> None:
    claim.claim_quotes.create(quote=make_quote("hidden", said_on="2026", published=False))
    here = address(Claim, "change", claim)
    data = filled(desk.get(here), claim_quotes__0__DELETE="on")
    assert "hold it first" in errors(desk.post(here, data))["claim_quotes"][0]
    claim.claim_quotes.first().quote.hold(by=None)  # then readers do not see the claim anyway
    assert desk.post(here, filled(desk.get(here), topics=[])).status_code == 302


def test_a_new_claim_is_withdrawn_only_by_who_makes_it_in_the_same_form(
    desk: Client, make_quote: Make, make_speaker: Make
) -> None:
    made = make_quote(said_on="2025")
    back = make_quote("I take it back.", said_on="2026", kind="direct")
    other = make_quote("No.", speaker=make_speaker("Another"), kind="direct")
    reported = make_quote("Took it back.", said_on="2026", kind="indirect")
    rows = {"claim_quotes-TOTAL_FORMS": "2"}
    for wrong, why in ((other, "Only somebody who makes"), (reported, "own words")):
        row = a_row("claim_quotes", 1, quote=wrong.pk, role="withdraws")
        answer = add(desk, made, kind="promise", **rows, **row)
        assert why in errors(answer)["claim_quotes-1-role"][0]
        assert not Claim.objects.exists()
    row = a_row("claim_quotes", 1, quote=back.pk, role="withdraws")
    assert add(desk, made, kind="promise", **rows, **row).status_code == 302
    assert Claim.objects.get().claim_quotes.filter(role="withdraws").exists()
