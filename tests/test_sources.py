"""Publishers, articles and their chain to the original, and captures."""

import hashlib
from datetime import UTC, date, datetime, timedelta

import pytest
from claiming import a_claim, a_review
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone

from tracker.models import Article, Capture, Publisher, Review
from tracker.models.addresses import AddressError

NOW = datetime(2025, 5, 26, 12, tzinfo=UTC)


def _problems(record) -> set[str]:
    with pytest.raises(ValidationError) as refused:
        record.full_clean()
    return set(refused.value.message_dict)


# --- Publishers -----------------------------------------------------------------------------------


def test_a_publisher_has_a_name(make_publisher, the_database_refuses):
    make_publisher("News1", domain="news1.kr")
    with the_database_refuses("publisher_has_a_name"):
        make_publisher("")
    with the_database_refuses("publisher_has_a_name"):
        Publisher.objects.update(name="")


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("https://x.com/", "x.com"),
        ("http://www.News1.kr/articles/?4", "news1.kr"),
        ("WWW.news1.kr", "news1.kr"),
        ("Bücher.example", "xn--bcher-kva.example"),
    ],
)
def test_a_domain_may_be_pasted_as_a_web_address(db, typed, kept):
    publisher = Publisher(name="News1", domain=typed)
    publisher.full_clean()
    assert publisher.domain == kept


@pytest.mark.parametrize("typed", ["https", "https:/x.com", "localhost", "ftp://x.com/", "a b.kr"])
def test_what_is_no_domain_is_refused(db, typed):
    assert _problems(Publisher(name="News1", domain=typed)) == {"domain"}


def test_a_publisher_is_recorded_once_whatever_the_case_of_its_name(make_publisher):
    known = make_publisher("Étoile News")
    assert _problems(Publisher(name="étoile NEWS")) == {"name"}
    known.name = "étoile news"
    known.full_clean()


def test_a_domain_is_kept_bare(db):
    publisher = Publisher(name="News1", domain="WWW.News1.KR")
    publisher.full_clean()
    assert publisher.domain == "news1.kr"
    assert _problems(Publisher(name="News1", domain="news1 .kr")) == {"domain"}


def test_readers_know_a_publisher_by_published_quotes_from_open_sources(
    make_publisher, make_article, make_quote
):
    shown, draft, private = (make_publisher(name) for name in ("News1", "ZDNet Korea", "A letter"))
    make_quote(article=make_article(publisher=shown))
    make_quote(article=make_article(publisher=draft), published=False)
    make_quote(article=make_article(publisher=private, access="private"))
    assert list(Publisher.objects.with_quotes()) == [shown]


def test_a_publisher_with_articles_is_not_deleted(make_publisher, make_article):
    publisher = make_publisher()
    make_article(publisher=publisher)
    with pytest.raises(models.ProtectedError):
        publisher.delete()


# --- Addresses ------------------------------------------------------------------------------------


def test_an_address_is_kept_as_typed_and_in_its_one_form(make_article):
    typed = "HTTPS://News1.KR:443/industry/5794571?utm_source=x#top"
    article = make_article(url_as_typed=typed)
    article.refresh_from_db()
    assert article.url_as_typed == typed
    assert article.url == "https://news1.kr/industry/5794571"


@pytest.mark.parametrize("typed", ["", "   "])
def test_articles_without_an_address_do_not_clash(make_article, typed):
    articles = [make_article(url_as_typed=typed) for _ in range(2)]
    assert [article.url for article in articles] == [None, None]
    articles[0].full_clean()
    assert articles[0].url_as_typed == ""


def test_an_article_is_stored_once_however_its_address_is_typed(make_article, the_database_refuses):
    first = make_article(url_as_typed="https://news1.kr/industry/5794571")
    same = "https://NEWS1.kr./industry/5794571?fbclid=1"
    assert list(Article.objects.at_address(same)) == [first]
    again = Article(url_as_typed=same)
    with pytest.raises(ValidationError, match=f"recorded already: article {first.pk}"):
        again.full_clean()
    with the_database_refuses("url", columns="tracker_article.url"):
        again.save()
    first.full_clean()  # it is no double of itself


