"""Reviews and their evidence: what they must say, and which one of a desk's is current."""

import threading
from collections.abc import Callable
from datetime import UTC, date, datetime
from itertools import permutations
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import F
from django.test.utils import CaptureQueriesContext

from tracker import search
from tracker.models import Article, Claim, Evidence, Quote, Refused, Review, Verdict

Make = Callable[..., Any]
Refuses = Callable[..., Any]
pytestmark = pytest.mark.django_db
DAY = date(2026, 1, 1)
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


@pytest.fixture
def claim(make_quote: Make) -> Claim:
    made = Claim.objects.create(text="An office opens in Seoul", kind="promise")
    made.claim_quotes.create(quote=make_quote())
    made.publish(by=None)
    return made


def a_review(claim: Claim, **fields: Any) -> Review:
    """Without a verdict: tests of transactions empty the scales."""
    how = {"summary": "It was found.", "reviewed_on": DAY, **fields}
    review = Review.objects.create(claim=claim, **how)
    review.evidence.create(bearing="nothing found", note="The register was searched.")
    return review


@pytest.fixture
def chain(claim: Claim) -> list[Review]:
    """Three published reviews, each of which supersedes the one before."""
    reviews: list[Review] = []
    for month in (1, 2, 3):
        before = reviews[-1] if reviews else None
        reviews.append(a_review(claim, reviewed_on=date(2026, month, 1), supersedes=before))
        reviews[-1].publish(by=None)
    return reviews


def current() -> list[Review]:
    return list(Review.objects.current())


def hide(review: Review, verb: str) -> None:
    how = {"withdraw": {"category": "our error", "reason": "Wrong."}}
    getattr(Review.objects.get(pk=review.pk), verb)(by=None, **how.get(verb, {}))


def changed_last(claim: Claim) -> datetime:
    """When it was changed last; and now that is long ago."""
    at = Claim.objects.get(pk=claim.pk).updated_at
    Claim.objects.filter(pk=claim.pk).update(updated_at=LONG_AGO)
    return at


# --- Which one is current -------------------------------------------------------------------------


@pytest.mark.parametrize("order", list(permutations(range(3))))
@pytest.mark.parametrize("verb", ["hold", "withdraw"])
def test_of_a_chain_the_last_one_that_readers_see_is_current(
    chain: list[Review], order: tuple[int, ...], verb: str
) -> None:
    hidden: set[int] = set()
    for number in order:
        review = Review.objects.get(pk=chain[number].pk)
        if verb == "hold":
            review.hold(by=None)
        else:
            review.withdraw(by=None, category="our error", reason="Wrong.")
        hidden.add(number)
        left = [each for n, each in enumerate(chain) if n not in hidden]
        assert current() == left[-1:]
    for number in range(3):
        Review.objects.get(pk=chain[number].pk).publish(by=None)
        assert current() == [chain[number]]
    assert [each.history.count() for each in chain] == [4, 4, 4]


def test_an_earlier_one_is_published_again_behind_one_that_is_held(chain: list[Review]) -> None:
    first, second, third = chain
    for each in (first, second):
        Review.objects.get(pk=each.pk).hold(by=None)
    Review.objects.get(pk=first.pk).publish(by=None)
    assert current() == [third]
    assert set(Review.objects.published()) == {first, third}


def test_a_review_waits_for_the_one_that_it_supersedes(claim: Claim) -> None:
    first = a_review(claim)
    second = a_review(claim, supersedes=first)
    with pytest.raises(Refused, match="not published"):
        second.publish(by=None)


def test_one_review_is_superseded_once(claim: Claim, the_database_refuses: Refuses) -> None:
    first = a_review(claim)
    a_review(claim, supersedes=first)
    columns = "tracker_review.supersedes_id"
    with the_database_refuses("supersedes_id", columns=columns):
        a_review(claim, supersedes=first)


