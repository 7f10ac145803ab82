"""What readers must not see is nowhere: the whole site is asked for, and compared with one where it does not exist.

Every word that must not be seen begins with "qx", and every id with 7000000; what is published
has words that begin with "px". So one look at an answer tells whether something slipped out.
"""

import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from html import unescape
from html.parser import HTMLParser
from typing import Any
from urllib.parse import quote as percent
from urllib.parse import unquote_plus, urlencode, urljoin, urlsplit

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser
from django.contrib.flatpages.models import FlatPage
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse
from django.utils import timezone
from django.utils.formats import date_format, localize

from tracker import search
from tracker.models import (
    Article,
    Capture,
    Citation,
    Claim,
    ClaimQuote,
    Correction,
    Evidence,
    FieldChange,
    JointSpeaker,
    Occasion,
    Position,
    Publisher,
    Quote,
    QuoteLink,
    Review,
    Speaker,
    SpeakerAlias,
    Topic,
    Verdict,
)

pytestmark = pytest.mark.django_db

HIDDEN = re.compile(r"qx[a-z]+|7000000[0-9]{2}", re.IGNORECASE)
PUBLISHED = 800_000_000  # the first id of what is published: other records are counted from there
HIDDEN_IDS = range(700_000_000, 700_000_100)
# That something was withdrawn is told with its bare address, where it says why: by these words and no others.
GONE = re.compile(
    r'<a href="(/(?:quotes|claims)/7000000[0-9]{2}/)">'
    r"(?:A (?:quote|claim) was withdrawn|(?:발언|주장)이 철회됨): [\w ]+</a>"
)
UNUSED = 999_999_999  # no record has this id
NONSENSE = "zzfoundnowhere"  # no record holds this word
FIELDS = ("speaker", "organisation", "publisher", "topic", "occasion", "place")


# --- Asking for everything ----------------------------------------------------------------------------


@dataclass(frozen=True)
class Page:
    """What was answered at one address."""

    status: int
    body: str
    headers: str
    links: tuple[str, ...]

    def words(self, pattern: re.Pattern[str]) -> set[str]:
        """Where the pattern stands: in the text, an attribute, an address, a header, escaped or not."""
        text = f"{self.headers}\n{self.body}"
        return set(pattern.findall(text)) | set(pattern.findall(unquote_plus(unescape(text))))


