"""Loading a record: everything or nothing, known again the second time, and no editor's decision undone."""

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import AbstractBaseUser

from tracker.importing import Loaded, RecordError, load_record, read_record
from tracker.models import (
    Article,
    Citation,
    Position,
    Publisher,
    Quote,
    Speaker,
    SpeakerAlias,
    Topic,
)

pytestmark = pytest.mark.django_db

RECORD: dict[str, list[dict[str, Any]]] = {
    "publishers": [{"name": "AI Matters", "domain": "aimatters.co.kr"}, {"name": "ZDNet Korea"}],
    "speakers": [
        {
            "name": "Jason Kwon",
            "sort_name": "Kwon, Jason",
            "aliases": [{"name": "제이슨 권", "language": "ko"}],
            "positions": [{"organisation": "OpenAI", "title": "Chief Strategy Officer"}],
        },
        {"name": "OpenAI", "kind": "organisation", "wikidata_id": "Q21708200"},
    ],
    "occasions": [{"name": "OpenAI's announcement in Seoul", "held_on": "2025-05-26"}],
    "topics": [{"name": "AI infrastructure"}, {"name": "OpenAI", "subject": "OpenAI"}],
    "articles": [
        {
            "key": "aimatters",
            "publisher": "AI Matters",
            "url": "https://aimatters.co.kr/english-news/22138",
            "published_on": "2025-05~",
            "language": "en",
            "original": "zdnet",
            "relation": "re-report",
        },
        {"key": "zdnet", "publisher": "ZDNet Korea", "published_on": "2025-05-26"},
    ],
    "quotes": [
        {
            "reference": "seoul-1",
            "speaker": "Jason Kwon",
            "position": ["Chief Strategy Officer", "OpenAI"],
            "said_on": "2025-05-26",
            "occasion": "OpenAI's announcement in Seoul",
            "topics": ["AI infrastructure"],
            "citations": [
                {
                    "article": "aimatters",
                    "text": "infrastructure is destiny.",
                    "language": "en",
                    "translated_by": "not named",
                    "attributed_as": "CSO Kwon",
                    "basis": "re-report",
                }
            ],
        }
    ],
}
ALL_NEW = Loaded(publishers=2, speakers=2, occasions=1, topics=2, articles=2, quotes=1, citations=1)


@pytest.fixture
def record() -> dict[str, list[dict[str, Any]]]:
    return copy.deepcopy(RECORD)


def _the_quote() -> Quote:
    return Quote.objects.get(reference="seoul-1")


def test_everything_comes_in_and_the_quote_is_published(record, editor: AbstractBaseUser):
    assert load_record(record, by=editor) == ALL_NEW
    quote = Quote.objects.published().get()
    assert str(quote) == "Jason Kwon: infrastructure is destiny."
    assert quote.position.title_and_organisation == "Chief Strategy Officer, OpenAI"
    assert [topic.name for topic in quote.topics.all()] == ["AI infrastructure"]
    assert quote.lead.article.original.publisher.name == "ZDNet Korea"
    assert quote.lead.article.relation == "re-report"
    assert SpeakerAlias.objects.get().speaker == quote.speaker
    assert Topic.objects.get(name="OpenAI").subject.name == "OpenAI"


def test_history_says_who_loaded_it(record, editor: AbstractBaseUser):
    load_record(record, by=editor)
    for model in (Publisher, Speaker, SpeakerAlias, Position, Article, Quote, Citation):
        assert {row.history_user for row in model.history.all()} == {editor}, model


def test_the_second_time_changes_nothing(record, editor: AbstractBaseUser):
    load_record(record, by=editor)
    rows = [model.history.count() for model in (Speaker, Position, Article, Quote, Citation)]
    assert load_record(record, by=editor) == Loaded()
    assert rows == [
        model.history.count() for model in (Speaker, Position, Article, Quote, Citation)
    ]


def test_a_record_may_lack_whole_sections(editor: AbstractBaseUser):
    assert load_record({"topics": [{"name": "Courage"}]}, by=editor) == Loaded(topics=1)


def test_names_are_known_again_in_another_spelling_of_the_same_characters(
    record, editor: AbstractBaseUser
):
    load_record({"publishers": [{"name": "Café  Libre"}]}, by=editor)
    again = {"publishers": [{"name": "Cafe\u0301 Libre "}]}
    assert load_record(again, by=editor) == Loaded()


def test_publishers_aliases_and_references_are_known_again_in_other_letters_or_spaces(
    record, editor: AbstractBaseUser
):
    record["quotes"][0]["reference"] = "seoul  1"
    load_record(record, by=editor)
    assert Quote.objects.get().reference == "seoul 1"
    record["speakers"][0]["aliases"] = [{"name": "제이슨\u3000권"}]
    record["publishers"][1]["name"] = record["articles"][1]["publisher"] = "ZDNET KOREA"
    assert load_record(record, by=editor) == Loaded()


