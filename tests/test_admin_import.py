"""“Import an article” at the desk: brought, reviewed card by card, saved together; wrong input is told and nothing is lost."""

import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from desk import as_sent
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser, Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from seoul import ADDRESS, ARTICLE, DESTINY, POWERHOUSE, long_article, sixty_quotes

from tracker import fetching
from tracker.fetching import NotFound
from tracker.models import Article, Capture, Citation, Finding, Position, Quote, Speaker

pytestmark = pytest.mark.django_db

IMPORT = "admin:tracker_article_import"


@pytest.fixture
def article(desk: Client) -> Article:
    """The Seoul article as it is pasted at the desk."""
    answer = desk.post(reverse(IMPORT), {"text": ARTICLE, "url": ADDRESS, "language": "en"})
    article = Article.objects.get()
    assert answer.headers["Location"] == review_of(article)
    return article


def review_of(article: Article) -> str:
    return reverse("admin:tracker_article_review", args=[article.pk])


def page(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return unescape(answer.content.decode())


def bring(client: Client, **given: Any) -> str:
    """The form's page again, for what cannot be imported."""
    answer = client.post(reverse(IMPORT), given)
    assert answer.status_code == 200, answer.headers
    return unescape(answer.content.decode())


def told_beside(content: str, field: str) -> str:
    """The errors that stand in the row of a field."""
    row = re.search(
        rf'<div class="form-row errors">(?:(?!form-row).)*?name="{field}"', content, re.DOTALL
    )
    return row[0] if row else ""


def found(words: str) -> Finding:
    return Finding.objects.get(text=words)


def form_of(client: Client, article: Article) -> dict[str, str]:
    """What the page of a review would send, as it stands."""
    return as_sent(client.get(review_of(article)).content.decode())


def answers(client: Client, article: Article, **cards: dict[str, str]) -> dict[str, str]:
    """The form with these cards answered, by the first word of their finding, and no other one."""
    sent = form_of(client, article)
    for finding in article.findings.all():
        given = cards.get(finding.text.split()[0], {"decision": "later"})
        for name, value in given.items():
            sent[f"card-{finding.pk}-{name}"] = value
    return sent


KWON = {"decision": "accept", "speaker": "Jason Kwon", "is_new": "on"}


def save(
    client: Client, article: Article, button: str = "_publish", **cards: dict[str, str]
) -> str:
    """Press a button, and read the page that follows."""
    answer = client.post(
        review_of(article), answers(client, article, **cards) | {button: "1"}, follow=True
    )
    assert answer.status_code == 200
    return unescape(answer.content.decode())


# --- Bringing an article ------------------------------------------------------------------------------


def test_the_index_and_the_lists_of_quotes_and_articles_lead_there(desk: Client):
    for address in (
        "admin:index",
        "admin:tracker_quote_changelist",
        "admin:tracker_article_changelist",
    ):
        assert f'href="{reverse(IMPORT)}"' in page(desk, reverse(address))


def test_a_pasted_article_leads_to_its_review(desk: Client, article: Article):
    content = page(desk, review_of(article))
    marked = re.sub(r"</?a\b[^>]*>\d*", "", content)
    number = re.search(
        rf'<mark class="sure" data-number="(\d+)">(?:<a[^>]*>\d+</a>)?{POWERHOUSE}', content
    )
    assert number
    assert DESTINY in marked
    assert (
        content.count('<article class="card') == article.findings.count() + 2
    )  # by hand, and blank
    assert "very likely right" in content
    assert "The line: below it, look before you accept" in content


def test_a_file_is_taken(desk: Client):
    file = SimpleUploadedFile("saved.html", f"<html><body><p>{ARTICLE}</p></body></html>".encode())
    answer = desk.post(reverse(IMPORT), {"file": file, "url": ADDRESS})
    assert answer.status_code == 302
    assert Capture.objects.get().method == Capture.Method.UPLOADED


def test_what_the_bookmarklet_says_stands_in_the_form(desk: Client):
    content = page(desk, f"{reverse(IMPORT)}?url=https://example.org/1&words=the+words")
    assert 'value="https://example.org/1"' in content
    assert re.search(r'<textarea name="words"[^>]*>\s*the words</textarea>', content)
    assert 'name="words"' not in page(desk, reverse(IMPORT))


def test_words_that_were_selected_become_a_card(desk: Client):
    desk.post(
        reverse(IMPORT), {"text": ARTICLE, "words": "has already registered a company in Korea"}
    )
    assert Finding.objects.get(by_hand=True).is_open
    again = {"text": ARTICLE, "words": "words that are not there"}
    content = unescape(desk.post(reverse(IMPORT), again, follow=True).content.decode())
    assert "does not have these words" in content


def test_the_bookmarklet_is_a_link_to_drag_and_no_script_of_our_page(desk: Client):
    answer = desk.get(reverse("admin:tracker_article_bookmarklet"))
    content = unescape(answer.content.decode())
    link = re.search(r'href="(javascript:[^"]+)"', content)
    assert link
    assert f"{reverse(IMPORT)}?url='+encodeURIComponent(location.href)" in link[1]
    assert "'unsafe-inline'" not in answer.headers["Content-Security-Policy"]
    assert not re.search(r"<script(?![^>]*\bsrc=)", content)


def test_an_article_comes_from_another(desk: Client):
    given = {
        "text": ARTICLE,
        "url": ADDRESS,
        "relation": "re-report",
        "original": "https://a.example.com/1",
    }
    content = unescape(desk.post(reverse(IMPORT), given, follow=True).content.decode())
    assert "Re-report of" in content
    assert Article.objects.get(url=ADDRESS).original is not None


def test_the_same_article_again_says_that_nothing_was_changed(desk: Client, article: Article):
    answer = desk.post(reverse(IMPORT), {"text": ARTICLE, "url": ADDRESS}, follow=True)
    assert "nothing was changed" in answer.content.decode()


def test_facts_typed_again_are_added_or_told_with_a_link_to_change_them(
    desk: Client, article: Article
):
    facts = {"publisher": "A Post", "language": "fr"}
    answer = desk.post(reverse(IMPORT), {"text": ARTICLE, "url": ADDRESS, **facts}, follow=True)
    content = unescape(answer.content.decode())
    assert "Added to the article on record: publisher." in content
    assert "On record this is otherwise, and was left so: language." in content
    change = reverse("admin:tracker_article_change", args=[article.pk])
    assert f'<a href="{change}">Change the article</a>' in content
    assert "nothing was changed" not in content


def test_an_article_without_quotes_says_so(desk: Client):
    answer = desk.post(
        reverse(IMPORT),
        {"text": "It will rain on Friday. The wind comes from the west."},
        follow=True,
    )
    assert "No quotes were found" in answer.content.decode()


# --- Bad input ----------------------------------------------------------------------------------------


def test_nothing_given_is_told(desk: Client):
    assert "Give an address" in told_beside(bring(desk, x="1"), "url")


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "The file is empty."),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(256)) * 8, ""),
        (b"%PDF-1.7\n" + bytes(range(128, 256)) * 40, ""),
    ],
)
def test_a_file_that_cannot_be_read_is_told_beside_the_field(
    content: bytes, told: str, desk: Client
):
    row = told_beside(
        bring(desk, file=SimpleUploadedFile("page.html", content), url=ADDRESS), "file"
    )
    assert "errorlist" in row
    assert told in row
    assert not Article.objects.exists()