class _Links(HTMLParser):
    """Collects where a page leads: links, addresses of a site map, and each value of a filter alone."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._action = self._open = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given, self._open = {name: value or "" for name, value in attrs}, tag
        if tag == "form":
            self._action = given.get("action", "")
        if tag in ("a", "link"):
            self.found.append(given.get("href", ""))
        if tag == "meta" and given.get("property") == "og:url":
            self.found.append(given["content"])
        if tag == "input" and given.get("type") == "checkbox":
            self.found.append(f"{self._action}?{urlencode({given['name']: given['value']})}")

    def handle_data(self, data: str) -> None:
        if self._open == "loc":
            self.found.append(data.strip())


def asked(client: Client, address: str, **headers: str) -> Page:
    answer = client.get(address, headers=headers)
    body = answer.content.decode()
    collected = _Links()
    collected.feed(body)
    links = [*collected.found, answer.headers.get("Location", "")]
    ours = (urljoin(address, link.removeprefix(settings.BASE_URL)) for link in links if link)
    inside = [link for link in ours if re.match(r"/(?!/|static/|language/)", link)]
    heads = "\n".join(f"{name}: {value}" for name, value in answer.headers.items())
    return Page(answer.status_code, body, heads, tuple(dict.fromkeys(inside)))


def crawled(client: Client, start: Iterable[str], **headers: str) -> dict[str, Page]:
    """Every page that can be reached. From a filtered list only pages are followed, no further filters."""
    found: dict[str, Page] = {}
    waiting = deque(start)
    while waiting:
        address = waiting.popleft().partition("#")[0]
        if address in found:
            continue
        found[address] = page = asked(client, address, **headers)
        narrowed = bool(urlsplit(address).query)
        gone = GONE.findall(page.body)
        further = (link for link in page.links if not (narrowed and urlsplit(link).query))
        waiting.extend(link for link in further if link not in gone)
    return found


def every_address() -> list[str]:
    """Each pattern of `urls.py` with every record that has a page, and each list with every kind of question."""
    named = {
        "speaker": Speaker.objects.known_to_readers(),
        "publisher": Publisher.objects.with_quotes(),
        "occasion": Occasion.objects.with_quotes(),
        "topic": Topic.objects.with_quotes(),
    }
    published, pages = Quote.objects.published(), []
    articles = Article.objects.open_to_readers().with_quotes()
    for pattern in get_resolver().url_patterns:
        if not isinstance(pattern, URLPattern) or pattern.name == "language":
            continue
        if pattern.name in named:
            pages += [record.get_absolute_url() for record in named[pattern.name]]
        elif pattern.name in ("claim", "claim-bare"):
            claims = Claim.objects.open_to_readers()
            pages += [reverse("claim-bare", args=[claim.pk]) for claim in claims]
            pages += [claim.get_absolute_url() for claim in claims]
        elif pattern.name in ("quote", "article"):
            records = published if pattern.name == "quote" else articles
            pages += [record.get_absolute_url() for record in records]
            pages += [reverse(pattern.name, args=[record.pk, "another"]) for record in records]
        elif pattern.name == "speaker-topic":
            pages += [
                reverse(pattern.name, args=[quote.speaker.slug, topic.slug])
                for quote in published.exclude(speaker=None)
                for topic in quote.topics.all()
            ]
        elif pattern.name in ("quote-bare", "article-bare"):
            records = published if pattern.name == "quote-bare" else articles
            pages += [reverse(pattern.name, args=[record.pk]) for record in records]
        elif pattern.name == "sitemap-section":
            sections = ("pages", "about", "quotes", "claims", "speakers", "articles", "publishers")
            pages += [
                reverse(pattern.name, args=[name]) for name in (*sections, "occasions", "topics")
            ]
        elif pattern.name == "about-page":
            pages += [page.url for page in FlatPage.objects.filter(sites=settings.SITE_ID)]
        else:
            pages.append(reverse(pattern.name))
    return [*pages, *every_question(pages)]


def every_question(pages: Iterable[str]) -> Iterator[str]:
    some = Quote.objects.published().order_by("pk").values_list("pk", flat=True)
    questions = [
        *("q=px", "q=pxwords", "order=oldest", "dates=undated", "said_from=1700", "said_to=1700"),
        *("said_from=1600&said_to=2100&dates=must", "said_from=2025-05-20&order=oldest"),
        *("attribution=misattributed", "attribution=unverified&attribution=misattributed"),
        *("kind=direct&kind=mixed&kind=indirect", "language=en&language=ko", "q=pxwords&language=ko"),
        *("speaker=nobody", "said_from=tomorrow", "page=2", "page=x", "language=xx-", "q=%00"),
        *(f"{way}={pk}" for way in ("after", "before") for pk in (*some[:3], UNUSED)),
    ]  # fmt: skip
    # A timeline has no filters; its own pages it links.
    own = (page for page in pages if "/topics/" not in page)
    speakers = [page for page in own if page.startswith(reverse("speakers"))]
    beside = "speaker=pxperson&speaker=pxjoint"
    yield from (f"{reverse('quotes')}?{beside}&view={view}" for view in ("side", "below"))
    for path in (reverse("quotes"), *speakers):
        yield from (f"{path}?{question}" for question in questions)
    claims = ("q=px", "claimant=pxperson", "kind=promise", "verdict=kept", "reviewer=ours")
    claims += ("status=final", "topic=pxtopic", "recorded_from=1700", "overdue=1", "order=due")
    claims += (f"after={PUBLISHED}", f"before={PUBLISHED}", "claimant=nobody", "dates=undated")
    yield from (f"{reverse('claims')}?{question}" for question in claims)
    asked = ("pxwords", "pxevidence", "pxmore", "pxheard in public")
    yield from (f"{reverse('check')}?words={words}" for words in asked)
    yield from (
        f"{reverse('check')}?words=pxwords&speaker={who}" for who in ("pxperson", "pxalias")
    )
    yield from (f"{reverse('speakers')}?{asks}" for asks in ("q=px", "q=pxalias", "after=pxjoint"))


# --- What there is ------------------------------------------------------------------------------------


@dataclass
class World:
    """A small record: one of everything published, and beside it all that must not be seen."""

    editor: AbstractBaseUser
    published: Quote
    hidden: dict[str, Quote] = field(default_factory=dict)
    private: list[Article] = field(default_factory=list)
    site: dict[str, Page] = field(default_factory=dict)


def a_source(tag: str, pk: int | None = None, **more: Any) -> Article:
    """An article of which every part has a word of its own."""
    publisher = Publisher.objects.create(name=f"{tag}publisher", domain=f"{tag}domain.example")
    source = {
        "url_as_typed": f"https://{tag}domain.example/{tag}path",
        "headline": f"{tag}headline",
        "byline": f"{tag}byline",
        "notes": f"<p>{tag}notes</p>",
        "publisher": publisher,
        "published_on": "2025-05-27",
        "language": "en",
    }
    return Article.objects.create(pk=pk, **source | more)


def cited(tag: str, quote: Quote, article: Article, **more: Any) -> Citation:
    how = {
        "text": f"{tag}words",
        "language": "en",
        "translated_by": f"{tag}translator",
        "attributed_as": f"{tag}named",
        "locator": f"{tag}locator",
        "locator_kind": "page",
    }
    return Citation.objects.create(quote=quote, article=article, **how | more)


def a_record(tag: str, pk: int | None = None, *, reference: str | None = None) -> Quote:
    """A draft with people, sources and everything else of its own, each part with a word of its own."""
    person = Speaker.objects.create(name=f"{tag}person", description=f"{tag}description")
    joint = Speaker.objects.create(name=f"{tag}joint")
    organisation = Speaker.objects.create(name=f"{tag}organisation", kind="organisation")
    SpeakerAlias.objects.create(speaker=person, name=f"{tag}alias", language="ko")
    quote = Quote.objects.create(
        pk=pk,
        reference=reference or f"{tag}reference",
        speaker=person,
        position=Position.objects.create(
            person=person, organisation=organisation, title=f"{tag}title"
        ),
        occasion=Occasion.objects.create(
            name=f"{tag}occasion",
            place=f"{tag}place",
            city=f"{tag}city",
            country=f"{tag}country",
            held_on="2025-05-26",
        ),
        said_on="2025-05",
        said_on_as_given=f"{tag}given",
        prompt=f"{tag}prompt",
        context=f"{tag}context",
        attribution="confirmed",
        attribution_reason=f"{tag}reason",
    )
    JointSpeaker.objects.create(quote=quote, speaker=joint)
    quote.topics.add(Topic.objects.create(name=f"{tag}topic", subject=person))
    article = a_source(tag, pk)
    cited(tag, quote, article, basis="transcript")
    cited(tag, quote, article, text=f"{tag}번역 {tag}korean", language="ko", locator="2")
    cited(tag, quote, article, text=f"{tag}evidence", locator="3", role="evidence on attribution")
    quote.lead_with_the_first(by=None)
    return quote


PARTS = (
    *("person", "joint", "organisation", "description", "alias", "title", "occasion", "place"),
    *("city", "country", "given", "prompt", "context", "reason", "topic", "publisher", "domain"),
    *("path", "headline", "byline", "notes", "words", "korean", "evidence", "translator", "named"),
    "locator",
)


def an_unnamed(tag: str, pk: int | None = None) -> Quote:
    quote = Quote.objects.create(
        pk=pk,
        speaker_described_as=f"{tag}described",
        anonymity_reason=f"{tag}anonymity",
        of_organisation=Speaker.objects.create(name=f"{tag}employer", kind="organisation"),
    )
    cited(tag, quote, a_source(f"{tag}unnamed", pk), text=f"{tag}whispered")
    quote.lead_with_the_first(by=None)
    return quote


def one_more(tag: str, like: Quote, pk: int | None = None) -> Quote:
    """Another quote with the speaker, the article and all else of one that is there."""
    quote = Quote.objects.create(
        pk=pk,
        speaker=like.speaker,
        position=like.position,
        occasion=like.occasion,
        said_on="1701",
        kind="indirect",
    )
    JointSpeaker.objects.create(quote=quote, speaker=like.joint_speakers.get().speaker)
    quote.topics.add(*like.topics.all())
    cited(tag, quote, like.lead.article, text=f"{tag}more", language="fr", locator=f"{tag}place")
    quote.lead_with_the_first(by=None)
    return quote


def move(quote: Quote, state: str, by: AbstractBaseUser) -> None:
    if state == "inreview":
        quote.submit(by=by)
    if state in ("held", "withdrawn", "redacted"):
        quote.publish(by=by)
    if state == "held":
        quote.hold(by=by)
    if state == "withdrawn":
        quote.withdraw(by=by, category="legal", reason="qxwithdrawnforthis")
    if state == "redacted":
        quote.redact(by=by, category="privacy")


STATES = ("draft", "inreview", "held", "withdrawn", "redacted")


def add_the_private(world: World) -> None:
    """Sources of which readers see the medium and the date only, alone, beside others, and in a chain."""
    origin = a_source("qxorigin", 700000091)
    private = a_source(
        "qxprivate", 700000092, access="private", original=origin, relation="translation"
    )
    ours = world.published.lead.article
    same_outlet = {"publisher": ours.publisher, "access": "private"}
    another = a_source("qxsecret", 700000093, **same_outlet)
    world.private += [origin, private, another]
    for source in world.private:
        Capture.objects.create(
            article=source,
            method="fetched",
            taken_at=timezone.now(),
            headline="qxcopyheadline",
            text="qxcopytext",
            archive_url="https://archive.example/qxarchive",
        )
    alone = Quote.objects.create(speaker=world.published.speaker, said_on="2020")
    cited("qxprivate", alone, private, text="pxheard in private")
    beside = Quote.objects.create(speaker=world.published.speaker, said_on="2021")
    derived = a_source("pxderived", original=private, relation="re-report")
    cited("pxderived", beside, derived, text="pxprinted as well")
    cited("qxsecret", beside, another, text="pxheard as well")
    for quote in (alone, beside):
        quote.lead_with_the_first(by=world.editor)
        quote.publish(by=world.editor)


CLAIM_PARTS = (
    *("claim", "summary", "explanation", "evidencenote", "reply", "correction", "was", "now"),
    "field",
)


def a_claim(tag: str, quote: Quote, pk: int | None = None) -> Claim:
    """A draft that a published quote makes."""
    claim = Claim.objects.create(pk=pk, text=f"{tag}claim", kind="promise", due="2026")
    claim.claim_quotes.create(quote=quote)
    claim.topics.add(*quote.topics.all())
    return claim


def a_review(tag: str, claim: Claim, source: Article, **more: Any) -> Review:
    """A draft of which every part has a word of its own."""
    review = Review.objects.create(
        claim=claim,
        verdict=Verdict.objects.get(slug="kept"),
        summary=f"{tag}summary",
        explanation=f"<p>{tag}explanation</p>",
        reply=f"{tag}reply",
        replied_on="2026-01-01",
        reviewed_on="2026-01-02",
        reviewer=get_user_model().objects.create_user(f"qx{tag}user", first_name="qxname"),
        **more,
    )
    review.evidence.create(article=source, note=f"{tag}evidencenote", happened_on="2025-12")
    return review


def correct(tag: str, record: Any) -> None:
    """Note that it was wrong."""
    change = FieldChange(f"{tag}field", f"{tag}was", f"{tag}now")
    Correction.objects.note(
        record, kind="correction", text=f"{tag}correction", by=None, changes=[change]
    )


def put_in(state: str, record: Any, by: AbstractBaseUser) -> None:
    if state == "inreview":
        record.submit(by=by)
    if state in ("held", "withdrawn"):
        record.publish(by=by)
    if state == "held":
        record.hold(by=by)
    if state == "withdrawn":
        record.withdraw(by=by, category="our error", reason="qxwithdrawnforthis")


def add_the_claims(world: World) -> None:
    """A claim with a review and what is hidden of it; hidden claims; links; and corrections of all that is hidden."""
    quote, by = world.published, world.editor
    second = (
        Quote.objects.published()
        .exclude(pk=quote.pk)
        .exclude(said_on="1701")  # which has links of its own
        .filter(speaker=quote.speaker)
        .earliest("pk")
    )
    claim = a_claim("px", quote, PUBLISHED)
    claim.publish(by=by)
    private = next(each for each in world.private if each.is_private)
    hidden: list[Any] = []
    for n, state in enumerate(("draft", "inreview", "held", "withdrawn")):
        tag, kept = f"qx{state}", world.hidden[state]
        hidden.append(a_claim(tag, quote, 700000040 + n))
        hidden.append(a_review(tag, claim, a_source(f"{tag}ev", 700000050 + n)))
        link = {"later": quote, "earlier": second, "note": f"{tag}note"}
        kinds = ("repeats", "corrects", "clarifies", "answers")
        hidden.append(QuoteLink.objects.create(kind=kinds[n], **link))
        for record in hidden[-3:]:
            put_in(state, record, by)
        claim.claim_quotes.create(quote=kept, role="repeats")
        hidden += [kept, kept.lead.article, kept.speaker, kept.position]
        QuoteLink.objects.bulk_create(
            [
                QuoteLink(
                    later=kept, earlier=quote, kind="answers", note="qxnote", status="published"
                )
            ]
        )
    of_hidden = a_claim("qxofhidden", quote, 700000060)
    of_hidden.publish(by=by)
    of_hidden.claim_quotes.update(quote=world.hidden["held"])
    for record in (*hidden, of_hidden, *QuoteLink.objects.filter(note="qxnote"), private):
        correct("qx", record)
    review = a_review("px", claim, quote.lead.article)
    review.evidence.create(article=private, note="pxheard of it")
    review.publish(by=by)
    for record in (claim, review, quote, quote.speaker, quote.lead.article):
        correct("px", record)


def add_the_links(world: World) -> None:
    """Links and claims of the published quotes, some of them hidden, or with a quote that is."""
    ours, more = world.published, Quote.objects.published().get(said_on="1701")
    said_by_them = {"asserted_in": world.private[2]}
    linked(ours, more, "answers", "pxlinknote", **said_by_them).publish(by=world.editor)
    linked(ours, more, "repeats", "qxlinkdraft")
    held = linked(ours, more, "corrects", "qxlinkheld")
    held.publish(by=world.editor)
    held.hold(by=world.editor)
    for pk, hidden in enumerate(world.hidden.values(), 700000030):
        link = linked(ours, hidden, "clarifies", "qxlinkhidden", pk=pk)
        QuoteLink.objects.filter(pk=link.pk).update(status="published")
    for text, state in (("pxclaim", "published"), ("qxclaim", "draft"), ("qxclaimheld", "held")):
        claim = Claim.objects.create(text=text)
        claim.claim_quotes.create(quote=ours)
        Claim.objects.filter(pk=claim.pk).update(status=state)
    claim = Claim.objects.create(text="qxclaimhidden")
    claim.claim_quotes.create(quote=world.hidden["held"])
    claim.claim_quotes.create(quote=ours, role="denies")
    Claim.objects.filter(pk=claim.pk).update(status="published")


def linked(later: Quote, earlier: Quote, kind: str, note: str, **more: Any) -> QuoteLink:
    return QuoteLink.objects.create(later=later, earlier=earlier, kind=kind, note=note, **more)


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """All of it in the database, once for all the tests below."""
    with django_db_blocker.unblock(), transaction.atomic():
        editor = get_user_model().objects.create_superuser("qxeditor", "qxeditor@example.org")
        published = a_record("px", PUBLISHED, reference="qxreference")
        remember(published, editor)
        world = World(editor, published)
        an_unnamed("px").publish(by=editor)
        one_more("pxsecond", published).publish(by=editor)
        for n, state in enumerate(STATES):
            quotes = {
                "": a_record(f"qx{state}", 700000000 + n),
                "unnamed": an_unnamed(f"qx{state}", 700000010 + n),
                "more": one_more(f"qx{state}", published, 700000020 + n),
            }
            for name, quote in quotes.items():
                move(quote, state, editor)
                world.hidden[f"{state}{name}"] = quote
        add_the_private(world)
        add_the_claims(world)
        add_the_links(world)
        search.catch_up()
        unseen = FlatPage.objects.create(url="/about/qxunseen/", title="qxunseen", content="qxpage")
        assert not unseen.sites.exists()
        yield world
        transaction.set_rollback(True)


def remember(published: Quote, editor: AbstractBaseUser) -> None:
    """Publish it with a past: words and a name that it had before, and the text of its source."""
    lead, person = published.lead, published.speaker
    Citation.objects.filter(pk=lead.pk).update(text="qxformerwords")
    for text in ("qxformerwords", "pxwords"):
        lead.text, lead._change_reason = text, "qxchangereason"
        lead.save()
    person.rename("qxformername", by=editor)
    person.rename("pxperson", by=editor)
    elsewhere = Speaker.objects.create(name="pxelsewhere", kind="organisation")
    Position.objects.create(person=person, organisation=elsewhere, title="pxearlier")
    Capture.objects.create(
        article=lead.article, method="fetched", taken_at=timezone.now(), text="qxstoredtext"
    )
    published.refresh_from_db()
    published.publish(by=editor)
    published.withdraw(by=editor, category="our error", reason="qxwithdrawnonce")
    published.publish(by=editor)


@pytest.fixture
def site(world: World) -> dict[str, Page]:
    """The whole site, asked for once."""
    if not world.site:
        world.site = crawled(Client(), every_address())
    return world.site


def holding(site: dict[str, Page], pattern: re.Pattern[str] = HIDDEN) -> dict[str, set[str]]:
    told = {address: replace(page, body=GONE.sub("", page.body)) for address, page in site.items()}
    return {address: found for address, page in told.items() if (found := page.words(pattern))}


# --- The crawl itself -----------------------------------------------------------------------------------


def test_the_crawl_reaches_every_kind_of_page(site: dict[str, Page]) -> None:
    names = {pattern.name for pattern in get_resolver().url_patterns if hasattr(pattern, "name")}
    reached = {get_resolver().resolve(address.partition("?")[0]).url_name for address in site}
    assert reached >= names - {None, "language"}
    assert len(site) > 150


@pytest.mark.parametrize(
    "part",
    [*PARTS, *CLAIM_PARTS, "whispered", "described", "anonymity", "employer", "linknote"],
)
def test_the_crawl_sees_what_is_published(site: dict[str, Page], part: str) -> None:
    assert holding(site, re.compile(f"px{part}"))


def test_a_hidden_word_would_be_seen_in_any_part_of_an_answer() -> None:
    for where in (
        Page(200, "<p>a QXdraftwords</p>", "", ()),
        Page(200, "<a href='?q=%71%78draftwords'>", "", ()),
        Page(200, "<p>&#113;xdraftwords", "", ()),
        Page(200, "<a href='/quotes/700000001/'>", "", ()),
        Page(302, "", "Location: /speakers/qxdraftperson/", ()),
    ):
        assert where.words(HIDDEN)


def test_no_link_of_the_site_leads_nowhere(site: dict[str, Page]) -> None:
    linked = {link.partition("#")[0] for page in site.values() for link in page.links}
    linked -= {gone for page in site.values() for gone in GONE.findall(page.body)}
    assert {a for a in linked if a in site and site[a].status not in (200, 301, 302)} == set()


def test_no_date_on_readers_pages_is_left_to_the_formats_of_the_desk(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    named: list[tuple[Any, Any]] = []

    def watched(value: Any, form: str | None = None, use_l10n: bool | None = None) -> str:
        if form is None or form.endswith("_FORMAT"):
            named.append((value, form))
        return date_format(value, form, use_l10n)

    monkeypatch.setattr("django.utils.formats.date_format", watched)
    assert localize(timezone.now())  # it is watched
    assert len(named) == 1
    assert len(crawled(Client(), every_address())) > 150
    assert len(named) == 1, named[1:]


# --- Nothing hidden is anywhere -------------------------------------------------------------------------


def test_nothing_hidden_is_on_any_page(site: dict[str, Page]) -> None:
    assert holding(site) == {}


def test_nothing_hidden_is_on_any_page_in_korean(world: World) -> None:
    pages = crawled(Client(headers={"accept-language": "ko"}), every_address())
    assert all(
        '<html lang="ko"' in pages[address].body for address in ("/", "/quotes/", "/topics/")
    )
    assert holding(pages) == {}


def test_nothing_hidden_is_in_the_lists_that_are_swapped(site: dict[str, Page]) -> None:
    starts = ("/quotes/?", "/claims/?", "/speakers/pxperson")
    lists = [each for each in site if each.startswith(starts) and "/topics/" not in each]
    swapped = {address: asked(Client(), address, HX_Request="true") for address in lists}
    assert len(swapped) > 50
    assert sum(address.startswith("/claims/?") for address in swapped) > 10
    assert all("<html" not in page.body for page in swapped.values() if page.status == 200)
    assert holding(swapped) == {}


def test_the_editor_who_is_logged_in_sees_no_more_on_readers_pages(world: World) -> None:
    client = Client()
    client.force_login(world.editor)
    assert holding(crawled(client, ["/", "/quotes/", "/speakers/pxperson/"])) == {}


def test_the_site_is_the_same_as_if_what_is_hidden_were_not_there(
    world: World, site: dict[str, Page]
) -> None:
    """Every count, facet, chart, order and map: no byte of the site comes from what is hidden."""
    with transaction.atomic():
        forget_the_hidden()
        bare = crawled(Client(), every_address())
        transaction.set_rollback(True)
    assert set(bare) == set(site)
    pages = {address: (site[address].body, bare[address].body) for address in site}
    assert [
        a for a, (one, other) in pages.items() if but_for_the_gone(one) != but_for_the_gone(other)
    ] == []


def but_for_the_gone(body: str) -> str:
    """A page without the notes that something was withdrawn, which are told of what is hidden, too."""
    return re.sub(r'(?s)\s*<article class="cite withdrawn".*?</article>', "", body)


def forget_the_hidden() -> None:
    """Delete it behind the models' backs, and empty the private sources of all but medium and date."""
    hidden = Quote.objects.exclude(pk__in=Quote.objects.published())
    forget_hidden_claims(hidden)
    hidden.update(lead=None)
    QuoteLink.objects.filter(note__startswith="qx")._raw_delete(hidden.db)
    ClaimQuote.objects.filter(claim__text__startswith="qx")._raw_delete(hidden.db)
    Claim.objects.filter(text__startswith="qx")._raw_delete(hidden.db)
    Citation.objects.filter(quote__in=hidden).delete()
    JointSpeaker.objects.filter(quote__in=hidden).delete()
    Quote.topics.through._default_manager.filter(quote__in=hidden).delete()
    hidden._raw_delete(hidden.db)
    Topic.objects.filter(name__startswith="qx").delete()
    Occasion.objects.filter(name__startswith="qx").delete()
    private = Article.objects.filter(access="private")
    blank = {"headline": "", "byline": "", "notes": "", "language": ""}
    private.update(
        url=None, url_as_typed="", publisher=None, original=None, relation="", medium="web", **blank
    )
    Capture.objects.filter(article__in=private).delete()
    # That words are a translation is said of the words; who made it would tell of the source.
    unsaid = {"attributed_as": "", "locator": "", "locator_kind": ""}
    Citation.objects.filter(article__in=private).update(translated_by="not named", **unsaid)
    unused = Article.objects.filter(pk__in=HIDDEN_IDS).exclude(pk__in=private)
    Capture.objects.filter(article__in=unused).delete()
    unused.delete()
    Publisher.objects.filter(name__startswith="qx").delete()
    Position.objects.filter(title__startswith="qx").delete()
    Speaker.objects.filter(name__startswith="qx").delete()


