"""Whose words they are, at the desk: errors beside the field, two editors, and deletions that are refused in words."""

from collections.abc import Callable
from typing import Any

import pytest
from desk import address, errors, filled
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse

from tracker.models import (
    Article,
    Claim,
    Correction,
    Position,
    Publisher,
    Quote,
    Refused,
    Speaker,
)

Make = Callable[..., Any]
pytestmark = pytest.mark.django_db

WRONGLY = {"role": "attributes wrongly"}


@pytest.fixture
def second() -> Any:
    return get_user_model().objects.create_superuser("second")


def changed(desk: Client, quote: Quote, **fields: Any) -> Any:
    page = desk.get(address(Quote, "change", quote))
    return desk.post(address(Quote, "change", quote), filled(page, **fields))


def now(quote: Quote) -> Quote:
    return Quote.objects.get(pk=quote.pk)


def test_whoever_settles_it_at_the_desk_is_kept(
    desk: Client, make_quote: Make, editor: Any
) -> None:
    quote = make_quote(published=False)
    assert changed(desk, quote, attribution="disputed", attribution_reason="So.").status_code == 302
    assert (now(quote).attributed_by, now(quote).attributed_at is None) == (editor, False)
    settled = now(quote).attributed_at
    assert changed(desk, quote, context="So.").status_code == 302
    assert now(quote).attributed_at == settled
    assert changed(desk, quote, attribution_reason="Otherwise.").status_code == 302
    assert now(quote).attributed_at > settled


def test_the_desk_says_who_settled_it_and_when(desk: Client, make_quote: Make, editor: Any) -> None:
    quote = make_quote(published=False)
    fields = ("attributed_by", "attributed_at")
    shown = desk.get(address(Quote, "change", quote)).content.decode()
    assert not any(f"field-{name}" in shown for name in fields)
    quote.attribute("disputed", reason="So.", by=editor)
    shown = desk.get(address(Quote, "change", quote)).content.decode()
    assert all(f"field-{name}" in shown for name in fields)
    assert editor.get_username() in shown.partition("field-attributed_by")[2][:600]


def test_a_disputed_quote_is_published_by_another_editor_at_the_desk(
    desk: Client, make_quote: Make, second: Any
) -> None:
    quote = make_quote(published=False)
    how = {"attribution": "disputed", "attribution_reason": "So.", "_publish": "1"}
    page = desk.post(
        address(Quote, "change", quote),
        filled(desk.get(address(Quote, "change", quote)), **how),
        follow=True,
    )
    assert "another editor must publish it" in page.content.decode()
    assert (now(quote).attribution, now(quote).is_published) == ("disputed", False)
    desk.force_login(second)
    assert changed(desk, quote, _publish="1").status_code == 302
    assert now(quote).is_published


@pytest.mark.parametrize("attribution", ["disputed", "misattributed"])
def test_what_readers_see_is_held_first(desk: Client, make_quote: Make, attribution: str) -> None:
    quote = make_quote(context="Before.")
    answer = changed(
        desk, quote, attribution=attribution, attribution_reason="So.", context="After."
    )
    assert errors(answer)["attribution"] == ["Hold it first: another editor then publishes it."]
    assert "After." in answer.content.decode()
    assert (now(quote).attribution, now(quote).context) == ("unverified", "Before.")


def test_a_published_quote_is_confirmed_with_its_grounds(desk: Client, make_quote: Make) -> None:
    quote = make_quote()
    how = {"attribution": "confirmed", "attribution_reason": "So."}
    assert "Nothing on record" in errors(changed(desk, quote, **how))["attribution"][0]
    assert now(quote).attribution == "unverified"
    answer = changed(desk, quote, **how, citations__0__basis="recording")
    assert answer.status_code == 302
    assert now(quote).attribution == "confirmed"


@pytest.mark.parametrize(
    ("attribution", "change", "missing"),
    [
        ("confirmed", {"citations__0__basis": "unknown"}, "Nothing on record"),
        ("misattributed", {"citations__1__DELETE": "on"}, "Evidence on who said"),
        ("misattributed", {"citations__0__role": "reports"}, "Attributes them wrongly"),
    ],
)
def test_what_readers_are_told_does_not_lose_its_grounds(
    desk: Client, make_quote: Make, attribution: str, change: dict[str, str], missing: str
) -> None:
    quote = make_quote(attribution=attribution, attribution_reason="So.")
    before = list(quote.citations.values("basis", "role"))
    assert missing in errors(changed(desk, quote, **change))["attribution"][0]
    assert list(quote.citations.values("basis", "role")) == before
    assert changed(desk, quote, context="So.").status_code == 302
    quote.hold(by=None)
    assert changed(desk, quote, **change).status_code == 302