def test_a_file_that_is_too_large_is_told(desk: Client):
    large = SimpleUploadedFile("page.html", b"<p>words</p>" * 440_000)
    assert "larger than 5 MB" in told_beside(bring(desk, file=large), "file")


def test_a_text_that_is_too_deep_is_told_and_stays_in_the_form(desk: Client):
    text = "<div>" * 10_000 + "words"
    content = bring(desk, text=text, url=ADDRESS)
    assert "errorlist" in told_beside(content, "text")
    assert text in content
    assert f'value="{ADDRESS}"' in content
    assert not Article.objects.exists()


def test_an_address_that_does_not_answer_is_told(desk: Client, monkeypatch: pytest.MonkeyPatch):
    def fetch(url: str, *, rules: Any = None) -> Any:
        raise NotFound("The site says that there is no such page.", http_status=404)

    monkeypatch.setattr(fetching, "fetch", fetch)
    content = bring(desk, url=ADDRESS, words="kept words")
    assert "no such page" in told_beside(content, "url")
    assert "kept words" in content
    assert not Article.objects.exists()


def test_a_circle_is_told_beside_its_field_and_the_text_is_kept(desk: Client, article: Article):
    given = {"text": ARTICLE, "url": ADDRESS, "relation": "excerpt", "original": str(article.pk)}
    content = bring(desk, **given)
    assert "errorlist" in told_beside(content, "original")
    assert POWERHOUSE in content
    assert "Give both" in bring(desk, text=ARTICLE, relation="excerpt")


