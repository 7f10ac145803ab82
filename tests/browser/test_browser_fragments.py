"""“Show in source”: Chromium scrolls to the very words, whatever stands around them."""

import threading
from collections.abc import Callable, Iterator
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from playwright.sync_api import Page

from tracker.anchoring import check, locate, select, text_fragment

# Every block stands alone on the screen, so that only one can be in the middle of it.
LOOKS = "p, h1, h2, li, blockquote, td, pre, dt, dd { margin: 70vh 0; padding: 0 1em } td { padding: 70vh 1em }"
FILL = "".join(
    f"<p>Paragraph {n} is about the weather, the roads and the price of bread.</p>"
    for n in range(3)
)

# Name -> (language, blocks, words, which of several places); the block that has to be scrolled to starts with ">".
SPANS: dict[str, tuple[str, list[str], str, int]] = {
    "a plain sentence": ("en", ["One before.", ">He said that infrastructure is destiny, in Seoul.", "After."], "infrastructure is destiny", 0),
    "in quotation marks": ("en", [">“Infrastructure is destiny,” he said."], "Infrastructure is destiny", 0),
    "straight marks": ("en", ['>"We build roads," she said, "and bridges."'], "We build roads", 0),
    "a hyphen": ("en", [">It needs a full-stack, state-of-the-art plan for the long-term."], "full-stack, state-of-the-art plan", 0),
    "hyphens at both ends": ("en", [">The so-called well-known over-the-top plan-maker left."], "well-known over-the-top", 0),
    "a non-breaking hyphen": ("en", [">It is a well\u2011known fact of life."], "well\u2011known fact", 0),
    "a dash": ("en", [">We came — all of us — to stay here."], "We came — all of us — to stay", 0),
    "commas": ("en", [">We need chips, power, water, and patience, he said."], "chips, power, water, and patience", 0),
    "an ampersand": ("en", [">Our R&amp;D and M&amp;A teams &amp; friends agree."], "R&D and M&A teams & friends", 0),
    "percent and plus": ("en", [">Growth of 3.5% + 2% = 5.5% was seen."], "3.5% + 2% = 5.5%", 0),
    "a percent code": ("en", [">The address had %20 and %2C in it."], "%20 and %2C", 0),
    "hash, slash and question mark": ("en", [">Was issue #4/5 solved? It was solved."], "issue #4/5 solved? It was", 0),
    "equals and colon": ("en", [">He wrote text=value:~:more in the margin."], "text=value:~:more", 0),
    "an apostrophe": ("en", [">“We don’t, can’t and won’t stop,” he said."], "We don’t, can’t and won’t stop", 0),
    "a straight apostrophe": ("en", [">They're sure that it's the workers' choice."], "it's the workers' choice", 0),
    "money": ("en", [">It costs $5,000 and not €4,000 a year."], "$5,000 and not €4,000", 0),
    "parentheses": ("en", [">The plan (the second one) will hold (we hope) until May."], "(the second one) will hold (we hope)", 0),
    "across inline tags": ("en", [">We <em>will</em> <a href='#'>work with <b>Korea’s</b></a> industry<sup>1</sup> soon."], "will work with Korea’s industry", 0),
    "a tag within a word": ("en", [">It is un<em>believ</em>able news for <i>all</i>-comers."], "unbelievable news", 0),
    "a line break": ("en", [">The first line ends here<br>and the second goes on."], "first line ends here\nand the second", 0),
    "spaces of all kinds": ("en", [">It  is\n   spaced &nbsp; out, 10&nbsp;000&#8239;times."], "spaced \u00a0 out, 10\u00a0000\u202ftimes", 0),
    "a soft hyphen": ("en", [">The infra&shy;structure of the country."], "infra\u00adstructure of the country", 0),
    "another case": ("en", ["INFRASTRUCTURE was built.", ">Later infrastructure was built again."], "infrastructure was built", 0),
    "repeated words, the second": ("en", ["He said yes to it.", "She said no.", ">They said yes to it.", "We said yes to it."], "said yes to it", 1),
    "repeated words, the last": ("en", ["Yes, he said.", "Yes, she said.", ">Yes, they cried."], "Yes", 2),
    "a whole block again": ("en", ["Alpha.", "The same words.", "Beta.", ">The same words.", "Gamma."], "The same words", 1),
    "within a longer word": ("en", ["The artistry of it.", ">Great art is slow."], "art", 0),
    "with an accent and without": ("en", ["A resume of it.", ">The résumé of it."], "résumé of it", 0),
    "two paragraphs": ("en", [">“The first paragraph of it begins here.", "“And the second one ends there.”", "After."], "The first paragraph of it begins here.\n\n“And the second one ends there", 0),
    "three paragraphs, twice begun": ("en", ["It begins here, he said.", ">It begins here.", "Goes on.", "Ends there."], "It begins here.\n\nGoes on.\n\nEnds there", 0),
    "a long one": ("en", ["So we are told that it will be done.", ">" + "So we are told that it will be done, and that nobody will stand in its way. " * 6], "So we are told that it will be done, and that nobody will stand in its way. " * 5, 0),
    "in a list": ("en", ["<li>First things first, and so on.", "<li>>Second things second, and so on."], "Second things second", 0),
    "in a table": ("en", ["<td>The cost of it is high", "<td>>The gain of it is higher"], "gain of it is higher", 0),
    "a heading that says it too": ("en", ["<h1>Infrastructure is destiny", ">Mr Kwon said: “Infrastructure is destiny.” Then he left."], "Infrastructure is destiny", 1),
    "Korean": ("ko", ["다른 문단이다.", ">권 CSO는 “인프라는 운명이다”라고 말했다."], "인프라는 운명이다", 0),
    "Korean, before a particle": ("ko", [">그는 ‘한국은 강국’이라며 웃었다."], "한국은 강국", 0),
    "Korean, repeated": ("ko", ["그는 “그렇다”고 말했다.", ">그녀도 “그렇다”고 답했다."], "그렇다", 1),
    "Japanese": ("ja", ["別の段落です。", ">彼は「インフラは運命だ」と語った。"], "インフラは運命だ", 0),
    "Japanese, long": ("ja", [">「" + "私たちは、この国の産業と教育のために、責任ある基盤を作ります。" * 12 + "」と述べた。"], "私たちは、この国の産業と教育のために、責任ある基盤を作ります。" * 12, 0),
    "Japanese, repeated": ("ja", ["彼は「はい」と言った。", ">彼女は「はい」と答えた。"], "はい", 1),
    "Chinese": ("zh", [">他说：“基础设施就是命运。”大家都同意。"], "基础设施就是命运", 0),
    "Arabic": ("ar", ["فقرة أخرى.", ">وقال: «البنية التحتية هي القدر»، ثم غادر."], "البنية التحتية هي القدر", 0),
    "Arabic with its vowels": ("ar", [">يُولَدُ جَمِيعُ النَّاسِ أَحْرَارًا وَمُتَسَاوِينَ."], "جَمِيعُ النَّاسِ أَحْرَارًا", 0),
    "Hebrew": ("he", [">הוא אמר: ״התשתית היא הגורל״ ויצא."], "התשתית היא הגורל", 0),
    "Russian": ("ru", [">— Мы всё-таки построим дороги, — сказал он, — и мосты."], "Мы всё-таки построим дороги", 0),
    "Greek": ("el", [">Είπε: «Οι υποδομές είναι πεπρωμένο»."], "Οι υποδομές είναι πεπρωμένο", 0),
    "Thai": ("th", [">เขากล่าวว่า “โครงสร้างพื้นฐานคือโชคชะตา” แล้วก็ไป"], "โครงสร้างพื้นฐานคือโชคชะตา", 0),
    "Hindi": ("hi", [">उन्होंने कहा, “बुनियादी ढाँचा ही नियति है।”"], "बुनियादी ढाँचा ही नियति है", 0),
    "German, ß and umlauts": ("de", [">„Straßen, Brücken und Züge – das zählt“, sagte sie."], "Straßen, Brücken und Züge – das zählt", 0),
    "French guillemets": ("fr", [">« L’infrastructure, c’est le destin », a-t-il dit."], "L’infrastructure, c’est le destin", 0),
    "Turkish": ("tr", [">“İstanbul’un ışıkları sönmez” dedi."], "İstanbul’un ışıkları sönmez", 0),
    "an emoji": ("en", [">We won 🎉 the cup 🏆 again!"], "won 🎉 the cup 🏆 again", 0),
}  # fmt: skip