def test_an_article_is_known_again_however_its_address_is_typed(record, editor: AbstractBaseUser):
    load_record(record, by=editor)
    record["articles"][0]["url"] = "HTTPS://AIMatters.co.kr/english-news/22138?utm_source=x#top"
    assert load_record(record, by=editor) == Loaded()


# --- What an editor has decided -------------------------------------------------------------------


def test_what_an_editor_renamed_or_corrected_is_known_again(record, editor: AbstractBaseUser):
    load_record(record, by=editor)
    Speaker.objects.get(name="Jason Kwon").rename("Jason S. Kwon", by=editor)
    Topic.objects.get(name="AI infrastructure").rename("Infrastructure", by=editor)
    article = Article.objects.get(url=None)
    article.headline, article.url_as_typed = "오픈AI", "https://zdnet.co.kr/view/1"
    article.save()
    quote = _the_quote()
    quote.said_on, quote.context = "2025-05", "At a round table."
    quote.save()

    assert load_record(record, by=editor) == Loaded()
    quote.refresh_from_db()
    assert (quote.said_on, quote.context) == ("2025-05", "At a round table.")


@pytest.mark.parametrize("verb", ["hold", "withdraw", "redact"])
def test_a_hidden_quote_stays_hidden_and_gains_no_words(verb, record, editor: AbstractBaseUser):
    load_record(record, by=editor)
    how = {
        "withdraw": {"category": "our error", "reason": "Not said."},
        "redact": {"category": "privacy"},
    }
    getattr(_the_quote(), verb)(by=editor, **how.get(verb, {}))
    record["quotes"][0]["citations"].append({"article": "zdnet", "text": "인프라가 곧 운명"})
    assert load_record(record, by=editor).quotes == 0
    assert not Quote.objects.published().exists()
    assert Citation.objects.count() == 1


def test_a_quote_joined_into_another_stays_joined(record, editor: AbstractBaseUser):
    record["quotes"].append(copy.deepcopy(record["quotes"][0]) | {"reference": "seoul-1b"})
    record["quotes"][1]["citations"][0]["article"] = "zdnet"
    load_record(record, by=editor)
    _the_quote().absorb(Quote.objects.get(reference="seoul-1b"), by=editor)
    assert load_record(record, by=editor) == Loaded()
    assert _the_quote().citations.count() == 2


def test_deleted_aliases_and_citations_stay_deleted(record, editor: AbstractBaseUser):
    record["quotes"][0]["citations"].append({"article": "zdnet", "text": "인프라가 곧 운명"})
    load_record(record, by=editor)
    SpeakerAlias.objects.get().delete()
    Citation.objects.get(article__url=None).delete()
    assert load_record(record, by=editor) == Loaded()


def test_a_published_quote_gains_a_new_citation_and_keeps_its_lead(
    record, editor: AbstractBaseUser
):
    load_record(record, by=editor)
    record["quotes"][0]["citations"].insert(0, {"article": "zdnet", "text": "인프라가 곧 운명"})
    assert load_record(record, by=editor) == Loaded(citations=1)
    assert _the_quote().text == "infrastructure is destiny."


def test_a_person_is_not_taken_for_an_organisation_or_namesake(
    record, editor: AbstractBaseUser, make_speaker: Callable[..., Speaker]
):
    make_speaker("OpenAI", kind="person")
    make_speaker("Jason Kwon", wikidata_id="Q1")
    record["speakers"][0]["wikidata_id"] = "Q2"
    assert load_record(record, by=editor).speakers == 2


def test_a_wikidata_number_is_known_again_under_another_name(
    record, editor: AbstractBaseUser, make_speaker: Callable[..., Speaker]
):
    make_speaker("OpenAI, Inc.", kind="organisation", wikidata_id="Q21708200")
    assert load_record(record, by=editor).speakers == 1
    assert _the_quote().position.organisation.name == "OpenAI, Inc."


# --- What is refused ------------------------------------------------------------------------------


def _without(*path: Any) -> Callable[[Any], None]:
    def change(record: Any) -> None:
        *way, last = path
        for step in way:
            record = record[step]
        del record[last]

    return change


def _with(value: Any, *path: Any) -> Callable[[Any], None]:
    def change(record: Any) -> None:
        *way, last = path
        for step in way:
            record = record[step]
        record[last] = value

    return change