def forget_hidden_claims(quotes: Any) -> None:
    """And reviews, links and corrections."""
    unseen = Correction.objects.with_whether_open().exclude(record_is_open=True)
    Correction.objects.filter(pk__in=list(unseen.values_list("pk", flat=True))).delete()
    for model in (QuoteLink, Review, Claim):
        seen = list(model.objects.open_to_readers().values_list("pk", flat=True))
        gone = list(model.objects.exclude(pk__in=seen).values_list("pk", flat=True))
        Evidence.objects.filter(review__in=gone if model is Review else []).delete()
        ClaimQuote.objects.filter(claim__in=gone if model is Claim else []).delete()
        if model is Claim:
            Claim.topics.through.objects.filter(claim__in=gone).delete()
        model.objects.filter(pk__in=gone)._raw_delete("default")
    ClaimQuote.objects.filter(quote__in=quotes).delete()


# --- Asking for what is hidden ----------------------------------------------------------------------------


def hidden_words() -> list[str]:
    parts = (
        *PARTS,
        *CLAIM_PARTS,
        "whispered",
        "described",
        "anonymity",
        "employer",
        "more",
        "reference",
    )
    words = [f"qx{state}{part}" for state in STATES for part in parts]
    private = [f"qx{tag}{part}" for tag in ("private", "secret", "origin") for part in PARTS]
    return [*words, *private, "qxformerwords", "qxstoredtext", "qxcopytext", "qxeditor"]


