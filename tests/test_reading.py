"""What is read out of pages and pasted texts, and that hostile ones are stopped.

How well real pages are read, tests/bench/reading.py tells.
"""

import base64
import codecs
import dataclasses
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import webencodings
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker import dates
from tracker.reading import (
    ClaimReview,
    NotText,
    Quotation,
    ReadArticle,
    ReadingError,
    TookTooLong,
    asking,
    read,
)
from tracker.reading.decoding import decode
from tracker.reading.linked_data import linked_data
from tracker.reading.pages import read_page
from tracker.reading.values import address_of, day_of, language_of, line_of
from tracker.sanitizing import plain_line

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"
HOSTILE = SHARED / "hostile"
ROOT = Path(__file__).resolve().parents[1]
URL = "https://news.example.org/2025/05/seoul"

PARAGRAPHS = (
    "OpenAI will open an office in Seoul, its chief strategy officer told lawmakers on Monday.",
    "“Infrastructure is destiny,” said R. Porter, who had come from Busan to hear him speak.",
    "The company did not say how many people will work there, nor when the first of them will.",
)


def page(head: str = "", body: str = "", html: str = "<html lang=en>") -> str:
    article = "".join(f"<p>{paragraph}</p>\n" for paragraph in PARAGRAPHS)
    return (
        f"<!doctype html>{html}<head><meta charset=utf-8>{head}</head><body>"
        f"<nav><a href=/>Home</a><a href=/about>About</a></nav>{body}<article>{article}</article>"
        "<footer>All rights reserved. Contact us.</footer></body></html>"
    )


def ld(*nodes: object) -> str:
    return "".join(
        f'<script type="application/ld+json">{json.dumps(node)}</script>' for node in nodes
    )


def rows(name: str) -> list[dict]:
    path = HOSTILE / f"{name}.jsonl"
    if not path.exists():
        pytest.skip("the hostile cases are not on this machine")
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def sources(name: str) -> Iterator[str | bytes]:
    for row in rows(name):
        if "payload" in row:
            yield row["payload"]
        elif "payload_b64" in row:
            yield base64.b64decode(row["payload_b64"])
        elif "unit" in row.get("recipe", {}):
            recipe = row["recipe"]
            yield recipe["pre"] + recipe["unit"] * recipe["n"] + recipe["post"]


def refusal(source: bytes | str, **said: str) -> ReadingError:
    with pytest.raises(ReadingError) as refused:
        read(source, **said)
    assert str(refused.value).endswith(".")
    return refused.value


def assert_storable(article: ReadArticle) -> None:
    values = [article, *article.claim_reviews, *article.quotations]
    for value in values:
        for name, text in ((f.name, getattr(value, f.name)) for f in dataclasses.fields(value)):
            if name.endswith("_on") and text:
                dates.parse(text)
            elif isinstance(text, str) and name not in {"text", "claim"}:
                assert plain_line(text) == text, name
    for paragraph in article.paragraphs:
        assert paragraph == " ".join(paragraph.split())
        for piece in range(0, len(paragraph), 10_000):
            plain_line(paragraph[piece : piece + 10_000])


# --- Paragraphs -----------------------------------------------------------------------------------


def test_the_paragraphs_of_an_article_are_kept_and_what_is_around_it_is_not() -> None:
    article = read(page().encode(), url=URL)
    assert article.paragraphs == PARAGRAPHS
    assert article.text == "\n\n".join(PARAGRAPHS)
    assert (article.method, article.charset) == ("trafilatura", "utf-8")


def test_a_full_stop_after_an_initial_stays_in_the_text_and_in_the_byline() -> None:
    article = read(page('<meta name=author content="By R. Porter">'), url=URL)
    assert "said R. Porter, who" in article.text
    assert article.byline == "R. Porter"


def test_words_across_inline_tags_stay_one_line_and_breaks_part_paragraphs() -> None:
    body = (
        "<p>He <b>said</b> <a href=x>this</a> and no<i>thing</i> more to anybody in the room.</p>"
        "<p>First line of it ends here.<br><br>Second line of it begins there.</p>"
        "<p>This line is broken by its length and<br>runs on in small letters.</p>"
    )
    article = read(page(body=f"<article>{body}</article>"), url=URL)
    for expected in (
        "He said this and nothing more to anybody in the room.",
        "First line of it ends here.",
        "Second line of it begins there.",
        "This line is broken by its length and runs on in small letters.",
    ):
        assert expected in article.paragraphs


