"""What the browser tests share: a small record to read, and a watch on what pages do unseen."""

from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request, Response
from pytest_django.live_server_helper import LiveServer

from tracker.models import Article, Citation, JointSpeaker, Quote, SpeakerAlias

# As an event too: what a policy only reports is in no console.
_TELL_OF_BREACHES = """
    document.addEventListener("securitypolicyviolation", (breach) => console.error(
        `Content-Security-Policy: ${breach.effectiveDirective} ${breach.blockedURI} ${breach.sourceFile}`
    ));
"""


@pytest.fixture(scope="session")
def base_url(live_server: LiveServer) -> str:
    """Tests name paths: `page.goto("/quotes/")`."""
    return live_server.url


@pytest.fixture
def complaints() -> Iterator[list[str]]:
    """What pages did that no page may; a test that wants one takes it out of the list."""
    heard: list[str] = []
    yield heard
    assert heard == []


@pytest.fixture
def new_context(
    new_context: Callable[..., BrowserContext], base_url: str, complaints: list[str]
) -> Callable[..., BrowserContext]:
    """Every page of every test is watched: it logs no error, breaks no policy, asks nobody but this site."""

    def hears(message: ConsoleMessage) -> None:
        # What failed to load is told by the response; the page itself may well be a 404.
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            complaints.append(f"{message.text} ({message.page and message.page.url})")

    def asks(request: Request) -> None:
        if not request.url.startswith((f"{base_url}/", "data:", "about:")):
            complaints.append(f"asks {request.url}")

    def gets(response: Response) -> None:
        if response.status >= 400 and not response.request.is_navigation_request():
            complaints.append(f"{response.status} of {response.url}")

    def make(**arguments: Any) -> BrowserContext:
        context = new_context(**arguments)
        context.set_default_timeout(10_000)
        context.add_init_script(_TELL_OF_BREACHES)
        context.on("console", hears)
        context.on("weberror", lambda failed: complaints.append(str(failed.error)))
        context.on("request", asks)
        context.on("response", gets)
        return context

    return make


@pytest.fixture
def log_in(base_url: str) -> Callable[[BrowserContext, User], Page]:
    """`log_in(new_context(), editor)`: a new page of somebody who has logged in."""

    def log_in(context: BrowserContext, user: User) -> Page:
        client = Client()
        client.force_login(user)
        session = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": base_url}
        context.add_cookies([session])  # type: ignore[list-item]
        return context.new_page()

    return log_in


@pytest.fixture
def desk(
    context: BrowserContext, editor: User, log_in: Callable[[BrowserContext, User], Page]
) -> Page:
    """A page of an editor who has logged in."""
    return log_in(context, editor)