def test_fifty_megabytes_are_refused_before_they_are_read(desk: Client):
    answer = desk.post(
        reverse(IMPORT),
        "x" * 10,
        content_type="text/plain",
        headers={"Content-Length": "50000000"},
        CONTENT_LENGTH="50000000",
    )
    assert answer.status_code == 413
    assert "still in your browser" in answer.content.decode()


def test_the_form_is_guarded_against_forgery_although_its_length_is_looked_at_first(
    editor: AbstractBaseUser,
):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(editor)
    assert strict.post(reverse(IMPORT), {"text": ARTICLE}).status_code == 403
    long = {"content_type": "text/plain", "CONTENT_LENGTH": "50000000"}
    assert strict.post(reverse(IMPORT), "x", **long).status_code == 413
    assert not Article.objects.exists()


# --- The cards ----------------------------------------------------------------------------------------


def test_what_is_very_likely_right_is_ticked_and_the_rest_is_not(desk: Client, article: Article):
    sent = form_of(desk, article)
    decisions = {f.text: sent[f"card-{f.pk}-decision"] for f in article.findings.all()}
    assert decisions[POWERHOUSE] == "accept"
    assert set(decisions.values()) == {"accept", "later"}


def test_a_card_says_who_said_it_as_what(
    desk: Client, make_position: Callable[..., Position], make_speaker: Callable[..., Speaker]
):
    kwon = make_speaker()
    make_position(kwon, since="2024")
    make_position(kwon, title="General Counsel", until="2023")
    given = {"text": ARTICLE, "url": ADDRESS, "published_on": "2025-05-27"}
    desk.post(reverse(IMPORT), given)
    sent = form_of(desk, Article.objects.get())
    card = f"card-{found(POWERHOUSE).pk}"
    assert sent[f"{card}-speaker"] == "Jason Kwon"
    assert sent[f"{card}-speaker_id"] == str(kwon.pk)
    assert f"{card}-is_new" not in sent
    assert sent[f"{card}-title"] == "Chief Strategy Officer"
    assert sent[f"{card}-organisation"] == "OpenAI"


def test_a_new_organisation_is_ticked_as_one(desk: Client):
    text = "A headline\n\n“We will open an office in Seoul,” OpenAI said.\n\n“We like Korea,” said Jason Kwon."
    desk.post(reverse(IMPORT), {"text": text})
    sent = form_of(desk, Article.objects.get())
    names = {
        sent[f"card-{f.pk}-speaker"]: f"card-{f.pk}-is_organisation" in sent
        for f in Finding.objects.all()
    }
    assert names == {"OpenAI": True, "Jason Kwon": False}


