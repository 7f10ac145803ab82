"""The Korean translation: whole, compiled, and what a Korean reader gets on every page."""

import ast
import re
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.flatpages.models import FlatPage
from django.template.loader import render_to_string
from django.test import Client
from django.utils import translation
from django.utils.translation.template import templatize

from tests.claiming import a_claim, a_review
from tracker import search
from tracker.models import Article, Citation, Claim, Correction, FieldChange, Quote, QuoteLink

Make = Callable[..., Any]

PO = settings.BASE_DIR / "tracker" / "locale" / "ko" / "LC_MESSAGES" / "django.po"
MO = PO.with_suffix(".mo")

# ---- The source file, read without gettext's tools ----


@dataclass
class Entry:
    """One entry of a PO file (GNU gettext manual, "The Format of PO Files")."""

    flags: str = ""
    strings: dict[str, str] = field(default_factory=dict)  # msgctxt, msgid, msgstr[0] ...

    @property
    def key(self) -> tuple[str, str, str]:
        """What the entry translates: context, text, text of the plural."""
        context, plural = self.strings.get("msgctxt", ""), self.strings.get("msgid_plural", "")
        return context, self.strings["msgid"], plural

    @property
    def korean(self) -> str:
        return self.strings["msgstr[0]" if "msgid_plural" in self.strings else "msgstr"]

    def __str__(self) -> str:
        return self.strings["msgid"]


def read_po(path: Path) -> list[Entry]:
    entries = []
    for block in path.read_text(encoding="utf-8").strip().split("\n\n"):
        entry, keyword = Entry(), ""
        for line in block.splitlines():
            if line.startswith("#"):
                assert not line.startswith("#~"), f"a string that is no longer used: {line}"
                entry.flags += line.removeprefix("#,") if line.startswith("#,") else ""
                continue
            given, _, text = line.partition(" ") if line.startswith("msg") else ("", "", line)
            keyword = given or keyword
            entry.strings[keyword] = entry.strings.get(keyword, "") + ast.literal_eval(text)
        entries.append(entry)
    return entries


HEADER, *ENTRIES = read_po(PO)


def read_mo(path: Path) -> dict[bytes, bytes]:
    """What is compiled (GNU gettext manual, "The Format of GNU MO Files")."""
    data = path.read_bytes()
    magic, _revision, count, originals, translations = struct.unpack_from("<5I", data)
    assert magic == 0x950412DE

    def string(table: int, number: int) -> bytes:
        length, start = struct.unpack_from("<2I", data, table + 8 * number)
        return data[start : start + length]

    return {string(originals, n): string(translations, n) for n in range(count)}


def compiled(entry: Entry) -> tuple[bytes, bytes]:
    context, text, plural = entry.key
    original = (f"{context}\x04" if context else "") + text + (f"\0{plural}" if plural else "")
    return original.encode(), entry.korean.encode()


def test_the_compiled_file_says_what_its_source_says() -> None:
    assert read_mo(MO) == dict(compiled(each) for each in [HEADER, *ENTRIES])


def test_the_header_tells_what_is_needed_and_nothing_that_changes_with_every_run() -> None:
    told = dict(line.split(": ", 1) for line in HEADER.korean.splitlines())
    assert told["Language"] == "ko"
    assert told["Plural-Forms"] == "nplurals=1; plural=0;"
    assert not {"POT-Creation-Date", "PO-Revision-Date", "Last-Translator"} & set(told)


def test_every_entry_is_translated_and_none_is_a_guess() -> None:
    assert [str(each) for each in ENTRIES if not each.korean.strip()] == []
    assert [str(each) for each in [HEADER, *ENTRIES] if "fuzzy" in each.flags] == []


def test_every_entry_stands_there_once() -> None:
    keys = [each.key[:2] for each in ENTRIES]
    assert [key for key in set(keys) if keys.count(key) > 1] == []


# ---- True to what it translates ----


def placeholders(text: str) -> list[str]:
    return sorted(re.findall(r"%(?:\(\w+\))?[a-z%]", text))


def tags(text: str) -> list[str]:
    return sorted(re.findall(r"</?\w+", text))


def differs(entry: Entry) -> bool:
    _context, text, plural = entry.key
    kept = placeholders(entry.korean) in [placeholders(each) for each in (text, plural) if each]
    edges = re.compile(r"^\s*|\s*$")
    same_edges = edges.findall(entry.korean) == edges.findall(text)
    return not (kept and same_edges and tags(entry.korean) == tags(text))


def test_a_translation_has_the_placeholders_tags_and_edges_of_its_text() -> None:
    assert [str(each) for each in ENTRIES if differs(each)] == []


# ---- No string without Korean ----