def test_a_page_may_be_read_plainly_with_all_that_may_be_its_article() -> None:
    html = page(body="<form><div>Words of a <div>block within</div> a form</div></form>")
    article = read_page(html, plainly=True)
    assert article.method == "plain"
    assert article.paragraphs == ("Words of a", "block within", "a form", *PARAGRAPHS)


# --- What a page says of itself -------------------------------------------------------------------


def test_json_ld_is_read() -> None:
    node = {
        "@context": "https://schema.org",
        "@graph": [
            {"@type": "Organization", "@id": "#us", "name": "The Seoul Times"},
            {
                "@type": ["NewsArticle"],
                "headline": "OpenAI to open office in Seoul &amp; Busan",
                "author": [{"@type": "Person", "name": "R. Porter"}, {"name": "Kim Min-jun"}],
                "datePublished": "2025-05-26T09:00:00+09:00",
                "publisher": {"@id": "#us"},
                "inLanguage": "en_us",
                "isBasedOn": {"@type": "NewsArticle", "url": "https://zdnet.example.kr/1"},
            },
        ],
    }
    article = read(page(ld(node), html="<html>"), url=URL)
    assert article.headline == "OpenAI to open office in Seoul & Busan"
    assert article.byline == "R. Porter, Kim Min-jun"
    assert article.published_on == "2025-05-26"
    assert article.publisher == "The Seoul Times"
    assert article.language == "en-US"
    assert article.original_url == "https://zdnet.example.kr/1"


def test_opengraph_and_html_are_read() -> None:
    head = (
        '<meta property="og:title" content="OpenAI to open office in Seoul | The Seoul Times">'
        '<meta property="og:site_name" content="The Seoul Times">'
        '<meta property="article:published_time" content="2025-05-26T09:00:00Z">'
        '<link rel="canonical" href="/2025/05/seoul">'
    )
    article = read(page(head, html='<html lang="en-gb">'), url=f"{URL}?utm_source=x")
    assert article.headline == "OpenAI to open office in Seoul"
    assert article.publisher == "The Seoul Times"
    assert article.published_on == "2025-05-26"
    assert article.language == "en-GB"
    assert (article.canonical_url, article.original_url) == (URL, "")


def test_highwire_tags_are_read() -> None:
    head = (
        '<meta name="citation_title" content="On Infrastructure">'
        '<meta name="citation_author" content="Porter, R."><meta name="citation_author" content="Kim, M.">'
        '<meta name="citation_publication_date" content="2025/5/6">'
        '<meta name="citation_journal_title" content="Journal of Destiny">'
    )
    article = read(page(head), url=URL)
    assert (article.headline, article.byline) == ("On Infrastructure", "Porter, R., Kim, M.")
    assert (article.published_on, article.publisher) == ("2025-05-06", "Journal of Destiny")


def test_a_canonical_address_at_another_site_is_where_the_article_comes_from() -> None:
    head = '<link rel=canonical href="https://other.example.com/a">'
    article = read(page(head), url=URL)
    assert article.canonical_url == article.original_url == "https://other.example.com/a"
    assert read(page(head), url="https://m.example.com/a").original_url == ""
    head = '<link rel=canonical href="https://www.first.co.kr/a">'
    assert read(page(head), url="https://www.second.co.kr/a").original_url
    assert not read(page(head), url="https://m.first.co.kr/a").original_url


def test_the_heading_that_the_title_repeats_is_the_headline_and_the_name_of_the_site_is_not() -> (
    None
):
    head = "<title>The Seoul Times » Office in Seoul: why now</title>"
    body = "<h1><a href=/>The Seoul Times</a></h1><h2>Office in Seoul: why now</h2>"
    assert read(page(head, body), url=URL).headline == "Office in Seoul: why now"
    head = '<title>x</title><meta property="og:title" content="Office in Seoul: why ...">'
    body = "<h1>Office in Seoul: why now and not before</h1>"
    assert read(page(head, body), url=URL).headline == "Office in Seoul: why now and not before"