def test_an_address_that_cannot_be_used_is_refused_beside_its_field(db):
    assert _problems(Article(url_as_typed="ftp://example.org/a")) == {"url_as_typed"}
    with pytest.raises(AddressError):
        Article.objects.create(url_as_typed="javascript:alert(1)")


def test_the_one_form_follows_the_address_on_every_kind_of_save(make_article):
    article = make_article(url_as_typed="https://news1.kr/1")
    article.url_as_typed = "https://news1.kr/2?utm_medium=x"
    article.save(update_fields=["url_as_typed"])
    article.refresh_from_db()
    assert article.url == "https://news1.kr/2"
    article.url_as_typed = ""
    article.save(update_fields=["url_as_typed"])
    article.refresh_from_db()
    assert article.url is None
    [bulk] = Article.objects.bulk_create([Article(url_as_typed="https://NEWS1.kr/3")])
    assert Article.objects.get(pk=bulk.pk).url == "https://news1.kr/3"
    again, _made = Article.objects.update_or_create(
        pk=bulk.pk, defaults={"url_as_typed": "https://NEWS1.kr/4"}
    )
    assert Article.objects.get(pk=again.pk).url == "https://news1.kr/4"


def test_no_address_is_null_and_never_empty(make_article, the_database_refuses):
    make_article()
    with the_database_refuses("article_address_is_null_when_not_known"):
        Article.objects.update(url="")


# --- Articles -------------------------------------------------------------------------------------


def test_an_article_without_a_headline_is_still_named_and_addressed(make_article, make_publisher):
    bare = make_article("")
    assert str(bare) == f"undated (#{bare.pk})"
    assert bare.slug == ""
    named = make_article("", publisher=make_publisher("ZDNet Korea"), published_on="2025-05-26")
    assert str(named) == f"ZDNet Korea · 2025-05-26 (#{named.pk})"
    assert named.slug == "zdnet-korea"
    assert make_article("제이슨 권 “한국은 핵심”").slug == "제이슨-권-한국은-핵심"


def test_articles_are_listed_newest_first_and_undated_last(make_article):
    undated = make_article()
    old, new, same_day = (
        make_article(published_on=day) for day in ("1945-04-12", "2025-05-26", "2025-05-26")
    )
    assert list(Article.objects.all()) == [same_day, new, old, undated]


def test_notes_lose_what_is_not_allowed(make_article):
    article = make_article(notes='<p onclick="x()">See <b>this</b><script>alert(1)</script></p>')
    assert article.notes == "<p>See <b>this</b></p>"


def test_a_private_source_is_not_open_to_readers(make_article):
    public = make_article()
    paywalled, private = make_article(access="paywalled"), make_article(access="private")
    assert set(Article.objects.open_to_readers()) == {public, paywalled}
    assert [a.is_private for a in (public, paywalled, private)] == [False, False, True]


def test_only_articles_of_published_quotes_have_quotes(make_article, make_quote, editor):
    shown, draft, held = make_article(), make_article(), make_article()
    make_quote(article=shown)
    make_quote(article=draft, published=False)
    make_quote(article=held).hold(by=editor)
    assert list(Article.objects.with_quotes()) == [shown]


def test_an_article_that_is_cited_or_comes_before_another_is_not_deleted(make_article, make_quote):
    cited, original = make_article(), make_article()
    make_quote(article=cited, published=False)
    make_article(original=original, relation="translation")
    for article in (cited, original):
        with pytest.raises(models.ProtectedError):
            article.delete()


# --- Chains ---------------------------------------------------------------------------------------


@pytest.fixture
def chain(make_article):
    """A translation of a re-report of an original."""
    original = make_article("Original")
    report = make_article("Re-report", original=original, relation="re-report")
    return [make_article("Translation", original=report, relation="translation"), report, original]


def test_a_chain_leads_from_an_article_to_the_earliest_on_record(chain, make_article):
    alone = make_article()
    chains = Article.objects.chains([chain[0].pk, chain[1].pk, alone.pk])
    assert chains == {chain[0].pk: chain, chain[1].pk: chain[1:], alone.pk: [alone]}


