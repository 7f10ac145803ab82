"""An article comes in: once however often it is brought, with a copy of each text it had, its quotes and its chain."""

import datetime
import hashlib
import json
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import AbstractBaseUser
from django.test.utils import CaptureQueriesContext
from seoul import ADDRESS, ARTICLE, DESTINY, POWERHOUSE, long_article

from tracker import fetching
from tracker.extraction import TICKED_FROM
from tracker.fetching import NoAnswer, NotFound, Page
from tracker.importing import (
    ArticleError,
    Facts,
    Imported,
    Origin,
    Source,
    import_article,
)
from tracker.models import Article, Capture, Finding, Publisher, Quote, Speaker

pytestmark = pytest.mark.django_db

HOSTILE = Path(__file__).resolve().parents[2] / "shared" / "data" / "hostile"
PAGE = """<!doctype html><html lang="en"><head><title>OpenAI in Seoul</title>
<meta property="og:title" content="OpenAI in Seoul"><meta property="og:site_name" content="The Example Post">
<meta property="article:published_time" content="2025-05-27T09:00:00+09:00">
<link rel="canonical" href="{canonical}"></head><body><article><h1>OpenAI in Seoul</h1>{body}</article></body></html>"""


@pytest.fixture
def bring(editor: AbstractBaseUser) -> Callable[..., Imported]:
    """`bring(text=ARTICLE, url=ADDRESS)`."""

    def bring(origin: Origin | None = None, **source: Any) -> Imported:
        return import_article(Source(**source), by=editor, origin=origin)

    return bring