def test_several_cards_are_published_at_once(desk: Client, article: Article):
    content = save(
        desk, article, Korea=KWON, infrastructure=KWON, Investment={"decision": "reject"}
    )
    assert "2 quotes published." in content
    assert "1 rejected." in content
    assert "2 of them are undated" in content
    assert {each.text for each in Quote.objects.published()} == {POWERHOUSE, DESTINY}
    assert Speaker.objects.get().name == "Jason Kwon"
    readers = page(desk, reverse("quotes"))
    assert POWERHOUSE in readers


def test_drafts_stay_at_the_desk(desk: Client, article: Article):
    assert "1 quote saved as a draft." in save(desk, article, "_save", Korea=KWON)
    assert not Quote.objects.published().exists()


def test_what_cards_share_holds_for_each(desk: Client, article: Article):
    sent = answers(desk, article, Korea=KWON, infrastructure=KWON | {"said_on": "2025-05"})
    shared = {
        "said_on": "2025-05-26",
        "place": "Four Seasons Hotel Seoul",
        "topics": "Infrastructure",
    }
    sent |= {f"shared-{name}": value for name, value in shared.items()}
    desk.post(review_of(article), sent | {"_save": "1"})
    quotes = {each.text: each for each in Quote.objects.all()}
    assert quotes[POWERHOUSE].said_on == "2025-05-26"
    assert quotes[DESTINY].said_on == "2025-05"
    assert {str(each.occasion) for each in quotes.values()} == {"Four Seasons Hotel Seoul"}
    again = form_of(desk, article)
    assert again["shared-place"] == "Four Seasons Hotel Seoul"


def test_errors_stand_at_their_cards_and_nothing_typed_is_lost(desk: Client, article: Article):
    wrong = KWON | {"is_new": "", "topics": "A topic that I typed"}
    sent = answers(desk, article, Korea=KWON | {"title": "Chief"}, infrastructure=wrong)
    sent.pop(f"card-{found(DESTINY).pk}-is_new", None)
    answer = desk.post(review_of(article), sent | {"_publish": "1", "shared-said_on": "2025-05-26"})
    content = unescape(answer.content.decode())
    card = content[content.index(f'id="card-{found(DESTINY).pk}"') :]
    assert "Nobody of this name is on record." in card[: card.index("</article>")]
    assert "A topic that I typed" in card
    assert "A position has both" in content
    assert 'value="2025-05-26"' in content
    assert not Quote.objects.exists()
    assert not Speaker.objects.exists()


def test_a_number_that_is_none_is_told(desk: Client, article: Article):
    sent = answers(desk, article, Korea=KWON | {"wording_of": "many", "speaker_id": "x"})
    answer = desk.post(review_of(article), sent | {"_publish": "1"})
    assert answer.status_code == 200
    assert "Nothing was saved" in answer.content.decode()


@pytest.mark.parametrize("name", ["wording_of", "speaker_id"])
@pytest.mark.parametrize("number", ["99999999999999999999", "9" * 5_000])
def test_a_number_longer_than_any_is_told_at_its_field(
    name: str, number: str, desk: Client, article: Article
):
    for card in (f"card-{found(DESTINY).pk}", "hand-0"):
        given = answers(desk, article) | {
            f"{card}-decision": "accept",
            f"{card}-words": DESTINY,
            f"{card}-speaker": "Jason Kwon",
            f"{card}-is_new": "on",
            f"{card}-{name}": number,
        }
        for button in ("_save", "_keep"):
            answer = desk.post(review_of(article), given | {button: "1"})
            assert answer.status_code == 200
            assert "Give the number of a record" in answer.content.decode()
    assert not Quote.objects.exists()