_STRING = r"""u?(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
_CALL = re.compile(rf"\b(\w*gettext|_)\(({_STRING}(?:, {_STRING})*)")


def key_of(function: str, texts: list[str]) -> tuple[str, str, str]:
    """What a call asks the catalogue for, as `Entry.key` gives it."""
    name = function.removesuffix("_lazy")
    context = texts.pop(0) if name in ("pgettext", "npgettext") else ""
    plural = texts[1] if name in ("ngettext", "npgettext") else ""
    return context, texts[0], plural


def strings_of_templates() -> Iterator[tuple[str, str, str]]:
    for path in sorted((settings.BASE_DIR / "templates").rglob("*.*")):
        calls = templatize(path.read_text(encoding="utf-8"), origin=path.name)
        for function, arguments in _CALL.findall(calls):
            yield key_of(function, ast.literal_eval(f"[{arguments}]"))


def strings_of_code() -> Iterator[tuple[str, str, str]]:
    for path in sorted((settings.BASE_DIR / "tracker").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            function = getattr(node.func, "id", getattr(node.func, "attr", ""))
            if function != "_" and not re.fullmatch(r"n?p?gettext(_lazy)?", function):
                continue
            constants = [each.value for each in node.args if isinstance(each, ast.Constant)]
            texts = [value for value in constants if isinstance(value, str)]
            if texts:
                yield key_of(function, texts)


def test_every_string_of_templates_and_code_has_korean_and_nothing_else_has() -> None:
    used = {*strings_of_templates(), *strings_of_code()}
    known = {each.key for each in ENTRIES}
    assert sorted(used - known) == [], "run makemessages, translate these, run compilemessages"
    assert sorted(known - used) == [], "no longer used: run makemessages --no-obsolete"


# ---- Pages without English: all that is on record in these tests is Korean ----


class Seen(HTMLParser):
    """What a reader sees or hears of a page in the page's own language.

    What is marked as being in another language is left out, as the reader's link to it is.
    """

    _VOID = frozenset({"br", "input", "link", "meta", "rect"})
    _SPOKEN = ("alt", "aria-label", "placeholder", "title")

    def __init__(self, page: str) -> None:
        super().__init__()
        self.language = ""
        self.texts: list[str] = []
        self._hidden: list[bool] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "html":
            self.language = given["lang"]
        here = self._hidden[-1] if self._hidden else False
        here = given["lang"] != self.language if "lang" in given else here
        if not here:
            self.texts += [given[name] for name in self._SPOKEN if name in given]
            described = given.get("name") == "description" or "og:" in given.get("property", "")
            if tag == "meta" and described and given.get("property") not in ("og:type", "og:url"):
                self.texts.append(given["content"])
        if tag not in self._VOID:
            self._hidden.append(here or tag in ("script", "style"))

    def handle_endtag(self, tag: str) -> None:
        if tag not in self._VOID:
            self._hidden.pop()

    def handle_data(self, data: str) -> None:
        if data.strip() and not self._hidden[-1]:
            self.texts.append(" ".join(data.split()))


# Names, addresses, and what may stand in the query string of an address.
_NO_WORDS = re.compile(
    r"On Record|(?<=쓸 수 있는 값: )[a-z, ]+|HTTP|https?://\S+|[a-z@.-]+\.org(?:/\S*)?|\bQ\d+"
)


def english(page: str) -> list[str]:
    """The texts of a page that hold a word in Latin letters, names and addresses apart."""
    seen = Seen(page)
    assert seen.language == "ko"
    assert len(seen.texts) > 5
    return [text for text in seen.texts if re.search(r"[A-Za-z]{2,}", _NO_WORDS.sub("", text))]


def test_the_search_for_english_sees_text_labels_and_titles() -> None:
    page = '<html lang="ko"><title>안내</title><p>하나<b>둘</b><br>셋</p><p lang="en">four</p>'
    assert Seen(page).texts == ["안내", "하나", "둘", "셋"]
    page += '<meta name="description" content="a"><a aria-label="b"><i lang="ko">c</i></a>'
    assert Seen(page).texts[4:] == ["a", "b", "c"]
    assert english(f"{page}<p>On Record의 Quotes</p>") == ["On Record의 Quotes"]


@pytest.fixture
def on_record(
    make_speaker: Make,
    make_position: Make,
    make_publisher: Make,
    make_article: Make,
    make_occasion: Make,
    make_topic: Make,
    make_citation: Make,
    make_quote: Make,
) -> Quote:
    """Kim Gu's wish, of 1947, with something to show in every part of a page; and less complete quotes."""
    FlatPage.objects.update(title="안내", content="<p>이 사이트에 관하여.</p>")
    kim = make_speaker(
        "김구", slug="김구", description="독립운동가", wikidata_id="Q485440", sort_name="김구"
    )
    kim.aliases.create(name="백범", language="ko")
    government = make_speaker("대한민국 임시정부", kind="organisation")
    position = make_position(kim, government, "주석", since="1940", until="1947")
    topic = make_topic("문화", subject=kim)
    book = make_article(
        "백범일지", medium="book", language="ko", published_on="1947", notes="<p>초판</p>",
        publisher=make_publisher("국사원"), byline="김구",
    )  # fmt: skip
    later = make_article(
        "나의 소원", language="ko", published_on="2010~", original=book, relation="excerpt",
        url_as_typed="https://example.org/wish", access="paywalled",
        publisher=make_publisher("도서관", domain="example.org"),
    )  # fmt: skip
    later.captures.create(
        method="web archive", outcome="kept", http_status=200, taken_at="2024-05-03T12:00Z",
        archive_url="https://example.org/archive/wish",
    )  # fmt: skip
    private = make_article("편지 묶음", medium="letter", access="private", language="ko")
    occasion = make_occasion("연설회", place="강당", city="서울", country="대한민국", kind="speech")
    occasion.held_on = "1947"
    occasion.save()
    quote: Quote = make_quote(
        "오직 한없이 가지고 싶은 것은 높은 문화의 힘이다.",
        speaker=kim, position=position, said_on="1947", said_on_as_given="정해년", occasion=occasion,
        prompt="무엇을 바라는가?", context="나라의 앞날을 말한다.", spoken_language="ko", topics=[topic],
        attribution="confirmed", attribution_reason="본인의 책에 있다.", article=book,
        citation={"language": "ko", "locator": "3", "locator_kind": "page", "basis": "own publication"},
    )  # fmt: skip
    shortened = "가지고 싶은 것은 높은 문화의 힘"
    make_citation(quote, shortened, article=later, language="ko", attributed_as="백범 김구")
    make_citation(quote, "문화의 힘", article=private, language="ko", translated_by="machine")
    make_citation(
        quote, "문화", language="ko", article=make_article("", language="ko"), role="earliest known"
    )
    make_citation(quote, "근거", language="ko", article=make_article("", medium="print"), role="evidence on attribution")  # fmt: skip
    wrong = {"attribution": "misattributed", "attribution_reason": "근거가 없다."}
    korean = {"language": "ko"}
    make_quote("백범의 말이 아니다", speaker=kim, citation=korean, topics=[topic], **wrong)
    make_quote("다툼이 있다", speaker=kim, citation=korean, article=later, occasion=occasion,
               kind="mixed", attribution="disputed", attribution_reason="다른 기록이 있다.")  # fmt: skip
    make_quote("정부가 한 말", speaker=government, citation=korean, article=book, kind="indirect", said_on="1919/1945")  # fmt: skip
    make_quote("이름 없는 말", speaker_described_as="고위 관계자", of_organisation=government,
               anonymity_reason="신변 안전", citation=korean, article=later, said_on="1945-08~")  # fmt: skip
    Article.objects.filter(headline="OpenAI to open office in Seoul").update(headline="")
    Citation.objects.filter(text="Not theirs.").update(text="근거", language="ko")
    _answered(quote, make_quote("높은 문화의 힘을 바라지 않는다", speaker=kim, said_on="1948", topics=[topic], article=later, citation=korean))  # fmt: skip
    search.catch_up()
    return quote