@pytest.fixture
def web(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What addresses answer: a text of HTML, or an error."""
    pages: dict[str, Any] = {}

    def fetch(url: str, *, rules: Any = None) -> Page:
        answer = pages.get(url, NoAnswer("The host does not answer."))
        if isinstance(answer, Exception):
            raise answer
        body = answer.encode()
        return Page(
            url=url, final_url=url, status=200, content_type="text/html", charset="utf-8", body=body,
            fetched_at=datetime.datetime.now(datetime.UTC), sha256=hashlib.sha256(body).hexdigest(),
        )  # fmt: skip

    monkeypatch.setattr(fetching, "fetch", fetch)
    return pages


def page_of(text: str = ARTICLE, canonical: str = ADDRESS) -> str:
    body = "".join(f"<p>{each}</p>" for each in text.split("\n\n"))
    return PAGE.format(body=body, canonical=canonical)


# --- On record, once ----------------------------------------------------------------------------------


def test_a_pasted_article_is_on_record_with_its_copy_and_its_quotes(bring: Callable[..., Imported]):
    imported = bring(text=ARTICLE, url=ADDRESS, facts=Facts(publisher="The Example Post"))
    article = Article.objects.get(pk=imported.article)
    assert imported.is_new
    assert imported.is_new_copy
    assert article.url == ADDRESS
    assert article.headline == "OpenAI tells Seoul that it will open an office"
    assert article.publisher is not None
    assert article.publisher.name == "The Example Post"
    copy = article.captures.get()
    assert copy.method == Capture.Method.TYPED
    assert copy.raw_sha256 == hashlib.sha256(ARTICLE.encode()).hexdigest()
    found = {each.text: each for each in article.findings.all()}
    assert imported.found == imported.undecided == len(found)
    assert found[POWERHOUSE].name == found[DESTINY].name == "Jason Kwon"
    for each in found.values():
        words = " ".join(copy.text[start:end] for start, end in each.spans)
        assert len(each.spans) > 1 or words == each.text


def test_the_same_article_twice_is_no_change(bring: Callable[..., Imported]):
    first = bring(text=ARTICLE, url=ADDRESS)
    before = list(Finding.objects.values())
    again = bring(text=ARTICLE, url=f"{ADDRESS}?utm_source=mail#part")
    assert again.is_unchanged
    assert (again.article, again.capture) == (first.article, first.capture)
    assert list(Finding.objects.values()) == before
    assert Capture.objects.count() == Article.objects.count() == 1


def test_an_article_without_an_address_is_known_again_by_its_text(bring: Callable[..., Imported]):
    first = bring(text=ARTICLE)
    assert bring(text=f"\n\n{ARTICLE}\n").article == first.article
    assert bring(text=ARTICLE.replace("Kwon", "Kim")).article != first.article


def test_a_fetched_page_says_its_headline_day_and_publisher(
    bring: Callable[..., Imported], web: dict[str, Any]
):
    web[ADDRESS] = page_of()
    imported = bring(url=ADDRESS)
    article = Article.objects.get(pk=imported.article)
    assert (article.headline, article.language) == ("OpenAI in Seoul", "en")
    assert article.published_on == "2025-05-27"
    assert str(article.publisher) == "The Example Post"
    copy = article.captures.get()
    assert (copy.method, copy.http_status) == (Capture.Method.FETCHED, 200)
    assert POWERHOUSE in copy.text


def test_what_an_editor_says_is_believed_before_the_page(
    bring: Callable[..., Imported], web: dict[str, Any]
):
    web[ADDRESS] = page_of()
    facts = Facts(headline="Another headline", published_on="2025-05", language="en-GB")
    article = Article.objects.get(pk=bring(url=ADDRESS, facts=facts).article)
    assert (article.headline, article.published_on) == ("Another headline", "2025-05")
    assert article.language == "en-GB"


def test_a_publisher_is_found_by_its_domain_before_its_name(
    bring: Callable[..., Imported], make_publisher: Callable[..., Publisher]
):
    post = make_publisher("Post, The", domain="example.org")
    article = Article.objects.get(pk=bring(text=ARTICLE, url=ADDRESS).article)
    assert article.publisher == post
    named = bring(
        text=ARTICLE, url="https://other.example.com/1", facts=Facts(publisher="post, the")
    )
    assert Article.objects.get(pk=named.article).publisher == post
    assert Publisher.objects.count() == 1


def test_an_article_is_found_at_the_address_that_the_page_gives_itself(
    bring: Callable[..., Imported], web: dict[str, Any]
):
    web["https://m.news.example.org/seoul-office"] = page_of()
    first = bring(text="Something else that was typed here, and is long enough.", url=ADDRESS)
    again = bring(url="https://m.news.example.org/seoul-office")
    assert again.article == first.article
    assert again.is_new_copy


def test_a_front_page_is_no_address_of_an_article(
    bring: Callable[..., Imported], web: dict[str, Any]
):
    for n in (1, 2):
        web[f"https://news.example.org/{n}"] = page_of(canonical="https://news.example.org/")
    articles = {bring(url=f"https://news.example.org/{n}").article for n in (1, 2)}
    assert len(articles) == 2


def test_facts_of_an_article_on_record_stay_as_editors_left_them(
    bring: Callable[..., Imported], make_article: Callable[..., Article]
):
    article = make_article("Mended by hand", url_as_typed=ADDRESS)
    bring(text=ARTICLE, url=ADDRESS, facts=Facts(headline="Another"))
    article.refresh_from_db()
    assert article.headline == "Mended by hand"
    assert article.findings.exists()


def test_facts_that_are_not_on_record_are_filled_when_an_article_is_brought_again(
    bring: Callable[..., Imported], make_article: Callable[..., Article], editor: AbstractBaseUser
):
    article = make_article("Mended by hand", url_as_typed=ADDRESS, published_on="", language="")
    Article.objects.update(publisher=None)
    facts = Facts(headline="Other", publisher="A Post", published_on="2025-05-26", language="EN")
    imported = bring(text=ARTICLE, url=ADDRESS, facts=facts)
    assert set(imported.filled) == {"publisher", "published_on", "language"}
    assert imported.kept == ("headline",)
    article.refresh_from_db()
    assert article.publisher is not None
    assert (article.publisher.name, article.published_on) == ("A Post", "2025-05-26")
    assert article.language == "en"
    assert article.history.latest().history_user == editor
    again = bring(text=ARTICLE, url=ADDRESS, facts=facts)
    assert again.is_unchanged
    assert (again.filled, again.kept) == ((), ("headline",))


@pytest.mark.parametrize("name", ["published_on", "language"])
def test_a_fact_that_is_none_is_told_at_its_field_when_an_article_is_brought_again(
    name: str, bring: Callable[..., Imported]
):
    bring(text=ARTICLE, url=ADDRESS)
    with pytest.raises(ArticleError) as told:
        bring(text=ARTICLE, url=ADDRESS, facts=Facts(**{name: "last Monday"}))
    assert told.value.field == name


def test_a_quote_that_was_entered_by_hand_before_is_not_asked_about_again(
    bring: Callable[..., Imported],
    make_article: Callable[..., Article],
    make_quote: Callable[..., Quote],
):
    article = make_article(url_as_typed=ADDRESS)
    quote = make_quote("Infrastructure is destiny", article=article)
    bring(text=ARTICLE, url=ADDRESS)
    finding = article.findings.get(text=DESTINY)
    assert finding.citation == quote.lead
    assert finding.is_accepted
    assert quote.lead is not None
    quote.lead.refresh_from_db()
    assert quote.lead.anchored_in is not None


# --- Another text -------------------------------------------------------------------------------------


def test_a_changed_article_has_a_new_copy_in_which_its_citations_are_checked(
    bring: Callable[..., Imported],
    make_article: Callable[..., Article],
    make_quote: Callable[..., Quote],
):
    article = make_article(url_as_typed=ADDRESS)
    make_quote("infrastructure is destiny", article=article)
    bring(text=ARTICLE, url=ADDRESS)
    changed = bring(text=f"An editor's note.\n\n{ARTICLE}", url=ADDRESS)
    assert changed.is_new_copy
    assert not changed.is_new
    assert changed.checked == {"exact": 1}
    assert article.captures.count() == 2


def test_the_same_text_in_a_copy_that_proves_more_is_kept(
    bring: Callable[..., Imported], web: dict[str, Any]
):
    web[ADDRESS] = page_of()
    fetched = bring(url=ADDRESS)
    text = Capture.objects.get(pk=fetched.capture).text
    Capture.objects.filter(pk=fetched.capture).update(method=Capture.Method.TYPED)
    assert bring(url=ADDRESS).is_new_copy
    assert bring(url=ADDRESS, text=text).is_unchanged


def test_an_address_that_stops_answering_is_kept_with_what_was_seen(
    bring: Callable[..., Imported], web: dict[str, Any]
):
    bring(text=ARTICLE, url=ADDRESS)
    web[ADDRESS] = NotFound("The site says that there is no such page.", http_status=404)
    with pytest.raises(ArticleError, match="no such page") as told:
        bring(url=ADDRESS)
    assert (told.value.field, told.value.status, told.value.http_status) == (
        "url",
        "not-found",
        404,
    )
    seen = Capture.objects.get(method=Capture.Method.FETCHED)
    assert (seen.outcome, seen.http_status, seen.text) == (Capture.Outcome.NOT_FOUND, 404, "")
    assert seen.failure == Capture.Failure.NOT_FOUND


def test_nothing_is_on_record_of_an_address_that_never_answered(
    bring: Callable[..., Imported], web: dict[str, Any]
):
    with pytest.raises(ArticleError, match="does not answer"):
        bring(url=ADDRESS)
    assert not Article.objects.exists()
    assert not Capture.objects.exists()


# --- The chain ----------------------------------------------------------------------------------------


def test_an_article_comes_from_another_by_its_address_or_its_number(bring: Callable[..., Imported]):
    korean = "https://zdnet.example.kr/1"
    first = bring(text=ARTICLE, url=ADDRESS, origin=Origin(relation="re-report", url=korean))
    article = Article.objects.get(pk=first.article)
    assert article.original is not None
    assert (article.original.url, article.relation) == (korean, "re-report")
    number = Origin(relation="excerpt", article=article.pk)
    third = bring(
        text="An excerpt of that, long enough to be read.",
        url="https://c.example.com/1",
        origin=number,
    )
    assert Article.objects.get(pk=third.article).original == article


def test_a_chain_that_would_run_in_a_circle_is_refused_and_nothing_is_kept(
    bring: Callable[..., Imported],
):
    first = bring(text=ARTICLE, url=ADDRESS)
    second = bring(
        text=ARTICLE,
        url="https://b.example.com/1",
        origin=Origin(relation="translation", article=first.article),
    )
    back = Origin(relation="translation", article=second.article)
    with pytest.raises(ArticleError, match="circle") as told:
        bring(text=f"{ARTICLE}\n\nMore.", url=ADDRESS, origin=back)
    assert told.value.field == "origin"
    assert Capture.objects.filter(article=first.article).count() == 1
    with pytest.raises(ArticleError):
        bring(text=ARTICLE, url=ADDRESS, origin=Origin(relation="excerpt", url=ADDRESS))


def test_where_an_article_comes_from_is_not_said_anew_by_an_import(bring: Callable[..., Imported]):
    bring(
        text=ARTICLE,
        url=ADDRESS,
        origin=Origin(relation="re-report", url="https://a.example.com/1"),
    )
    with pytest.raises(ArticleError, match="on record as coming from"):
        bring(
            text=ARTICLE,
            url=ADDRESS,
            origin=Origin(relation="excerpt", url="https://a.example.com/1"),
        )
    same = Origin(relation="re-report", url="https://a.example.com/1")
    assert bring(text=ARTICLE, url=ADDRESS, origin=same).is_unchanged


# --- Who is on record ---------------------------------------------------------------------------------


def test_a_speaker_on_record_is_known_by_name_and_alias(
    bring: Callable[..., Imported], make_speaker: Callable[..., Speaker]
):
    kwon = make_speaker("Jason Kwon")
    imported = bring(text=ARTICLE, url=ADDRESS)
    finding = Finding.objects.get(article=imported.article, text=DESTINY)
    assert finding.speaker == kwon


def test_a_quote_on_record_that_is_like_a_found_one_is_remembered_with_it(
    bring: Callable[..., Imported], make_quote: Callable[..., Quote]
):
    quote = make_quote(
        "Korea is a technology powerhouse with full-stack capabilities from semiconductors to applications"
    )
    bring(text=ARTICLE, url=ADDRESS)
    finding = Finding.objects.get(text=POWERHOUSE)
    assert finding.like == quote
    assert finding.likeness is not None
    assert finding.likeness > 85
    assert finding.is_open


# --- Bad input ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "field", "told"),
    [
        ({}, "url", "Give an address"),
        ({"text": " \n\t"}, "url", "Give an address"),
        ({"text": "…"}, "text", "no words|nothing to read"),
        ({"file": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(256)) * 8}, "file", ""),
        ({"file": b"%PDF-1.7\n" + bytes(range(128, 256)) * 40}, "file", ""),
        ({"text": "x" * 5_000_001}, "text", "too long"),
        ({"text": "<div>" * 10_000 + "words"}, "text", ""),
        ({"text": ARTICLE, "file": b"words"}, "file", "not both"),
        ({"url": "ftp://example.org/"}, "url", "begins with http"),
        ({"url": "https://user:word@example.org/", "text": ARTICLE}, "url", "user name"),
        ({"text": ARTICLE, "facts": Facts(published_on="last May")}, "published_on", ""),
        ({"text": ARTICLE, "facts": Facts(language="English")}, "language", "language tag"),
        ({"text": ARTICLE, "facts": Facts(publisher="\u200b")}, "publisher", ""),
    ],
    ids=["nothing", "blank", "no words", "picture", "PDF", "5 MB", "deep", "both", "ftp", "user", "day", "tag", "publisher"],
)  # fmt: skip
def test_what_cannot_be_taken_is_told_with_its_field_and_leaves_nothing(
    source: dict[str, Any], field: str, told: str, bring: Callable[..., Imported]
):
    with pytest.raises(ArticleError, match=told or ".") as error:
        bring(**source)
    assert error.value.field == field
    assert not Article.objects.exists()
    assert not Capture.objects.exists()
    assert not Finding.objects.exists()


def test_an_article_without_quotes_is_on_record_without_findings(bring: Callable[..., Imported]):
    imported = bring(text="The weather stays fine. It will rain on Friday.", url=ADDRESS)
    assert imported.found == 0
    assert imported.is_new


@pytest.mark.skipif(not HOSTILE.exists(), reason="no shared data here")
def test_hostile_texts_come_in_as_text_or_are_refused(bring: Callable[..., Imported]):
    rows = []
    for name in ("naughty", "unicode", "xss", "html_torture", "xml_attack"):
        lines = (HOSTILE / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
        rows += [json.loads(line) for line in lines][::7]
    for row in rows:
        text = next((v for v in row.values() if isinstance(v, str) and len(v) > 3), "")
        with suppress(ArticleError):
            bring(text=f"“{text}”, said Jason Kwon.\n\n{text}")
    for finding in Finding.objects.all():
        for start, end in finding.spans:
            assert 0 <= start < end <= len(finding.capture.text)


@pytest.mark.skipif(not HOSTILE.exists(), reason="no shared data here")
def test_files_in_any_charset_come_in_or_are_refused_with_a_word(bring: Callable[..., Imported]):
    for path in sorted((HOSTILE / "encoding_files").glob("*/*"))[::5]:
        try:
            imported = bring(file=path.read_bytes())
        except ArticleError:
            continue
        assert "\ufffd" not in Capture.objects.get(pk=imported.capture).text


# --- How much work ------------------------------------------------------------------------------------


def test_a_quote_of_a_long_article_takes_no_more_than_the_two_queries_that_look_for_its_like(
    bring: Callable[..., Imported],
    django_assert_max_num_queries: Callable[..., CaptureQueriesContext],
):
    for text, address in ((ARTICLE, ADDRESS), (long_article(), f"{ADDRESS}-long")):
        with django_assert_max_num_queries(1_000) as done:
            found = bring(text=text, url=address).found
        assert len(done) <= 70 + 2 * found
    assert found > 40


def test_the_same_article_again_takes_few_queries(
    bring: Callable[..., Imported],
    django_assert_max_num_queries: Callable[..., CaptureQueriesContext],
):
    bring(text=ARTICLE, url=ADDRESS)
    with django_assert_max_num_queries(60):
        bring(text=ARTICLE, url=ADDRESS)


def test_a_quotation_that_the_page_declares_is_found_too_once(editor: AbstractBaseUser):
    declared = {
        "@context": "https://schema.org",
        "@graph": [
            {
                "@type": "Quotation",
                "text": words,
                "creator": {"@type": "Person", "name": "Jason Kwon"},
            }
            for words in ("Roads are laid before towns", "Nothing of this stands here")
        ],
    }
    page = (
        "<html lang=en><head><title>On roads</title>"
        f"<script type='application/ld+json'>{json.dumps(declared)}</script></head><body><article>"
        "<h1>On roads</h1><p>There is a saying that has been heard in many halls for many years.</p>"
        "<p>Roads are laid before towns</p><p>It was repeated in Seoul, and then again in other "
        "cities, by people who had never heard of each other and did not need to.</p>"
        "</article></body></html>"
    )

    import_article(Source(text=page), by=editor)
    import_article(Source(text=page), by=editor)

    (finding,) = Finding.objects.filter(text="Roads are laid before towns")
    assert (finding.name, finding.kind) == ("Jason Kwon", "direct")
    assert finding.confidence < TICKED_FROM