@pytest.fixture
def record(
    editor: User,
    make_speaker: Callable[..., Any],
    make_position: Callable[..., Any],
    make_publisher: Callable[..., Any],
    make_article: Callable[..., Article],
    make_occasion: Callable[..., Any],
    make_topic: Callable[..., Any],
    make_quote: Callable[..., Quote],
    make_citation: Callable[..., Citation],
) -> SimpleNamespace:
    """One quote of every sort; four of them are Kwon's."""
    openai = make_speaker("OpenAI", kind="organisation", description="Maker of ChatGPT")
    kwon = make_speaker(sort_name="Kwon, Jason")
    SpeakerAlias.objects.create(speaker=kwon, name="제이슨 권", language="ko")
    officer = make_position(kwon, openai, since="2024")
    seoul = make_occasion(
        kind="press", place="Four Seasons Hotel Seoul", city="Seoul", country="South Korea",
        held_on="2025-05-26",
    )  # fmt: skip
    infrastructure = make_topic("AI infrastructure")
    zdnet = make_publisher("ZDNet Korea", domain="zdnet.co.kr")
    unaddressed = make_article("", publisher=zdnet, language="ko", published_on="2025-05-26")
    aimatters = make_article(
        "OpenAI: “infrastructure is destiny”",
        url_as_typed=f"https://aimatters.co.kr/news-report/{'ai-report-' * 12}/",
        publisher=make_publisher(), language="en", published_on="2025-05", byline="AI Matters",
        original=unaddressed, relation="re-report",
        notes="<p>The Korean article that it re-reports is not on record.</p>",
    )  # fmt: skip
    then = {"speaker": kwon, "position": officer, "said_on": "2025-05-26", "occasion": seoul}
    destiny = make_quote(
        article=aimatters, topics=[infrastructure], prompt="Why Korea?", **then,
        citation={"basis": "re-report", "translated_by": "not named", "attributed_as": "CSO Kwon"},
    )  # fmt: skip
    both = make_quote(
        "한국은 반도체부터 소프트웨어까지 AI 전 영역을 아우르는 풀스택 생태계를 갖추고 있다",
        article=unaddressed, citation={"language": "ko"}, spoken_language="", **then,
    )  # fmt: skip
    make_citation(
        both,
        "South Korea has a unique AI ecosystem that spans from semiconductors to software",
        article=aimatters,
        translated_by="machine",
    )
    entity = "the company has established a legal entity in Korea"
    indirect = make_quote(entity, kind="indirect", **then)
    letter = make_article("A private headline", access="private", medium="letter")
    private = make_quote(
        "Korea is the market in Asia with the most paid ChatGPT users",
        article=letter, speaker=kwon, position=officer, said_on="2025-09-10",
    )  # fmt: skip
    make_quote(
        "it would open an office in Seoul", speaker=openai, kind="indirect", said_on="2025-05-26"
    )
    unnamed = make_quote(
        "OpenAI considers South Korea a key partner",
        speaker_described_as="an OpenAI official", of_organisation=openai,
        anonymity_reason="not allowed to speak on record", said_on="2025-06~",
    )  # fmt: skip
    abigail = make_speaker("Abigail Adams", sort_name="Adams, Abigail")
    make_quote("Remember the Ladies", speaker=abigail, said_on="1776-03-31")
    john = make_speaker("John Adams", sort_name="Adams, John")
    make_quote("Facts are stubborn things", speaker=john, said_on="1770-12")
    nations = make_speaker("United Nations", kind="organisation")
    born_free = make_quote(
        "All human beings are born free and equal in dignity and rights.",
        speaker=nations, said_on="1948-12-10", attribution="confirmed",
        attribution_reason="It is their own publication.",
    )  # fmt: skip
    make_citation(born_free, "يولد جميع الناس أحرارًا متساوين في الكرامة والحقوق.", language="ar")
    roosevelt = make_speaker(
        "Franklin D. Roosevelt", sort_name="Roosevelt, Franklin D.", wikidata_id="Q8007"
    )
    churchill = make_speaker("Winston Churchill", sort_name="Churchill, Winston")
    joint = make_quote(
        "they respect the right of all peoples to choose the form of government",
        speaker=roosevelt,
        said_on="1941-08-14",
        topics=[make_topic("Winston Churchill", subject=churchill)],
    )
    JointSpeaker.objects.create(quote=joint, speaker=churchill, order=1)
    antoinette = make_speaker("Marie Antoinette", description="Queen of France")
    cake = make_quote(
        "Let them eat cake!", speaker=antoinette, attribution="misattributed",
        attribution_reason="Rousseau told it of “a great princess” when she was a child.",
    )  # fmt: skip
    withdrawn = make_quote("Eppur si muove", speaker=make_speaker("Galileo Galilei"))
    withdrawn.withdraw(by=editor, category="our error", reason="No source of his time has it.")
    return SimpleNamespace(
        kwon=kwon,
        openai=openai,
        antoinette=antoinette,
        roosevelt=roosevelt,
        destiny=destiny,
        both=both,
        indirect=indirect,
        private=private,
        unnamed=unnamed,
        born_free=born_free,
        joint=joint,
        cake=cake,
        withdrawn=withdrawn,
        aimatters=aimatters,
        unaddressed=unaddressed,
        zdnet=zdnet,
        seoul=seoul,
        infrastructure=infrastructure,
    )
