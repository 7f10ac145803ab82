"""What of hostile HTML and hostile text gets through. How long it takes, tests/bench/sanitizing.py tells."""

import base64
import json
import re
import unicodedata
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tracker.sanitizing import UnsafeText, clean_html, clean_page, plain_line, plain_words

HOSTILE = Path(__file__).resolve().parents[2] / "shared" / "data" / "hostile"
ALLOWED = set(re.findall(r"\w+", "p br a em strong b i ul ol li blockquote q cite code"))

HTML_FILES = [
    "huge_html",
    "redos",
    "bombs",
    "xss",
    "sanitizer_expected",
    "html_torture",
    "strip_tags",
    "naughty",
    "unicode",
]

# Pieces that hostile HTML is made of, beside arbitrary text.
MARKUP = (
    "<b> </b> <p> </p> <li> <ul> <a <a> </a> <q/> <br> <x> </x> <code> </code> <script> </script> "
    "<style> </style> <svg> <math> <title> <textarea> <plaintext> <table> <td> <!-- --> --!> <!> "
    "<![CDATA[ ]]> <? </ href= title= onclick= javascript: https://a.b http://a.b/c?d=e&f=g "
    "&lt; &gt; &amp; &amp;lt; &#60; &#0; &#13; &#x202e; &nbsp; & ; < > \" ' = / ` ( ) . , : @"
)
pieces = st.one_of(
    st.sampled_from(MARKUP.split()),
    st.sampled_from([" ", "\n", "\r", "\f", "\0", "\x85", "\u202e", "\u202c", "\u2067", "\u2069"]),
    st.text(max_size=4),
    st.text(st.characters(exclude_categories=()), max_size=2),
)
fragments = st.lists(pieces, max_size=25).map("".join)


def payloads(name: str) -> Iterator[str]:
    path = HOSTILE / f"{name}.jsonl"
    if not path.exists():
        pytest.skip("the hostile cases are not on this machine")
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if "payload" in row:
            yield row["payload"]
        elif "payload_json" in row:
            yield json.loads(row["payload_json"])
        elif "payload_b64" in row:
            yield base64.b64decode(row["payload_b64"]).decode("utf-8", "surrogateescape")
        elif "unit" in row.get("recipe", {}):
            recipe = row["recipe"]
            yield recipe["pre"] + recipe["unit"] * recipe["n"] + recipe["post"]


