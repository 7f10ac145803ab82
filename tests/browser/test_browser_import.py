"""The whole way: an article is pasted, its quotes are found and accepted, published, found by speaker, and shown in the source."""

import threading
from collections.abc import Iterator
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import LazySettings
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect
from seoul import ARTICLE, DESTINY, POWERHOUSE

from tracker.models import Finding, Position, Quote, Speaker

IMPORT = "/admin/tracker/article/import/"


@pytest.fixture
def source() -> Iterator[str]:
    """Where the outlet has the article: a page on a server of its own, each paragraph a screen apart."""
    paragraphs = "".join(f"<p>{escape(each)}</p>" for each in ARTICLE.split("\n\n"))
    looks = "p { margin: 70vh 0 }"
    body = f"<!doctype html><meta charset=utf-8><title>Seoul</title><style>{looks}</style>{paragraphs}".encode()

    class Outlet(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_arguments: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Outlet)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/seoul-office"
    server.shutdown()
    server.server_close()


def paste(
    desk: Page, text: str = ARTICLE, url: str = "https://news.example.org/seoul-office"
) -> None:
    desk.goto(IMPORT)
    desk.get_by_label("Web address").fill(url)
    desk.get_by_label("Text:").fill(text)
    desk.get_by_role("button", name="Find its quotes").click()
    expect(desk.locator("h1")).to_have_text("Quotes found in this article")


def card(desk: Page, words: str) -> Any:
    return desk.locator("article.card", has=desk.locator("blockquote", has_text=words))


def test_from_a_pasted_article_to_the_words_in_its_source(
    desk: Page, source: str, complaints: list[str]
) -> None:
    paste(desk, url=source)
    expect(card(desk, POWERHOUSE)).to_contain_text("Jason Kwon")
    expect(card(desk, POWERHOUSE)).to_contain_text("new speaker")
    expect(card(desk, DESTINY)).to_contain_text("Jason Kwon")
    for finding in Finding.objects.all():
        choice = "Save" if finding.text in (POWERHOUSE, DESTINY) else "No quote"
        desk.locator(f"#card-{finding.pk}").get_by_label(choice, exact=True).check()
    desk.get_by_label("Said on", exact=True).fill("2025-05-26")
    desk.get_by_label("Place").fill("Four Seasons Hotel Seoul")
    desk.get_by_role("button", name="Save and publish (2)").click()
    expect(desk.locator(".messagelist")).to_contain_text("2 quotes published.")

    desk.goto("/quotes/?speaker=jason-kwon")
    expect(desk.locator(".entries .entry")).to_have_count(2)
    desk.locator(".entry blockquote a", has_text="infrastructure is destiny").click()
    expect(desk.locator("h1")).to_contain_text("Jason Kwon")
    desk.get_by_role("link", name="Show in source").click()
    expect(desk).to_have_url(source)
    desk.wait_for_function("window.scrollY > 0")
    box = desk.get_by_text(DESTINY).bounding_box()
    assert box is not None
    assert 0 <= box["y"] <= (desk.viewport_size or {"height": 720})["height"]
    complaints[:] = [each for each in complaints if source not in each and "favicon" not in each]


def test_cards_are_decided_about_with_the_keyboard(desk: Page) -> None:
    paste(desk)
    desk.locator("body").press("j")
    first = desk.locator("article.card").first
    expect(first).to_be_focused()
    expect(desk.locator("mark.now").first).to_be_visible()
    desk.keyboard.press("x")
    expect(first.get_by_label("No quote", exact=True)).to_be_checked()
    second = desk.locator("article.card").nth(1)
    expect(second).to_be_focused()
    desk.keyboard.press("a")
    expect(second.get_by_label("Save", exact=True)).to_be_checked()
    desk.keyboard.press("k")
    desk.keyboard.press("u")
    expect(first.get_by_label("Save", exact=True)).to_be_checked()


def test_who_leaves_with_something_unsaved_is_asked_and_nobody_else(desk: Page) -> None:
    asked: list[str] = []

    def stay_away(dialog: Any) -> None:
        asked.append(dialog.type)
        dialog.accept()

    desk.on("dialog", stay_away)
    paste(desk)
    review = desk.url
    desk.locator("body").press("j")
    desk.goto("/admin/")
    desk.goto(review)
    desk.locator("body").press("j")
    desk.keyboard.press("x")
    desk.keyboard.press("u")
    desk.goto("/admin/")
    assert asked == []
    desk.goto(review)
    desk.locator("body").press("j")
    desk.keyboard.press("x")
    desk.goto("/admin/")
    assert asked == ["beforeunload"]
    desk.goto(review)
    desk.get_by_label("Place").fill("Seoul")
    desk.get_by_role("button", name="Keep for later").click()
    expect(desk.locator(".messagelist")).to_contain_text("Kept for later")
    assert asked == ["beforeunload"]


def test_keys_decide_nothing_while_an_editor_types(desk: Page) -> None:
    paste(desk)
    field = desk.get_by_label("Place")
    field.press_sequentially("a jaxku seaside")
    expect(field).to_have_value("a jaxku seaside")
    expect(desk.locator("article.card.now")).to_have_count(0)
    expect(desk.locator("[value=reject]:checked")).to_have_count(0)