# What a claim is called that is hidden, or is made by hidden words alone; but for “qxclaim”, of which one that is
# published differs in a letter: it is offered.
HIDDEN_CLAIMS = ("qxclaimheld", "qxclaimhidden", "qxofhiddenclaim", "qxnote")


def hidden_names() -> list[str]:
    parts = ("person", "joint", "organisation", "alias", "description", "employer")
    return [f"qx{state}{part}" for state in STATES for part in parts]


def differs(ask: Callable[[Any], str], hidden: Any, unknown: Any) -> bool:
    """Whether asking for what is hidden is answered in another way than asking for what does not exist."""
    client = Client()
    there, nowhere = (asked(client, ask(percent(str(each)))) for each in (hidden, unknown))
    as_if = nowhere.body.replace(str(unknown), str(hidden))
    return (there.status, there.body) != (nowhere.status, as_if)


def test_no_word_that_is_hidden_finds_anything(world: World) -> None:
    for path, words in (
        ("/quotes/?q={}", hidden_words()),
        ("/claims/?q={}", [*hidden_words(), *HIDDEN_CLAIMS]),
        ("/speakers/?q={}", hidden_names()),
        ("/names/?q={}", hidden_names()),
        ("/check/?words={}", hidden_words()),
        ("/check/?words=pxwords&speaker={}", hidden_names()),
    ):
        nowhere = asked(Client(), path.format(NONSENSE)).body
        for word in words:
            found = asked(Client(), path.format(word)).body
            assert found == nowhere.replace(NONSENSE, word), (path, word)