class Witness(HTMLParser):
    """An independent reader of the result: it notes whatever is not allowed."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.faults: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in ALLOWED:
            self.faults.append(tag)
        for name, value in attrs:
            if tag != "a" or name not in {"href", "title", "rel"}:
                self.faults.append(f"{tag} {name}")
            scheme = re.match(r"([^/?#:]*):", re.sub(r"[\x00-\x20\x7f-\xa0]", "", value or ""))
            if name == "href" and scheme and scheme[1].lower() not in {"http", "https", "mailto"}:
                self.faults.append(f"href {value}")
        if tag == "a" and dict(attrs).get("rel") != "noopener nofollow":
            self.faults.append("a without rel")

    def handle_comment(self, data: str) -> None:
        self.faults.append(f"comment {data}")

    def handle_decl(self, decl: str) -> None:
        self.faults.append(f"declaration {decl}")

    def handle_pi(self, data: str) -> None:
        self.faults.append(f"instruction {data}")

    def unknown_decl(self, data: str) -> None:
        self.faults.append(f"declaration {data}")


def checked_or_none(check: Callable[[str], str], text: str) -> str | None:
    try:
        return check(text)
    except UnsafeText:
        return None


def assert_safe(html: str, source: str) -> None:
    assert Witness(html).faults == [], source[:200]
    assert clean_html(html) == html, source[:200]
    for character in html:
        assert character in "\n\t" or unicodedata.category(character) not in {"Cc", "Cs"}, source[
            :200
        ]


@pytest.mark.parametrize("name", HTML_FILES)
def test_hostile_html_comes_out_safe(name: str) -> None:
    for payload in payloads(name):
        cleaned = checked_or_none(clean_html, payload)
        if cleaned is not None:
            assert_safe(cleaned, payload)


@settings(max_examples=300, deadline=None)
@given(fragments)
@example("<b\x0b<!--")
@example("&#60;script&#62;")
@example("https://a.b&lt;i&gt;")
@example('<a title="<b>&quot;" href=" java\nscript:x">x</a>')
def test_any_html_comes_out_safe_and_stays_the_same_when_cleaned_again(html: str) -> None:
    cleaned = checked_or_none(clean_html, html)
    if cleaned is not None:
        assert_safe(cleaned, html)


@pytest.mark.parametrize(
    "html",
    [
        "<p>One <em>two</em> <strong>three</strong></p>\n<ul><li>four</li></ul>",
        "<blockquote><p>“Infrastructure is destiny”<br>he said</p></blockquote>",
        "<q>a</q> <cite>b</cite> <code>c &lt; d</code> <ol><li><b>e</b> <i>f</i></li></ol>",
        "인프라는 운명이다 – שלום",
        "&amp;lt;b&amp;gt; &amp;amp;amp; &lt;b&gt; <code>&amp;lt; &lt;</code>",
        "",
    ],
)
def test_allowed_html_is_kept_as_it_is(html: str) -> None:
    assert clean_html(html) == html


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<div><h1>A</h1><span style='x'>b</span></div>", "Ab"),
        ("a<script>alert(1)</script>b<style>p{}</style>c", "abc"),
        ("a<script>alert(1)", "a"),
        ("a<!-- secret -->b", "ab"),
        ("<p onclick='x()' class='y'>a</p>", "<p>a</p>"),
        ("<b>a", "<b>a</b>"),
        ("a < b & c", "a &lt; b &amp; c"),
        ("a\0b\x9fc\ud800d\uffffe", "abcde"),
        ("a\r\nb\rc", "a\nb\nc"),
        ("a&#1;b", "ab"),
    ],
)
def test_what_is_not_allowed_is_dropped_and_its_words_stay(html: str, expected: str) -> None:
    assert clean_html(html) == expected


def test_bidirectional_controls_stay_only_when_they_are_balanced() -> None:
    assert clean_html("<p>a \u2067שלום\u2069</p>") == "<p>a \u2067שלום\u2069</p>"
    assert clean_html("<p>a \u202eb</p><p>c\u202c</p>") == "<p>a b</p><p>c</p>"
    assert clean_html("a &#x202e;b") == "a b"


REL = 'rel="noopener nofollow"'


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        (
            "See https://a.org/b_(c)?d=e&f=g.",
            f'See <a href="https://a.org/b_(c)?d=e&amp;f=g" {REL}>https://a.org/b_(c)?d=e&amp;f=g</a>.',
        ),
        (
            "See http://a.org:80: yes!",
            f'See <a href="http://a.org:80" {REL}>http://a.org:80</a>: yes!',
        ),
        ("http://a.org: yes!", f'<a href="http://a.org" {REL}>http://a.org</a>: yes!'),
        ("(http://a.org)", f'(<a href="http://a.org" {REL}>http://a.org</a>)'),
        ("“http://a.org/b”", f'“<a href="http://a.org/b" {REL}>http://a.org/b</a>”'),
        ("https://a.kr에서", f'<a href="https://a.kr" {REL}>https://a.kr</a>에서'),
        ("<a href='/about/' rel='me'>x</a>", f'<a href="/about/" {REL}>x</a>'),
        ("<a href='mailto:a@b.org'>x</a>", f'<a href="mailto:a@b.org" {REL}>x</a>'),
        ("<a href='javascript:x()'>x</a>", f"<a {REL}>x</a>"),
        ("<a href=' jav&#x09;ascript:x()'>x</a>", f"<a {REL}>x</a>"),
        ("<a href='//a.org' title='t'>x</a>", f'<a title="t" {REL}>x</a>'),
        ("<a href='/\\a.org'>x</a>", f"<a {REL}>x</a>"),
        ("<a href='/\t/a.org'>x</a>", f"<a {REL}>x</a>"),
        ("http://a.org/?b&gt;c", f'<a href="http://a.org/?b" {REL}>http://a.org/?b</a>&gt;c'),
        ("<code>https://a.org</code>", "<code>https://a.org</code>"),
        ("Write to a@b.org, see booking.com", "Write to a@b.org, see booking.com"),
        ("ftp://a.org javascript:x", "ftp://a.org javascript:x"),
    ],
)
def test_web_addresses_become_links_and_nothing_else_does(html: str, expected: str) -> None:
    assert clean_html(html) == expected


@pytest.mark.parametrize(
    ("html", "cap"),
    [
        ("a" * 20_001, "too long"),
        ("&" * 20_000, "too long"),
        ("<p>" * 1_001, "too many tags"),
        ("<img>" * 1_001, "too many tags"),
        ("<ul><li>" * 17, "nested too deeply"),
        ("<blockquote><!--</blockquote>-->" * 17, "nested too deeply"),
        ("<b title='</b>'>" * 17, "nested too deeply"),
        ("<b></i>" * 17, "nested too deeply"),
        ("<a " + "b=c " * 17 + ">", "too many attributes"),
        ("<div/" + "x/" * 17 + ">", "too many attributes"),
        ("<p>" + "".join(f"<b title={n}>" for n in range(16)) + "<p>x" * 900, "too long"),
    ],
)
def test_a_bomb_is_refused_with_the_cap_that_it_breaks(html: str, cap: str) -> None:
    with pytest.raises(UnsafeText, match=cap):
        clean_html(html)


@pytest.mark.parametrize(
    "html",
    [
        "<p>" * 1_000,
        "<a href=https://a.org>x</a>" * 200,
        "<p>x</p><li>y" * 400,
        "<ul><li>" * 15 + "x",
        "https://a.org " * 150,
        "word " * 4_000,
        "<!--" * 5_000,
        "<a" * 3_000,
        "<script>" * 900,
        "<b>x</b>" * 900,
    ],
)
def test_long_html_within_the_caps_is_cleaned(html: str) -> None:
    cleaned = clean_html(html)
    assert_safe(cleaned, html)


@pytest.mark.parametrize(
    "words",
    [
        "“Infrastructure is destiny,” he said – ‘yes’…",
        "인프라는 운명이다",
        "a < b",
        "a<b",
        "I <3 you > me",
        "x <= y >= z",
        "first line\n\n\tsecond line",
        "Jo\u200dhn \u2067שלום\u2069",
        "AT&amp;T",
        "👩‍👩‍👧",
    ],
)
def test_words_are_kept_exactly_as_printed(words: str) -> None:
    assert plain_words(words) == words


def test_words_are_composed_and_stripped_and_have_one_kind_of_newline() -> None:
    assert plain_words("\ufeff \u3000Jose\u0301\r\nb\rc\u2028d\u2029 \u200b\n") == "José\nb\nc\nd"


@pytest.mark.parametrize("text", ["", " \n\t", "\u200b\ufeff", "\u2067\u2069", "\u115f\u1160"])
def test_a_citation_without_words_is_refused(text: str) -> None:
    with pytest.raises(UnsafeText, match="no words"):
        plain_words(text)


@pytest.mark.parametrize(
    "character", ["\0", "\x01", "\x0b", "\f", "\x1f", "\x7f", "\x85", "\x9f", "\ufffe", "\ufdd0"]
)
def test_controls_and_non_characters_are_refused_in_words_and_lines(character: str) -> None:
    for check in (plain_words, plain_line):
        with pytest.raises(UnsafeText, match=f"U\\+{ord(character):04X}, at place 2"):
            check(f"a{character}b")


def test_half_a_surrogate_pair_is_refused_in_words_and_lines() -> None:
    for check in (plain_words, plain_line):
        for half in ("\ud83d", "\udc68"):
            with pytest.raises(UnsafeText, match="half a character"):
                check(f"a{half}b")


@pytest.mark.parametrize(
    "text",
    [
        "\u202eevil",
        "evil\u202c",
        "\u202eevil\u2069",
        "\u2067\u202ea\u2069\u202c",
        "\u202ea\nb\u202c",
        "\u202b" * 126 + "a" + "\u202c" * 126,
    ],
)
def test_bidirectional_controls_that_are_not_balanced_are_refused(text: str) -> None:
    with pytest.raises(UnsafeText, match="writing direction"):
        plain_words(text)


def test_balanced_bidirectional_controls_are_accepted() -> None:
    text = "\u202b" * 125 + "a" + "\u202c" * 125 + "\n\u2068b\u202dc\u202c\u2069"
    assert plain_words(text) == text


@pytest.mark.parametrize(
    "text",
    ["<b>a</b>", "a </P> b", "<img src=x onerror=y>", "a <!-- b", "<svg/onload=x>", "<a\nhref='>'"],
)
def test_html_in_words_is_refused_and_stays_text_in_a_line(text: str) -> None:
    with pytest.raises(UnsafeText, match="words only"):
        plain_words(text)
    assert plain_line(text) == text.replace("\n", " ")


def test_a_line_has_no_newlines_and_single_spaces_and_may_be_empty() -> None:
    assert plain_line("  Jason\u00a0\u3000Kwon\r\n\tCSO\u2028 ") == "Jason Kwon CSO"
    assert plain_line(" \n ") == ""


@pytest.mark.parametrize(
    "text", ["\u200b", "\u2067\u2069", "\u115f \u1160", "\u2800", "\ufe0f\U000e0100"]
)
def test_a_line_that_shows_nothing_is_refused(text: str) -> None:
    with pytest.raises(UnsafeText, match="invisible"):
        plain_line(text)
    assert plain_line(f"Kim{text}Gu") == f"Kim{text}Gu"


def test_text_that_is_too_long_or_heaped_with_accents_is_refused() -> None:
    for check in (plain_words, plain_line):
        with pytest.raises(UnsafeText, match="too long"):
            check("a" * 20_001)
        with pytest.raises(UnsafeText, match="accents"):
            check("a" + "\u0316\u0301" * 9_000)
        with pytest.raises(UnsafeText, match="accents"):
            check("a" + "\u0344" * 20)


@pytest.mark.parametrize("name", ["unicode", "naughty", "redos", "xss", "html_torture"])
def test_hostile_text_is_refused_or_stored_safely(name: str) -> None:
    for payload in payloads(name):
        for check in (plain_words, plain_line):
            text = checked_or_none(check, payload)
            if text is not None:
                assert check(text) == text == unicodedata.normalize("NFC", text)
                assert text.encode("utf-8").decode("utf-8") == text


@settings(deadline=None)
@given(st.one_of(fragments, st.text(st.characters(exclude_categories=()))))
def test_any_text_is_refused_or_stays_the_same_when_checked_again(text: str) -> None:
    for check in (plain_words, plain_line):
        checked = checked_or_none(check, text)
        if checked is not None:
            assert check(checked) == checked
            assert not re.search("[\0\r\ud800-\udfff]", checked)


# --- Pages of the desk


@pytest.mark.parametrize(
    ("html", "said"),
    [
        ("<script>x</script>", "The tag <script> cannot stand in a page."),
        ("<p onclick=x>a</p>", "The attribute “onclick” cannot stand in a page."),
        ("<p/onclick=x>a</p>", "The attribute “onclick” cannot stand in a page."),
        ("<a href='javascript:x'>a</a>", "The link “javascript:x” does not begin with https:// or /."),
        ("<a href='//evil.example'>a</a>", "The link “//evil.example” does not begin with https:// or /."),
        ("<p style='x'>a</p>", "The attribute “style” cannot stand in a page."),
        ("<!-- x -->", "A comment or declaration cannot stand in a page."),
        ("<!doctype html>", "A comment or declaration cannot stand in a page."),
        ("<?php x ?>", "A comment or declaration cannot stand in a page."),
    ],
)  # fmt: skip
def test_a_page_names_what_cannot_stand_in_it(html: str, said: str) -> None:
    with pytest.raises(UnsafeText) as refused:
        clean_page(html)
    assert str(refused.value) == said


def test_a_page_keeps_headings_tables_and_links() -> None:
    html = (
        '<h2 id="how">How</h2><p>We <em>look</em> at <a href="/quotes/">quotes</a>.</p>'
        '<table><tbody><tr><th scope="row">a</th><td>b</td></tr></tbody></table>'
    )
    assert clean_page(html) == html


def test_a_page_that_is_a_bomb_is_refused_before_it_is_parsed() -> None:
    for bomb in ("<p>" * 60_000, "<ul>" * 500, "x" * 40_001):
        with pytest.raises(UnsafeText):
            clean_page(bomb)


@pytest.mark.parametrize("name", ["xss", "html_torture", "sanitizer_expected", "naughty"])
def test_no_hostile_page_comes_through_with_anything_that_runs(name: str) -> None:
    for payload in payloads(name):
        try:
            cleaned = clean_page(payload)
        except UnsafeText:
            continue
        assert clean_page(cleaned) == cleaned  # a second reader finds nothing to refuse
