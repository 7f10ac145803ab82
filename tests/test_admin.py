"""The editors' desk: everything can be entered and corrected, nothing fails but with an error beside the field."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from desk import a_row, address, assert_shown, errors, filled, said
from django.contrib.auth.models import Permission, User
from django.contrib.flatpages.models import FlatPage
from django.contrib.messages import get_messages
from django.db import IntegrityError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tracker.models import (
    Article,
    Capture,
    Citation,
    JointSpeaker,
    Occasion,
    Position,
    Publisher,
    Quote,
    SlugRedirect,
    Speaker,
    SpeakerAlias,
    Topic,
)

pytestmark = pytest.mark.django_db

HOSTILE = Path(__file__).resolve().parents[2] / "shared" / "data" / "hostile"


# --- What the tests stand on --------------------------------------------------------------------------


@pytest.fixture
def editor() -> User:
    return User.objects.create_superuser("anna", "anna@example.org", "a long pass phrase")


@pytest.fixture
def kwon() -> Speaker:
    return Speaker.objects.create(name="Jason Kwon")


@pytest.fixture
def article() -> Article:
    publisher = Publisher.objects.create(name="ZDNet Korea", domain="zdnet.co.kr")
    return Article.objects.create(
        url_as_typed="https://zdnet.co.kr/view/?no=1",
        headline="OpenAI in Seoul",
        publisher=publisher,
    )


@pytest.fixture
def quote(kwon: Speaker, article: Article, editor: User) -> Quote:
    return a_quote(kwon, article, "infrastructure is destiny", by=editor)


def a_quote(speaker: Speaker, article: Article, text: str, *, by: Any = None, **more: Any) -> Quote:
    quote = Quote.objects.create(speaker=speaker, **{"said_on": "2025-05-26", **more})
    Citation.objects.create(quote=quote, article=article, text=text, language="en")
    quote.lead_with_the_first(by=by)
    return quote


def new_quote(desk: Client, kwon: Speaker, article: Article, **changes: Any) -> Any:
    page = desk.get(address(Quote, "add"))
    words = a_row(
        "citations", 0, article=article.pk, text="infrastructure is destiny", language="en"
    )
    data = filled(page, speaker=kwon.pk, said_on="2025-05-26") | words
    return desk.post(address(Quote, "add"), data | changes)


# --- Entering and correcting --------------------------------------------------------------------------


def test_a_quote_is_entered_with_its_citation_which_leads(
    desk: Client, kwon: Speaker, article: Article, editor: User
) -> None:
    assert new_quote(desk, kwon, article).status_code == 302
    quote = Quote.objects.get()
    assert (quote.text, quote.status, str(quote.said_earliest)) == (
        "infrastructure is destiny",
        "draft",
        "2025-05-26",
    )
    assert quote.history.first().history_user == editor
    assert Citation.history.get().history_user == editor


def test_every_model_of_the_desk_has_a_list_and_a_form_for_adding(
    desk: Client, quote: Quote
) -> None:
    for model in (Quote, Speaker, Position, Publisher, Article, Occasion, Topic):
        assert desk.get(address(model, "changelist")).status_code == 200
        assert desk.get(address(model, "changelist"), {"q": "a b"}).status_code == 200
        assert desk.get(address(model, "add")).status_code == 200


def test_every_record_can_be_saved_unchanged_and_leaves_no_trace_of_it(
    desk: Client, quote: Quote, article: Article, kwon: Speaker
) -> None:
    openai = Speaker.objects.create(name="OpenAI", kind="organisation")
    SpeakerAlias.objects.create(speaker=kwon, name="제이슨 권", language="ko")
    position = Position.objects.create(person=kwon, organisation=openai, title="CSO", since="2024")
    occasion = Occasion.objects.create(name="Visit", place="Seoul", held_on="2025-05-26")
    topic = Topic.objects.create(name="Infrastructure", subject=openai)
    Capture.objects.create(
        article=article, method="typed", taken_at=timezone.now(), text="one\ntwo"
    )
    lead = quote.citations.get()
    lead.text = "two\nlines"
    lead.save()
    quote.topics.add(topic)
    for record in (quote, article, kwon, position, occasion, topic, article.publisher):
        rows = record.history.count()
        page = desk.get(address(type(record), "change", record))
        answer = desk.post(address(type(record), "change", record), filled(page))
        assert answer.status_code == 302, errors(answer)
        assert record.history.count() == rows
    assert Citation.history.filter(id=lead.pk).count() == 2
    assert Capture.history.count() == 1


def test_a_changed_citation_changes_its_quote_too(desk: Client, quote: Quote) -> None:
    before = quote.updated_at
    page = desk.get(address(Quote, "change", quote))
    desk.post(address(Quote, "change", quote), filled(page, citations__0__text="other words"))
    quote.refresh_from_db()
    assert quote.text == "other words"
    assert quote.updated_at > before


def test_the_lead_is_chosen_among_the_quotes_own_citations(
    desk: Client, quote: Quote, kwon: Speaker, article: Article
) -> None:
    other = a_quote(kwon, article, "something else")
    second = Citation.objects.create(
        quote=quote, article=article, text="인프라", language="ko", locator="2", locator_kind="page"
    )
    page = desk.get(address(Quote, "change", quote))
    offered = page.context["adminform"].form.fields["lead"].queryset
    assert set(offered) == {quote.lead, second}
    answer = desk.post(address(Quote, "change", quote), filled(page, lead=other.lead_id))
    assert "lead" in errors(answer)
    desk.post(address(Quote, "change", quote), filled(page, lead=second.pk))
    quote.refresh_from_db()
    assert quote.lead == second


def test_a_new_quote_asks_for_no_lead(desk: Client) -> None:
    page = desk.get(address(Quote, "add"))
    assert "lead" not in page.context["adminform"].form.fields
    assert "status" not in page.context["adminform"].form.fields


def test_an_article_keeps_text_that_an_editor_typed(desk: Client, article: Article) -> None:
    page = desk.get(address(Article, "change", article))
    row = a_row(
        "captures",
        0,
        method="typed",
        taken_at_0="2025-05-26",
        taken_at_1="10:00:00",
        text="one\r\ntwo",
    )
    answer = desk.post(
        address(Article, "change", article), filled(page, captures__TOTAL_FORMS="1") | row
    )
    assert answer.status_code == 302, errors(answer)
    capture = article.captures.get()
    assert capture.text == "one\ntwo"
    assert len(capture.text_sha256) == 64


def test_a_fetched_copy_can_neither_be_claimed_nor_changed_by_an_editor(
    desk: Client, article: Article
) -> None:
    kept = Capture.objects.create(
        article=article, method="fetched", taken_at=timezone.now(), text="as fetched"
    )
    page = desk.get(address(Article, "change", article))
    data = filled(page, captures__0__text="as wished") | {"captures-TOTAL_FORMS": "2"}
    claimed = a_row(
        "captures", 1, method="fetched", taken_at_0="2025-05-26", taken_at_1="10:00:00", text="x"
    )
    answer = desk.post(address(Article, "change", article), data | claimed)
    assert "captures-1-method" in errors(answer)
    desk.post(address(Article, "change", article), filled(page, captures__0__text="as wished"))
    kept.refresh_from_db()
    assert kept.text == "as fetched"


def test_notes_are_cleaned_on_the_way_in(desk: Client, article: Article) -> None:
    page = desk.get(address(Article, "change", article))
    data = filled(page, notes="<em>Seen</em><script>alert(1)</script>")
    assert desk.post(address(Article, "change", article), data).status_code == 302
    article.refresh_from_db()
    assert article.notes == "<em>Seen</em>"


def test_an_address_that_is_recorded_already_is_said_beside_the_field(
    desk: Client, article: Article
) -> None:
    page = desk.get(address(Article, "add"))
    data = filled(
        page, url_as_typed="HTTPS://zdnet.co.kr/view/?no=1&utm_source=x", headline="Again"
    )
    answer = desk.post(address(Article, "add"), data)
    assert "recorded already" in errors(answer)["url_as_typed"][0]
    assert "Again" in answer.content.decode()


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("said_on", "26 May 2025"),
        ("said_on", "2025-13"),
        ("spoken_language", "Klingonese!"),
        ("speaker_described_as", "a senior official"),
        ("attribution", "nonsense"),
        ("citations-0-text", ""),
        ("citations-0-text", "<b>infrastructure</b>"),
        ("citations-0-text", "a\x00b"),
        ("citations-0-text", "\u202eabc"),
        ("citations-0-language", "English"),
        ("citations-0-locator_kind", "page"),
    ],
)
def test_what_is_wrong_is_said_beside_the_field_and_the_input_is_kept(
    desk: Client, kwon: Speaker, article: Article, field: str, typed: str
) -> None:
    answer = new_quote(desk, kwon, article, **{field: typed, "prompt": "What then?"})
    found = errors(answer)
    assert field in found or any(name.endswith("__all__") for name in found)
    assert "What then?" in answer.content.decode()
    assert Quote.objects.count() == 0


def test_a_disputed_quote_needs_a_reason(desk: Client, quote: Quote) -> None:
    page = desk.get(address(Quote, "change", quote))
    answer = desk.post(address(Quote, "change", quote), filled(page, attribution="disputed"))
    assert "Give the reason" in errors(answer)["__all__"][0]


def test_a_published_quote_keeps_a_leading_citation(
    desk: Client, quote: Quote, editor: User
) -> None:
    quote.publish(by=editor)
    page = desk.get(address(Quote, "change", quote))
    answer = desk.post(address(Quote, "change", quote), filled(page, lead=""))
    assert "lead" in errors(answer)


def test_a_page_of_the_desk_refuses_what_runs(desk: Client) -> None:
    page = desk.get(reverse("admin:flatpages_flatpage_add"))
    data = filled(page, url="/about/x/", title="Method")
    for content in (
        "<script>x</script>",
        "<p onclick=x>a</p>",
        "<a href='javascript:x'>a</a>",
        "<!-- x -->",
    ):
        answer = desk.post(reverse("admin:flatpages_flatpage_add"), data | {"content": content})
        assert "content" in errors(answer)
    good = "<h2>Method</h2><p>We <em>look</em>.</p>"
    desk.post(reverse("admin:flatpages_flatpage_add"), data | {"content": good})
    assert FlatPage.objects.get(url="/about/x/").content == good


# --- Rows that do not belong --------------------------------------------------------------------------


def test_a_position_that_is_not_the_speakers_is_refused_beside_the_field(
    desk: Client, kwon: Speaker, article: Article
) -> None:
    openai = Speaker.objects.create(name="OpenAI", kind="organisation")
    altman = Speaker.objects.create(name="Sam Altman")
    theirs = Position.objects.create(person=altman, organisation=openai, title="CEO")
    answer = new_quote(desk, kwon, article, position=theirs.pk)
    assert "position" in errors(answer)


def test_a_row_of_another_quote_is_an_error(
    desk: Client, quote: Quote, kwon: Speaker, article: Article
) -> None:
    other = a_quote(kwon, article, "something else")
    page = desk.get(address(Quote, "change", quote))
    for wrong in (other.lead_id, 999_999, "x", "", 10**30):
        data = filled(page, citations__0__id=str(wrong), citations__0__text="stolen")
        answer = desk.post(address(Quote, "change", quote), data)
        assert {"citations-0-__all__", "citations"} & set(errors(answer))
    other.refresh_from_db()
    assert other.text == "something else"


def test_a_row_cannot_be_moved_to_another_quote(
    desk: Client, quote: Quote, kwon: Speaker, article: Article
) -> None:
    other = a_quote(kwon, article, "something else")
    page = desk.get(address(Quote, "change", quote))
    answer = desk.post(
        address(Quote, "change", quote), filled(page, citations__0__quote=str(other.pk))
    )
    assert "citations-0-__all__" in errors(answer)


@pytest.mark.parametrize(
    "field", ["speaker", "position", "occasion", "of_organisation", "topics", "lead"]
)
@pytest.mark.parametrize("wrong", ["999999", "x", "9" * 30, "-1"])
def test_a_relation_that_is_not_there_is_an_error(
    desk: Client, quote: Quote, field: str, wrong: str
) -> None:
    page = desk.get(address(Quote, "change", quote))
    answer = desk.post(address(Quote, "change", quote), filled(page, **{field: wrong}))
    assert field in errors(answer)


def test_two_rows_of_one_place_in_one_article_are_an_error(
    desk: Client, kwon: Speaker, article: Article, quote: Quote
) -> None:
    row = a_row("citations", 1, article=article.pk, text="other words", language="en")
    page = desk.get(address(Quote, "change", quote))
    row |= a_row("citations", 1, basis="unknown", role="reports")
    data = filled(page, citations__TOTAL_FORMS="2") | row
    assert errors(desk.post(address(Quote, "change", quote), data))
    answer = new_quote(desk, kwon, article, **({"citations-TOTAL_FORMS": "2"} | row))
    assert errors(answer)
    assert Quote.objects.count() == 1


def test_a_row_of_a_place_that_is_stored_already_is_an_error(desk: Client, quote: Quote) -> None:
    page = desk.get(address(Quote, "change", quote))
    data = filled(page) | {"citations-INITIAL_FORMS": "0", "citations-0-id": ""}
    answer = desk.post(address(Quote, "change", quote), data)
    assert "cited from this place already" in errors(answer)["citations-0-__all__"][0]
    assert quote.citations.count() == 1


def test_a_citation_is_deleted_and_entered_again_in_one_save(
    desk: Client, quote: Quote, article: Article
) -> None:
    second = Article.objects.create(headline="Another")
    old = Citation.objects.create(quote=quote, article=second, text="destinee", language="fr")
    page = desk.get(address(Quote, "change", quote))
    row = a_row("citations", 2, article=second.pk, text="destinée", language="fr")
    row |= a_row("citations", 2, basis="unknown", role="reports")
    data = filled(page, citations__1__DELETE="on", citations__TOTAL_FORMS="3") | row
    answer = desk.post(address(Quote, "change", quote), data)
    assert answer.status_code == 302, errors(answer)
    assert not Citation.objects.filter(pk=old.pk).exists()
    assert quote.citations.get(article=second).text == "destinée"


def test_what_the_database_refuses_twice_is_told_and_leads_back_to_the_form(
    desk: Client, quote: Quote, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*args: Any, **kwargs: Any) -> None:
        raise IntegrityError

    monkeypatch.setattr(Quote, "save", refused)
    page = desk.get(address(Quote, "change", quote))
    answer = desk.post(address(Quote, "change", quote), filled(page, prompt="What then?"))
    assert (answer.status_code, answer.url) == (302, address(Quote, "change", quote))
    assert said(answer)[-1].startswith("Nothing was saved")


def test_another_citation_comes_to_lead_and_the_old_one_goes_in_one_save(
    desk: Client, quote: Quote, editor: User
) -> None:
    second = Article.objects.create(headline="Another")
    other = Citation.objects.create(quote=quote, article=second, text="destinée", language="fr")
    quote.publish(by=editor)
    page = desk.get(address(Quote, "change", quote))
    assert page.context["adminform"].form.fields["lead"].empty_label is None
    data = filled(page, lead=other.pk, citations__0__DELETE="on", correction_kind="typo")
    answer = desk.post(address(Quote, "change", quote), data)
    assert answer.status_code == 302, errors(answer)
    quote.refresh_from_db()
    assert (quote.lead, list(quote.citations.all())) == (other, [other])


@pytest.mark.parametrize(
    ("typed", "stored"),
    [("outlet", "the outlet"), ("Machine", "machine"), ("Unknown", "not named"), ("Kim", "Kim")],
)
def test_who_translated_is_stored_in_one_word_however_it_is_typed(
    desk: Client, quote: Quote, typed: str, stored: str
) -> None:
    page = desk.get(address(Quote, "change", quote))
    assert 'list="known-translators"' in page.content.decode()
    data = filled(page, citations__0__translated_by=typed)
    assert desk.post(address(Quote, "change", quote), data).status_code == 302
    assert quote.citations.get().translated_by == stored


def test_the_leading_citation_is_not_deleted(desk: Client, quote: Quote) -> None:
    page = desk.get(address(Quote, "change", quote))
    answer = desk.post(address(Quote, "change", quote), filled(page, citations__0__DELETE="on"))
    assert "leading citation" in errors(answer)["citations"][0]
    assert quote.citations.count() == 1


def test_another_citation_is_deleted(desk: Client, quote: Quote, article: Article) -> None:
    Citation.objects.create(
        quote=quote, article=article, text="x", language="en", locator="2", locator_kind="page"
    )
    page = desk.get(address(Quote, "change", quote))
    answer = desk.post(address(Quote, "change", quote), filled(page, citations__1__DELETE="on"))
    assert answer.status_code == 302
    assert quote.citations.count() == 1


def test_a_joint_speaker_is_not_the_speaker(
    desk: Client, quote: Quote, kwon: Speaker, article: Article
) -> None:
    row = a_row("joint_speakers", 0, speaker=kwon.pk, order="1") | {
        "joint_speakers-TOTAL_FORMS": "1"
    }
    page = desk.get(address(Quote, "change", quote))
    answer = desk.post(address(Quote, "change", quote), filled(page) | row)
    assert "joint_speakers-0-speaker" in errors(answer)
    assert "joint_speakers-0-speaker" in errors(new_quote(desk, kwon, article, **row))


def test_a_joint_speaker_is_entered(desk: Client, kwon: Speaker, article: Article) -> None:
    other = Speaker.objects.create(name="Sam Altman")
    row = a_row("joint_speakers", 0, speaker=other.pk, order="1") | {
        "joint_speakers-TOTAL_FORMS": "1"
    }
    assert new_quote(desk, kwon, article, **row).status_code == 302
    assert JointSpeaker.objects.get().speaker == other


@pytest.mark.parametrize("number", ["9" * 20, "9" * 400, "0", "-1", "x"])
def test_a_number_that_no_record_can_have_leads_nowhere(
    desk: Client, quote: Quote, number: str
) -> None:
    listed = address(Quote, "changelist")
    assert desk.get(f"{listed}{number}/history/").status_code == 404
    for name in ("said_earliest__year", "created_at__year", "occasion", "position__id__exact"):
        response = desk.get(listed, {name: number}, follow=True)
        assert response.status_code == 200
        assert not response.redirect_chain or response.redirect_chain[-1][0] == f"{listed}?e=1"


@pytest.mark.parametrize(
    "management",
    [
        {"citations-TOTAL_FORMS": "x"},
        {"citations-TOTAL_FORMS": ""},
    ],
)
def test_a_tampered_number_of_rows_is_an_error(
    desk: Client, quote: Quote, management: dict[str, str]
) -> None:
    page = desk.get(address(Quote, "change", quote))
    assert errors(desk.post(address(Quote, "change", quote), filled(page) | management))


def test_the_number_of_rows_has_a_limit(desk: Client, quote: Quote) -> None:
    page = desk.get(address(Speaker, "add"))
    claimed = {"name": "x", "aliases-TOTAL_FORMS": "99999999"}
    answer = desk.post(address(Speaker, "add"), filled(page) | claimed)
    assert "150" in errors(answer)["aliases"][0]


def test_a_row_that_is_said_to_be_there_and_is_not_is_an_error(desk: Client, quote: Quote) -> None:
    page = desk.get(address(Quote, "change", quote))
    claimed = {"citations-TOTAL_FORMS": "2", "citations-INITIAL_FORMS": "2"}
    answer = desk.post(address(Quote, "change", quote), filled(page) | claimed)
    assert_shown(answer, "it was moved or deleted")


def test_a_person_with_positions_does_not_become_an_organisation(
    desk: Client, kwon: Speaker
) -> None:
    openai = Speaker.objects.create(name="OpenAI", kind="organisation")
    Position.objects.create(person=kwon, organisation=openai, title="CSO")
    page = desk.get(address(Speaker, "change", kwon))
    answer = desk.post(address(Speaker, "change", kwon), filled(page, kind="organisation"))
    assert "kind" in errors(answer)
    page = desk.get(address(Speaker, "add"))
    row = a_row("positions", 0, title="CEO", organisation=openai.pk, kind="office")
    data = filled(page, name="A Fund", kind="organisation", positions__TOTAL_FORMS="1") | row
    assert "positions-0-__all__" in errors(desk.post(address(Speaker, "add"), data))


def test_a_position_in_use_is_not_deleted(desk: Client, quote: Quote, kwon: Speaker) -> None:
    openai = Speaker.objects.create(name="OpenAI", kind="organisation")
    quote.position = Position.objects.create(person=kwon, organisation=openai, title="CSO")
    quote.save()
    page = desk.get(address(Speaker, "change", kwon))
    answer = desk.post(address(Speaker, "change", kwon), filled(page, positions__0__DELETE="on"))
    assert errors(answer)["positions"] == [
        "“Jason Kwon: CSO, OpenAI” cannot be deleted: other records need it (1), such as "
        "“Jason Kwon: infrastructure is destiny”."
    ]


# --- Two editors --------------------------------------------------------------------------------------


def test_what_somebody_else_saved_meanwhile_is_not_overwritten_unseen(
    desk: Client, quote: Quote, editor: User
) -> None:
    page = desk.get(address(Quote, "change", quote))
    berta = Client()
    berta.force_login(User.objects.create_superuser("berta"))
    theirs = filled(berta.get(address(Quote, "change", quote)), citations__0__text="theirs")
    assert berta.post(address(Quote, "change", quote), theirs).status_code == 302
    answer = desk.post(address(Quote, "change", quote), filled(page, prompt="mine"))
    told = errors(answer)["__all__"][0]
    assert "changed by berta" in told
    assert "Changed meanwhile: citation: Words." in told
    assert f'href="{address(Quote, "history", quote)}"' in told
    assert "mine" in answer.content.decode()
    quote.refresh_from_db()
    assert (quote.text, quote.prompt) == ("theirs", "")
    assert desk.post(address(Quote, "change", quote), filled(answer)).status_code == 302
    quote.refresh_from_db()
    assert quote.prompt == "mine"


def test_articles_and_speakers_are_guarded_too(
    desk: Client, article: Article, kwon: Speaker
) -> None:
    for record, field in ((article, "byline"), (kwon, "description")):
        first = desk.get(address(type(record), "change", record))
        second = desk.get(address(type(record), "change", record))
        desk.post(address(type(record), "change", record), filled(first, **{field: "one"}))
        answer = desk.post(
            address(type(record), "change", record), filled(second, **{field: "two"})
        )
        assert "__all__" in errors(answer)
        record.refresh_from_db()
        assert getattr(record, field) == "one"


# --- Renaming -----------------------------------------------------------------------------------------


def test_a_new_name_gives_a_new_address_and_the_old_one_leads_there(
    desk: Client, kwon: Speaker, article: Article
) -> None:
    topic = Topic.objects.create(name="Infrastructure")
    occasion = Occasion.objects.create(place="Seoul")
    records = [(kwon, "name"), (article.publisher, "name"), (topic, "name"), (occasion, "place")]
    for record, field in records:
        old, model = record.slug, type(record)
        page = desk.get(address(model, "change", record))
        answer = desk.post(address(model, "change", record), filled(page, **{field: "Another"}))
        assert answer.status_code == 302, errors(answer)
        record.refresh_from_db()
        assert record.slug == "another"
        assert model.objects.at_slug(old) == record
    kwon.refresh_from_db()
    assert kwon.sort_name == "Another"


def test_saving_without_a_new_name_keeps_the_address(desk: Client, kwon: Speaker) -> None:
    page = desk.get(address(Speaker, "change", kwon))
    desk.post(address(Speaker, "change", kwon), filled(page, description="of OpenAI"))
    kwon.refresh_from_db()
    assert (kwon.slug, kwon.description) == ("jason-kwon", "of OpenAI")
    assert SlugRedirect.objects.count() == 0


# --- Publishing ---------------------------------------------------------------------------------------


def act(desk: Client, action: str, *quotes: Quote, **more: Any) -> Any:
    data = {"action": action, "_selected_action": [quote.pk for quote in quotes], **more}
    return desk.post(address(Quote, "changelist"), data)


def test_the_action_publishes_what_it_can_and_says_why_not_for_the_rest(
    desk: Client, quote: Quote, kwon: Speaker, editor: User
) -> None:
    bare = Quote.objects.create(speaker=kwon)
    told = said(act(desk, "publish", quote, bare))
    assert told[0] == "1 quote: published."
    assert "It has no citation" in told[1]
    quote.refresh_from_db()
    assert quote.is_published
    assert quote.history.first().history_user == editor


def test_the_actions_submit_and_hold(desk: Client, quote: Quote, editor: User) -> None:
    act(desk, "submit", quote)
    quote.refresh_from_db()
    assert quote.status == "in review"
    quote.publish(by=editor)
    act(desk, "hold", quote)
    quote.refresh_from_db()
    assert quote.status == "held"


def test_withdrawing_asks_for_category_and_reason_first(
    desk: Client, quote: Quote, editor: User
) -> None:
    quote.publish(by=editor)
    page = act(desk, "withdraw", quote)
    assert b"infrastructure is destiny" in page.content
    assert b'name="category"' in page.content
    again = act(desk, "withdraw", quote, _withdraw="1", category="privacy", reason="")
    assert "reason" in again.context["form"].errors
    act(desk, "withdraw", quote, _withdraw="1", category="privacy", reason="They asked for it.")
    quote.refresh_from_db()
    assert (quote.is_withdrawn, quote.withdrawal_category) == (True, "privacy")


def test_one_quote_is_withdrawn_from_its_own_page(desk: Client, quote: Quote, editor: User) -> None:
    withdraw = address(Quote, "withdraw", quote)
    reason = {"category": "our error", "reason": "Said by another."}
    refused = desk.post(withdraw, reason)
    assert "never published" in refused.content.decode()
    quote.publish(by=editor)
    assert withdraw in desk.get(address(Quote, "change", quote)).content.decode()
    assert desk.post(withdraw, reason).status_code == 302
    quote.refresh_from_db()
    assert quote.is_withdrawn


def test_a_quote_is_saved_and_published_at_once(
    desk: Client, kwon: Speaker, article: Article
) -> None:
    new_quote(desk, kwon, article, _publish="Save and publish")
    assert Quote.objects.get().is_published


def test_a_refused_publication_saves_the_quote_and_says_why(
    desk: Client, kwon: Speaker, article: Article
) -> None:
    answer = new_quote(desk, kwon, article, **{"_publish": "1", "citations-TOTAL_FORMS": "0"})
    quote = Quote.objects.get()
    assert answer.url == address(Quote, "change", quote)
    assert "It has no citation" in said(answer)[-1]


def test_only_a_published_quote_is_viewed_on_the_site(
    desk: Client, quote: Quote, editor: User
) -> None:
    link = "viewsitelink"
    assert link not in desk.get(address(Quote, "change", quote)).content.decode()
    quote.publish(by=editor)
    page = desk.get(address(Quote, "change", quote)).content.decode()
    assert link in page
    assert quote.get_absolute_url() in page


# --- Deleting -----------------------------------------------------------------------------------------


def test_a_draft_is_deleted_and_its_history_stays(desk: Client, quote: Quote) -> None:
    pk = quote.pk
    assert desk.get(address(Quote, "delete", quote)).status_code == 200
    desk.post(address(Quote, "delete", quote), {"post": "yes"})
    assert not Quote.objects.exists()
    page = desk.get(reverse("admin:tracker_quote_history", args=[pk]))
    assert b"deleted" in page.content


def test_a_published_quote_is_not_deleted(desk: Client, quote: Quote, editor: User) -> None:
    quote.publish(by=editor)
    answer = desk.post(address(Quote, "delete", quote), {"post": "yes"})
    assert "Withdraw it" in said(answer)[0]
    answer = act(desk, "delete_selected", quote, post="yes")
    assert "never deleted" in said(answer)[-1]
    assert Quote.objects.exists()


def test_drafts_are_deleted_together(desk: Client, quote: Quote) -> None:
    assert b"Are you sure" in act(desk, "delete_selected", quote).content
    act(desk, "delete_selected", quote, post="yes")
    assert not Quote.objects.exists()


def test_a_speaker_with_quotes_is_not_deleted_and_the_page_says_why(
    desk: Client, quote: Quote, kwon: Speaker
) -> None:
    page = desk.get(address(Speaker, "delete", kwon)).content.decode()
    assert "cannot be deleted, because other records need it" in page
    assert "infrastructure is destiny" in page
    desk.post(address(Speaker, "delete", kwon), {"post": "yes"})
    data = {"action": "delete_selected", "_selected_action": [kwon.pk], "post": "yes"}
    answer = desk.post(address(Speaker, "changelist"), data)
    assert "cannot be deleted, because other records need them" in answer.content.decode()
    assert Speaker.objects.filter(pk=kwon.pk).exists()


def test_a_topic_of_quotes_is_not_deleted_and_the_page_says_why(desk: Client, quote: Quote) -> None:
    topic = Topic.objects.create(name="Infrastructure")
    quote.topics.add(topic)
    page = desk.get(address(Topic, "delete", topic)).content.decode()
    assert "cannot be deleted, because other records need it" in page
    assert address(Quote, "change", quote) in page
    desk.post(address(Topic, "delete", topic), {"post": "yes"})
    data = {"action": "delete_selected", "_selected_action": [topic.pk], "post": "yes"}
    desk.post(address(Topic, "changelist"), data)
    assert list(quote.topics.all()) == [topic]
    quote.topics.clear()
    desk.post(address(Topic, "delete", topic), {"post": "yes"})
    assert not Topic.objects.exists()


# --- What is told and not refused ---------------------------------------------------------------------


def doubts(answer: Any) -> list[str]:
    assert answer.status_code == 302, errors(answer)
    return [str(m) for m in get_messages(answer.wsgi_request) if m.level_tag == "warning"]


def test_a_quote_in_which_all_is_well_is_told_nothing(
    desk: Client, kwon: Speaker, article: Article
) -> None:
    openai = Speaker.objects.create(name="OpenAI", kind="organisation")
    held = Position.objects.create(person=kwon, organisation=openai, title="CSO", since="2024/..")
    article.published_on = "2025-05"
    article.save()
    assert doubts(new_quote(desk, kwon, article, position=held.pk)) == []


def test_a_position_not_held_then_is_told(desk: Client, kwon: Speaker, article: Article) -> None:
    openai = Speaker.objects.create(name="OpenAI", kind="organisation")
    held = Position.objects.create(
        person=kwon, organisation=openai, title="General Counsel", since="2021", until="2023"
    )
    (told,) = doubts(new_quote(desk, kwon, article, position=held.pk))
    assert "General Counsel, OpenAI (2021 – 2023)" in told
    assert "this was said 26 May 2025" in told


def test_words_printed_before_they_were_said_are_told(
    desk: Client, kwon: Speaker, article: Article
) -> None:
    article.published_on = "2025-05-25"
    article.save()
    (told,) = doubts(new_quote(desk, kwon, article))
    assert "leading article was published 25 May 2025" in told


def test_a_quote_saved_without_words_is_told(desk: Client, kwon: Speaker) -> None:
    page = desk.get(address(Quote, "add"))
    answer = desk.post(address(Quote, "add"), filled(page, speaker=kwon.pk))
    assert doubts(answer) == ["Saved without words or source."]


def test_the_same_words_of_the_same_speaker_are_told_with_a_link(
    desk: Client, quote: Quote, kwon: Speaker, article: Article
) -> None:
    (told,) = doubts(
        new_quote(desk, kwon, article, **{"citations-0-text": "Infrastructure is destiny."})
    )
    assert f'href="{address(Quote, "change", quote)}"' in told


def test_a_second_speaker_of_a_name_is_told_with_a_link(desk: Client, kwon: Speaker) -> None:
    page = desk.get(address(Speaker, "add"))
    (told,) = doubts(desk.post(address(Speaker, "add"), filled(page, name="JASON  kwon")))
    assert f'href="{address(Speaker, "change", kwon)}"' in told


def test_a_publisher_of_a_name_that_is_there_is_an_error(desk: Client, article: Article) -> None:
    page = desk.get(address(Publisher, "add"))
    answer = desk.post(address(Publisher, "add"), filled(page, name="zdnet KOREA"))
    assert "name" in errors(answer)


def test_two_aliases_that_differ_in_case_alone_are_an_error(desk: Client) -> None:
    page = desk.get(address(Speaker, "add"))
    rows = a_row("aliases", 0, name="Same") | a_row("aliases", 1, name="same")
    data = filled(page, name="Sam", aliases__TOTAL_FORMS="2") | rows
    assert "aliases-1-__all__" in errors(desk.post(address(Speaker, "add"), data))
    assert not Speaker.objects.exists()


@pytest.mark.parametrize(("method", "needed"), [("typed", "text"), ("web archive", "archive_url")])
def test_a_copy_holds_what_it_is_said_to_be(
    desk: Client, article: Article, method: str, needed: str
) -> None:
    page = desk.get(address(Article, "change", article))
    row = a_row("captures", 0, method=method, taken_at_0="2025-05-26", taken_at_1="10:00:00")
    data = filled(page, captures__TOTAL_FORMS="1") | row
    answer = desk.post(address(Article, "change", article), data)
    assert f"captures-0-{needed}" in errors(answer)


def test_no_copy_is_offered_that_cannot_be_brought(desk: Client, article: Article) -> None:
    page = desk.get(address(Article, "change", article))
    (captures,) = page.context["inline_admin_formsets"]
    offered = captures.formset.empty_form.fields["method"].choices
    assert [value for value, _label in offered] == ["", "web archive", "typed"]


# --- History ------------------------------------------------------------------------------------------


def test_one_page_tells_the_history_of_a_quote_and_its_parts(
    desk: Client, quote: Quote, kwon: Speaker, article: Article
) -> None:
    altman = Speaker.objects.create(name="Sam Altman")
    topic = Topic.objects.create(name="Infrastructure")
    page = desk.get(address(Quote, "change", quote))
    row = a_row("joint_speakers", 0, speaker=altman.pk, order="1")
    data = filled(page, citations__0__text="other words", topics=[topic.pk], said_on="2025-05")
    answer = desk.post(
        address(Quote, "change", quote), data | row | {"joint_speakers-TOTAL_FORMS": "1"}
    )
    assert answer.status_code == 302
    told = desk.get(address(Quote, "history", quote)).context["page"].object_list
    changes = {
        (e.what, e.part.partition(":")[0], c.field): (c.old, c.new) for e in told for c in e.changes
    }
    assert changes["changed", "citation", "Words"] == ("infrastructure is destiny", "other words")
    assert changes["changed", "", "Said on"] == ("2025-05-26", "2025-05")
    assert changes["changed", "", "Topics"] == ("", "Infrastructure")
    assert changes["added", "joint speaker", "Speaker"] == ("", "Sam Altman")
    assert {entry.who for entry in told if entry.what == "changed"} == {"anna"}


def test_publishing_many_is_told_as_nothing_but_that(desk: Client, quote: Quote) -> None:
    quote.topics.add(Topic.objects.create(name="Infrastructure"))
    act(desk, "publish", quote)
    newest = desk.get(address(Quote, "history", quote)).context["page"].object_list[0]
    assert [(change.field, change.old, change.new) for change in newest.changes] == [
        ("Status", "Draft", "Published")
    ]


def test_a_citation_that_was_moved_away_stays_in_the_history(
    desk: Client, quote: Quote, kwon: Speaker, article: Article, editor: User
) -> None:
    second = Article.objects.create(headline="Another")
    other = a_quote(kwon, second, "destiny", by=editor)
    quote.absorb(other, by=editor)
    for told in (quote, other):
        page = desk.get(address(Quote, "history", told))
        assert any("citation: destiny" in entry.part for entry in page.context["page"])


def test_an_older_entry_keeps_the_words_of_then(desk: Client, quote: Quote) -> None:
    page = desk.get(address(Quote, "change", quote))
    desk.post(address(Quote, "change", quote), filled(page, citations__0__text="other words"))
    told = desk.get(address(Quote, "history", quote)).context["page"].object_list
    leads = [c.new for entry in told for c in entry.changes if c.field == "Leading citation"]
    assert len(leads) == 1
    assert leads[0].startswith("infrastructure is destiny — ")


def test_a_deleted_citation_is_told_with_what_it_said(
    desk: Client, quote: Quote, article: Article
) -> None:
    gone = Citation.objects.create(
        quote=quote, article=article, text="second words", language="en", locator="2"
    )
    gone.delete()
    newest = desk.get(address(Quote, "history", quote)).context["page"].object_list[0]
    assert newest.what == "deleted"
    assert ("Words", "second words", "") in [(c.field, c.old, c.new) for c in newest.changes]
    assert "Quote" not in [c.field for c in newest.changes]


def test_a_version_is_read_as_it_was_and_cannot_be_written(desk: Client, quote: Quote) -> None:
    version = quote.history.last().history_id
    url = reverse("admin:tracker_quote_simple_history", args=[quote.pk, version])
    assert b"Jason Kwon" in desk.get(url).content
    assert desk.post(url, {}).status_code == 405
    for wrong in ("0", "x", "99999999999999999999"):
        url = reverse("admin:tracker_quote_simple_history", args=[quote.pk, wrong])
        assert desk.get(url).status_code == 404


def test_the_history_page_asks_the_same_number_of_questions_for_every_length(
    desk: Client, quote: Quote, article: Article
) -> None:
    def asked() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            desk.get(address(Quote, "history", quote))
        return len(queries)

    asked()
    few = asked()
    for n in range(20):
        quote.prompt = f"{n}"
        quote.save()
        Citation.objects.create(
            quote=quote,
            article=article,
            text="x",
            language="en",
            locator=str(n),
            locator_kind="page",
        )
    assert asked() == few


# --- Lists --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("model", [Quote, Speaker, Position, Publisher, Article, Occasion, Topic])
def test_a_list_asks_the_same_number_of_questions_for_every_length(
    desk: Client, editor: User, model: Any
) -> None:
    def make(n: int) -> None:
        person = Speaker.objects.create(name=f"Person {n}")
        house = Speaker.objects.create(name=f"House {n}", kind="organisation")
        post = Position.objects.create(person=person, organisation=house, title="Head")
        publisher = Publisher.objects.create(name=f"Paper {n}")
        article = Article.objects.create(headline=f"News {n}", publisher=publisher)
        occasion = Occasion.objects.create(name=f"Speech {n}")
        topic = Topic.objects.create(name=f"Topic {n}", subject=house)
        quote = a_quote(person, article, f"words {n}", by=editor, position=post, occasion=occasion)
        quote.topics.add(topic)

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert desk.get(address(model, "changelist")).status_code == 200
        return len(queries)

    for n in range(3):
        make(n)
    asked()
    few = asked()
    for n in range(3, 30):
        make(n)
    assert asked() == few <= 10


def test_the_list_of_quotes_is_sorted_by_what_was_changed_last(
    desk: Client, quote: Quote, kwon: Speaker, article: Article
) -> None:
    later = a_quote(kwon, Article.objects.create(headline="Another"), "destiny")
    quote.save()
    columns = desk.get(address(Quote, "changelist")).context["cl"].list_display
    asked = {"o": f"-{columns.index('changed')}"}
    shown = list(desk.get(address(Quote, "changelist"), asked).context["cl"].result_list)
    assert shown == [quote, later]


def test_the_list_of_articles_says_what_it_searches_and_filters_by(
    desk: Client, article: Article
) -> None:
    page = desk.get(address(Article, "changelist")).content.decode()
    assert "By relation" in page
    assert "Words of the headline, an address" in page


def test_every_form_has_the_script_that_sends_it_once(desk: Client) -> None:
    for model in (Quote, Speaker, Position, Publisher, Article, Occasion, Topic):
        assert b"admin-desk.js" in desk.get(address(model, "add")).content


def test_the_form_of_a_quote_asks_the_same_number_of_questions_for_every_length(
    desk: Client, quote: Quote
) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert desk.get(address(Quote, "change", quote)).status_code == 200
        return len(queries)

    def cite(n: int) -> None:
        paper = Publisher.objects.create(name=f"Paper {n}")
        article = Article.objects.create(headline=f"News {n}", publisher=paper)
        Citation.objects.create(quote=quote, article=article, text="x", language="en")

    for n in range(2):
        cite(n)
    asked()
    few = asked()
    for n in range(2, 12):
        cite(n)
    assert asked() - few <= 10  # the one article that each row's field shows as chosen


def test_the_list_of_quotes_is_narrowed(
    desk: Client, quote: Quote, kwon: Speaker, article: Article
) -> None:
    altman = Speaker.objects.create(name="Sam Altman")
    paper = Article.objects.create(
        headline="x", publisher=Publisher.objects.create(name="AI Matters")
    )
    other = a_quote(altman, paper, "other words", kind="indirect")
    bare = Quote.objects.create(speaker=altman)

    def shown(**asked: Any) -> set[Quote]:
        return set(desk.get(address(Quote, "changelist"), asked).context["cl"].result_list)

    assert shown() == {quote, other, bare}
    assert shown(speaker=kwon.pk) == {quote}
    assert shown(publisher=paper.publisher_id) == {other}
    assert shown(citations="none") == {bare}
    assert shown(kind__exact="indirect") == {other}
    assert shown(speaker=altman.pk, citations="none") == {bare}
    assert shown(q="destiny") == {quote}
    assert shown(speaker="nobody") == set()
    assert shown(speaker="9" * 30) == set()


def test_the_filters_render_no_list_of_speakers(desk: Client, quote: Quote) -> None:
    Speaker.objects.bulk_create(
        Speaker(name=f"P {n}", sort_name="", slug=f"p-{n}") for n in range(300)
    )
    page = desk.get(address(Quote, "changelist")).content.decode()
    assert page.count("<option") < 20


@pytest.mark.parametrize("said_on", ["0001", "9999-12-31", "../1948", "1948/..", "1948~", ""])
def test_the_list_by_date_survives_every_year(
    desk: Client, kwon: Speaker, article: Article, said_on: str
) -> None:
    a_quote(kwon, article, "then")
    found = a_quote(kwon, article, "words", said_on=said_on)
    page = desk.get(address(Quote, "changelist"))
    links = re.findall(r'href="(\?said_earliest[^"]*)"', page.content.decode())
    seen = set()
    for link in links:
        answer = desk.get(address(Quote, "changelist") + link.replace("&amp;", "&"))
        assert answer.status_code == 200
        seen |= set(answer.context["cl"].result_list)
    assert said_on == "" or found in seen


@pytest.mark.parametrize(
    "asked",
    [
        "9999",
        "9999&said_earliest__month=12",
        "9999&said_earliest__month=12&said_earliest__day=31",
        "0001",
        "0",
        "x",
        "10000",
    ],
)
def test_any_date_may_be_asked_for(
    desk: Client, kwon: Speaker, article: Article, asked: str
) -> None:
    last = a_quote(kwon, article, "words", said_on="9999-12-31")
    url = f"{address(Quote, 'changelist')}?said_earliest__year={asked}"
    answer = desk.get(url, follow=True)
    assert answer.status_code == 200
    if asked.startswith("9999"):
        assert list(answer.context["cl"].result_list) == [last]


# --- Choosing -----------------------------------------------------------------------------------------


def offered(desk: Client, model: Any, field: str, term: str = "", **more: Any) -> list[str]:
    asked = {"app_label": "tracker", "model_name": model._meta.model_name, "field_name": field}
    answer = desk.get(reverse("admin:autocomplete"), {**asked, "term": term, **more})
    return [result["text"] for result in answer.json()["results"]]


def test_every_relation_is_chosen_by_typing(desk: Client, quote: Quote) -> None:
    for url in (
        address(Quote, "add"),
        address(Article, "add"),
        address(Position, "add"),
        address(Topic, "add"),
        address(Speaker, "add"),
    ):
        page = desk.get(url)
        forms = [page.context["adminform"].form]
        forms += [inline.formset.empty_form for inline in page.context["inline_admin_formsets"]]
        relations = [
            field
            for form in forms
            for name, field in form.fields.items()
            if hasattr(field, "queryset") and not field.widget.is_hidden
        ]
        for field in relations:
            assert "admin-autocomplete" in field.widget.widget.build_attrs({})["class"]


def test_a_speaker_is_found_by_an_alias_and_told_from_a_namesake(
    desk: Client, kwon: Speaker
) -> None:
    SpeakerAlias.objects.create(speaker=kwon, name="제이슨 권")
    Speaker.objects.create(name="Jason Kwon", description="violinist")
    assert offered(desk, Quote, "speaker", "제이슨") == ["Jason Kwon"]
    assert offered(desk, Quote, "speaker", "kwon") == ["Jason Kwon", "Jason Kwon — violinist"]
    assert offered(desk, Quote, "speaker", "a\x00b") == []


def test_beside_a_speaker_only_their_positions_are_offered(desk: Client, kwon: Speaker) -> None:
    openai = Speaker.objects.create(name="OpenAI", kind="organisation")
    altman = Speaker.objects.create(name="Sam Altman")
    for person in (kwon, altman):
        Position.objects.create(person=person, organisation=openai, title="Officer", since="2024")
    assert offered(desk, Quote, "position", "officer", person=kwon.pk) == [
        "Jason Kwon: Officer, OpenAI (from 2024, end not recorded)"
    ]
    assert len(offered(desk, Quote, "position", "officer")) == 2
    for nobody in ("x", "-1", "٣", "9" * 23):
        assert offered(desk, Quote, "position", "", person=nobody) == []


def test_only_organisations_are_offered_as_one(desk: Client, kwon: Speaker) -> None:
    Speaker.objects.create(name="OpenAI", kind="organisation")
    assert offered(desk, Position, "organisation") == ["OpenAI"]
    assert offered(desk, Position, "person") == ["Jason Kwon"]


def test_an_article_is_found_by_its_address_however_it_is_spelt(
    desk: Client, article: Article
) -> None:
    found = offered(
        desk, Citation, "article", "HTTPS://zdnet.co.kr:443/view/?no=1&utm_source=x#top"
    )
    assert found == [str(article)]
    assert offered(desk, Citation, "article", "https://[") == []
    article.published_on = "2025-05"
    article.save()
    assert offered(desk, Citation, "article", "seoul") == [
        "OpenAI in Seoul · ZDNet Korea · May 2025"
    ]


# --- One after another --------------------------------------------------------------------------------


def test_another_quote_keeps_what_it_shares_with_the_one_before(
    desk: Client, kwon: Speaker, article: Article
) -> None:
    occasion = Occasion.objects.create(name="Seoul launch")
    answer = new_quote(
        desk, kwon, article, occasion=occasion.pk, _addanother="1", said_on_as_given="last Monday"
    )
    page = desk.get(answer.url)
    data = filled(page)
    kept = (
        "speaker",
        "occasion",
        "said_on",
        "said_on_as_given",
        "citations-0-article",
        "citations-0-language",
    )
    assert [data[name] for name in kept] == [
        *(str(kwon.pk), str(occasion.pk), "2025-05-26", "last Monday", str(article.pk), "en"),
    ]
    assert "citations-0-text" not in data or not data["citations-0-text"]
    second = desk.post(answer.url, data | {"citations-0-text": "second words"})
    assert second.status_code == 302, errors(second)
    assert Quote.objects.filter(occasion=occasion).count() == 2
    assert Citation.objects.filter(article=article).count() == 2


def test_kept_fields_left_alone_are_a_citation_that_lacks_its_words(
    desk: Client, kwon: Speaker, article: Article
) -> None:
    answer = new_quote(desk, kwon, article, _addanother="1")
    page = desk.get(answer.url)
    answer = desk.post(answer.url, filled(page))
    assert errors(answer)["citations-0-text"] == ["Give the words."]
    assert Quote.objects.count() == 1


def test_a_broken_address_of_the_add_form_is_no_failure(desk: Client) -> None:
    for asked in (
        "speaker=x",
        "speaker=99999999999999999999",
        "topics=x,y",
        "citation_article=x",
        "said_on=%00",
    ):
        assert desk.get(f"{address(Quote, 'add')}?{asked}").status_code == 200


# --- Who may --------------------------------------------------------------------------------------------


def test_an_account_without_permissions_may_do_nothing(client: Client, quote: Quote) -> None:
    client.force_login(User.objects.create_user("clerk", is_staff=True))
    for page in ("change", "history", "delete", "withdraw"):
        assert client.get(address(Quote, page, quote)).status_code == 403
    assert client.post(address(Quote, "changelist"), {"action": "publish"}).status_code == 403


def test_who_may_only_look_sees_forms_without_buttons(client: Client, quote: Quote) -> None:
    clerk = User.objects.create_user("clerk", is_staff=True)
    looking = Permission.objects.filter(
        codename__in=[
            f"view_{n}" for n in ("quote", "citation", "jointspeaker", "article", "capture")
        ]
    )
    clerk.user_permissions.set(looking)
    client.force_login(clerk)
    page = client.get(address(Quote, "change", quote))
    assert b"infrastructure is destiny" in page.content
    assert b"_publish" not in page.content
    assert client.get(address(Article, "change", quote.lead.article)).status_code == 200
    assert client.post(address(Quote, "change", quote), {"_publish": "1"}).status_code == 403


def test_a_joined_quote_can_only_be_read(
    desk: Client, quote: Quote, kwon: Speaker, article: Article, editor: User
) -> None:
    other = a_quote(kwon, Article.objects.create(headline="x"), "destiny", by=editor)
    quote.absorb(other, by=editor)
    assert b'name="_save"' not in desk.get(address(Quote, "change", other)).content


# --- Looks and safety -----------------------------------------------------------------------------------


def test_the_desk_has_its_name_and_the_order_of_the_work(desk: Client, quote: Quote) -> None:
    page = desk.get(reverse("admin:index"))
    assert b"On Record" in page.content
    names = [model["object_name"] for app in page.context["app_list"] for model in app["models"]]
    assert names[:13] == [
        "Quote",
        "Occasion",
        "Topic",
        "Claim",
        "Review",
        "QuoteLink",
        "Correction",
        "Scale",
        "Verdict",
        "Speaker",
        "Position",
        "Article",
        "Publisher",
    ]
    assert {"FlatPage", "User", "Group"} <= set(names)
    assert desk.get(reverse("admin:app_list", args=["tracker"])).status_code == 200


def test_no_page_of_the_desk_has_inline_script_or_style(
    desk: Client, quote: Quote, article: Article, kwon: Speaker, editor: User
) -> None:
    quote.publish(by=editor)
    pages = [
        *(reverse("admin:index"), reverse("admin:password_change")),
        *(address(Quote, page, quote) for page in ("change", "history", "withdraw")),
        *(
            address(model, page)
            for model in (Quote, Speaker, Article, Topic)
            for page in ("changelist", "add")
        ),
        *(address(Speaker, "delete", kwon), address(Article, "change", article)),
        reverse("admin:tracker_quote_simple_history", args=[quote.pk, quote.history.first().pk]),
    ]
    for url in pages:
        html = desk.get(url).content.decode()
        assert not re.search(
            r"\sstyle=|\son[a-z]+=|<style|<script(?![^>]*src=)(?![^>]*application/json)", html
        ), url


def samples(each: int = 8) -> list[str]:
    found = []
    for name in ("xss", "unicode", "naughty", "sqli"):
        lines = (HOSTILE / f"{name}.jsonl").read_text().splitlines()
        payloads = [row["payload"] for row in map(json.loads, lines) if "payload" in row]
        found += payloads[:: max(1, len(payloads) // each)][:each]
    return [payload.encode("utf-8", "replace").decode() for payload in found]


@pytest.mark.skipif(not HOSTILE.exists(), reason="the hostile samples are not here")
def test_hostile_text_is_refused_in_the_form_or_stored_and_escaped(
    desk: Client, kwon: Speaker, article: Article
) -> None:
    add = {model: filled(desk.get(address(model, "add"))) for model in (Speaker, Article, Quote)}
    stored = 0
    for payload in samples():
        posts = [
            (Speaker, {"name": payload, "description": payload}),
            (Article, {"headline": payload, "notes": payload, "byline": payload}),
            (
                Quote,
                {
                    "speaker": kwon.pk,
                    "prompt": payload,
                    **a_row("citations", 0, article=article.pk, text=payload, language="en"),
                },
            ),
        ]
        for model, data in posts:
            answer = desk.post(address(model, "add"), add[model] | data)
            assert answer.status_code in {200, 302}, (model, payload)
            if answer.status_code == 200:
                assert errors(answer)
                continue
            stored += 1
            record = model.objects.order_by("pk").last()
            for page in ("change", "history"):
                html = desk.get(address(model, page, record)).content.decode()
                assert payload not in html or not re.search(r"[<\"]", payload), payload
        assert desk.get(address(Quote, "changelist"), {"q": payload}).status_code == 200
    assert stored > 30
    assert desk.get(address(Speaker, "changelist")).status_code == 200