@pytest.mark.parametrize("verb", ["hold", "withdraw"])
def test_behind_a_hidden_one_another_is_published_that_supersedes_it(
    chain: list[Review], verb: str
) -> None:
    hide(chain[-1], verb)
    assert current() == [chain[1]]
    newest = a_review(chain[0].claim, reviewed_on=date(2026, 4, 1), supersedes=chain[-1])
    newest.full_clean()
    newest.publish(by=None)
    assert current() == [newest]
    Review.objects.get(pk=chain[-1].pk).publish(by=None)
    assert current() == [newest]


def test_what_supersedes_none_of_those_that_stand_is_still_refused(chain: list[Review]) -> None:
    hide(chain[-1], "withdraw")
    with pytest.raises(Refused, match="2026-02-01 stands"):
        a_review(chain[0].claim, reviewed_on=date(2026, 4, 1)).publish(by=None)


@pytest.mark.parametrize("verb", ["hold", "withdraw", "publish"])
def test_of_several_that_stand_the_newest_is_current_whatever_is_moved(
    chain: list[Review], verb: str
) -> None:
    """As it was stored while the link between two could be taken away."""
    Review.objects.filter(pk=chain[1].pk).update(supersedes=None)
    if verb == "publish":
        newest = a_review(chain[0].claim, reviewed_on=date(2026, 4, 1), supersedes=chain[2])
        Review.objects.filter(pk=newest.pk).publish(by=None)
        assert current() == [newest]
        return
    hide(chain[2], verb)
    assert current() == [chain[1]]
    hide(chain[1], verb)
    assert current() == [chain[0]]


def test_which_one_is_current_is_no_part_of_a_reviews_history(chain: list[Review]) -> None:
    columns = {each.name for each in Review.history.model._meta.fields}
    assert "is_current" not in columns
    assert {"status", "supersedes", "publisher"} <= columns


# --- What readers have seen -----------------------------------------------------------------------


@pytest.mark.parametrize("verb", ["", "hold", "withdraw"])
def test_whose_a_review_is_and_of_what_stays_once_readers_have_seen_it(
    chain: list[Review], make_article: Make, make_publisher: Make, verb: str
) -> None:
    page = make_article("Checked", publisher=make_publisher("Fact House"))
    other = Claim.objects.create(text="Another")
    if verb:
        hide(chain[1], verb)
    changes: tuple[dict[str, Any], ...] = (
        {"supersedes": None},
        {"article": page, "publisher": page.publisher},
        {"claim": other, "supersedes": None},
    )
    for change in changes:
        review = Review.objects.get(pk=chain[1].pk)
        for name, value in change.items():
            setattr(review, name, value)
        with pytest.raises(ValidationError) as error:
            review.full_clean()
        told = error.value.message_dict
        assert all("withdraw it, and write another" in told[name][0] for name in change)


def test_whose_a_draft_is_and_what_it_supersedes_may_change(
    chain: list[Review], make_article: Make, make_publisher: Make
) -> None:
    draft = a_review(chain[0].claim, supersedes=chain[-1], reviewed_on=date(2026, 4, 1))
    page = make_article("Checked", publisher=make_publisher("Fact House"))
    draft.supersedes, draft.article, draft.publisher = None, page, page.publisher
    draft.full_clean()


def test_a_claim_changed_last_when_a_review_of_it_was_moved(claim: Claim) -> None:
    rows = claim.history.count()
    changed_last(claim)
    first = a_review(claim)
    second = a_review(claim, supersedes=first)
    first.submit(by=None)
    assert changed_last(claim) == LONG_AGO
    first.publish(by=None)
    assert changed_last(claim) > LONG_AGO
    Review.objects.filter(pk=second.pk).publish(by=None)
    assert changed_last(claim) > LONG_AGO
    for verb in ("hold", "withdraw"):
        hide(second, verb)
        assert not list(search.disagreements())
        assert changed_last(claim) > LONG_AGO
    assert claim.history.count() == rows