@pytest.mark.parametrize("name", FIELDS)
def test_what_only_hidden_quotes_have_is_unknown_to_every_filter(world: World, name: str) -> None:
    parts = {"speaker": ("person", "joint", "alias"), "organisation": ("organisation", "employer")}
    parts["place"] = ("place", "city", "country")
    for tag in (*STATES, "private", "secret"):
        for part in parts.get(name, (name,)):
            ask = f"/quotes/?{name}={{}}".format
            assert not differs(ask, f"qx{tag}{part}", NONSENSE), (tag, part)


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("claimant", ("person", "joint", "alias", "organisation", "employer")),
        ("topic", ("topic",)),
        ("reviewer", ("publisher", "evpublisher")),
    ],
)
def test_what_only_hidden_claims_have_is_unknown_to_every_filter_of_claims(
    world: World, name: str, parts: tuple[str, ...]
) -> None:
    for tag in (*STATES, "private", "secret"):
        for part in parts:
            ask = f"/claims/?{name}={{}}".format
            assert not differs(ask, f"qx{tag}{part}", NONSENSE), (tag, part)


def test_where_a_hidden_claim_stands_in_a_list_cannot_be_asked(world: World) -> None:
    hidden = [pk for pk in Claim.objects.values_list("pk", flat=True) if pk in HIDDEN_IDS]
    assert len(hidden) > 4
    for pk in hidden:
        for way in ("after", "before"):
            assert not differs(f"/claims/?{way}={{}}".format, pk, UNUSED), (way, pk)