def test_accepting_above_the_line_can_be_undone_at_once(desk: Page) -> None:
    paste(desk)
    above = desk.locator("article.card[data-above]")
    assert above.count() >= 2
    for each in above.all():
        each.get_by_label("Later", exact=True).check()
    desk.get_by_role("button", name="Accept all above the line").click()
    ticked = desk.locator("article.card[data-above] [value=accept]:checked")
    expect(ticked).to_have_count(above.count())
    desk.locator("h1").click()
    desk.keyboard.press("u")
    expect(ticked).to_have_count(0)
    assert not Quote.objects.exists()


def test_selected_words_become_a_card_and_a_quote(desk: Page) -> None:
    paste(desk)
    words = "has already registered a company in Korea"
    desk.evaluate(
        """(words) => {
            for (const p of document.querySelectorAll("[data-sheet] p")) {
                for (const node of p.childNodes) {
                    const at = node.nodeType === 3 ? node.data.indexOf(words) : -1;
                    if (at >= 0) getSelection().setBaseAndExtent(node, at, node, at + words.length);
                }
            }
        }""",
        words,
    )
    desk.get_by_role("button", name="Make a card of the selected words").click()
    made = desk.locator("article.card.now")
    expect(made.get_by_label("Words", exact=True)).to_have_value(words)
    expect(made.get_by_label("Speaker", exact=True)).to_be_focused()
    made.get_by_label("Speaker", exact=True).fill("OpenAI")
    made.get_by_label("new speaker").check()
    made.get_by_label("an organisation").check()
    for finding in Finding.objects.all():
        desk.locator(f"#card-{finding.pk}").get_by_label("Later", exact=True).check()
    desk.get_by_role("button", name="Save as drafts").click()
    expect(desk.locator(".messagelist")).to_contain_text("1 quote saved as a draft.")
    assert Quote.objects.get().text == words


def test_names_are_offered_while_one_is_typed(desk: Page, make_position: Any) -> None:
    make_position()
    paste(desk)
    target = card(desk, POWERHOUSE)
    target.get_by_text("Mend").click()
    target.get_by_label("Speaker", exact=True).fill("kwo")
    expect(desk.locator("#names option")).to_have_count(1)
    assert desk.locator("#names option").get_attribute("value") == "Jason Kwon"
    assert Speaker.objects.count() == 2
    assert Position.objects.count() == 1


def test_what_is_too_long_is_told_before_it_is_sent_and_stays(desk: Page) -> None:
    desk.goto(IMPORT)
    field = desk.get_by_label("Text:")
    field.evaluate("(field) => { field.value = 'word '.repeat(1_000_001) }")
    desk.get_by_role("button", name="Find its quotes").click()
    expect(desk.get_by_role("alert")).to_contain_text("longer than 5 MB")
    assert field.evaluate("(field) => field.value.length") == 5_000_005
    field.fill(ARTICLE)
    desk.get_by_role("button", name="Find its quotes").click()
    expect(desk.locator("h1")).to_have_text("Quotes found in this article")


def test_the_bookmarklet_opens_the_form_with_the_address_and_the_selected_words(
    desk: Page, source: str, settings: LazySettings, base_url: str, complaints: list[str]
) -> None:
    settings.BASE_URL = base_url
    desk.goto(f"{IMPORT}bookmarklet/")
    link = desk.get_by_role("link", name="Import the quotes").get_attribute("href") or ""
    desk.get_by_role("link", name="Import the quotes").click()
    desk.wait_for_timeout(300)
    assert any(
        "script-src" in each for each in complaints
    )  # our own policy lets it do nothing here
    complaints.clear()
    desk.goto(source)
    said = desk.get_by_text("He put it in three words")
    said.evaluate("(paragraph) => getSelection().selectAllChildren(paragraph)")
    with desk.context.expect_page() as opened:
        desk.evaluate(unquote(link.removeprefix("javascript:")))
    form = opened.value
    expect(form.get_by_label("Web address")).to_have_value(source)
    expect(form.get_by_label("Words that you selected")).to_contain_text(DESTINY)
    complaints[:] = [each for each in complaints if source not in each and "favicon" not in each]


@pytest.mark.parametrize("width", [320, 1280])
def test_the_pages_fit_and_keep_the_rules_of_accessibility(
    desk: Page, width: int, complaints: list[str]
) -> None:
    desk.set_viewport_size({"width": width, "height": 800})
    paste(desk)
    for address in (desk.url, IMPORT, f"{IMPORT}bookmarklet/"):
        desk.goto(address)
        assert desk.evaluate("document.documentElement.scrollWidth") <= width
        found = Axe().run(desk, context="#content-main")
        assert found.violations_count == 0, found.generate_report()
    # axe-core tries out styles on what it looks at; in the other tests these pages break no policy.
    complaints[:] = [each for each in complaints if "style" not in each]


def test_everything_works_without_scripts(new_context: Any, editor: User, log_in: Any) -> None:
    page = log_in(new_context(java_script_enabled=False), editor)
    paste(page)
    expect(page.locator(".keys")).to_be_hidden()
    page.get_by_role("button", name="Accept all above the line").click()
    page.get_by_label("Said on", exact=True).fill("2025-05-26")
    page.get_by_role("button", name="Save and publish").click()
    expect(page.locator(".messagelist")).to_contain_text("published")
    assert Quote.objects.published().count() >= 2