def test_sending_it_twice_changes_nothing(desk: Client, article: Article):
    sent = answers(desk, article, Korea=KWON, infrastructure={"decision": "reject"})
    desk.post(review_of(article), sent | {"_publish": "1"})
    before = list(Quote.history.values()), list(Finding.objects.values())
    answer = desk.post(review_of(article), sent | {"_publish": "1"}, follow=True)
    assert "nothing was changed" in answer.content.decode()
    assert (list(Quote.history.values()), list(Finding.objects.values())) == before


def test_who_came_on_record_since_an_article_was_read_is_no_new_speaker(
    desk: Client, article: Article, make_speaker: Callable[..., Speaker]
):
    Finding.objects.filter(text__in=[DESTINY, POWERHOUSE]).update(name="Jason Kwon")
    kwon = make_speaker()
    sent = form_of(desk, article)
    card = f"card-{found(DESTINY).pk}"
    assert f"{card}-is_new" not in sent
    assert sent[f"{card}-speaker_id"] == str(kwon.pk)
    save(desk, article, Korea={"decision": "accept"})
    assert Quote.objects.get().speaker == kwon


def test_who_came_on_record_since_something_was_kept_for_later_is_no_new_speaker(
    desk: Client, article: Article, make_speaker: Callable[..., Speaker]
):
    save(desk, article, "_keep", Korea=KWON | {"decision": "later", "topics": "Korea"})
    kwon = make_speaker()
    save(desk, article, Korea={"decision": "accept"})
    assert Quote.objects.get().speaker == kwon


def test_who_came_on_record_since_the_page_was_made_is_taken_for_who_they_are(
    desk: Client, article: Article, make_speaker: Callable[..., Speaker]
):
    Finding.objects.update(name="Jason Kwon", speaker=None)
    sent = answers(desk, article, Korea={"decision": "accept"})
    kwon = make_speaker()
    desk.post(review_of(article), sent | {"_publish": "1"})
    assert Quote.objects.get().speaker == kwon
    assert not any(each.entered for each in Finding.objects.all())


def test_who_is_ticked_as_new_though_on_record_is_still_told_apart(
    desk: Client, article: Article, make_speaker: Callable[..., Speaker]
):
    make_speaker()
    assert "is on record. Untick" in save(desk, article, Korea=KWON)


def test_two_editors_do_not_overwrite_each_other(desk: Client, article: Article):
    mine = answers(desk, article, Korea={"decision": "reject"})
    other = Client()
    other.force_login(get_user_model().objects.create_superuser("anna"))
    theirs = answers(other, article, Korea=KWON, infrastructure=KWON)
    other.post(review_of(article), theirs | {"_publish": "1"})
    answer = desk.post(review_of(article), mine | {"_publish": "1"})
    assert "anna decided about it meanwhile" in unescape(answer.content.decode())
    assert found(POWERHOUSE).is_accepted
    assert Quote.objects.published().count() == 2


def test_what_the_second_editor_accepted_otherwise_is_told_and_stays_on_the_page(
    desk: Client, article: Article
):
    mine = answers(desk, article, Korea=KWON | {"speaker": "Anna Lee", "topics": "My topic"})
    other = Client()
    other.force_login(get_user_model().objects.create_superuser("anna"))
    save(other, article, Korea=KWON)
    answer = desk.post(review_of(article), mine | {"_publish": "1"})
    content = unescape(answer.content.decode())
    assert "anna decided about it meanwhile" in content
    assert 'value="Anna Lee"' in content
    assert 'value="My topic"' in content
    assert Quote.objects.get().speaker == Speaker.objects.get(name="Jason Kwon")