def test_the_true_quote_is_told_beside_its_field(desk: Client, make_quote: Make) -> None:
    quote, true = make_quote(published=False), make_quote("brioche")
    assert (
        "Only words that are not theirs"
        in errors(changed(desk, quote, true_quote=true.pk))["true_quote"][0]
    )
    how = {"attribution": "misattributed", "attribution_reason": "So.", "true_quote": true.pk}
    assert changed(desk, quote, **how).status_code == 302
    assert now(quote).true_quote == true


def test_a_date_that_a_link_contradicts_is_told_beside_it(desk: Client, make_quote: Make) -> None:
    earlier = make_quote(said_on="2025-05-26")
    later = make_quote(said_on="2026", speaker=earlier.speaker)
    later.links_back.create(earlier=earlier, kind="repeats", note="-")
    assert "Repeats" in errors(changed(desk, later, said_on="2024"))["said_on"][0]
    assert now(later).said_on == "2026"


# --- What corrections and evidence need -----------------------------------------------------------


@pytest.mark.parametrize(
    ("model", "needed_by"),
    [
        *((model, "a correction") for model in (Speaker, Position, Article, Quote)),
        (Article, "evidence"),
    ],
)
def test_what_a_correction_or_evidence_names_is_not_deleted(
    desk: Client, make_quote: Make, make_position: Make, model: Any, needed_by: str
) -> None:
    if model is Quote:
        record: Any = make_quote(published=False)
    elif model is Position:
        record = make_position()
    elif model is Speaker:
        record = Speaker.objects.create(name="Sam Altman")
    else:
        record = Article.objects.create(
            headline="A page", publisher=Publisher.objects.create(name="AI Matters")
        )
    if needed_by == "evidence":
        review = Claim.objects.create(text="So").reviews.create(
            summary="So.", reviewed_on="2025-01-01"
        )
        review.evidence.create(article=record)
    else:
        Correction.objects.note(record, kind="correction", text="It was wrong.", by=None)
    page = address(model, "delete", record)
    asked = desk.get(page)
    assert asked.status_code == 200
    answer = desk.post(page, {"post": "yes"}, follow=True)
    assert answer.status_code == 200
    assert model.objects.filter(pk=record.pk).exists()
    many = reverse(f"admin:tracker_{model._meta.model_name}_changelist")
    action = {"action": "delete_selected", "_selected_action": [record.pk], "post": "yes"}
    assert desk.post(many, action, follow=True).status_code == 200
    assert model.objects.filter(pk=record.pk).exists()
    told = asked.content.decode()
    assert "protected" in told or "need" in told


def published_by_two(make_quote: Make, second: Any, editor: Any, **fields: Any) -> Quote:
    """A disputed quote that one editor settled and another one published."""
    quote: Quote = make_quote(published=False, **fields)
    quote.attribute("disputed", reason="His office disputes it.", by=editor)
    quote.publish(by=second)
    return quote


HELD_FIRST = "Hold it first: another editor then publishes it."


def test_why_it_is_disputed_is_not_rewritten_by_one_editor(
    desk: Client, make_quote: Make, second: Any, editor: Any
) -> None:
    quote = published_by_two(make_quote, second, editor)
    answer = changed(desk, quote, attribution_reason="He made it up.")
    assert errors(answer)["attribution_reason"] == [HELD_FIRST]
    with pytest.raises(Refused, match="Hold it first"):
        now(quote).attribute("disputed", reason="He made it up.", by=editor)
    assert now(quote).attribution_reason == "His office disputes it."
    assert changed(desk, quote, prompt="What then?").status_code == 302
    assert now(quote).attributed_by == editor


def test_who_is_named_on_a_disputed_quote_is_not_changed_by_one_editor(
    desk: Client, make_quote: Make, make_speaker: Make, second: Any, editor: Any
) -> None:
    quote = published_by_two(make_quote, second, editor, said_on="2025")
    other = make_speaker("Another")
    why = {"correction_kind": "correction", "correction_text": "It was another."}
    for change in ({"speaker": other.pk}, {"said_on": "2024"}, {"citations__0__text": "Never"}):
        answer = changed(desk, quote, **change, **why)
        assert HELD_FIRST in errors(answer)["__all__"][0]
    assert (now(quote).speaker, now(quote).said_on) == (quote.speaker, "2025")
    assert not Correction.objects.exists()


def test_whoever_wrote_a_disputed_quote_last_does_not_publish_it(
    desk: Client, make_quote: Make, second: Any, editor: Any
) -> None:
    quote = published_by_two(make_quote, editor, second)
    now(quote).hold(by=editor)
    settled = now(quote).attributed_at
    why = {"correction_kind": "correction", "correction_text": "The words were wrong."}
    assert changed(desk, quote, citations__0__text="Never", **why).status_code == 302
    assert (now(quote).attributed_by, now(quote).attributed_at) == (editor, settled)
    with pytest.raises(Refused, match="another editor"):
        now(quote).publish(by=editor)
    now(quote).publish(by=second)