@pytest.mark.parametrize(
    "body",
    [
        '<span class="byline">By R. Porter | News</span>',
        "<a rel=author href=/porter>R. Porter</a>",
        '<div class="post-author">Posted on May 26, 2025 by R. Porter</div>',
        '<p class="auteurs">par R. Porter, 26 mai 2025</p>',
        '<p class="comment-author">Somebody</p><p class="author">admin</p><p class="author">R. Porter</p>',
    ],
)
def test_a_byline_that_is_only_printed_is_found(body: str) -> None:
    assert read(page(body=body), url=URL).byline == "R. Porter"


@pytest.mark.parametrize(
    "name", ["Da Silva", "Ursula von der Leyen", "Di Maio", "Leonardo da Vinci"]
)
def test_a_name_with_a_small_word_in_it_is_left_as_it_is(name: str) -> None:
    assert read(page(f'<meta name=author content="{name}">'), url=URL).byline == name


def test_an_article_that_is_only_declared_is_read() -> None:
    node = {"@type": "NewsArticle", "headline": "x", "articleBody": "\n".join(PARAGRAPHS)}
    html = f"<html><head>{ld(node)}</head><body><p>Read the full article.</p></body></html>"
    article = read(html, url=URL)
    assert (article.paragraphs, article.method) == (PARAGRAPHS, "declared")


def test_a_day_is_the_local_one_when_the_page_shows_it() -> None:
    head = '<meta property="article:published_time" content="2025-05-26T20:30:00Z">'
    body = '<time datetime="2025-05-27T05:30:00+09:00">27 May</time>'
    assert read(page(head), url=URL).published_on == "2025-05-26"
    assert read(page(head, body), url=URL).published_on == "2025-05-27"


@pytest.mark.parametrize(
    "body",
    [
        '<time itemprop="datePublished" datetime="2025-05-26">Monday</time>',
        '<span class="published">26. Mai 2025</span>',
        '<p class="post-meta">By R. Porter on May 26, 2025 in News</p>',
        "<p>26 May 2025</p>",
        "<p class=date>2025년 5월 26일 09:00</p>",
    ],
)
def test_a_day_that_is_only_printed_is_found(body: str) -> None:
    assert read(page(body=body), url=URL).published_on == "2025-05-26"


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2025-05-26T09:00:00+09:00", "2025-05-26"),
        ("20250526", "2025-05-26"),
        ("Mon, 26 May 2025 09:00:00 GMT", "2025-05-26"),
        ("May 26th, 2025", "2025-05-26"),
        ("2025. 5. 26.", "2025-05-26"),
        ("2025年5月26日", "2025-05-26"),
        ("1er mars 2025", "2025-03-01"),
        ("26 de mayo de 2025", "2025-05-26"),
        ("2025-05", "2025-05"),
        ("03/04/2025", ""),
        ("2025-13-01", ""),
        ("2025-02-30", ""),
        ("0000-01-01", ""),
        ("yesterday", ""),
        ("", ""),
    ],
)
def test_a_day_is_read_or_left_out_but_not_guessed(text: str, day: str) -> None:
    assert day_of(text) == day


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        ("en", "en"),
        ("EN-gb", "en-GB"),
        ("zh-hant-tw", "zh-Hant-TW"),
        ("pt_BR.UTF-8", "pt-BR"),
        ("english", ""),
        ("", ""),
        ("<b>", ""),
    ],
)
def test_a_language_is_a_tag_in_canonical_case_or_nothing(text: str, tag: str) -> None:
    assert language_of(text) == tag


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "http://u:p@a.example.org/",
        "//",
        "http://[",
        "\\x",
    ],
)
def test_an_address_that_is_none_of_the_web_is_left_out(address: str) -> None:
    assert address_of(address, "") == ""


def test_a_headline_is_cut_at_a_word_and_holds_no_tags() -> None:
    assert line_of("<b>One</b> &lt;i&gt;two&lt;/i&gt;\u200b three\x00") == "One two three"
    cut = line_of("word " * 200)
    assert len(cut) <= 500
    assert cut.endswith("word…")


# --- Quotations and claim reviews that a page declares ----------------------------------------------