def _answered(quote: Quote, later: Quote) -> None:
    """Claims of every kind with reviews old and new, ours and an outlet's; a link; corrections."""
    source = Article.objects.get(headline="나의 소원")
    note = {"note": "등기를 찾아보았다."}
    found = [{"bearing": "contradicts", "article": source, "happened_on": "1948", **note}]
    promise = a_claim(quote, text="문화의 힘이 온 나라에 퍼진다", kind="promise", due="1949")
    promise.claim_quotes.create(quote=later, role="withdraws")
    promise.topics.set(quote.topics.all())
    old = a_review(promise, "in-the-works", summary="아직 모른다.")
    a_review(
        promise, "broken", summary="퍼지지 않았다.", evidence=found, supersedes=old, as_of="2026-01-02",
        explanation="<p>까닭.</p>", reply_asked_on="2025-12-01", reply="답이다.", replied_on="2025-12-02",
    )  # fmt: skip
    theirs = {"publisher": source.publisher, "article": source, "rating_there": "거짓"}
    a_review(
        a_claim(quote, text="그는 그렇게 말했다", kind="factual"), "", summary="아니다.", **theirs
    )
    a_claim(quote, text="언젠가 그렇게 된다", kind="prediction", due="1950")
    QuoteLink.objects.create(later=later, earlier=quote, kind="says otherwise", note="다르다.").publish(by=None)  # fmt: skip
    changed = [FieldChange("attribution", "Confirmed", "Unverified")]
    Correction.objects.note(quote, kind="correction", text="잘못했다.", by=None, changes=changed)
    Correction.objects.note(promise, kind="clarification", text="덧붙인다.", by=None)