def test_where_a_hidden_quote_stands_in_a_list_cannot_be_asked(world: World) -> None:
    for quote in world.hidden.values():
        for way in ("after", "before"):
            for path in ("/quotes/", "/speakers/pxperson/"):
                ask = f"{path}?{way}={{}}".format
                assert not differs(ask, quote.pk, UNUSED), (ask(quote.pk), str(quote))
    for state in STATES:
        assert not differs("/speakers/?after={}".format, f"qx{state}person", NONSENSE)


def test_pages_of_what_only_hidden_quotes_have_do_not_exist(world: World) -> None:
    pages = {
        "speakers": ("person", "joint", "organisation", "employer"),
        "publishers": ("publisher", "unnamedpublisher"),
        "occasions": ("occasion",),
        "topics": ("topic",),
    }
    for tag in (*STATES, "private", "origin"):
        for noun, parts in pages.items():
            for part in parts:
                address = f"/{noun}/{{}}/".format
                assert asked(Client(), address(f"qx{tag}{part}")).status == 404
                assert not differs(address, f"qx{tag}{part}", NONSENSE)


def test_an_article_that_only_hidden_quotes_cite_or_that_is_private_has_no_page(
    world: World,
) -> None:
    for pk in Article.objects.filter(pk__in=HIDDEN_IDS).values_list("pk", flat=True):
        for address in ("/articles/{}/", "/articles/{}/qxdraftheadline/"):
            assert not differs(address.format, pk, UNUSED)
            assert asked(Client(), address.format(UNUSED)).status == 404