# Broken by their cue: the first part is scrolled to, all parts are in the link.
BROKEN: dict[str, tuple[str, list[str], str]] = {
    "by its cue": ("en", ["“Infrastructure,” she said.", ">“Infrastructure is destiny,” Kwon said, “and not a choice.”"], "Infrastructure is destiny and not a choice."),
    "by a mark of omission": ("en", [">“We will work with industry, education, and policy sectors to build it.”"], "We will work with industry […] to build it"),
    "by its cue, in Korean": ("ko", [">“한국은 강국이다”며 “함께 일하겠다”고 말했다."], "한국은 강국이다 함께 일하겠다"),
}  # fmt: skip


def html(language: str, blocks: list[str]) -> str:
    body = ""
    for block in blocks:
        tag, words = "p", block
        for known in ("li", "td", "h1"):
            if block.startswith(f"<{known}>"):
                tag, words = known, block.removeprefix(f"<{known}>")
        here = ' id="here"' if words.startswith(">") else ""
        block = f"<{tag}{here}>{words.removeprefix('>')}</{tag}>"
        body += {"td": f"<table><tr>{block}</tr></table>", "li": f"<ul>{block}</ul>"}.get(
            tag, block
        )
    return (
        f'<!doctype html><html lang="{language}"><meta charset="utf-8"><title>{escape(language)}</title>'
        f"<style>{LOOKS}</style><body>{FILL}{body}{FILL}</body></html>"
    )


