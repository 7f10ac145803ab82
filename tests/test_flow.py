"""README's story, end to end: an editor records a quote at the desk, a reader finds it, sees what it rests on, and sees no more than they should.

Everything is typed into the desk's own forms, as a browser would send them, and read from the pages.
"""

import re
from html.parser import HTMLParser
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth.models import AbstractBaseUser
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from tracker.models import Article, Citation, Occasion, Publisher, Quote, Speaker, Topic

KOREAN = "인프라는 운명이다"
# What the desk asks for when it changes what readers have seen.
EXPLAINED = {"correction_kind": "update", "correction_text": "The page was looked at again."}


class _Form(HTMLParser):
    """What a browser would send of the form for a record, as it stands."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.data: dict[str, Any] = {}
        self._inside, self._select, self._text = False, "", ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        name = given.get("name", "")
        if tag == "form":
            self._inside = given.get("id", "").endswith("_form") and given.get("method") == "post"
        elif not self._inside or "__prefix__" in name:
            return
        elif tag == "input" and name and given.get("type") not in ("submit", "button"):
            if given.get("type") != "checkbox" or "checked" in given:
                self.data[name] = given.get("value", "on" if "checked" in given else "")
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select and "selected" in given:
            self.data.setdefault(self._select, []).append(given.get("value", ""))
        elif tag == "textarea":
            self._text, self.data[name] = name, ""

    def handle_data(self, data: str) -> None:
        if self._text:
            self.data[self._text] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self._text:
            self.data[self._text] = self.data[self._text].removeprefix("\n")
            self._text = ""
        elif tag == "select":
            self._select = ""
        elif tag == "form":
            self._inside = False


class Desk:
    """An editor who is logged in and fills in forms."""

    def __init__(self, editor: AbstractBaseUser) -> None:
        self.client = Client()
        self.client.force_login(editor)

    def enter(self, model: type[Model], **fields: Any) -> Any:
        """Add a record, and return it."""
        self._send(reverse(f"admin:tracker_{model._meta.model_name}_add"), fields)
        return model._default_manager.latest("pk")

    def change(self, record: Model, **fields: Any) -> None:
        self._send(
            reverse(f"admin:tracker_{record._meta.model_name}_change", args=[record.pk]), fields
        )
        record.refresh_from_db()

    def _send(self, address: str, fields: dict[str, Any]) -> None:
        typed = {name.replace("__", "-"): value for name, value in fields.items()}
        form = _Form(self.client.get(address).content.decode()).data
        rows = {name.split("-")[0] for name in typed if name.count("-") == 2}
        for row in rows:
            numbers = {int(name.split("-")[1]) for name in typed if name.startswith(f"{row}-")}
            form[f"{row}-TOTAL_FORMS"] = max(
                int(form[f"{row}-TOTAL_FORMS"]), *(n + 1 for n in numbers)
            )
        answer = self.client.post(address, form | typed)
        assert answer.status_code == 302, re.findall(
            r'(?s)class="errorlist.*?</ul>', answer.content.decode()
        )

    def act(self, action: str, quote: Quote, **more: Any) -> str:
        """Choose an action for one quote in the list of quotes, and return the page that follows."""
        data = {"action": action, "_selected_action": [quote.pk], **more}
        address = reverse("admin:tracker_quote_changelist")
        answer = self.client.post(address, data, follow=True)
        assert answer.status_code == 200
        quote.refresh_from_db()
        return answer.content.decode()

    def history(self, record: Model) -> str:
        name = f"admin:tracker_{record._meta.model_name}_history"
        return self.client.get(reverse(name, args=[record.pk])).content.decode()


def read(address: str, status: int = 200) -> str:
    """The page at this address as a reader gets it, without a log-in."""
    answer = Client().get(address)
    assert answer.status_code == status, (address, answer.status_code)
    return answer.content.decode()


def listed(question: str) -> list[str]:
    """The addresses of the quotes on the list that this question gives."""
    return list(
        dict.fromkeys(re.findall(r'href="(/quotes/\d+/[^"]+)"', read(f"/quotes/?{question}")))
    )


@pytest.fixture
def desk(editor: AbstractBaseUser) -> Desk:
    return Desk(editor)


@pytest.fixture
def story(desk: Desk) -> SimpleNamespace:
    """All that the desk knows of the day, typed in; the quote is a draft."""
    openai = desk.enter(Speaker, name="OpenAI", kind="organisation")
    kwon = desk.enter(
        Speaker,
        name="Jason Kwon",
        sort_name="Kwon, Jason",
        aliases__0__name="권 제이슨",
        aliases__0__language="ko",
        positions__0__title="Chief Strategy Officer",
        positions__0__organisation=openai.pk,
        positions__0__kind="employment",
        positions__0__since="2024",
    )
    outlet = desk.enter(Publisher, name="AI Matters", domain="aimatters.co.kr")
    article = desk.enter(
        Article,
        url_as_typed="https://AIMatters.co.kr/news/1?utm_source=x",
        headline="OpenAI to open an office in Seoul",
        publisher=outlet.pk,
        published_on="2025-05-27",
        language="en",
    )
    occasion = desk.enter(
        Occasion, name="OpenAI in Seoul", place="Four Seasons Hotel Seoul", held_on="2025-05-26"
    )
    topic = desk.enter(Topic, name="Infrastructure")
    quote = desk.enter(
        Quote,
        speaker=kwon.pk,
        position=kwon.positions.get().pk,
        said_on="2025-05-26",
        occasion=occasion.pk,
        topics=[topic.pk],
        citations__0__article=article.pk,
        citations__0__text="infrastructure is destiny",
        citations__0__language="en",
    )
    return SimpleNamespace(openai=openai, kwon=kwon, article=article, quote=quote)


@pytest.fixture
def published(story: SimpleNamespace, desk: Desk) -> SimpleNamespace:
    desk.act("publish", story.quote)
    return story


# Where a reader comes upon it, and what that page says.
PAGES = {
    "/speakers/jason-kwon/": "infrastructure is destiny",
    "/speakers/openai/": "Jason Kwon",
    "/topics/infrastructure/": "infrastructure is destiny",
    "/occasions/openai-in-seoul/": "infrastructure is destiny",
    "/publishers/ai-matters/": "OpenAI to open an office in Seoul",
}


def test_what_was_entered_is_seen_by_nobody_until_it_is_published(story: SimpleNamespace) -> None:
    assert listed("") == []
    for address in (*PAGES, story.quote.get_absolute_url(), story.article.get_absolute_url()):
        read(address, 404)
    for address in ("/", "/speakers/", "/articles/", "/topics/"):
        assert "Kwon" not in read(address)
        assert "Seoul" not in read(address)


def test_the_action_of_the_desk_publishes_it_and_says_so(
    story: SimpleNamespace, desk: Desk
) -> None:
    assert "1 quote: published." in desk.act("publish", story.quote)
    assert listed("") == [story.quote.get_absolute_url()]
    for address, told in PAGES.items():
        assert told in read(address), address


def test_a_reader_finds_it_by_speaker_name_alias_words_year_organisation_and_the_rest(
    published: SimpleNamespace,
) -> None:
    questions = (
        "speaker=jason-kwon",
        "speaker=Jason+Kwon",
        "speaker=권+제이슨",
        "q=kwon+destiny",
        "q=제이슨",
        "said_from=2025&said_to=2025&dates=must",
        "organisation=openai",
        "publisher=ai-matters&topic=infrastructure&occasion=openai-in-seoul",
    )
    address = published.quote.get_absolute_url()
    assert [question for question in questions if listed(question) != [address]] == []


def test_a_reader_who_asks_for_something_else_does_not(published: SimpleNamespace) -> None:
    questions = ("said_to=2024", "speaker=nobody", "speaker=openai", "q=fate", "language=ko")
    assert [question for question in questions if listed(question)] == []
    assert "There is no speaker “nobody”." in read("/quotes/?speaker=nobody")


def test_its_page_says_who_when_as_what_and_from_where(published: SimpleNamespace) -> None:
    page = read(published.quote.get_absolute_url())
    for told in (
        "infrastructure is destiny",
        "Jason Kwon",
        "Chief Strategy Officer",
        "26 May 2025",
        "Four Seasons Hotel Seoul",
        "OpenAI to open an office in Seoul",
        "AI Matters",
        'rel="noopener nofollow"',
        'href="https://aimatters.co.kr/news/1"',
        "1 source",
    ):
        assert told in page


@pytest.fixture
def cited_twice(published: SimpleNamespace, desk: Desk) -> SimpleNamespace:
    """The same, with the Korean words beside the English ones."""
    zdnet = desk.enter(
        Article, headline="오픈AI, 서울에 사무소", published_on="2025-05-26", language="ko"
    )
    desk.change(
        published.quote,
        spoken_language="ko",
        citations__1__article=zdnet.pk,
        citations__1__text=KOREAN,
        citations__1__language="ko",
        citations__1__basis="reporter present",
        citations__1__role="reports",
    )
    return published


def test_a_second_source_in_another_language_stands_beside_the_first(
    cited_twice: SimpleNamespace,
) -> None:
    assert listed("language=ko") == listed("") == [cited_twice.quote.get_absolute_url()]
    assert "2 wordings" in read("/quotes/?speaker=jason-kwon")
    _before, _pair, side_by_side = read(cited_twice.quote.get_absolute_url()).partition(
        'class="pair"'
    )
    assert re.search(r'lang="en"\s+dir="ltr">\s*<p>infrastructure is destiny', side_by_side)
    assert re.search(rf'lang="ko"\s+dir="ltr">\s*<p>{KOREAN}', side_by_side)
    assert "2 sources, 2 independent" in side_by_side


def test_another_leading_citation_changes_what_readers_see(
    cited_twice: SimpleNamespace, desk: Desk
) -> None:
    before = cited_twice.quote.get_absolute_url()
    lead = Citation.objects.get(language="ko").pk
    desk.change(cited_twice.quote, lead=lead, **EXPLAINED)
    cited_twice.quote = Quote.objects.get()
    after = cited_twice.quote.get_absolute_url()
    assert before != after
    assert f'<a href="{after}">{KOREAN}</a>' in read("/quotes/")
    assert Client().get(before).headers["Location"] == Quote.objects.get().get_absolute_url()


def test_a_speaker_who_is_renamed_is_found_at_the_old_address_and_by_the_old_name(
    published: SimpleNamespace, desk: Desk
) -> None:
    desk.change(published.kwon, name="Jason S. Kwon")
    moved = Client().get("/speakers/jason-kwon/?order=oldest")
    assert (moved.status_code, moved.headers["Location"]) == (
        301,
        "/speakers/jason-s-kwon/?order=oldest",
    )
    now = Quote.objects.get().get_absolute_url()
    assert listed("speaker=jason-kwon") == listed("speaker=jason-s-kwon") == [now]
    assert "Jason S. Kwon" in read("/quotes/?speaker=jason-kwon")


def test_what_is_held_is_gone_everywhere_at_once_and_can_come_back(
    published: SimpleNamespace, desk: Desk
) -> None:
    address = published.quote.get_absolute_url()
    desk.act("hold", published.quote)
    for gone in (*PAGES, address, published.article.get_absolute_url()):
        read(gone, 404)
    assert listed("") == []
    assert "destiny" not in read("/")
    desk.act("publish", published.quote)
    assert listed("") == [address]
    assert "infrastructure is destiny" in read(address)


def test_what_is_withdrawn_says_why_at_its_bare_address(
    published: SimpleNamespace, desk: Desk
) -> None:
    address = published.quote.get_absolute_url()
    asks = desk.act("withdraw", published.quote)
    assert "Reason" in asks
    assert published.quote.is_published
    answers = {"category": "our error", "reason": "The recording says something else."}
    desk.act("withdraw", published.quote, _withdraw="1", **answers)
    gone = read(f"/quotes/{published.quote.pk}/", 410)
    assert "Our error" in gone
    assert not re.search("Kwon|destiny|recording", gone)
    assert Client().get(address).headers["Location"] == f"/quotes/{published.quote.pk}/"
    assert listed("") == []


def test_the_history_says_who_did_what_citations_included(
    cited_twice: SimpleNamespace, desk: Desk
) -> None:
    desk.change(cited_twice.quote, citations__1__text=f"{KOREAN}.", **EXPLAINED)
    desk.act("hold", cited_twice.quote)
    history = desk.history(cited_twice.quote)
    for told in ("editor", "infrastructure is destiny", KOREAN, f"{KOREAN}.", "Published", "Held"):
        assert told in history
    assert "AnonymousUser" not in history
