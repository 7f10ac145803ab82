"""The desk looks at words that a copy did not have, or not so: it confirms or dismisses, and readers see no doubt."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.contrib.messages import get_messages
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tracker.models import Article, Capture, Citation, Publisher, Quote

pytestmark = pytest.mark.django_db

Make = Callable[..., Any]

WORDS = "infrastructure is destiny"
FILL = "Paragraphs about the meeting in Seoul and those who came to it. " * 20
PAGE = f"{FILL}Mr Kwon said that “{WORDS}.” {FILL}"
CHANGED = PAGE.replace("destiny", "fate")
GONE = f"{FILL}Mr Kwon said something. {FILL}"
MAY = datetime(2025, 5, 26, 9, tzinfo=UTC)
QUEUE = "/admin/tracker/doubtedcitation/"


@pytest.fixture
def article(make_article: Make, make_publisher: Make) -> Article:
    zdnet = make_publisher("ZDNet Korea", domain="zdnet.co.kr")
    return make_article(publisher=zdnet, url_as_typed="https://example.org/seoul")


@pytest.fixture
def citation(make_quote: Make, article: Article) -> Citation:
    return make_quote(WORDS, article=article).lead


@pytest.fixture
def doubted(citation: Citation) -> Citation:
    """Word for word on 26 May, altered on 5 June; readers are told of the first alone."""
    citation.check_against(a_copy(citation.article), by=None)
    citation.check_against(a_copy(citation.article, CHANGED, 10), by=None)
    return citation


def a_copy(article: Article, text: str = PAGE, day: float = 0, **fields: Any) -> Capture:
    fields.setdefault("method", "fetched")
    taken_at = MAY + timedelta(days=day)
    return Capture.objects.create(article=article, text=text, taken_at=taken_at, **fields)


def somebody(*may: str) -> Client:
    """Logged in at the desk, with these permissions and no others."""
    user = User.objects.create_user("ben", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=may))
    client = Client()
    client.force_login(user)
    return client


def entry(citation: Citation) -> str:
    return f"{QUEUE}{citation.pk}/change/"


def told(citation: Citation) -> tuple[str, str]:
    """What readers are told, and what they are not told yet."""
    citation.refresh_from_db()
    return citation.check_result, citation.doubt


def text_of(response: Any) -> str:
    """Of a page, without its tags."""
    text = re.sub(r"<[^>]+>", "", response.content.decode())
    return re.sub(r"\s+", " ", text)


def said(response: Any) -> list[str]:
    return [re.sub(r"<[^>]+>", "", str(message)) for message in get_messages(response.wsgi_request)]


def hidden(response: Any, citation: Citation) -> dict[str, str]:
    """What the page remembers of what it showed."""
    name = f"seen-{citation.pk}"
    found = re.search(rf'name="{name}" value="([^"]*)"', response.content.decode())
    assert found
    return {name: found[1]}


def filled(response: Any, **changes: Any) -> dict[str, Any]:
    """What a browser would send of the form on this page, with these changes."""
    forms = [response.context["adminform"].form]
    for inline in response.context["inline_admin_formsets"]:
        forms += [inline.formset.management_form, *inline.formset.forms]
    data: dict[str, Any] = {}
    for form in forms:
        for name in form.fields:
            bound = form[name]
            value = bound.value()
            if value is None or value is False:
                continue
            if hasattr(bound.field.widget, "widgets"):  # a day and a time
                for n, part in enumerate(bound.field.widget.decompress(value)):
                    data[f"{bound.html_name}_{n}"] = str(part).removesuffix("+00:00")
            else:
                data[bound.html_name] = value if isinstance(value, list) else str(value)
    return data | changes


# --- The queue ------------------------------------------------------------------------------------


def test_the_queue_shows_both_wordings_their_copy_and_where_they_are_from(
    desk: Client, doubted: Citation, make_quote: Make
) -> None:
    make_quote("nobody doubts this")
    page = desk.get(QUEUE)
    html, text = page.content.decode(), text_of(page)
    assert "<del>" in html
    assert "here: destiny" in text
    assert "in that copy: fate" in text
    assert "Altered" in text
    assert "Page fetched, 2025-06-05" in text
    assert f'href="/admin/tracker/quote/{doubted.quote_id}/change/"' in html
    assert f'href="/admin/tracker/article/{doubted.article_id}/change/"' in html
    assert "nobody doubts this" not in text


def test_the_difference_is_the_one_that_readers_see_later(desk: Client, doubted: Citation) -> None:
    cut = re.compile(r"<del>.*?</ins>", re.DOTALL)
    at_the_desk = cut.findall(desk.get(entry(doubted)).content.decode())[0]
    doubted.confirm_check(by=None)
    assert at_the_desk in desk.get(doubted.quote.get_absolute_url()).content.decode()


def test_words_that_are_missing_are_shown_with_how_long_the_copies_are(
    desk: Client, citation: Citation
) -> None:
    citation.check_against(a_copy(citation.article), by=None)
    citation.check_against(a_copy(citation.article, "Accept all cookies.", 10), by=None)
    text = text_of(desk.get(QUEUE))
    assert "Not found" in text
    assert "19 characters" in text
    assert f"(the copy with the words: {len(PAGE)})" in text
    assert "Accept all cookies." in text_of(desk.get(entry(citation)))


def test_the_queue_is_narrowed_by_finding_and_by_publisher(
    desk: Client, doubted: Citation, make_quote: Make, make_article: Make, make_publisher: Make
) -> None:
    other = make_publisher("News1", domain="news1.kr")
    missing = make_quote("we stay", article=make_article("Elsewhere", publisher=other)).lead
    missing.check_against(a_copy(missing.article, GONE), by=None)
    zdnet = Publisher.objects.get(name="ZDNet Korea")

    def listed(query: str) -> set[Any]:
        return {each.pk for each in desk.get(f"{QUEUE}?{query}").context["cl"].result_list}

    assert listed("") == {doubted.pk, missing.pk}
    assert listed("finding=altered") == {doubted.pk}
    assert listed("finding=missing") == {missing.pk}
    assert listed("finding=exact") == listed("finding=nonsense") == set()
    assert listed(f"publisher={zdnet.pk}") == {doubted.pk}
    assert listed("publisher=nobody") == set()
    assert listed("q=destiny") == {doubted.pk}


def test_the_index_of_the_desk_shows_how_many_wait(
    desk: Client, citation: Citation, editor: User
) -> None:
    index = reverse("admin:index")
    assert "No words wait to be looked at." in text_of(desk.get(index))
    citation.check_against(a_copy(citation.article), by=None)
    citation.check_against(a_copy(citation.article, CHANGED, 10), by=None)
    page = desk.get(index)
    assert "The words of 1 citation wait to be looked at" in text_of(page)
    assert f'href="{QUEUE}"' in page.content.decode()


def test_a_long_queue_takes_a_bounded_number_of_queries(
    desk: Client, article: Article, make_quote: Make, django_assert_max_num_queries: Make
) -> None:
    for n in range(30):
        make_quote(f"{WORDS}, as number {n} has it", article=article)
    Citation.objects.all().check_against(a_copy(article, GONE), by=None)
    with django_assert_max_num_queries(8):
        page = desk.get(QUEUE)
    assert len(page.context["cl"].result_list) == 20
    assert page.context["cl"].result_count == 30


def test_many_are_dismissed_with_few_queries(
    desk: Client, article: Article, make_quote: Make, django_assert_max_num_queries: Make
) -> None:
    for n in range(30):
        make_quote(f"{WORDS}, as number {n} has it", article=article)
    Citation.objects.all().check_against(a_copy(article, GONE), by=None)
    chosen = {"action": "dismiss", "index": 0, "select_across": 1, "_selected_action": 0}
    with django_assert_max_num_queries(40):
        answer = desk.post(QUEUE, chosen)
    assert said(answer) == ["30 citations: what was found in those copies counts for nothing."]
    assert not Citation.objects.doubted().exists()


# --- Deciding -------------------------------------------------------------------------------------


def test_readers_see_nothing_of_a_doubt_and_all_of_it_once_it_is_confirmed(
    desk: Client, doubted: Citation, editor: User
) -> None:
    readers_page = doubted.quote.get_absolute_url()
    before = text_of(Client().get(readers_page))
    assert "Word for word in a page fetched on 26 May 2025" in before
    assert "fate" not in before
    pressed = {"_confirm": doubted.pk, **hidden(desk.get(QUEUE), doubted)}
    answer = desk.post(QUEUE, pressed)
    assert said(answer) == ["Readers are told of 1 citation."]
    assert told(doubted) == ("altered", "")
    after = text_of(Client().get(readers_page))
    assert "Other words than these stand in a page fetched on 5 June 2025" in after
    assert "in that copy: fate" in after
    assert doubted.history.first().history_user == editor


def test_a_dismissal_lasts_for_the_same_copy_and_not_for_another(
    desk: Client, doubted: Citation, editor: User
) -> None:
    copy = doubted.doubted_in
    assert copy
    answer = desk.post(
        entry(doubted), {"_dismiss": "", **hidden(desk.get(entry(doubted)), doubted)}
    )
    assert answer.url == QUEUE
    assert told(doubted) == ("exact", "")
    assert doubted.history.first().history_user == editor
    answer = desk.post(entry(doubted), {"_look": ""})
    assert "It changes nothing: it was dismissed" in said(answer)[-1]
    assert told(doubted) == ("exact", "")
    doubted.check_against(a_copy(doubted.article, GONE, 11), by=editor)
    assert told(doubted) == ("exact", "missing")
    doubted.dismiss_check(by=editor)
    doubted.check_against(copy, by=editor)
    assert told(doubted) == ("exact", "")
    doubted.check_against(a_copy(doubted.article, CHANGED, 20), by=editor)
    assert told(doubted) == ("exact", "altered")


def test_a_dismissed_copy_does_not_prove_a_later_doubt(citation: Citation) -> None:
    citation.check_against(a_copy(citation.article), by=None)
    dismissed = a_copy(citation.article, CHANGED, 10)
    citation.check_against(dismissed, by=None)
    citation.dismiss_check(by=None)
    citation.check_against(a_copy(citation.article, CHANGED, 5), by=None)
    citation.check_against(dismissed, by=None)
    assert told(citation) == ("exact", "altered")


def test_other_words_forget_what_was_dismissed(doubted: Citation) -> None:
    doubted.dismiss_check(by=None)
    doubted.text = "infrastructure is all"
    doubted.full_clean()
    assert doubted.dismissed_in == []


def test_many_are_confirmed_with_their_history(
    desk: Client, doubted: Citation, make_quote: Make, editor: User
) -> None:
    other = make_quote(f"that “{WORDS}.”", article=doubted.article).lead
    other.check_against(a_copy(doubted.article, CHANGED, 11), by=None)
    chosen = {"action": "confirm", "index": 0, "_selected_action": [doubted.pk, other.pk]}
    answer = desk.post(QUEUE, chosen)
    assert said(answer) == ["Readers are told of 2 citations."]
    for citation in (doubted, other):
        assert told(citation) == ("altered", "")
        assert citation.history.first().history_user == editor


def test_the_second_of_two_editors_is_told_that_the_first_decided(
    desk: Client, doubted: Citation
) -> None:
    seen = hidden(desk.get(QUEUE), doubted)
    somebody("change_citation").post(QUEUE, {"_dismiss": doubted.pk, **seen})
    for pressed in (
        {"_confirm": doubted.pk, **seen},
        {"action": "confirm", "index": 0, "_selected_action": doubted.pk, **seen},
    ):
        answer = desk.post(QUEUE, pressed)
        assert said(answer)[-1].startswith("Not done for 1: somebody decided it")
        assert told(doubted) == ("exact", "")
    answer = desk.post(entry(doubted), {"_confirm": "", **seen})
    assert answer.url == entry(doubted)
    assert told(doubted) == ("exact", "")
    assert "there is nothing to decide" in text_of(desk.get(entry(doubted)))


def test_what_another_look_found_meanwhile_is_not_confirmed_unseen(
    desk: Client, doubted: Citation
) -> None:
    seen = hidden(desk.get(QUEUE), doubted)
    doubted.check_against(a_copy(doubted.article, GONE, 12), by=None)
    one = {"_confirm": doubted.pk, **seen}
    many = {"action": "confirm", "index": 0, "_selected_action": doubted.pk, **seen}
    for address, pressed in ((QUEUE, one), (QUEUE, many), (entry(doubted), one)):
        answer = desk.post(address, pressed)
        assert "another look found something else" in said(answer)[-1]
        assert told(doubted) == ("exact", "missing")


@pytest.mark.parametrize("given", ["", "x", "9" * 40, "-1", "0"])
def test_a_button_of_no_citation_does_nothing(desk: Client, doubted: Citation, given: str) -> None:
    assert desk.post(QUEUE, {"_confirm": given}).status_code == 302
    assert desk.get(f"{QUEUE}{given or 'x'}/change/").status_code == 302
    assert told(doubted) == ("exact", "altered")


def test_the_history_of_a_check_is_kept_beside_it_and_with_its_quote(
    desk: Client, doubted: Citation
) -> None:
    doubted.dismiss_check(by=User.objects.get(username="editor"))
    beside = text_of(desk.get(f"{QUEUE}{doubted.pk}/history/"))
    with_quote = text_of(desk.get(f"/admin/tracker/quote/{doubted.quote_id}/history/"))
    for page in (beside, with_quote):
        assert "Doubt: Altered" in page
        assert "editor" in page


# --- Who may --------------------------------------------------------------------------------------


def test_who_may_not_see_citations_sees_no_queue(doubted: Citation) -> None:
    client = somebody("view_quote", "change_quote", "change_article")
    assert client.get(QUEUE).status_code == 403
    assert client.get(entry(doubted)).status_code == 403
    assert client.get(f"{QUEUE}{doubted.pk}/history/").status_code == 403
    assert client.post(QUEUE, {"_confirm": doubted.pk}).status_code == 403
    index = client.get(reverse("admin:index"))
    assert QUEUE not in index.content.decode()
    assert "wait" not in text_of(index)
    assert told(doubted) == ("exact", "altered")


def test_who_may_only_look_decides_nothing(doubted: Citation) -> None:
    client = somebody("view_citation")
    page = client.get(QUEUE)
    assert "fate" in text_of(page)
    for shown in (page, client.get(entry(doubted))):
        assert "_confirm" not in shown.content.decode()
    for verb in ("_confirm", "_dismiss", "_look"):
        assert client.post(entry(doubted), {verb: doubted.pk}).status_code == 403
    assert client.post(QUEUE, {"_confirm": doubted.pk}).status_code == 403
    client.post(QUEUE, {"action": "confirm", "index": 0, "_selected_action": doubted.pk})
    assert told(doubted) == ("exact", "altered")


def test_nothing_is_added_or_deleted_in_the_queue(desk: Client, doubted: Citation) -> None:
    assert desk.get(f"{QUEUE}add/").status_code == 403
    assert desk.get(f"{QUEUE}{doubted.pk}/delete/").status_code == 403
    assert "delete_selected" not in desk.get(QUEUE).content.decode()


# --- Beside each citation of a quote --------------------------------------------------------------


def the_form(citation: Citation) -> str:
    return f"/admin/tracker/quote/{citation.quote_id}/change/"


def test_the_form_of_a_quote_says_what_was_found_and_leads_to_what_is_in_doubt(
    desk: Client, doubted: Citation
) -> None:
    page = desk.get(the_form(doubted))
    text = text_of(page)
    assert "Word for word · Page fetched, 2025-05-26" in text
    assert "In doubt: Altered · Page fetched, 2025-06-05" in text
    assert f'href="{entry(doubted)}"' in page.content.decode()


def test_a_citation_is_checked_against_the_newest_copy_from_its_quote_which_is_saved_too(
    desk: Client, citation: Citation, editor: User
) -> None:
    page = desk.get(the_form(citation))
    assert "_look" not in page.content.decode()  # there is no copy
    a_copy(citation.article, "Another text.", 3, method="typed")
    a_copy(citation.article, GONE, -1)
    a_copy(citation.article)
    page = desk.get(the_form(citation))
    assert "Not checked" in text_of(page)
    answer = desk.post(
        the_form(citation), filled(page, _look=citation.pk, context="At the opening.")
    )
    assert answer.url == the_form(citation)
    assert said(answer)[-1].startswith("Word for word · Page fetched, 2025-05-26")
    assert told(citation) == ("exact", "")
    assert citation.anchored_in
    assert citation.history.first().history_user == editor
    assert Quote.objects.get().context == "At the opening."


def test_an_error_on_the_form_checks_nothing_and_loses_nothing(
    desk: Client, citation: Citation
) -> None:
    a_copy(citation.article)
    page = desk.get(the_form(citation))
    wrong = filled(page, _look=citation.pk, context="At the opening.", said_on="one day")
    answer = desk.post(the_form(citation), wrong)
    assert answer.status_code == 200
    assert "At the opening." in answer.content.decode()
    assert told(citation) == ("unchecked", "")


def test_what_a_check_from_the_quote_did_not_find_is_in_doubt(
    desk: Client, citation: Citation
) -> None:
    a_copy(citation.article, GONE)
    page = desk.get(the_form(citation))
    answer = desk.post(the_form(citation), filled(page, _look=citation.pk))
    assert "Readers are not told before you confirm it: Words to look at" in said(answer)[-1]
    assert told(citation) == ("unchecked", "missing")


@pytest.mark.parametrize("asked", ["", "x", "9" * 30, "another"])
def test_no_other_citation_is_checked_from_a_quote(
    desk: Client, citation: Citation, make_quote: Make, asked: str
) -> None:
    other = make_quote("we stay", article=citation.article).lead
    a_copy(citation.article, f"{PAGE} we stay")
    pressed = other.pk if asked == "another" else asked
    page = desk.get(the_form(citation))
    assert desk.post(the_form(citation), filled(page, _look=pressed)).status_code == 302
    assert told(other) == told(citation) == ("unchecked", "")


def test_who_may_not_change_citations_checks_none(citation: Citation) -> None:
    a_copy(citation.article)
    client = somebody("change_quote", "view_quote", "view_citation")
    page = client.get(the_form(citation))
    assert 'name="_look"' not in page.content.decode()
    client.post(the_form(citation), filled(page, _look=citation.pk))
    assert told(citation) == ("unchecked", "")


def test_citations_on_a_form_take_no_queries_of_their_own(
    desk: Client, doubted: Citation, make_citation: Make, make_article: Make, django_assert_num_queries: Make
) -> None:  # fmt: skip
    with CaptureQueriesContext(
        connection,
    ) as few:
        desk.get(the_form(doubted))
    for n in range(10):
        more = make_citation(doubted.quote, article=make_article(f"Article {n}"))
        more.check_against(a_copy(more.article), by=None)
    with CaptureQueriesContext(connection) as many:
        desk.get(the_form(doubted))
    assert len(many) <= len(few) + 22  # the names in each row's own search box


# --- Copies that an editor brings -----------------------------------------------------------------


def bring(desk: Client, article: Article, text: str, **fields: Any) -> Any:
    """Save the article's form with one more copy."""
    address = f"/admin/tracker/article/{article.pk}/change/"
    page = desk.get(address)
    data = filled(page)
    n = int(data["captures-TOTAL_FORMS"])
    row = {"method": "typed", "taken_at_0": "2025-07-01", "taken_at_1": "09:00", "text": text}
    new = {f"captures-{n}-{name}": value for name, value in (row | fields).items()}
    return desk.post(address, data | new | {"captures-TOTAL_FORMS": n + 1})