def test_many_reviews_are_published_in_few_statements_each(
    make_quote: Make,
) -> None:
    def asked(count: int) -> int:
        reviews = []
        for n in range(count):
            claim = Claim.objects.create(text=f"Office {n} of {count} opens", kind="promise")
            claim.claim_quotes.create(quote=make_quote(f"words {n} of {count}"))
            claim.publish(by=None)
            reviews.append(a_review(claim).pk)
        with CaptureQueriesContext(connection) as queries:
            assert Review.objects.filter(pk__in=reviews).publish(by=None).done == count
        return len(queries)

    few, many = asked(2), asked(12)
    assert (many - few) / 10 <= 20
    assert not list(search.disagreements())


def test_another_outlets_review_stands_beside_ours(
    claim: Claim, make_article: Make, make_publisher: Make
) -> None:
    ours = a_review(claim)
    page = make_article("Checked", publisher=make_publisher("Fact House"))
    recorded = Review(
        claim=claim, summary="So.", reviewed_on=DAY, article=page, rating_there="Mostly so"
    )
    recorded.full_clean()
    recorded.save()
    assert recorded.publisher == page.publisher
    for each in (ours, recorded):
        each.publish(by=None)  # an outlet's needs no evidence of ours
    assert set(current()) == {ours, recorded}
    assert list(Review.objects.ours()) == [ours]


def test_the_database_holds_one_current_review_of_each_desk(
    claim: Claim, make_article: Make, make_publisher: Make, the_database_refuses: Refuses
) -> None:
    both = {"status": "published", "is_current": True}
    a_review(claim, **both)
    columns = "tracker_review.claim_id"
    with the_database_refuses("a_claim_has_one_current_review_of_ours", columns=columns):
        a_review(claim, **both)
    page = make_article(publisher=make_publisher())
    of_outlet = {**both, "article": page, "publisher": page.publisher}
    a_review(claim, **of_outlet)
    columns = "tracker_review.claim_id, tracker_review.publisher_id"
    with the_database_refuses("a_claim_has_one_current_review_of_an_outlet", columns=columns):
        a_review(claim, **of_outlet)


def _together(*verbs: Callable[[], None]) -> list[str]:
    """What comes of these, each done in a thread of its own in the same moment; '' when it is done."""
    start, outcomes = threading.Barrier(len(verbs)), []

    def run(verb: Callable[[], None]) -> None:
        try:
            start.wait(10)
            verb()
            outcomes.append("")
        except Refused as refused:
            outcomes.append(str(refused))
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(verb,)) for verb in verbs]
    for each in threads:
        each.start()
    for each in threads:
        each.join(30)
    return sorted(outcomes)


@pytest.mark.django_db(transaction=True)
def test_of_two_editors_who_publish_two_reviews_at_once_one_is_refused_in_words(
    claim: Claim, editor: Any
) -> None:
    reviews = [a_review(claim) for _ in range(2)]
    done, refused = _together(
        *(lambda pk=each.pk: Review.objects.get(pk=pk).publish(by=editor) for each in reviews)
    )
    assert (done, "say that this one supersedes it" in refused) == ("", True)
    assert Review.objects.published().get() == Review.objects.current().get()


@pytest.mark.django_db(transaction=True)
def test_a_chain_that_is_held_and_published_at_once_keeps_one_current(
    claim: Claim, editor: Any
) -> None:
    first = a_review(claim)
    second = a_review(claim, supersedes=first)
    Review.objects.publish(by=editor)
    _together(
        lambda: Review.objects.get(pk=first.pk).hold(by=editor),
        lambda: Review.objects.get(pk=second.pk).hold(by=editor),
    )
    assert not Review.objects.published().exists()
    assert current() == []