def test_a_quotation_and_a_claim_review_are_offered() -> None:
    quotation = {
        "@type": "Quotation",
        "text": "Infrastructure is destiny.",
        "creator": {"@type": "Person", "name": "Jason Kwon"},
        "dateCreated": "2025-05-26",
        "url": "/q/1",
        "inLanguage": "en",
    }
    review = {
        "@type": "ClaimReview",
        "claimReviewed": "Seoul has no office.",
        "author": {"name": "Full Fact"},
        "datePublished": "2025-06-01",
        "url": "https://fullfact.example.org/1",
        "reviewRating": {"alternateName": "False", "ratingValue": 1},
        "itemReviewed": {
            "author": {"name": "Somebody"},
            "datePublished": "2025-05-30",
            "appearance": [{"url": "https://x.example.org/2"}],
        },
    }
    article = read(page(ld({"@graph": [quotation, review]})), url=URL)
    assert article.quotations == (
        Quotation(
            text="Infrastructure is destiny.",
            speaker="Jason Kwon",
            said_on="2025-05-26",
            url="https://news.example.org/q/1",
            language="en",
        ),
    )
    assert article.claim_reviews == (
        ClaimReview(
            claim="Seoul has no office.",
            claimed_by="Somebody",
            claimed_on="2025-05-30",
            claim_url="https://x.example.org/2",
            verdict="False",
            reviewer="Full Fact",
            reviewed_on="2025-06-01",
            url="https://fullfact.example.org/1",
            appearances=("https://x.example.org/2",),
        ),
    )


HOSTILE_VALUES: list[object] = [
    None,
    True,
    10**5000,
    {"@type": "Quotation"},
    [[[]]],
    {"name": {"name": {"name": {"name": {"name": "deep"}}}}},
    "<script>alert(1)</script>",
    "&lt;img src=x onerror=alert(1)&gt;",
    "\u202egnirts\x00\ud800",
    "javascript:alert(1)",
    "a" * 100_000,
]


@pytest.mark.parametrize("value", HOSTILE_VALUES, ids=range(len(HOSTILE_VALUES)))
def test_hostile_values_of_linked_data_are_harmless(value: object) -> None:
    keys = ("text", "claimReviewed", "headline", "author", "creator", "url", "datePublished")
    keys += ("dateCreated", "inLanguage", "itemReviewed", "reviewRating", "publisher", "@id")
    for kind in ("Quotation", "ClaimReview", "NewsArticle"):
        nodes = [dict.fromkeys(keys, value) | {"@type": kind}]
        nodes += [
            {"@type": kind, "text": "Words.", "claimReviewed": "Words.", key: value} for key in keys
        ]
        sys.set_int_max_str_digits(0)
        scripts = [json.dumps(nodes)]
        sys.set_int_max_str_digits(4300)
        found = linked_data(scripts, URL)
        assert_storable(ReadArticle(claim_reviews=found.claim_reviews, quotations=found.quotations))
        for text in (
            *(each.text for each in found.quotations),
            *(each.claim for each in found.claim_reviews),
        ):
            assert "<" not in text
            assert len(text) <= 5000


types = st.sampled_from(["Quotation", "ClaimReview", "NewsArticle"])
keys = st.sampled_from(["@type", "@id", "name", "text", "author", "url", "headline", "@graph"])
leaves = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=20))


def nested(inner: st.SearchStrategy) -> st.SearchStrategy:
    return st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(keys, st.one_of(inner, types), max_size=4)
    )


values = st.recursive(leaves, nested, max_leaves=20)


@settings(max_examples=200, deadline=None)
@given(values)
def test_any_linked_data_is_read_without_an_error(value: object) -> None:
    linked_data([json.dumps(value)], URL)


@pytest.mark.parametrize(
    "script",
    [
        "",
        "{",
        "[" * 100_000,
        '{"a":' * 100_000,
        "//<![CDATA[\n{}\n//]]>",
        "9" * 100_000,
        '{"@type": "NewsArticle", "headline": "x", "@graph": ' + "[" * 500 + "]" * 500 + "}",
    ],
)
def test_malformed_linked_data_is_passed_over(script: str) -> None:
    good = json.dumps({"@type": "NewsArticle", "headline": "Good"})
    assert linked_data([script, good], URL).headline in {"Good", "x"}


def test_linked_data_wrapped_as_in_xhtml_is_read() -> None:
    script = '//<![CDATA[\n{"@type": "NewsArticle", "headline": "Good\nline"}\n//]]>'
    assert linked_data([script]).headline == "Good line"


# --- Character sets -------------------------------------------------------------------------------


def encoding_files() -> list:
    folder = HOSTILE / "encoding_files"
    found = sorted(folder.glob("*/*")) if folder.exists() else []
    return found or [pytest.param(None, marks=pytest.mark.skip("the files are not here"))]