QUOTE, CITATION = ("quotes", 0), ("quotes", 0, "citations", 0)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (_with([], "opinions"), "There is no section “opinions” in a record."),
        (_with({}, "topics"), "topics: a list is expected."),
        (_with("x", "topics", 0), "topic #1: an object is expected."),
        (_with(" ", "topics", 0, "name"), "topic #1: it has no name."),
        (_with("", *QUOTE, "reference"), "quote #1: it has no reference."),
        (_without(*QUOTE, "citations"), "quote seoul-1: it has no citations."),
        (_with("x", *QUOTE, "status"), "quote seoul-1: there is no key “status”."),
        (_with(5, *QUOTE, "said_on"), "quote seoul-1: the value of “said_on” cannot be used."),
        (_with("a\0b", *QUOTE, "prompt"), "quote seoul-1: the value of “prompt” cannot be used."),
        (_with("\ud800", *QUOTE, "prompt"), "quote seoul-1: the value of “prompt” cannot"),
        (_with("Nobody", *QUOTE, "speaker"), "quote seoul-1: there is no speaker “Nobody”"),
        (_with([["x"]], *QUOTE, "topics"), "quote seoul-1: there is no topic"),
        (_with(["CEO", "OpenAI"], *QUOTE, "position"), "quote seoul-1: there is no position"),
        (_with("May 2025", *QUOTE, "said_on"), "quote seoul-1: said on: "),
        (_with("rumoured", *QUOTE, "attribution"), "quote seoul-1: attribution: "),
        (_with("confirmed", *QUOTE, "attribution"), "quote seoul-1: Give the reason"),
        (_with([], *QUOTE, "citations"), "quote seoul-1: It has no citation."),
        (_with(None, *QUOTE, "speaker"), "quote seoul-1: there is no position “, Chief"),
        (_with("x", *CITATION, "article"), "quote seoul-1, x: there is no article “x”"),
        (_with("<b>x</b>", *CITATION, "text"), "quote seoul-1, aimatters: words: This contains"),
        (_with("5", *CITATION, "start"), "quote seoul-1, aimatters: there is no key “start”."),
        (_with("nope", "articles", 0, "original"), "article aimatters: there is no article “nope”"),
        (_with("", "articles", 0, "relation"), "article aimatters: as its: Say how it comes"),
        (_with("ftp://x", "articles", 0, "url"), "article aimatters: A web address begins with"),
        (_with("Nobody", "speakers", 0, "positions", 0, "organisation"), "speaker Jason Kwon, Chief"),
        (_with("Q0", "speakers", 1, "wikidata_id"), "speaker OpenAI: Wikidata: A Wikidata number"),
    ],
)  # fmt: skip
def test_a_faulty_entry_is_named_and_nothing_is_loaded(
    change, message, record, editor: AbstractBaseUser
):
    change(record)
    with pytest.raises(RecordError) as refusal:
        load_record(record, by=editor)
    assert str(refusal.value).startswith(message)
    assert not Publisher.objects.exists()
    assert not Quote.objects.exists()


@pytest.mark.parametrize(
    ("section", "changed"),
    [
        ("topics", {}),
        ("speakers", {"kind": "organisation"}),
        ("articles", {"key": "aimatters-again"}),
        ("quotes", {}),
    ],
)
def test_an_entry_that_is_there_twice_is_refused(
    section, changed, record, editor: AbstractBaseUser
):
    record[section].append(copy.deepcopy(record[section][0]) | changed)
    with pytest.raises(RecordError, match="it is in this record twice"):
        load_record(record, by=editor)


@pytest.mark.parametrize("inner", ["positions", "aliases"])
def test_a_part_that_is_there_twice_is_refused(inner, record, editor: AbstractBaseUser):
    record["speakers"][0][inner] *= 2
    with pytest.raises(RecordError, match=r"speaker Jason Kwon, .*: it is in this record twice"):
        load_record(record, by=editor)


def test_one_place_cited_twice_is_refused(record, editor: AbstractBaseUser):
    record["quotes"][0]["citations"] *= 2
    with pytest.raises(RecordError, match="quote seoul-1, aimatters: it is in this record twice"):
        load_record(record, by=editor)


def test_a_chain_of_articles_that_runs_in_a_circle_is_refused(record, editor: AbstractBaseUser):
    record["articles"][1] |= {"original": "aimatters", "relation": "translation"}
    with pytest.raises(RecordError, match="a chain cannot run in a circle"):
        load_record(record, by=editor)


@pytest.mark.parametrize("data", [None, [], "x", 1])
def test_what_is_no_record_at_all_is_refused(data, editor: AbstractBaseUser):
    with pytest.raises(RecordError, match="A record is an object of lists"):
        load_record(data, by=editor)


# --- Files ----------------------------------------------------------------------------------------


def test_a_file_is_read_with_or_without_a_byte_order_mark(tmp_path: Path):
    for encoding in ("utf-8", "utf-8-sig"):
        file = tmp_path / f"{encoding}.json"
        file.write_text(json.dumps(RECORD, ensure_ascii=False), encoding)
        assert read_record(file) == RECORD


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (b'{"quotes": [', "record.json is not JSON"),
        (b"", "record.json is not JSON"),
        (b'{"a": 1, "a": 2}', "the same key twice"),
        ("김구".encode("euc-kr"), "record.json is not in UTF-8"),
        (b"[" * 1_000_000, "record.json is not JSON"),
        (b" " * 20_000_001, "record.json is larger than 20 MB"),
    ],
)
def test_a_file_that_is_no_record_is_refused(raw, message, tmp_path: Path):
    file = tmp_path / "record.json"
    file.write_bytes(raw)
    with pytest.raises(RecordError, match=message):
        read_record(file)


def test_a_missing_file_is_named(tmp_path: Path):
    with pytest.raises(RecordError, match=r"nowhere\.json cannot be read"):
        read_record(tmp_path / "nowhere.json")