# --- What a review says ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("review_has_a_summary", {"summary": ""}),
        ("only_an_outlet_has_a_verdict_of_its_own", {"rating_there": "Four Pinocchios"}),
        ("current_review_is_published", {"is_current": True}),
        ("reply_has_its_day", {"reply": "No."}),
        ("reply_has_its_day", {"replied_on": DAY}),
        (
            "reply_comes_after_it_was_asked_for",
            {"reply": "No.", "replied_on": DAY, "reply_asked_on": date(2026, 1, 2)},
        ),
        ("review_does_not_supersede_itself", {"supersedes": F("pk")}),
        ("withdrawn_review_has_a_category", {"status": "withdrawn"}),
    ],
)
def test_the_database_refuses_what_a_review_cannot_say(
    claim: Claim, the_database_refuses: Refuses, constraint: str, fields: dict[str, Any]
) -> None:
    review = a_review(claim)
    with the_database_refuses(constraint):
        Review.objects.filter(pk=review.pk).update(**fields)


@pytest.mark.parametrize("given", ["publisher", "article"])
def test_a_review_of_an_outlet_has_its_publisher_and_its_page(
    claim: Claim,
    make_article: Make,
    make_publisher: Make,
    the_database_refuses: Refuses,
    given: str,
) -> None:
    page = make_article(publisher=make_publisher())
    fields = {"publisher": page.publisher, "article": page}
    with the_database_refuses("review_of_an_outlet_has_its_page"):
        a_review(claim, **{given: fields[given]})


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"reviewed_on": date(2999, 1, 1)}, "reviewed_on"),
        ({"as_of": date(2999, 1, 1)}, "as_of"),
        ({"reply_asked_on": date(2999, 1, 1)}, "reply_asked_on"),
        ({"reply_asked_on": DAY, "replied_on": date(2025, 1, 1), "reply": "No."}, "replied_on"),
    ],
)
def test_days_that_cannot_be_are_told_beside_them(
    claim: Claim, fields: dict[str, Any], field: str
) -> None:
    review = Review(**{"claim": claim, "summary": "So.", "reviewed_on": DAY, **fields})
    with pytest.raises(ValidationError) as error:
        review.full_clean()
    assert set(error.value.message_dict) == {field}


def test_what_it_supersedes_is_an_earlier_review_of_the_claim_by_the_same_desk(
    claim: Claim, make_quote: Make, make_article: Make, make_publisher: Make
) -> None:
    other_claim = Claim.objects.create(text="Another")
    page = make_article(publisher=make_publisher())
    later = a_review(claim, reviewed_on=date(2026, 6, 1))
    review = a_review(claim)
    wrong = {
        "of another claim": a_review(other_claim),
        "another desk": a_review(claim, article=page, publisher=page.publisher),
        "a later one": later,
        "supersede itself": review,
    }
    for why, earlier in wrong.items():
        review.supersedes = earlier
        with pytest.raises(ValidationError, match=why) as error:
            review.full_clean()
        assert set(error.value.message_dict) == {"supersedes"}
        if earlier == review:  # which the database refuses
            continue
        with transaction.atomic():
            review.save()
        with pytest.raises(Refused, match=why):
            review.publish(by=None)
    last = a_review(claim, supersedes=None)
    review.supersedes = last
    review.save()
    last.supersedes = review
    with pytest.raises(ValidationError, match="supersedes this one already"):
        last.full_clean()


def test_a_review_is_not_dated_after_the_one_that_supersedes_it(chain: list[Review]) -> None:
    first = Review.objects.get(pk=chain[0].pk)
    first.reviewed_on = date(2026, 2, 1)
    first.full_clean()
    first.reviewed_on = date(2026, 2, 2)
    with pytest.raises(ValidationError, match="is of 2026-02-01") as error:
        first.full_clean()
    assert set(error.value.message_dict) == {"reviewed_on"}