def test_words_without_an_anchor_are_anchored_in_a_copy_that_an_editor_brings(
    desk: Client, citation: Citation, editor: User
) -> None:
    answer = bring(desk, citation.article, PAGE)
    assert answer.status_code == 302
    copy = Capture.objects.get()
    assert told(citation) == ("exact", "")
    assert citation.anchored_in == citation.checked_in == copy
    assert citation.history.first().history_user == editor
    assert any(
        each.startswith("Looked for the words of 1 citation in the copy (Typed by an editor")
        and "Word for word 1" in each
        for each in said(answer)
    )


def test_words_that_never_were_found_are_not_in_doubt_but_the_editor_is_told(
    desk: Client, citation: Citation, make_quote: Make
) -> None:
    other = make_quote("we stay", article=citation.article).lead
    answer = bring(desk, citation.article, PAGE)
    assert told(other) == ("unchecked", "")
    assert other.anchored_in is None
    message = next(each for each in said(answer) if each.startswith("Looked"))
    assert "Word for word 1, Not found 1" in message or "Not found 1, Word for word 1" in message
    assert "Look at these: “we stay”" in message


def test_anchored_words_are_checked_in_a_copy_that_an_editor_brings(
    desk: Client, citation: Citation
) -> None:
    citation.check_against(a_copy(citation.article), by=None)
    archive = {"method": "web archive", "archive_url": "https://archive.example.org/1"}
    answer = bring(desk, citation.article, CHANGED, **archive)
    assert told(citation) == ("exact", "altered")
    assert any("Altered 1" in each and "infrastructure is destiny" in each for each in said(answer))
    assert "fate" not in text_of(Client().get(citation.quote.get_absolute_url()))


