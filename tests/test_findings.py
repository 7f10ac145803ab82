"""What was found in an article and what editors decided: decisions stand, quotes come of them, the extractor learns."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser
from django.core.management import CommandError, call_command
from seoul import ADDRESS, ARTICLE, DESTINY, POWERHOUSE

from tracker import search
from tracker.extraction.samples import samples_in
from tracker.importing import (
    ACCEPT,
    LATER,
    REJECT,
    ArticleError,
    Card,
    Decided,
    Kept,
    Shared,
    Source,
    Undecidable,
    decided_samples,
    import_article,
    keep_entered,
    mark_of,
    mark_words,
    offers,
    save_decisions,
)
from tracker.models import Article, Finding, Position, Quote, Refused, Speaker, Topic

pytestmark = pytest.mark.django_db

SHARED = Shared(language="en", said_on="2025-05-26", place="Four Seasons Hotel Seoul")


@pytest.fixture
def article(editor: AbstractBaseUser) -> Article:
    """The Seoul article with its findings."""
    imported = import_article(Source(text=ARTICLE, url=ADDRESS), by=editor)
    return Article.objects.get(pk=imported.article)


@pytest.fixture
def decide(article: Article, editor: AbstractBaseUser) -> Callable[..., Decided]:
    """`decide(accept(DESTINY), publish=True)`."""

    def decide(*cards: Card, shared: Shared = SHARED, **how: Any) -> Decided:
        return save_decisions(article, cards, shared, **{"by": editor, **how})

    return decide


def found(words: str) -> Finding:
    return Finding.objects.get(text=words)


def accept(found_words: str, **entered: Any) -> Card:
    finding = Finding.objects.filter(text=found_words).first()
    given = {"words": found_words, "decision": ACCEPT, "speaker": "Jason Kwon", "is_new": True}
    return Card(finding=finding.pk if finding else None, **{**given, **entered})


def problems(decide: Callable[..., Decided], *cards: Card, **how: Any) -> dict[str, str]:
    """What is told beside the last of the cards."""
    with pytest.raises(Undecidable) as told:
        decide(*cards, **how)
    return dict(told.value.cards[len(cards) - 1])


# --- Rules of the data --------------------------------------------------------------------------------


def test_a_decided_finding_says_when(article: Article, the_database_refuses: Callable[..., Any]):
    with the_database_refuses("decided_finding_says_when"):
        Finding.objects.filter(text=DESTINY).update(decision="rejected")


def test_the_same_words_in_the_same_place_are_one_finding(
    article: Article, the_database_refuses: Callable[..., Any]
):
    finding = found(DESTINY)
    finding.pk = None
    columns = "tracker_finding.article_id, tracker_finding.key, tracker_finding.occurrence"
    with the_database_refuses("a_wording_is_found_once_in_its_place", columns=columns):
        finding.save(force_insert=True)


def test_a_rejected_finding_has_no_citation(
    article: Article, decide: Callable[..., Decided], the_database_refuses: Callable[..., Any]
):
    decide(accept(DESTINY))
    with the_database_refuses("only_an_accepted_finding_has_a_citation"):
        Finding.objects.filter(text=DESTINY).update(decision="rejected")


def test_confidence_is_a_share(article: Article, the_database_refuses: Callable[..., Any]):
    with the_database_refuses("confidence_is_from_0_to_1"):
        Finding.objects.filter(text=DESTINY).update(confidence=1.5)


def test_the_second_of_two_editors_is_refused(article: Article, editor: AbstractBaseUser):
    one, other = found(DESTINY), found(DESTINY)
    one.reject(by=editor)
    with pytest.raises(Refused, match="meanwhile"):
        other.reject(by=editor)
    assert Finding.objects.rejected().get().decided_by == editor


def test_what_was_rejected_can_be_brought_back_and_what_is_on_record_cannot(
    article: Article, editor: AbstractBaseUser, decide: Callable[..., Decided]
):
    decide(accept(DESTINY), Card(finding=found(POWERHOUSE).pk, decision=REJECT))
    assert article.findings.reopen(by=editor) == 1
    assert found(POWERHOUSE).is_open
    assert found(DESTINY).is_accepted


# --- Quotes come of them ------------------------------------------------------------------------------


def test_accepted_cards_become_published_quotes_with_their_citation_anchored_and_history(
    article: Article, editor: AbstractBaseUser, decide: Callable[..., Decided]
):
    title = {"title": "Chief Strategy Officer", "organisation": "OpenAI"}
    topics = Shared(
        language="en", said_on="2025-05-26", place="Four Seasons Hotel Seoul", topics="Infrastructure; Korea"
    )  # fmt: skip
    decided = decide(
        accept(POWERHOUSE, **title),
        accept(DESTINY, **title, attributed_as="He", topics="Infrastructure"),
        shared=topics,
        publish=True,
    )
    assert (decided.speakers, decided.positions, decided.topics, decided.occasions) == (2, 1, 2, 1)
    first, second = Quote.objects.filter(pk__in=decided.quotes).order_by("pk")
    assert first.is_published
    assert first.speaker == second.speaker == Speaker.objects.get(name="Jason Kwon")
    assert first.position == second.position == Position.objects.get()
    assert first.occasion is not None
    assert (first.occasion.place, first.said_on) == ("Four Seasons Hotel Seoul", "2025-05-26")
    assert [each.name for each in second.topics.all()] == ["Infrastructure"]
    assert first.topics.count() == 2
    citation = second.lead
    assert citation is not None
    assert (citation.text, citation.language, citation.attributed_as) == (DESTINY, "en", "He")
    assert citation.anchored_in == article.captures.get()
    assert citation.anchored_in.text[citation.start : citation.end] == DESTINY
    assert citation.check_result == "exact"
    assert second.history.first().history_user == editor
    assert found(DESTINY).citation == citation
    assert search.candidates(DESTINY)[0] == second.pk


def test_drafts_are_in_no_index(article: Article, decide: Callable[..., Decided]):
    decided = decide(accept(DESTINY))
    assert not Quote.objects.get(pk=decided.quotes[0]).is_published
    assert search.candidates(DESTINY) == []


def test_deciding_twice_changes_nothing(article: Article, decide: Callable[..., Decided]):
    cards = accept(DESTINY), Card(finding=found(POWERHOUSE).pk, decision=REJECT)
    decide(*cards, publish=True)
    before = list(Finding.objects.values()), list(Quote.history.values())
    again = decide(*cards, publish=True)
    assert again.is_nothing
    assert again.already == 2
    assert (list(Finding.objects.values()), list(Quote.history.values())) == before


def test_who_decides_otherwise_later_is_told_who_decided_how(
    article: Article, decide: Callable[..., Decided]
):
    decide(accept(DESTINY))
    other = get_user_model().objects.create_user("anna", is_staff=True)
    with pytest.raises(Undecidable) as told:
        decide(Card(finding=found(DESTINY).pk, decision=REJECT), accept(POWERHOUSE), by=other)
    assert "editor decided about it meanwhile: On record as a quote" in told.value.cards[0][""]
    assert found(POWERHOUSE).is_open
    assert Quote.objects.count() == 1


@pytest.mark.parametrize(
    "entered",
    [
        {"words": "Korea is not only a manufacturing powerhouse"},
        {"speaker": "Anna Lee"},
        {"speaker": "", "is_new": False, "described_as": "a manager"},
        {"kind": "indirect"},
        {"said_on": "2025-05-25"},
        {"topics": "Korea"},
        {"attributed_as": "an executive"},
        {"title": "Chief", "organisation": "OpenAI"},
        {"wording_of": 10**17},
    ],
)
def test_who_accepts_with_other_facts_later_is_told_that_it_was_accepted(
    entered: dict[str, Any], article: Article, decide: Callable[..., Decided]
):
    decide(accept(DESTINY))
    told = problems(decide, accept(DESTINY, **entered))
    assert "editor decided about it meanwhile: On record as a quote" in told[""]
    assert Quote.objects.count() == 1
    assert decide(accept(DESTINY)).already == 1


def test_accepting_twice_is_the_same_whatever_is_said(
    article: Article, decide: Callable[..., Decided], make_speaker: Callable[..., Speaker]
):
    kwon = make_speaker()
    cards = (
        accept(DESTINY, is_new=True, description="A judge", said_on="2025-05", topics="Korea; AI"),
        accept(POWERHOUSE, is_new=False, speaker_id=kwon.pk, title="Chief", organisation="OpenAI"),
    )
    with pytest.raises(Undecidable):
        decide(accept(DESTINY))
    decide(*cards)
    assert decide(*cards).already == 2


def test_cards_for_later_are_left_open(article: Article, decide: Callable[..., Decided]):
    assert decide(Card(finding=found(DESTINY).pk, decision=LATER)).is_nothing
    assert found(DESTINY).is_open


def test_an_unnamed_speaker_is_described(article: Article, decide: Callable[..., Decided]):
    unnamed = {
        "speaker": "",
        "is_new": False,
        "described_as": "a manager",
        "organisation": "OpenAI",
    }
    quote = Quote.objects.get(pk=decide(accept(DESTINY, **unnamed)).quotes[0])
    assert quote.speaker is None
    assert (quote.speaker_described_as, str(quote.of_organisation)) == ("a manager", "OpenAI")


def test_another_wording_becomes_a_citation_of_the_quote_on_record(
    article: Article, decide: Callable[..., Decided], make_quote: Callable[..., Quote]
):
    quote = make_quote("Infrastructure decides our destiny")
    decided = decide(accept(DESTINY, wording_of=quote.pk))
    assert decided.quotes == ()
    citation = quote.citations.get(pk=decided.citations[0])
    assert (citation.text, citation.check_result, citation.article) == (DESTINY, "exact", article)
    assert problems(decide, accept(POWERHOUSE, wording_of=quote.pk)) == {
        "wording_of": f"This article is cited for quote {quote.pk} already."
    }
    assert (
        "no quote of this number"
        in problems(decide, accept(POWERHOUSE, wording_of=99))["wording_of"]
    )


def test_a_quote_that_its_cue_breaks_is_one_quote_and_word_for_word(
    editor: AbstractBaseUser, decide: Callable[..., Decided]
):
    broken = (
        f"A headline\n\n“{POWERHOUSE},” Jason Kwon said. “We will work with Korea’s industry.”\n"
    )
    imported = import_article(Source(text=broken, url="https://b.example.com/1"), by=editor)
    finding = Finding.objects.get(article=imported.article)
    assert finding.text == f"{POWERHOUSE}. We will work with Korea’s industry."
    assert len(finding.spans) == 2
    card = Card(
        finding=finding.pk, decision=ACCEPT, words=finding.text, speaker="Jason Kwon", is_new=True
    )
    save_decisions(finding.article, [card], SHARED, by=editor)
    finding.refresh_from_db()
    assert finding.citation is not None
    assert finding.citation.check_result == "exact"
    assert len(finding.citation.selectors) == 2


def test_two_sentences_with_another_between_them_are_two_findings(article: Article):
    assert "he said. He put it in three words: “" in ARTICLE
    assert found(DESTINY).spans != Finding.objects.get(text__startswith="AI infra").spans


def test_one_new_speaker_on_many_cards_is_one_record(
    article: Article, decide: Callable[..., Decided]
):
    decided = decide(accept(DESTINY), accept(POWERHOUSE, speaker="jason  kwon"))
    assert decided.speakers == Speaker.objects.count() == 1


def test_words_can_be_mended_within_the_text_only(article: Article, decide: Callable[..., Decided]):
    finding = found(POWERHOUSE)
    assert (
        "other words there"
        in problems(
            decide, accept(POWERHOUSE, words=POWERHOUSE.replace("full-stack", "unheard-of"))
        )["words"]
    )
    assert (
        "does not have these words"
        in problems(decide, accept(POWERHOUSE, words="Something else entirely"))["words"]
    )
    decide(accept(POWERHOUSE, words="Korea is a technological powerhouse"))
    finding.refresh_from_db()
    assert finding.text == "Korea is a technological powerhouse"
    assert finding.citation is not None
    assert finding.citation.check_result == "exact"


def test_words_that_an_editor_marks_become_a_quote(
    article: Article, decide: Callable[..., Decided]
):
    words = "has already registered a company in Korea"
    decided = decide(
        Card(
            decision=ACCEPT,
            words=words,
            kind="indirect",
            speaker="OpenAI",
            is_new=True,
            is_organisation=True,
        )
    )
    quote = Quote.objects.get(pk=decided.quotes[0])
    assert (quote.text, quote.kind) == (words, "indirect")
    assert Finding.objects.get(citation=quote.lead).by_hand
    same = Card(decision=ACCEPT, words=words, speaker="OpenAI", kind="indirect")
    again = decide(same)
    assert (again.quotes, again.already) == ((), 1)
    assert (
        "does not have" in problems(decide, Card(decision=ACCEPT, words="nothing of that"))["words"]
    )


@pytest.mark.parametrize(
    ("entered", "field", "told"),
    [
        ({"is_new": False}, "speaker", "Nobody of this name"),
        ({"speaker": ""}, "speaker", "Name the speaker"),
        ({"described_as": "a manager"}, "described_as", "not both"),
        ({"said_on": "last Monday"}, "said_on", "Write for example"),
        ({"said_on": "2999"}, "said_on", "not come yet"),
        ({"title": "Chief"}, "organisation", "both"),
        ({"organisation": "OpenAI"}, "title", "both"),
        ({"words": ""}, "words", "Give the words"),
        ({"words": f"“{DESTINY}”"}, "words", "outer quotation marks"),
        ({"speaker": "\u200b"}, "speaker", "invisible"),
        (
            {"is_organisation": True, "title": "Chief", "organisation": "OpenAI"},
            "title",
            "Only a person",
        ),
    ],
)
def test_what_is_wrong_is_told_at_its_card_and_nothing_is_kept(
    entered: dict[str, Any], field: str, told: str, article: Article, decide: Callable[..., Decided]
):
    wrong = problems(decide, accept(POWERHOUSE), accept(DESTINY, **entered))
    assert told in wrong[field]
    assert not Quote.objects.exists()
    assert not Speaker.objects.exists()
    assert not Finding.objects.decided().exists()


def test_what_is_wrong_with_what_cards_share_is_told(
    article: Article, decide: Callable[..., Decided]
):
    with pytest.raises(Undecidable) as told:
        decide(accept(DESTINY), shared=Shared(said_on="yesterday", language="English"))
    assert set(told.value.shared) == {"said_on", "language"}


HOSTILE = ("\u202e", "\x00", "\ud800", "a" * 3_000, "\u200b")


@pytest.mark.parametrize("value", HOSTILE, ids=["bidi", "NUL", "surrogate", "long", "unseen"])
def test_what_cannot_be_stored_is_told_in_any_field(
    value: str, article: Article, decide: Callable[..., Decided]
):
    for name in ("occasion", "place", "topics", "language", "translated_by", "said_on"):
        with pytest.raises(Undecidable) as told:
            decide(accept(DESTINY), shared=Shared(**{name: value}))
        assert name in told.value.shared
    names = ("speaker", "title", "organisation", "topics", "attributed_as", "said_on_as_given")
    for name in (*names, "words", "kind", "description", "translated_by"):
        assert problems(decide, accept(DESTINY, **{name: value}))
    assert not Speaker.objects.exists()


def test_a_namesake_must_be_told_apart(
    article: Article, decide: Callable[..., Decided], make_speaker: Callable[..., Speaker]
):
    kwon = make_speaker()
    assert "is on record" in problems(decide, accept(DESTINY))["description"]
    decide(accept(DESTINY, description="A judge in Busan"))
    assert Speaker.objects.filter(name="Jason Kwon").count() == 2
    several = problems(decide, accept(POWERHOUSE, is_new=False))
    assert "several of that name" in several["speaker"]
    decided = decide(accept(POWERHOUSE, is_new=False, speaker_id=kwon.pk))
    assert Quote.objects.get(pk=decided.quotes[0]).speaker == kwon


def test_topics_and_positions_on_record_are_used(
    article: Article, decide: Callable[..., Decided], make_position: Callable[..., Position]
):
    held = make_position()
    Topic.objects.create(name="Korea")
    card = accept(
        DESTINY, is_new=False, title="chief strategy officer", organisation="openai", topics="Korea"
    )  # fmt: skip
    decided = decide(card)
    assert (decided.positions, decided.topics, decided.speakers) == (0, 0, 0)
    assert Quote.objects.get(pk=decided.quotes[0]).position == held


# --- They stay decided --------------------------------------------------------------------------------


def test_decisions_stand_when_the_text_around_them_moved(
    article: Article, editor: AbstractBaseUser, decide: Callable[..., Decided]
):
    decide(accept(DESTINY), Card(finding=found(POWERHOUSE).pk, decision=REJECT))
    number = Finding.objects.count()
    moved = "A line that was not there.\n\n" + ARTICLE.replace(
        "Kwon turned to", "Then Kwon turned to"
    )
    imported = import_article(Source(text=moved, url=ADDRESS), by=editor)
    assert Finding.objects.count() == number
    for words, decision in ((DESTINY, "accepted"), (POWERHOUSE, "rejected")):
        finding = found(words)
        assert finding.decision == decision
        assert finding.capture_id == imported.capture
        ((start, end),) = finding.spans
        assert finding.capture.text[start:end] == words


def test_words_that_were_changed_a_little_are_the_same_decision(
    article: Article, editor: AbstractBaseUser, decide: Callable[..., Decided]
):
    decide(accept(DESTINY), Card(finding=found(POWERHOUSE).pk, decision=REJECT))
    number = Finding.objects.count()
    changed = ARTICLE.replace("is destiny", "is fate").replace(
        "technological powerhouse", "technology powerhouse"
    )
    imported = import_article(Source(text=changed, url=ADDRESS), by=editor)
    assert Finding.objects.count() == number
    assert imported.checked == {"altered": 1}
    assert Finding.objects.accepted().get().text == DESTINY
    assert Finding.objects.rejected().get().text == POWERHOUSE


def test_what_is_no_longer_found_is_given_up_unless_somebody_worked_on_it(
    article: Article, editor: AbstractBaseUser
):
    capture = article.captures.get()
    mark_words(article, capture, "spoke first", by=editor)
    kept = Kept(finding=found(DESTINY).pk, entered={"speaker": "Jason Kwon"})
    keep_entered(article, capture, {0: kept}, by=editor)
    import_article(
        Source(text="The page is another one altogether now, without any of it.", url=ADDRESS),
        by=editor,
    )
    assert {each.text for each in article.findings.all()} == {"spoke first", DESTINY}


def test_what_is_entered_is_kept_and_nobody_overwrites_it_unseen(
    article: Article, editor: AbstractBaseUser
):
    capture, finding = article.captures.get(), found(DESTINY)
    mine, theirs = {"speaker": "Jason Kwon"}, {"speaker": "J. Kwon"}
    keep_entered(article, capture, {0: Kept(finding=finding.pk, entered=mine)}, by=editor)
    with pytest.raises(Undecidable) as told:
        keep_entered(article, capture, {3: Kept(finding=finding.pk, entered=theirs)}, by=editor)
    assert "meanwhile" in told.value.cards[3][""]
    finding.refresh_from_db()
    assert finding.entered == mine
    seen = Kept(finding=finding.pk, entered=theirs, seen=mark_of(mine))
    keep_entered(article, capture, {0: seen}, by=editor)
    finding.refresh_from_db()
    assert finding.entered == theirs


# --- What they are like -------------------------------------------------------------------------------


def test_drafts_of_the_same_speaker_are_offered_too(
    make_quote: Callable[..., Quote], editor: AbstractBaseUser
):
    draft = make_quote(DESTINY, published=False)
    imported = import_article(Source(text=ARTICLE, url=ADDRESS), by=editor)
    finding = Finding.objects.get(article=imported.article, text=DESTINY)
    (offer,) = offers(finding.article, [finding])[finding.pk]
    assert (offer.quote, offer.percent) == (draft, 100)


def test_a_quote_that_this_article_is_cited_for_is_not_offered(
    article: Article, decide: Callable[..., Decided]
):
    decide(accept(DESTINY), publish=True)
    finding = found(POWERHOUSE)
    finding.like = Quote.objects.get()
    assert offers(article, [finding]) == {finding.pk: []}


# --- What the extractor learns ------------------------------------------------------------------------


def test_an_article_is_learned_from_once_all_is_decided(
    article: Article, decide: Callable[..., Decided], tmp_path: Any
):
    decide(accept(POWERHOUSE), accept(DESTINY, words="infrastructure is destiny"))
    assert list(decided_samples()) == []
    article.findings.reject(by=None)
    (line,) = decided_samples()
    sample = json.loads(line)
    text = sample["text"]
    assert [each["text"] for each in sample["quotes"]] == [f"“{POWERHOUSE},”", f"“{DESTINY}”"]
    for quote in sample["quotes"]:
        assert quote["speaker_names"] == ["Jason Kwon"]
        for name in ("speaker", "cue"):
            if name in quote:
                assert text[quote[f"{name}_start"] : quote[f"{name}_end"]] == quote[name]
    (read,) = samples_in([line], "the desk")
    assert len(read.quotes) == 2

    train = tmp_path / "train.jsonl"
    train.write_text('{"doc_id": "1", "text": "None.", "quotes": []}', encoding="utf-8")
    for desk, learned_from in ((False, 1), (True, 2)):
        with pytest.raises(CommandError, match=f"There are {learned_from} articles"):
            call_command("train_extractor", str(train), desk=desk, output=tmp_path)


# --- What is blanked for good -------------------------------------------------------------------------


def test_blanked_words_are_in_no_finding(
    article: Article, editor: AbstractBaseUser, decide: Callable[..., Decided]
):
    mark_words(article, article.captures.get(), "He put it in three words", by=editor)
    decided = decide(accept(DESTINY), publish=True)
    Quote.objects.get(pk=decided.quotes[0]).redact(by=editor, category="privacy")
    for finding in Finding.objects.all():
        everything = f"{finding.text}{finding.mention}{finding.name}{finding.entered}"
        assert "destiny" not in everything
        assert "Kwon" not in everything
        assert finding.key != Finding.key_of(DESTINY)
    article.findings.reject(by=editor)
    assert "destiny" not in "".join(decided_samples())
    with pytest.raises(ArticleError, match="blanked for good"):
        import_article(Source(text=ARTICLE, url=ADDRESS), by=editor)