def codec_of(folder: str) -> str | None:
    """The codec that a folder is named after, such as windows-1250-czech; larger where browsers' is."""
    named = {"MacCyrillic": "mac_cyrillic", "SHIFT_JIS": "cp932", "TIS-620": "cp874"}
    parts = named.get(folder, folder).split("-")
    for end in range(len(parts), 0, -1):
        try:
            return codecs.lookup("-".join(parts[:end])).name
        except LookupError:
            continue
    return None


@pytest.mark.parametrize(
    "path", encoding_files(), ids=lambda path: path and f"{path.parent.name}/{path.name}"
)
def test_a_file_is_decoded_without_a_loss(path: Path) -> None:
    body = path.read_bytes()
    text, _ = decode(body)
    assert "\ufffd" not in text
    codec = codec_of(path.parent.name)
    if codec:  # Python has none for EUC-TW
        assert text.lstrip("\ufeff") == body.decode(codec).lstrip("\ufeff")


def test_what_a_page_says_of_its_charset_is_read_as_browsers_do() -> None:
    wrong = []
    for row in rows("encodings"):
        expected = webencodings.lookup(row.get("expected_encoding") or "")
        body = base64.b64decode(row["payload_b64"])
        if expected and not body.isascii():
            wrong += [row["id"]] if decode(body)[1] != expected.codec_info.name else []
    assert len(wrong) <= 1, wrong  # a test of scripts that write the tag, which none does here


@pytest.mark.parametrize(
    ("body", "declared", "text"),
    [
        ("café".encode(), "", "café"),
        ("“café”".encode("cp1252"), "", "“café”"),
        ("“café”".encode("cp1252"), "iso-8859-1", "“café”"),
        ("“café”".encode(), "iso-8859-1", "“café”"),
        ("한국은".encode("cp949"), "euc-kr", "한국은"),
        ("한국은 반도체부터".encode(), "euc-kr", "한국은 반도체부터"),
        (b"<meta charset=euc-kr>" + "한국".encode("cp949"), "", "<meta charset=euc-kr>한국"),
        (b"<meta charset=euc-kr>" + "한국".encode(), "utf-8", "<meta charset=euc-kr>한국"),
        ("한국".encode("utf-16"), "utf-8", "한국"),
        ("한국".encode("utf-32"), "", "한국"),
        (b"\xef\xbb\xbfa", "euc-kr", "a"),
        ("für".encode() * 50 + b"\x96", "", "für" * 50 + "–"),
        (b"caf\xe9", "no-such-charset", "café"),
        (b"caf\xe9", "base64", "café"),
        (b"caf\xe9", "unicode_escape", "café"),
    ],
)
def test_bytes_are_read_in_the_charset_that_they_are_in(
    body: bytes, declared: str, text: str
) -> None:
    assert decode(body, declared)[0] == text


def test_the_charset_of_a_read_page_is_told() -> None:
    html = page().replace("charset=utf-8", "charset=euc-kr").replace("Seoul", "서울")
    article = read(html.encode("cp949", "xmlcharrefreplace"), content_type="text/html")
    assert article.charset == "cp949"
    assert "office in 서울" in article.text


@pytest.mark.parametrize(
    "start", [b"%PDF-1.7 ", b"\x89PNG\r\n", b"PK\x03\x04", b"\xff\xd8\xff\xe0", b"\x1f\x8b\x08"]
)
def test_what_is_no_text_is_named(start: bytes) -> None:
    with pytest.raises(NotText, match="This is a"):
        decode(start + b"words that follow")
    assert refusal(bytes(range(256)) * 100).status == "not-text"
    assert refusal(bytes(1000)).status == "not-text"


# --- Pasted text ----------------------------------------------------------------------------------


def test_a_pasted_text_keeps_its_paragraphs_and_offers_its_first_line_as_headline() -> None:
    article = read("OpenAI to open office in Seoul\n\n" + "\n\n".join(PARAGRAPHS))
    assert article.headline == "OpenAI to open office in Seoul"
    assert article.paragraphs[1:] == PARAGRAPHS
    assert (article.method, article.charset) == ("pasted", "")