def pages(quote: Quote) -> Iterator[str]:
    """The address of every kind of page."""
    assert quote.speaker
    assert quote.position
    assert quote.occasion
    articles = Article.objects.filter(access="public") | Article.objects.filter(access="paywalled")
    yield from ("/", "/quotes/", "/speakers/", "/articles/", "/topics/", "/about/")
    yield from ("/claims/", "/corrections/", f"{quote.speaker.get_absolute_url()}topics/문화/")
    yield "/quotes/?speaker=김구&speaker=대한민국 임시정부&view=side"
    for each in (
        *Quote.objects.published(),
        *Claim.objects.published(),
        *articles,
        *(article.publisher for article in articles if article.publisher),
        quote.speaker,
        quote.position.organisation,
        quote.occasion,
        quote.topics.get(),
    ):
        yield each.get_absolute_url()
    yield "/speakers/?q=아무개"
    asked = (
        "",
        "words=높은 문화의 힘&speaker=김구",
        "words=백범의 말이 아니다",
        "words=?!",
        "words=없는 말&speaker=아무개",
        "words=정부가 한 말",
        "words=높은 문화 힘의 나라&speaker=대한민국 임시정부",
    )
    yield from (f"/check/?{question}" for question in asked)
    yield from (
        f"/quotes/?{question}"
        for question in (
            "speaker=아무개&speaker=김구",
            "q=없는말&kind=direct&attribution=confirmed&dates=must&order=oldest",
            "attribution=misattributed&language=ko&said_from=1947&said_to=2000",
            "dates=undated",
            "dates=가&kind=나&attribution=다&language=라&place=마&topic=바&occasion=사&publisher=아&organisation=자",
            "said_from=가&after=나&order=다",
            "after=1",
            "view=side",
        )
    )
    yield from (
        f"/claims/?{question}"
        for question in (
            "claimant=김구&kind=promise&order=due&dates=may",
            "verdict=broken&status=final&reviewer=ours&topic=문화&recorded_from=1940&recorded_to=1950",
            "overdue=1&order=oldest",
            "q=문화",
            "dates=undated",
            "claimant=가&kind=나&verdict=다&reviewer=라&topic=마&status=바&overdue=사&recorded_from=아",
        )
    )


def test_no_page_shows_a_korean_reader_english(client: Client, on_record: Quote) -> None:
    found = {}
    for address in pages(on_record):
        response = client.get(address, headers={"accept-language": "ko"})
        assert response.status_code == 200, address
        if texts := english(response.content.decode()):
            found[address] = texts
    assert found == {}


def test_no_page_of_an_empty_site_shows_a_korean_reader_english(client: Client, db: None) -> None:
    FlatPage.objects.update(title="안내", content="<p>이 사이트에 관하여.</p>")
    for address in (
        "/",
        "/quotes/",
        "/speakers/",
        "/articles/",
        "/topics/",
        "/claims/",
        "/corrections/",
        "/check/",
        "/nowhere/",
    ):
        response = client.get(address, headers={"accept-language": "ko"})
        assert english(response.content.decode()) == []


@pytest.mark.parametrize("template", ["400", "403", "403_csrf", "404", "500"])
@pytest.mark.django_db
def test_no_page_about_a_failure_shows_a_korean_reader_english(template: str) -> None:
    FlatPage.objects.update(title="안내", content="<p>이 사이트에 관하여.</p>")
    with translation.override("ko"):
        assert english(render_to_string(f"{template}.html")) == []


def test_the_page_of_a_withdrawn_quote_says_so_in_korean(
    client: Client, on_record: Quote, editor: Any
) -> None:
    on_record.withdraw(by=editor, category="our error", reason="잘못 옮겨 적었다.")
    response = client.get(f"/quotes/{on_record.pk}/", headers={"accept-language": "ko"})
    assert response.status_code == 410
    text = response.content.decode()
    assert english(text) == []
    assert "철회되었습니다" in text


def test_dates_names_of_languages_and_counts_read_in_korean(
    client: Client, on_record: Quote
) -> None:
    response = client.get(on_record.get_absolute_url(), headers={"accept-language": "ko"})
    texts = Seen(response.content.decode()).texts
    assert "1947년" in texts
    assert "한국어" in texts
    assert "문단 3" not in texts
    assert any("3쪽" in text for text in texts)
    assert any("2010년경" in text for text in texts)
    listed = client.get("/quotes/?speaker=김구", headers={"accept-language": "ko"})
    assert "필터에 맞는 발언이 3건 있습니다(최신순)." in Seen(listed.content.decode()).texts