ALL = {**{name: (lang, blocks) for name, (lang, blocks, *_rest) in (SPANS | BROKEN).items()}}  # type: ignore[operator]
PATHS = {f"/{n}": html(*page) for n, page in enumerate(ALL.values())}
ADDRESS = dict(zip(ALL, PATHS, strict=True))


class Pages(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        body = PATHS.get(self.path, "").encode()
        self.send_response(200 if body else 404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_arguments: Any) -> None:
        pass


@pytest.fixture(scope="session")
def base_url() -> Iterator[str]:
    """These pages come from a server of their own."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Pages)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def text_of(page: Page, base_url: str) -> Callable[[str], str]:
    def read(name: str) -> str:
        page.goto(f"{base_url}{ADDRESS[name]}")
        assert page.evaluate("window.scrollY") == 0
        text: str = page.evaluate("document.body.innerText")
        page.goto("about:blank")
        return text

    return read


def from_the_middle(page: Page) -> float:
    """How far the middle of the block is from that of the screen, in screens."""
    distance: float = page.evaluate(
        """() => {
            const box = document.getElementById("here").getBoundingClientRect();
            const [top, bottom] = [Math.max(box.top, 0), Math.min(box.bottom, innerHeight)];
            return bottom < top ? 99 : Math.abs((top + bottom) / 2 - innerHeight / 2) / innerHeight;
        }"""
    )
    return distance


@pytest.mark.parametrize("name", SPANS)
def test_chromium_scrolls_to_the_words(
    page: Page, base_url: str, text_of: Callable[[str], str], name: str
) -> None:
    text = text_of(name)
    _language, _blocks, words, nth = SPANS[name]
    place = locate(words, text)[nth]
    link = text_fragment(
        f"{base_url}{ADDRESS[name]}", select(text, [(place.start, place.end)]), text
    )
    page.goto(link)
    assert page.evaluate("window.scrollY") > 0, link
    assert from_the_middle(page) < 0.3, link


@pytest.mark.parametrize("name", BROKEN)
def test_chromium_scrolls_to_the_first_part_of_a_broken_quote(
    page: Page, base_url: str, text_of: Callable[[str], str], name: str
) -> None:
    text = text_of(name)
    found = check((), BROKEN[name][2], text)
    assert len(found.selectors) == 2
    link = text_fragment(f"{base_url}{ADDRESS[name]}", found.selectors, text)
    assert link.count("text=") == 2
    page.goto(link)
    assert from_the_middle(page) < 0.3, link


def test_words_that_are_not_in_the_page_leave_it_at_its_top(
    page: Page, base_url: str, text_of: Callable[[str], str]
) -> None:
    """So a test of a scroll proves something."""
    text = "These words are nowhere."
    page.goto(text_fragment(f"{base_url}/0", select(text, [(0, 23)]), text))
    assert page.evaluate("window.scrollY") == 0