def test_lines_are_paragraphs_when_no_line_is_empty_and_wrapped_lines_are_joined() -> None:
    assert read("\r\n".join(PARAGRAPHS)).paragraphs == PARAGRAPHS
    wrapped = (
        "OpenAI will open an office in Seoul, its chief strategy\n"
        "officer told lawmakers on Monday, who had waited for it\n"
        "for months.\n\n“Infrastructure is destiny,” said R. Porter.\n"
    )
    assert read(wrapped).paragraphs == (
        "OpenAI will open an office in Seoul, its chief strategy officer told lawmakers on Monday, "
        "who had waited for it for months.",
        "“Infrastructure is destiny,” said R. Porter.",
    )


def test_the_turns_of_a_transcript_stay_apart() -> None:
    turns = (
        "Q: Will the office in Seoul be opened before the year ends?",
        "KWON: We have said what we have said, and will say no more.",
        "Q: Is infrastructure destiny, as you told the committee today?",
    )
    text = "The committee met on Monday.\n\n" + "\n".join(turns)
    assert read(text).paragraphs[1:] == turns


@pytest.mark.parametrize("text", ["It begins with a sentence.", "By R. Porter", "26 May 2025"])
def test_what_is_no_headline_is_not_offered_as_one(text: str) -> None:
    assert read(f"{text}\n\n{PARAGRAPHS[0]}").headline == ""


def test_text_that_speaks_of_less_and_more_is_not_taken_for_html() -> None:
    text = "If a < b and c > d, then x is right, and <that> is all there is to say of it."
    assert read(text).paragraphs == (text,)
    assert read(page(), content_type="text/plain").method == "pasted"
    assert read("<p>One paragraph, pasted as HTML with its tags.</p>").method == "trafilatura"


def test_the_first_real_article_keeps_its_words() -> None:
    path = SHARED / "articles" / "openai-seoul-en.txt"
    if not path.exists():
        pytest.skip("the article is not on this machine")
    text = path.read_text(encoding="utf-8")
    assert " ".join(read(text).text.split()) == " ".join(text.split())


# --- Bad and hostile input ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "status"),
    [
        ("", "empty"),
        (b"", "empty"),
        (" \n\u200b ", "empty"),
        ("<html><body><img src=x></body></html>", "empty"),
        ("--- !!! ---", "empty"),
        ("\u115f\u1160", "empty"),
        (b"x" * 50_000_000, "too-long"),
        ("x " * 1_000_000, "too-long"),
        ("<div>" * 10_000 + "x", "too-complex"),
        ("<div/>" * 10_000 + "x", "too-complex"),
        ("<p>x</p>" * 60_000, "too-complex"),
        (f"<p {' '.join(f'a{n}=b' for n in range(300))}>x", "too-complex"),
    ],
    ids=range(12),
)
def test_bad_input_is_refused_in_words_for_an_editor(source: bytes | str, status: str) -> None:
    assert refusal(source).status == status


def test_scripts_and_comments_do_not_hide_depth_from_the_caps() -> None:
    deep = "<div>" * 1_000
    assert refusal(f"<p>a</p><!--<script>-->{deep}").status == "too-complex"
    assert refusal(f"<p>a</p><script><!--</script>{deep}").status == "too-complex"
    assert read(page(f"<script>{'<div>' * 10_000}</script>")).paragraphs == PARAGRAPHS


@pytest.mark.parametrize("name", ["huge_html", "html_torture", "unicode", "xml_attack", "redos"])
def test_hostile_html_is_read_harmlessly_or_refused(name: str) -> None:
    for source in sources(name):
        try:
            article = read(source, url=URL, content_type="text/html")
        except ReadingError:
            continue
        assert_storable(article)