def test_reviews_that_supersede_each_other_keep_nobody_waiting(claim: Claim) -> None:
    first = a_review(claim)
    second = a_review(claim, supersedes=first)
    Review.objects.filter(pk=first.pk).update(supersedes=second)
    with pytest.raises(ValidationError, match="supersedes this one already"):
        Review.objects.get(pk=first.pk).full_clean()
    third = Review(claim=claim, summary="So.", reviewed_on=DAY, supersedes=second)
    third.clean()


# --- What a draft has come to be ------------------------------------------------------------------


def _rated(claim: Claim) -> Review:
    return a_review(claim, verdict=Verdict.objects.get(slug="kept"))


def _of_another_kind(claim: Claim, make: Make) -> Review:
    review = _rated(claim)
    Claim.objects.filter(pk=claim.pk).update(kind="factual")
    return review


def _with_a_retired_verdict(claim: Claim, make: Make) -> Review:
    review = _rated(claim)
    Verdict.objects.filter(slug="kept").update(retired=True)
    return review


def _before_the_claim(claim: Claim, make: Make) -> Review:
    quote = claim.claim_quotes.get().quote
    quote.said_on = "2026-01-02"
    quote.save()
    return a_review(claim)


def _to_come(claim: Claim, make: Make) -> Review:
    return a_review(claim, reviewed_on=date(2999, 1, 1))


def _of_nobodys_page(claim: Claim, make: Make) -> Review:
    page = make("Checked")
    review = a_review(claim, article=page, publisher=page.publisher)
    Article.objects.filter(pk=page.pk).update(publisher=None)
    return review


def _of_a_private_page(claim: Claim, make: Make) -> Review:
    page = make("Checked")
    Article.objects.filter(pk=page.pk).update(access="private")
    return a_review(claim, article=page, publisher=page.publisher)


def _named_without_a_name(claim: Claim, make: Make) -> Review:
    return a_review(claim, reviewer_is_named=True)


@pytest.mark.parametrize(
    ("draft", "field", "why"),
    [
        (_of_another_kind, "verdict", "another scale"),
        (_with_a_retired_verdict, "verdict", "retired"),
        (_before_the_claim, "reviewed_on", "before the claim was made"),
        (_to_come, "reviewed_on", "has not come yet"),
        (_of_nobodys_page, "article", "no publisher on record"),
        (_of_a_private_page, "article", "source is private"),
        (_named_without_a_name, "reviewer_is_named", "full name"),
    ],
)
def test_a_draft_that_has_come_to_be_wrong_is_neither_saved_nor_published(
    claim: Claim,
    make_article: Make,
    make_publisher: Make,
    draft: Callable[[Claim, Make], Review],
    field: str,
    why: str,
) -> None:
    review = draft(claim, lambda name: make_article(name, publisher=make_publisher()))
    review = Review.objects.get(pk=review.pk)
    with pytest.raises(ValidationError, match=why) as error:
        review.full_clean()
    assert set(error.value.message_dict) == {field}
    with pytest.raises(Refused, match=why) as refused:
        review.publish(by=None)
    name = str(Review._meta.get_field(field).verbose_name)
    assert str(refused.value).lower().startswith(f"{name}: ")
    assert [str(reason) for _review, reason in Review.objects.publish(by=None).refused] == [
        str(refused.value)
    ]


def test_a_draft_follows_its_page_and_what_readers_have_seen_does_not(
    claim: Claim, make_article: Make, make_publisher: Make
) -> None:
    page = make_article("Checked", publisher=make_publisher("Fact House"))
    review = a_review(claim, article=page, publisher=page.publisher)
    other = make_publisher("Another House")
    Article.objects.filter(pk=page.pk).update(publisher=other)
    review.publish(by=None)
    assert (review.publisher, review.is_current) == (other, True)
    hide(review, "withdraw")
    Article.objects.filter(pk=page.pk).update(publisher=page.publisher)
    with pytest.raises(Refused, match="another publisher's"):
        Review.objects.get(pk=review.pk).publish(by=None)
    review.refresh_from_db()
    assert review.publisher == other