def test_any_number_of_chains_takes_two_queries(chain, make_article, django_assert_num_queries):
    ids = [article.pk for article in chain] + [make_article().pk for _ in range(30)]
    with django_assert_num_queries(2):
        chains = Article.objects.chains(ids)
        assert [str(each.publisher) for each in chains[chain[0].pk]] == ["None"] * 3
    assert len(chains) == 33


def test_no_articles_have_no_chains(db):
    assert Article.objects.chains([]) == {}
    assert Article.objects.chains([12345]) == {}


def test_a_long_chain_is_bounded(make_article):
    article = make_article("0")
    for number in range(1, 31):
        article = make_article(str(number), original=article, relation="re-report")
    [chain] = Article.objects.chains([article.pk]).values()
    assert [each.headline for each in chain] == [str(number) for number in range(30, 9, -1)]


def test_a_chain_that_would_run_in_a_circle_is_refused(chain):
    last, _report, original = chain
    original.original, original.relation = last, "re-report"
    assert _problems(original) == {"original"}
    original.original = original
    assert "original" in _problems(original)


def test_a_circle_that_slipped_in_names_each_article_once(chain):
    last, report, original = chain
    Article.objects.filter(pk=original.pk).update(original=last, relation="re-report")
    assert Article.objects.chains([report.pk])[report.pk] == [report, original, last]


# --- With the reviews that are recorded from it -----------------------------------------------------


@pytest.fixture
def recorded(make_quote, make_article, make_publisher):
    """A published review of an outlet."""
    page = make_article("Checked", publisher=make_publisher("Fact House"))
    how = {"article": page, "publisher": page.publisher, "rating_there": "Half"}
    return a_review(a_claim(make_quote()), "", **how)


@pytest.mark.parametrize("verb", ["", "hold"])
@pytest.mark.parametrize("other", ["Another House", ""])
def test_a_page_keeps_its_publisher_while_reviews_of_it_are_that_publishers(
    recorded, make_publisher, verb, other
):
    if verb:
        recorded.hold(by=None)
    page = Article.objects.get(headline="Checked")
    page.full_clean()
    page.publisher = make_publisher(other) if other else None
    with pytest.raises(ValidationError, match="seen 1 review as this publisher's") as refused:
        page.full_clean()
    assert set(refused.value.message_dict) == {"publisher"}
    Review.objects.get().withdraw(by=None, category="our error", reason="Not theirs.")
    page.full_clean()


def test_drafts_do_not_bind_a_page_to_its_publisher(recorded, make_publisher):
    Review.objects.update(status="draft", published_at=None, is_current=False)
    page = Article.objects.get(headline="Checked")
    page.publisher = make_publisher("Another House")
    page.full_clean()


def test_a_page_stays_open_while_a_published_review_tells_whose_it_is(recorded):
    page = Article.objects.get(headline="Checked")
    page.access = "private"
    with pytest.raises(ValidationError, match="Readers see 1 review") as refused:
        page.full_clean()
    assert set(refused.value.message_dict) == {"access"}
    recorded.hold(by=None)
    page.full_clean()


def test_an_article_is_not_its_own_original(make_article, the_database_refuses):
    article = make_article()
    with the_database_refuses("article_is_not_its_own_original"):
        Article.objects.update(original=article.pk, relation="re-report")


def test_an_article_from_another_says_how(chain, make_article, the_database_refuses):
    with the_database_refuses("article_from_another_says_how"):
        make_article(original=chain[2])
    with the_database_refuses("article_from_another_says_how"):
        make_article(relation="translation")
    with the_database_refuses("article_from_another_says_how"):
        Article.objects.update(relation="")
    assert _problems(Article(original=chain[2])) >= {"relation"}
    assert _problems(Article(relation="translation")) >= {"original"}


# --- Days that cannot be --------------------------------------------------------------------------