# --- The addresses of hidden quotes -------------------------------------------------------------------------


@pytest.mark.parametrize("state", ["draft", "inreview", "held"])
def test_a_quote_that_is_not_published_answers_like_one_that_never_was(
    world: World, state: str
) -> None:
    for name in ("", "unnamed", "more"):
        quote = world.hidden[f"{state}{name}"]
        for address in ("/quotes/{}/", f"/quotes/{{}}/{quote.slug}/", "/quotes/{}/another/"):
            assert asked(Client(), address.format(quote.pk)).status == 404
            assert not differs(address.format, quote.pk, UNUSED)


@pytest.mark.parametrize(
    ("state", "category"), [("withdrawn", "Legal reasons"), ("redacted", "Privacy")]
)
def test_a_withdrawn_quote_says_why_it_is_gone_and_nothing_else(
    world: World, state: str, category: str
) -> None:
    for name in ("", "unnamed", "more"):
        bare = reverse("quote-bare", args=[world.hidden[f"{state}{name}"].pk])
        gone = asked(Client(), bare)
        assert gone.status == 410
        assert category in gone.body
        assert 'content="noindex"' in gone.body
        assert {word for word in gone.words(HIDDEN) if not word.isdigit()} == set()
        moved = asked(Client(), f"{bare}another/")
        assert (moved.status, moved.links) == (302, (bare,))


@pytest.mark.parametrize("state", ["draft", "inreview", "held", "ofhidden"])
def test_a_claim_that_is_hidden_or_made_by_hidden_words_answers_like_one_that_never_was(
    world: World, state: str
) -> None:
    claim = Claim.objects.get(text=f"qx{state}claim")
    for address in ("/claims/{}/", f"/claims/{{}}/{claim.slug}/", "/claims/{}/another/"):
        assert asked(Client(), address.format(claim.pk)).status == 404
        assert not differs(address.format, claim.pk, UNUSED)


def test_a_withdrawn_claim_says_why_it_is_gone_and_nothing_else(world: World) -> None:
    bare = reverse("claim-bare", args=[Claim.objects.get(text="qxwithdrawnclaim").pk])
    gone = asked(Client(), bare)
    assert gone.status == 410
    assert "Our error" in gone.body
    assert {word for word in gone.words(HIDDEN) if not word.isdigit()} == set()
    moved = asked(Client(), f"{bare}another/")
    assert (moved.status, moved.links) == (302, (bare,))


def test_a_quote_joined_into_one_that_is_held_tells_nothing_of_it(world: World) -> None:
    with transaction.atomic():
        kept, joined = (one_more(tag, world.published) for tag in ("qxkept", "qxjoined"))
        for quote in (kept, joined):
            quote.publish(by=world.editor)
        kept.absorb(joined, by=world.editor)
        bare = reverse("quote-bare", args=[joined.pk])
        assert asked(Client(), bare).links == (kept.get_absolute_url(),)
        kept.hold(by=world.editor)
        gone = asked(Client(), bare)
        transaction.set_rollback(True)
    assert gone.status == 410
    assert gone.words(HIDDEN) == set()