def test_a_verdict_that_was_retired_stays_with_the_reviews_that_readers_have_seen(
    claim: Claim,
) -> None:
    review = _rated(claim)
    review.publish(by=None)
    Verdict.objects.filter(slug__in=["kept", "broken"]).update(retired=True)
    hide(review, "hold")
    review = Review.objects.get(pk=review.pk)
    review.full_clean()
    review.publish(by=None)
    review.verdict = Verdict.objects.get(slug="broken")
    with pytest.raises(ValidationError, match="retired"):
        review.full_clean()


# --- Evidence -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("evidence_has_a_source_unless_nothing_was_found", {"bearing": "supports"}),
        ("a_search_in_vain_says_what_was_searched", {"note": ""}),
    ],
)
def test_evidence_has_a_source_or_says_what_was_searched(
    claim: Claim, the_database_refuses: Refuses, constraint: str, fields: dict[str, Any]
) -> None:
    a_review(claim)
    with the_database_refuses(constraint):
        Evidence.objects.update(**fields)


def test_what_happened_is_told(
    claim: Claim, make_article: Make, the_database_refuses: Refuses
) -> None:
    review = a_review(claim)
    with the_database_refuses("what_happened_is_told"):
        review.evidence.create(article=make_article(), happened_on="2025")
    with pytest.raises(ValidationError) as error:
        Evidence(review=review, article=make_article(), note="So.", happened_on="2999").full_clean()
    assert set(error.value.message_dict) == {"happened_on"}


def test_a_review_its_evidence_and_its_claim_keep_their_history(claim: Claim, editor: Any) -> None:
    review = a_review(claim)
    review.publish(by=editor)
    evidence = review.evidence.get()
    evidence.note = "Two registers were searched."
    evidence.save()
    assert [each.history_type for each in evidence.history.all()] == ["~", "+"]
    assert [each.status for each in review.history.all()] == ["published", "draft"]
    assert review.history.first().history_user == editor
    assert [each.status for each in claim.history.all()] == ["published", "draft"]


# --- Against its claim ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "possible"),
    [
        (["2026-01-02", "2026-02"], False),
        (["2026-01-01"], True),
        (["2026"], True),
        (["2026-02", "2025"], True),
        (["2026-02", ""], True),
        ([], True),
    ],
)
def test_a_review_is_not_older_than_all_that_its_claim_rests_on(
    make_quote: Make, said: list[str], possible: bool
) -> None:
    claim = Claim.objects.create(text="An office opens in Busan")
    for n, day in enumerate(said):
        claim.claim_quotes.create(quote=make_quote(f"words {n}", said_on=day))
    review = Review(claim=claim, summary="So.", reviewed_on=DAY)
    if possible:
        review.full_clean()
        return
    with pytest.raises(ValidationError, match="before the claim was made") as error:
        review.full_clean()
    assert set(error.value.message_dict) == {"reviewed_on"}


def test_the_newest_review_is_the_last_published_one(claim: Claim, make_quote: Make) -> None:
    other = Claim.objects.create(text="Another")
    other.claim_quotes.create(quote=make_quote("more"))
    other.publish(by=None)
    later = a_review(claim, reviewed_on=date(2026, 6, 1))
    earlier = a_review(other, reviewed_on=DAY)
    later.publish(by=None)
    earlier.publish(by=None)
    assert list(Review.objects.newest()) == [earlier, later]


def test_what_was_found_is_not_as_of_a_day_before_the_claim(claim: Claim) -> None:
    Quote.objects.update(said_on="2025", said_earliest="2025-01-01", said_latest="2025-12-31")
    review = a_review(claim, as_of=date(1900, 1, 1))
    with pytest.raises(ValidationError, match="before the claim was made") as error:
        review.clean()
    assert set(error.value.message_dict) == {"as_of"}
    with pytest.raises(Refused, match="before the claim was made"):
        review.publish(by=None)