@pytest.mark.parametrize("when", ["9999", "9999-01/..", "9999-01-01~", "999X"])
def test_an_article_is_not_published_on_a_day_that_has_not_come(db, when):
    assert _problems(Article(published_on=when)) == {"published_on"}


@pytest.mark.parametrize("days", [0, 1])
def test_it_may_be_tomorrow_already_where_an_article_is_published(db, days):
    day = timezone.now().date() + timedelta(days=days)
    Article(published_on=str(day)).full_clean()
    Article(published_on="../9999").full_clean()
    Article(published_on=f"{day.year}").full_clean()


@pytest.mark.parametrize("when", ["../..", "../", "/.."])
def test_a_date_of_which_neither_end_is_known_is_left_empty(db, when):
    with pytest.raises(ValidationError, match="Leave it empty"):
        Article(published_on=when).full_clean()


def test_a_date_that_is_none_is_named_once(db):
    with pytest.raises(ValidationError) as refused:
        Article(published_on="May 9999").full_clean()
    assert len(refused.value.message_dict["published_on"]) == 1


# --- Captures -------------------------------------------------------------------------------------


def _capture(article, **fields) -> Capture:
    return Capture.objects.create(article=article, method="typed", taken_at=NOW, **fields)


def test_the_hash_of_a_copy_is_that_of_its_text(make_article):
    words = "한국은 반도체부터 소프트웨어까지"
    capture = _capture(make_article(), text=words)
    assert capture.text_sha256 == hashlib.sha256(words.encode()).hexdigest()
    capture.text = "South Korea"
    capture.save(update_fields=["text"])
    capture.refresh_from_db()
    assert capture.text_sha256 == hashlib.sha256(b"South Korea").hexdigest()
    capture.text = ""
    capture.save()
    assert Capture.objects.get().text_sha256 == ""


def test_a_capture_with_a_text_has_its_hash(make_article, the_database_refuses):
    _capture(make_article(), text="South Korea")
    with the_database_refuses("capture_with_a_text_has_its_hash"):
        Capture.objects.update(text_sha256="")


def test_the_newest_copy_comes_first(make_article):
    article = make_article()
    older, newer = _capture(article), _capture(article)
    Capture.objects.filter(pk=older.pk).update(taken_at=datetime(2025, 5, 1, tzinfo=UTC))
    assert list(article.captures.all()) == [newer, older]
    assert article.captures.latest() == newer


def test_an_address_in_a_web_archive_is_a_web_address(make_article):
    assert _problems(
        Capture(
            article=make_article(),
            method="web archive",
            taken_at=NOW,
            archive_url="javascript:alert(1)",
        )
    ) == {"archive_url"}


def test_a_copy_has_what_its_kind_says_that_it_is(make_article):
    article = make_article()
    typed = Capture(article=article, method="typed", taken_at=NOW, text=" ")
    archived = Capture(article=article, method="web archive", taken_at=NOW)
    assert (_problems(typed), _problems(archived)) == ({"text"}, {"archive_url"})
    typed.text, archived.archive_url = "South Korea", "https://web.archive.org/web/1/https://x.com/"
    for capture in (typed, archived, Capture(article=article, method="fetched", taken_at=NOW)):
        capture.full_clean()


def test_a_copy_is_not_taken_on_a_day_that_has_not_come(make_article):
    capture = Capture(article=make_article(), method="typed", text="South Korea")
    capture.taken_at = timezone.now() + timedelta(days=3)
    assert _problems(capture) == {"taken_at"}
    capture.taken_at = timezone.now()
    capture.full_clean()


def test_a_copy_that_a_citation_was_checked_in_is_not_deleted(make_article, make_quote):
    article = make_article()
    capture = _capture(article, text="infrastructure is destiny")
    citation = make_quote(article=article).lead
    citation.anchored_in = capture
    citation.save()
    with pytest.raises(models.RestrictedError):
        capture.delete()


def test_an_articles_days_follow_its_date(make_article):
    article = make_article(published_on="2025-05~")
    assert (article.published_earliest, article.published_latest) == (
        date(2025, 5, 1),
        date(2025, 5, 31),
    )