def test_no_real_page_raises_or_takes_over_two_seconds_of_the_processor(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """After two seconds a page would be asked for again, plainly."""
    paths = sorted((SHARED / "pages").glob("**/*.html"))
    paths = [path for path in paths if path.name != "expected.html"]
    if not paths:
        pytest.skip("the pages are not on this machine")
    jobs: list[dict] = []

    def ask(job: dict, *, seconds: float) -> dict:
        assert seconds <= 2
        jobs.append(job)
        return asking.ask(job, seconds=seconds)

    monkeypatch.setattr("tracker.reading.opening.ask", ask)
    for path in paths:
        assert_storable(read(path.read_bytes(), url=URL, content_type="text/html"))
        assert "plainly" not in jobs[-1], path
    assert len(jobs) == len(paths)


# --- The process that parses ----------------------------------------------------------------------


def pids() -> list[int]:
    return [reader.pid for reader in asking._free]


@pytest.fixture
def _anew() -> Iterator[None]:
    asking.end_all()
    yield
    asking.end_all()


@pytest.mark.usefixtures("_anew")
def test_a_process_is_kept_from_page_to_page() -> None:
    read(page())
    first = pids()
    read(page())
    assert pids() == first
    assert len(first) == 1


@pytest.mark.usefixtures("_anew")
def test_a_process_that_takes_too_long_is_ended_and_the_next_page_gets_another() -> None:
    read(page())
    (first,) = pids()
    slow = "<p>" + "Some words, and more of them. " * 150_000
    begun = time.monotonic()
    with pytest.raises(ReadingError, match="too long"):
        asking.ask({"html": slow}, seconds=0.02)
    assert time.monotonic() - begun < 10
    assert pids() == []
    with pytest.raises(ProcessLookupError):
        os.kill(first, 0)
    assert read(page()).paragraphs == PARAGRAPHS


@pytest.mark.usefixtures("_anew")
def test_a_page_on_which_trafilatura_takes_too_long_is_read_plainly(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = []

    def ask(job: dict, *, seconds: float) -> dict:
        asked.append(job.get("plainly", False))
        if not job.get("plainly"):
            raise TookTooLong
        return plain_ask(job, seconds=seconds)

    plain_ask = asking.ask
    monkeypatch.setattr("tracker.reading.opening.ask", ask)
    assert read(page()).method == "plain"
    assert asked == [False, True]


@pytest.mark.usefixtures("_anew")
def test_a_page_that_needs_too_much_memory_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("resource")
    monkeypatch.setattr(asking, "_MEMORY", 110 * 1024 * 1024)
    large = "<p>" + "Some words, and more of them. " * 150_000
    with pytest.raises(ReadingError) as stopped:
        asking.ask({"html": large, "plainly": True}, seconds=20)
    assert stopped.value.status in {"took-too-long", "reading-failed"}


@pytest.mark.usefixtures("_anew")
def test_a_process_that_is_gone_is_replaced() -> None:
    read(page())
    (first,) = pids()
    os.kill(first, signal.SIGKILL)
    assert read(page()).paragraphs == PARAGRAPHS
    assert pids() != [first]


@pytest.mark.usefixtures("_anew")
def test_a_process_is_told_no_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "a very secret key")
    monkeypatch.setenv("DATABASE_URL", "postgres://secret@db/x")
    read(page())
    environ = Path(f"/proc/{pids()[0]}/environ")
    if not environ.exists():
        pytest.skip("this machine does not show the environment of a process")
    assert b"secret" not in environ.read_bytes()


def run(script: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return done.stdout


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this machine does not fork")
def test_after_a_fork_each_has_a_process_of_its_own() -> None:
    """As under gunicorn, when the application is loaded before its workers are forked."""
    script = """
import os
from tracker.reading import asking, read
html = "<p>Some words that are said here, and some more of them.</p>"
read(html)
ours = asking._free[0].pid
child = os.fork()
if child == 0:
    assert asking._free == []
    read(html)
    assert asking._free[0].pid != ours
    asking.end_all()
    os._exit(0)
assert os.waitpid(child, 0)[1] == 0
read(html)
assert asking._free[0].pid == ours
print("both read")
"""
    assert run(script) == "both read\n"


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="this machine has no /proc")
def test_a_process_ends_with_the_one_that_started_it() -> None:
    script = """
import os
from tracker.reading import asking, read
read("<p>Some words that are said here, and some more of them.</p>")
print(asking._free[0].pid, flush=True)
os._exit(0)
"""
    pid = int(run(script))
    until = time.monotonic() + 5
    while Path(f"/proc/{pid}").exists() and time.monotonic() < until:
        if ") Z " in Path(f"/proc/{pid}/stat").read_text():
            break
        time.sleep(0.05)
    else:
        assert not Path(f"/proc/{pid}").exists()


def test_reading_imports_neither_trafilatura_nor_django_here() -> None:
    script = """
import sys
from tracker.reading import read
read("<p>Some words that are said here, and some more of them.</p>")
print(sorted({"trafilatura", "django", "dateparser"} & set(sys.modules)))
"""
    assert run(script) == "[]\n"