def test_a_page_of_the_desk_leads_who_is_not_logged_in_to_the_log_in(world: World) -> None:
    for model, record in (("quote", world.hidden["draft"]), ("speaker", world.published.speaker)):
        for page in ("change", "history", "delete"):
            address = reverse(f"admin:tracker_{model}_{page}", args=[record.pk])
            answer = asked(Client(), address)
            assert (answer.status, answer.words(re.compile("[qp]x[a-z]+"))) == (302, set())


def test_an_error_page_repeats_nothing_of_what_went_wrong(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_args: Any, **_kwargs: Any) -> None:
        raise RuntimeError(f"{world.hidden['draft']} qxtraceback")

    client = Client(raise_request_exception=False)
    monkeypatch.setattr("tracker.views.lists.list_quotes", fails)
    answers = {
        500: asked(client, "/quotes/"),
        404: asked(client, "/nothing/here/"),
        400: asked(client, "/", HOST="qx.invalid/"),
    }
    for status, page in answers.items():
        assert page.status == status
        assert page.words(HIDDEN) == set()


# --- Speakers who are not listed, and words that are not theirs -------------------------------------------


@pytest.fixture
def unlisted(world: World) -> Speaker:
    """A person with an office in an organisation of the record, who said something alone and with another."""
    speaker = Speaker.objects.create(
        name="Uuname Unlisted", listed=False, description="uudescription"
    )
    SpeakerAlias.objects.create(speaker=speaker, name="uualias")
    organisation = world.published.position.organisation
    position = Position.objects.create(person=speaker, organisation=organisation, title="uutitle")
    alone = Quote.objects.create(speaker=speaker, position=position, said_on="2024")
    joint = Quote.objects.create(speaker=world.published.speaker, said_on="2023")
    JointSpeaker.objects.create(quote=joint, speaker=speaker, position=position)
    for n, quote in enumerate((alone, joint)):
        cited("px", quote, world.published.lead.article, text="pxplain", locator=f"uu{n}")
        quote.lead_with_the_first(by=world.editor)
        quote.publish(by=world.editor)
    return speaker


def test_an_unlisted_speaker_has_a_page_that_is_not_indexed(unlisted: Speaker) -> None:
    pages: list[str] = [unlisted.get_absolute_url()]
    pages += [quote.get_absolute_url() for quote in unlisted.quotes.all()]
    pages += [joint.quote.get_absolute_url() for joint in unlisted.joint_quotes.all()]
    assert len(pages) == 3
    mapped = [asked(Client(), f"/sitemap-{name}.xml") for name in ("speakers", "quotes")]
    for address in pages:
        page = asked(Client(), address)
        assert page.status == 200
        assert "uuname unlisted" in page.body.lower()
        assert '<meta name="robots" content="noindex">' in page.body
        assert not any(address in part.links for part in mapped)


def test_an_unlisted_speaker_is_not_found_by_name_or_alias(unlisted: Speaker) -> None:
    for word in ("Unlisted", "uuname", "uualias", "uudescription", "uutitle"):
        for ask in ("/quotes/?q={}", "/quotes/?speaker={}", "/speakers/?q={}"):
            assert not differs(ask.format, word, NONSENSE), (ask, word)
    assert "There is no speaker" in asked(Client(), "/quotes/?speaker=Uuname+Unlisted").body


def test_an_unlisted_speaker_is_in_no_list_of_speakers(world: World, unlisted: Speaker) -> None:
    theirs = world.published.position.organisation.get_absolute_url()
    for address in ("/speakers/", "/", "/quotes/", "/topics/pxtopic/", theirs):
        page = asked(Client(), address)
        rows = re.sub(r'(?s)<article class="entry.*?</article>', "", page.body)
        rows = re.sub(r'(?s)<section class="hero".*?</section>', "", rows)
        assert not re.search("uuname.?unlisted", rows, re.IGNORECASE), address
        assert not any("speaker=uu" in link for link in page.links)


def test_words_that_are_not_theirs_are_listed_only_when_asked_for(world: World) -> None:
    quote = one_more("px", world.published)
    Citation.objects.filter(quote=quote).update(text="pxnever said")
    quote.citations.update(role="attributes wrongly")
    how = {"text": "pxnever said", "locator": "pxproof", "role": "evidence on attribution"}
    cited("px", quote, quote.lead.article, **how)
    Quote.objects.filter(pk=quote.pk).update(attribution="misattributed", attribution_reason="-")
    before = but_for_the_choice_of_attribution()
    quote.refresh_from_db()
    quote.publish(by=world.editor)
    assert but_for_the_choice_of_attribution() == before
    assert "pxnever said" in asked(Client(), "/quotes/?attribution=misattributed").body
    own = asked(Client(), "/speakers/pxperson/").body
    theirs, _heading, wrongly = own.partition("Wrongly attributed to pxperson")
    assert "pxnever said" not in theirs.partition("<main")[2]
    assert "pxnever said" in wrongly


def but_for_the_choice_of_attribution() -> list[str]:
    """The lists, without the two places that say what else could be asked for."""
    lists = ("/", "/quotes/", "/quotes/?speaker=pxperson", "/quotes/?q=pxnever", "/speakers/")
    facet = r"(?s)<fieldset class=.facet.>\s*<legend>Attribution.*?</fieldset>"
    offer = r'<a href="[^"]*attribution=misattributed[^"]*">[^<]*</a>'
    bare = (re.sub(f"{facet}|{offer}", "", asked(Client(), page).body) for page in lists)
    packed = (re.sub(r"\s+(?=<)", "", page) for page in bare)
    return [page.replace('<p class="links"></p>', "") for page in packed]