def test_only_what_is_open_is_counted_over_all_pages_of_cards(
    desk: Client, article: Article, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("tracker.admin.reviewing.MOST_CARDS", 2)
    mine = answers(desk, article, Korea={"decision": "reject"})
    mine[f"card-{found(DESTINY).pk}-decision"] = "reject"
    other = Client()
    other.force_login(get_user_model().objects.create_superuser("anna"))
    save(other, article, Korea=KWON)
    answer = desk.post(review_of(article), mine | {"_publish": "1"})
    content = " ".join(unescape(answer.content.decode()).split())
    left = Finding.objects.undecided().count()
    assert f"<b>{left} quotes to decide about</b>" in content
    assert f"{left - 2} more come" in content
    assert f"<b>{left} quotes to decide about</b>" in " ".join(
        page(desk, review_of(article)).split()
    )


def test_what_was_mended_and_left_for_later_is_told_to_be_kept(desk: Client, article: Article):
    mended = {"decision": "later", "topics": "Half a thought"}
    content = save(desk, article, Korea=mended)
    assert "Nothing was decided. What you entered is kept for later." in content
    assert found(POWERHOUSE).entered["topics"] == "Half a thought"
    assert "Nothing was decided, and nothing was changed." in save(desk, article)


def test_a_review_can_be_left_and_come_back_to(desk: Client, article: Article):
    mended = {"decision": "later", "topics": "Half a thought", "speaker": "J. Kwon"}
    assert "Kept for later" in save(desk, article, "_keep", Korea=mended)
    sent = form_of(desk, article)
    card = f"card-{found(POWERHOUSE).pk}"
    assert (sent[f"{card}-topics"], sent[f"{card}-speaker"]) == ("Half a thought", "J. Kwon")
    assert not Quote.objects.exists()


def test_accepting_above_the_line_ticks_and_saves_nothing(desk: Client, article: Article):
    sent = answers(desk, article) | {"_above": "1"}
    answer = desk.post(review_of(article), sent)
    content = answer.content.decode()
    assert f'name="card-{found(POWERHOUSE).pk}-decision" value="accept"' in content
    ticked = re.findall(r'name="card-(\d+)-decision" value="accept"[^>]*checked', content)
    above = {str(f.pk) for f in article.findings.filter(confidence__gte=0.9)}
    assert set(ticked) == above
    assert not Quote.objects.exists()


def test_words_are_marked_by_hand_without_a_script(desk: Client, article: Article):
    by_hand = {
        "hand-0-decision": "accept", "hand-0-words": "has already registered a company in Korea",
        "hand-0-kind": "indirect", "hand-0-speaker": "OpenAI", "hand-0-is_new": "on", "hand-0-is_organisation": "on",
    }  # fmt: skip
    sent = answers(desk, article) | by_hand
    desk.post(review_of(article), sent | {"_save": "1"})
    quote = Quote.objects.get()
    assert (str(quote.speaker), quote.kind) == ("OpenAI", "indirect")
    wrong = answers(desk, article) | by_hand | {"hand-0-words": "words from elsewhere"}
    content = unescape(desk.post(review_of(article), wrong | {"_save": "1"}).content.decode())
    assert "does not have these words" in content
    assert "words from elsewhere" in content


def test_words_by_hand_are_kept_for_later_too(desk: Client, article: Article):
    by_hand = {"hand-3-decision": "later", "hand-3-words": "spoke first", "hand-3-topics": "Order"}
    desk.post(review_of(article), answers(desk, article) | by_hand | {"_keep": "1"})
    sent = form_of(desk, article)
    assert sent[f"card-{found('spoke first').pk}-topics"] == "Order"


def test_another_wording_is_offered_and_becomes_a_citation(
    desk: Client, make_quote: Callable[..., Quote]
):
    quote = make_quote(POWERHOUSE.replace("technological", "technology"))
    desk.post(reverse(IMPORT), {"text": ARTICLE, "url": ADDRESS})
    article = Article.objects.get(url=ADDRESS)
    content = page(desk, review_of(article))
    assert re.search(rf"\d\d % like quote {quote.pk}:", content)
    assert form_of(desk, article)[f"card-{found(POWERHOUSE).pk}-decision"] == "later"
    card = {"decision": "accept", "wording_of": str(quote.pk)}
    assert "1 wording added" in save(desk, article, Korea=card)
    assert quote.citations.count() == 2
    assert Citation.objects.get(article=article).check_result == "exact"


def test_namesakes_can_be_chosen_from(
    desk: Client, article: Article, make_speaker: Callable[..., Speaker]
):
    make_speaker(description="At OpenAI")
    judge = make_speaker(description="A judge in Busan")
    sent = answers(desk, article, Korea=KWON)
    sent.pop(f"card-{found(POWERHOUSE).pk}-is_new")
    content = unescape(desk.post(review_of(article), sent | {"_save": "1"}).content.decode())
    assert "A judge in Busan" in content
    chosen = {f"card-{found(POWERHOUSE).pk}-speaker_id": str(judge.pk)}
    desk.post(review_of(article), sent | chosen | {"_save": "1"})
    assert Quote.objects.get().speaker == judge


def test_what_was_rejected_is_brought_back(desk: Client, article: Article):
    save(desk, article, Korea={"decision": "reject"})
    content = page(desk, review_of(article))
    assert "1 is rejected" in content
    desk.post(review_of(article), {"_reopen": str(found(POWERHOUSE).pk)})
    assert found(POWERHOUSE).is_open
    assert desk.post(review_of(article), {"_reopen": "x"}).status_code == 302


def test_an_article_that_is_read_again_meanwhile_loses_no_card_that_was_answered(
    desk: Client, article: Article
):
    sent = answers(desk, article, infrastructure=KWON)
    gone = found(DESTINY).pk
    text = ARTICLE.replace(f"“{DESTINY}”", "nothing.")
    desk.post(reverse(IMPORT), {"text": text, "url": ADDRESS})
    assert not Finding.objects.filter(pk=gone).exists()
    content = unescape(desk.post(review_of(article), sent | {"_save": "1"}).content.decode())
    assert "does not have these words" in content
    assert DESTINY in content


def test_an_article_without_a_copy_has_a_page_too(
    desk: Client, make_article: Callable[..., Article]
):
    article = make_article()
    assert "There is no copy of its text." in page(desk, review_of(article))
    assert desk.post(review_of(article), {"_save": "1"}).status_code in (200, 302)
    assert (
        desk.get(reverse("admin:tracker_article_review", args=[article.pk + 1])).status_code == 404
    )


def test_hostile_words_are_text(desk: Client):
    text = "“<script>alert(1)</script> is what I typed,” said Jason Kwon. “<img src=x onerror=alert(2)>”"
    answer = desk.post(
        reverse(IMPORT), {"text": f"A headline\n\n{text} and more words to read."}, follow=True
    )
    content = answer.content.decode()
    assert "<script>alert" not in content
    assert "<img src=x" not in content


@pytest.mark.parametrize(
    "wrong", [{"text": "<script>alert(1)</script> it is"}, {"name": "<b>K</b>"}]
)
def test_a_card_that_cannot_be_saved_is_not_ticked_and_says_why(
    wrong: dict[str, str], desk: Client, article: Article
):
    ticked = {**dict.fromkeys(("confidence",), 1.0), "speaker": None, **wrong}
    finding = found(POWERHOUSE)
    Finding.objects.filter(pk=finding.pk).update(**ticked)
    sent = form_of(desk, article)
    assert sent[f"card-{finding.pk}-decision"] == "later"
    content = page(desk, review_of(article))
    assert content.index("The line: below it") < content.index(f'id="card-{finding.pk}"')
    assert "It cannot be saved as it stands: This contains HTML." in content
    sent[f"card-{found(DESTINY).pk}-decision"] = "accept"
    desk.post(review_of(article), sent | {"_publish": "1"})
    assert Quote.objects.exists()


def test_names_with_tags_are_told_at_their_fields(desk: Client, article: Article):
    content = save(desk, article, Korea=KWON | {"speaker": "<b>Kwon</b>"})
    assert "Give the name only, without tags." in content
    wrong = {"title": "Chief", "organisation": "<i>OpenAI</i>"}
    assert "Give the name only, without tags." in save(desk, article, Korea=KWON | wrong)
    assert not Speaker.objects.exists()
    for text in (ARTICLE, "Another text, which is not on record and has no quotes at all."):
        told = bring(desk, text=text, publisher="<script>alert(1)</script>")
        assert "Give the name only, without tags." in told_beside(told, "publisher")


# --- Names --------------------------------------------------------------------------------------------


def test_names_are_offered_whatever_the_field_is_called(
    desk: Client, make_speaker: Callable[..., Speaker]
):
    make_speaker(description="Of OpenAI")
    address = reverse("admin:tracker_article_names")
    assert 'value="Jason Kwon"' in page(desk, f"{address}?card-7-speaker=kwo")
    assert "option" not in page(desk, f"{address}?card-7-speaker=")
    assert "option" not in page(desk, address)
    assert desk.get(f"{address}?q={'x' * 300}").status_code == 404


# --- Who may, and how fast -------------------------------------------------------------------------------


def test_who_may_not_add_articles_and_quotes_cannot_import(
    client: Client, make_article: Callable[..., Article]
):
    someone: Any = get_user_model().objects.create_user("someone", is_staff=True)
    someone.user_permissions.set(
        Permission.objects.filter(codename__in=["add_article", "view_quote"])
    )
    client.force_login(someone)
    addresses = [
        reverse(f"admin:tracker_article_{each}") for each in ("import", "bookmarklet", "names")
    ]
    for address in [*addresses, review_of(make_article())]:
        assert client.get(address).status_code == 403
    assert reverse(IMPORT) not in page(client, reverse("admin:index"))
    client.logout()
    assert client.get(addresses[0]).status_code == 302


def sixty(desk: Client) -> Article:
    desk.post(reverse(IMPORT), {"text": sixty_quotes(), "url": "https://example.org/sixty"})
    return Article.objects.get(url="https://example.org/sixty")


def test_sixty_cards_take_no_more_queries_than_six(
    desk: Client, article: Article, django_assert_max_num_queries: Callable[..., Any]
):
    many = sixty(desk)
    assert many.findings.count() >= 60
    for each in (article, many):
        with django_assert_max_num_queries(14):
            page(desk, review_of(each))


def test_sixty_cards_are_saved_together_with_a_bounded_number_of_queries_each(
    desk: Client,
    make_speaker: Callable[..., Speaker],
    django_assert_max_num_queries: Callable[..., Any],
):
    make_speaker()
    article = sixty(desk)
    sent = form_of(desk, article)
    for finding in article.findings.all():
        sent |= {
            f"card-{finding.pk}-decision": "accept",
            f"card-{finding.pk}-speaker": "Jason Kwon",
        }
        sent.pop(f"card-{finding.pk}-is_new", None)
    with django_assert_max_num_queries(40 * article.findings.count()):
        answer = desk.post(review_of(article), sent | {"_publish": "1"})
    assert answer.status_code == 302, answer.content.decode()
    assert Quote.objects.published().count() == article.findings.count()


def test_a_long_article_is_reviewed_with_no_more_queries_than_a_short_one(
    desk: Client, django_assert_max_num_queries: Callable[..., Any]
):
    for text in (ARTICLE, long_article()):
        answer = desk.post(reverse(IMPORT), {"text": text})
        with django_assert_max_num_queries(14):
            page(desk, answer.headers["Location"])


def test_a_page_has_no_inline_script_or_style(desk: Client, article: Article):
    for address in (
        reverse(IMPORT),
        review_of(article),
        reverse("admin:tracker_article_bookmarklet"),
    ):
        content = page(desk, address)
        assert not re.search(r"\sstyle=|<style|\son\w+=", content)
        assert not re.search(r"<script(?![^>]*\bsrc=)[^>]*>(?!\s*$)", content)