def test_a_copy_whose_text_is_not_touched_is_looked_into_once(
    desk: Client, citation: Citation
) -> None:
    bring(desk, citation.article, PAGE)
    rows = citation.history.count()
    address = f"/admin/tracker/article/{citation.article_id}/change/"
    answer = desk.post(address, filled(desk.get(address), headline="Another headline"))
    assert not any(each.startswith("Looked") for each in said(answer)[1:])
    assert citation.history.count() == rows


def test_a_copy_without_citations_or_text_says_nothing(
    desk: Client, article: Article, citation: Citation, make_article: Make
) -> None:
    lonely = make_article("No quotes")
    assert not any(each.startswith("Looked") for each in said(bring(desk, lonely, PAGE)))
    archive = {"method": "web archive", "archive_url": "https://archive.example.org/1"}
    assert not any(each.startswith("Looked") for each in said(bring(desk, article, "", **archive)))


def test_many_citations_are_anchored_with_few_queries(
    desk: Client, article: Article, make_quote: Make, django_assert_max_num_queries: Make
) -> None:
    for n in range(30):
        make_quote(f"{WORDS} {n}", article=article)
    with django_assert_max_num_queries(100):
        bring(desk, article, " ".join(f"“{WORDS} {n}.”" for n in range(30)))
    assert Citation.objects.filter(anchored_in__isnull=False).count() == 30


def test_the_text_of_a_copy_that_was_dismissed_stays_as_it_is(
    desk: Client, doubted: Citation
) -> None:
    doubted.dismiss_check(by=None)
    page = desk.get(f"/admin/tracker/article/{doubted.article_id}/change/")
    forms = page.context["inline_admin_formsets"][0].formset.initial_forms
    assert all(form.fields["text"].disabled for form in forms)
