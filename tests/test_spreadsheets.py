"""Rows of a spreadsheet: read whole or refused with line and column, loaded once however often, and no editor's decision undone."""

import csv
import io
import json
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import AbstractBaseUser
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tracker.anchoring import Selector, to_json
from tracker.models import (
    Article,
    Capture,
    Citation,
    Correction,
    JointSpeaker,
    NewQuote,
    Occasion,
    Position,
    Publisher,
    Quote,
    QuoteLink,
    Speaker,
    SpeakerAlias,
    Topic,
    record_quotes,
)
from tracker.spreadsheets import COLUMNS, Loaded, Problem, Sheet, SpreadsheetError, load, loading

pytestmark = pytest.mark.django_db

HOSTILE = Path(__file__).resolve().parents[2] / "shared" / "data" / "hostile"

KWON = {
    "reference": "seoul-1",
    "text": "infrastructure is destiny",
    "kind": "mixed",
    "language": "en",
    "translated_by": "not named",
    "said_on": "2025-05-26",
    "speaker": "Jason Kwon",
    "organisation": "OpenAI",
    "title": "Chief Strategy Officer",
    "article_url": "https://aimatters.co.kr/english-news/22138?utm_source=x",
    "headline": "OpenAI to open office in Seoul",
    "publisher": "AI Matters",
    "published_on": "2025-05~",
    "locator": "3",
    "basis": "recording",
    "occasion": "OpenAI's announcement",
    "place": "Four Seasons Hotel Seoul",
    "topics": "AI; Infrastructure",
    "attribution": "confirmed",
    "attribution_reason": "A recording exists.",
    "status": "published",
}
BARE = {
    "text": "It is what it is.",
    "described_as": "a senior official",
    "headline": "An official speaks",
    "publisher": "The Paper",
}

WHY = "The transcript says otherwise."  # told to readers when published quotes change

Load = Callable[..., Loaded]


def as_csv(*rows: dict[str, str], delimiter: str = ",") -> str:
    names = list(dict.fromkeys(name for row in rows for name in row))
    out = io.StringIO()
    writer = csv.DictWriter(out, names, restval="", delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str | bytes], Path]:
    def write(content: str | bytes) -> Path:
        path = tmp_path / "quotes.csv"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write


@pytest.fixture
def run(write: Callable[[str | bytes], Path], editor: AbstractBaseUser) -> Load:
    """Loads rows, or the text of a file, as the editor."""

    def run(*rows: Any, **how: Any) -> Loaded:
        content = rows[0] if isinstance(rows[0], str | bytes) else as_csv(*rows)
        with Sheet(write(content)) as sheet:
            return load(sheet, by=editor, **how)

    return run


def told(loaded: Loaded) -> list[tuple[int, str]]:
    return [(problem.line, problem.field) for problem in loaded.problems]


def number_of_rows() -> dict[str, int]:
    """How many rows there are in every table, those of history too."""
    tables = [name for name in connection.introspection.table_names() if "tracker_" in name]
    with connection.cursor() as cursor:
        counts = {}
        for table in tables:
            cursor.execute(f"SELECT COUNT(*) FROM {connection.ops.quote_name(table)}")
            counts[table] = cursor.fetchone()[0]
    return {table: count for table, count in counts.items() if "search" not in table}


# --- A row becomes a quote ------------------------------------------------------------------------


def test_a_whole_row_becomes_a_published_quote_with_all_that_it_names(run: Load):
    assert run(KWON) == Loaded(rows=1, new=1)
    quote = Quote.objects.published().get()
    assert str(quote) == "Jason Kwon: infrastructure is destiny"
    assert (quote.reference, quote.kind, quote.said_on) == ("seoul-1", "mixed", "2025-05-26")
    assert str(quote.said_earliest) == str(quote.said_latest) == "2025-05-26"
    assert quote.published_at is not None
    assert quote.position.title_and_organisation == "Chief Strategy Officer, OpenAI"
    assert quote.position.organisation.is_organisation
    assert (quote.occasion.name, quote.occasion.place) == (KWON["occasion"], KWON["place"])
    assert sorted(topic.name for topic in quote.topics.all()) == ["AI", "Infrastructure"]
    assert quote.attribution_reason == "A recording exists."
    citation = quote.lead
    assert citation == quote.citations.get()
    assert (citation.language, citation.translated_by) == ("en", "not named")
    assert (citation.locator, citation.basis) == ("3", "recording")
    assert citation.article.url == "https://aimatters.co.kr/english-news/22138"
    assert citation.article.headline == KWON["headline"]
    assert citation.article.publisher.name == "AI Matters"
    assert str(citation.article.published_earliest) == "2025-05-01"
    quote.full_clean()
    citation.full_clean()
    assert {Speaker.objects.get(name=n).slug for n in ("Jason Kwon", "OpenAI")} == {
        "jason-kwon",
        "openai",
    }


def test_three_cells_are_enough_and_the_quote_is_a_draft(run: Load):
    assert run(BARE).new == 1
    quote = Quote.objects.get()
    assert (quote.status, quote.published_at, quote.speaker) == ("draft", None, None)
    assert str(quote) == "a senior official: It is what it is."
    assert (quote.kind, quote.attribution, quote.reference) == ("direct", "unverified", None)
    assert quote.lead.basis == "unknown"
    assert (quote.lead.article.url, quote.lead.article.publisher.name) == (None, "The Paper")
    quote.full_clean()


def test_an_unnamed_speaker_may_have_an_organisation(run: Load):
    assert run(BARE | {"organisation": "OpenAI"}).new == 1
    assert Quote.objects.get().of_organisation == Speaker.objects.get(kind="organisation")


def test_a_row_as_json_is_the_same_row(run: Load):
    lines = [json.dumps(KWON), "", json.dumps(BARE | {"locator": 12, "topics": None})]
    assert run("\n".join(lines)) == Loaded(rows=2, new=2)
    assert Quote.objects.published().get().text == KWON["text"]
    assert Citation.objects.get(locator="12").text == BARE["text"]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_a_file_may_come_from_any_spreadsheet(delimiter: str, encoding: str, run: Load):
    content = as_csv(KWON, BARE | {"speaker": ""}, delimiter=delimiter).replace("text", "Text ", 1)
    assert run(content.encode(encoding)).new == 2


def test_everything_new_has_one_row_of_history_that_says_who_and_what(
    run: Load, editor: AbstractBaseUser
):
    run(KWON, BARE)
    for model in (Quote, Citation, Article, Speaker, Position, Publisher, Occasion, Topic):
        now, before = list(model.objects.order_by("pk")), list(model.history.order_by("id"))
        assert [each.pk for each in now] == [row.id for row in before], model
        assert {(row.history_user, row.history_type) for row in before} == {(editor, "+")}
        for record, row in zip(now, before, strict=True):
            for column in model.history.model.tracked_fields:
                assert getattr(row, column.attname) == getattr(record, column.attname)
    row = Quote.history.get(reference="seoul-1")
    assert sorted(link.topic.name for link in row.topics.all()) == ["AI", "Infrastructure"]


def test_ids_go_on_after_what_was_there_and_after_the_import(
    run: Load, make_quote: Callable[..., Quote]
):
    before = make_quote()
    run(KWON, BARE)
    after = make_quote("Said later.")
    ids = list(Quote.objects.order_by("created_at", "pk").values_list("pk", flat=True))
    assert ids[0] == before.pk
    assert ids[-1] == after.pk == max(ids)


def test_a_quote_cannot_be_recorded_as_withdrawn(make_article: Callable[..., Article]):
    with pytest.raises(ValueError, match="A quote is recorded as one of draft"):
        record_quotes([NewQuote("x", make_article().pk, described_as="x", status="held")], by=None)


# --- As often as one likes ------------------------------------------------------------------------


@pytest.mark.parametrize("without", [(), ("reference",)])
def test_the_second_time_changes_nothing(without: tuple[str, ...], run: Load):
    rows = [
        {name: value for name, value in row.items() if name not in without}
        for row in (KWON, KWON | {"reference": "2", "text": "Another.", "said_on": ""})
    ]
    assert run(*rows, BARE).new == 3
    before = number_of_rows()
    assert run(*rows, BARE) == Loaded(rows=3, unchanged=3)
    assert number_of_rows() == before


@pytest.mark.parametrize("size", [1, 5_000])
def test_a_row_that_is_in_the_file_twice_is_taken_once(
    size: int, run: Load, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(loading, "_BATCH", size)
    assert run(KWON, BARE, KWON, BARE) == Loaded(rows=4, new=2, unchanged=2)
    assert run(KWON, BARE, KWON, BARE) == Loaded(rows=4, unchanged=4)


@pytest.mark.parametrize("size", [1, 5_000])
def test_two_rows_that_contradict_each_other_are_not_both_taken(
    size: int, run: Load, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(loading, "_BATCH", size)
    rows = KWON, KWON | {"said_on": "2025-05-27"}, BARE, BARE | {"language": "en"}
    for new in (2, 0):
        loaded = run(*rows)
        assert (loaded.new, loaded.changed, loaded.refused) == (new, 0, 2)
        assert told(loaded) == [(3, "reference"), (5, "text")]
        assert "Line 2 has this reference already" in loaded.problems[0].message


def test_a_quote_without_reference_is_known_again_by_its_speaker_words_and_source(
    run: Load, make_quote: Callable[..., Quote], make_article: Callable[..., Article]
):
    page = make_article("A page", url_as_typed="https://example.org/1")
    quote = make_quote("“Infrastructure” is destiny", article=page)
    SpeakerAlias.objects.create(speaker=quote.speaker, name="제이슨 권")
    row = {"text": "'infrastructure' is destiny.", "article_url": "https://EXAMPLE.org/1#top"}
    for name in ("jason KWON", "제이슨 권"):
        assert run(row | {"speaker": name}) == Loaded(rows=1, unchanged=1)
    quote.refresh_from_db()
    assert quote.text == "“Infrastructure” is destiny"  # as it is on record
    assert run(row | {"speaker": "Sam Altman"}).new == 1
    assert run(row | {"speaker": "Jason Kwon", "article_url": "https://example.org/2"}).new == 1
    assert run(row | {"speaker": "Jason Kwon", "text": "Something else."}).new == 1


def test_words_known_by_two_names_of_one_speaker_are_recorded_once(
    run: Load, make_quote: Callable[..., Quote]
):
    quote = make_quote()
    SpeakerAlias.objects.create(speaker=quote.speaker, name="제이슨 권")
    row = {"text": "New words.", "article_url": "https://example.org/1"}
    rows = [row | {"speaker": name} for name in ("Jason Kwon", "제이슨 권")]
    assert run(*rows).new == 1
    assert run(*rows).unchanged == 2


def test_stopped_between_batches_it_goes_on_when_it_is_run_again(
    run: Load, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(loading, "_BATCH", 2)
    rows = [KWON | {"reference": str(n), "text": f"Words {n}."} for n in range(5)]

    def stop(loaded: Loaded) -> None:
        if loaded.rows == 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(*rows, after_batch=stop)
    assert Quote.objects.count() == 4
    assert run(*rows) == Loaded(rows=5, new=1, unchanged=4)


def test_stopped_within_a_batch_it_leaves_nothing_of_that_batch(
    run: Load, monkeypatch: pytest.MonkeyPatch
):
    def fail() -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(loading.search, "catch_up", fail)
    before = number_of_rows()
    with pytest.raises(KeyboardInterrupt):
        run(KWON)
    assert number_of_rows() == before


def test_a_dry_run_says_the_same_and_changes_nothing(run: Load):
    run(KWON | {"said_on": "2025"})
    before = number_of_rows()
    rows = KWON, BARE, BARE | {"text": ""}
    dry = run(*rows, dry_run=True, correction=WHY)
    assert number_of_rows() == before
    assert Quote.objects.get().said_on == "2025"
    assert dry == run(*rows, correction=WHY)
    assert (dry.new, dry.changed, dry.refused) == (1, 1, 1)


# --- Changes --------------------------------------------------------------------------------------


def test_the_same_reference_changes_what_is_given_and_leaves_the_rest(
    run: Load, editor: AbstractBaseUser
):
    run(KWON)
    needed = ("reference", "speaker", "article_url", "headline", "publisher")
    row = {name: KWON[name] for name in needed}
    changes = {"text": "Infrastructure is our destiny", "said_on": "2025-05", "topics": "Fate"}
    loaded = run(row | changes | {"organisation": "SoftBank", "title": "Adviser"}, correction=WHY)
    assert loaded == Loaded(rows=1, changed=1)
    quote = Quote.objects.get()
    assert quote.text == "Infrastructure is our destiny"
    assert (quote.said_on, str(quote.said_latest)) == ("2025-05", "2025-05-31")
    assert [topic.name for topic in quote.topics.all()] == ["Fate"]
    assert quote.position.title_and_organisation == "Adviser, SoftBank"
    assert (quote.kind, quote.lead.locator, quote.is_published) == ("mixed", "3", True)
    for model, record in ((Quote, quote), (Citation, quote.lead)):
        newest, oldest = model.history.filter(id=record.pk)
        assert (newest.history_type, newest.history_user) == ("~", editor)
        assert oldest.history_type == "+"
    assert [t.topic.name for t in Quote.history.first().topics.all()] == ["Fate"]
    assert quote.updated_at > quote.created_at
    quote.full_clean()


def test_our_own_number_names_a_quote_too(run: Load, make_quote: Callable[..., Quote]):
    quote = make_quote(article=Article.objects.create(url_as_typed="https://example.org/1"))
    row = {"text": quote.text, "speaker": "Jason Kwon", "article_url": "https://example.org/1"}
    assert run(row | {"reference": f"#{quote.pk}", "said_on": "2025"}, correction=WHY).changed == 1
    quote.refresh_from_db()
    assert (quote.said_on, quote.reference) == ("2025", None)
    assert run(row | {"reference": f"#{quote.pk}"}).unchanged == 1
    loaded = run(row | {"reference": f"#{quote.pk + 1}"})
    assert told(loaded) == [(2, "reference")]
    assert run(row | {"reference": "#one"}).refused == 1


def test_other_words_have_not_been_checked(
    run: Load, make_quote: Callable[..., Quote], make_article: Callable[..., Article]
):
    page = make_article("A page", url_as_typed="https://example.org/1")
    copy = Capture.objects.create(article=page, method="fetched", taken_at=timezone.now())
    checked = {"check_result": "exact", "checked_in": copy, "checked_at": timezone.now()}
    quote = make_quote(
        reference="k",
        article=page,
        citation=checked | {"selectors": to_json([Selector("x")]), "start": 1, "end": 2},
    )
    row = {"reference": "k", "speaker": "Jason Kwon", "article_url": "https://example.org/1"}
    run(row | {"text": "infrastructure is destiny", "language": "en-GB"}, correction=WHY)
    quote.lead.refresh_from_db()
    assert (quote.lead.check_result, quote.lead.language) == ("exact", "en-GB")
    run(row | {"text": "infrastructure was destiny"}, correction=WHY)
    quote.lead.refresh_from_db()
    assert (quote.lead.check_result, quote.lead.checked_in, quote.lead.selectors) == (
        "unchecked",
        None,
        [],
    )
    quote.lead.full_clean()


def test_a_speaker_may_change_with_the_position(run: Load):
    run(KWON)
    other = KWON | {"speaker": "Sam Altman"}
    without = {name: v for name, v in other.items() if name not in ("organisation", "title")}
    assert told(run(without)) == [(2, "title")]
    assert run(other | {"title": "Chief Executive"}, correction=WHY).changed == 1
    quote = Quote.objects.get()
    assert str(quote.position) == "Sam Altman: Chief Executive, OpenAI"
    unnamed = {**without, "speaker": "", "described_as": "an executive"}
    assert run(unnamed, correction=WHY).changed == 1
    quote.refresh_from_db()
    assert (quote.speaker, quote.position) == (None, None)
    assert quote.speaker_described_as == "an executive"
    assert run(KWON, correction=WHY).changed == 1
    quote.refresh_from_db()
    assert (str(quote.speaker), quote.speaker_described_as) == ("Jason Kwon", "")
    quote.full_clean()


def test_a_joint_statement_keeps_its_speaker(run: Load, make_speaker: Callable[..., Speaker]):
    run(KWON)
    JointSpeaker.objects.create(quote=Quote.objects.get(), speaker=make_speaker("Sam Altman"))
    assert told(run(KWON | {"speaker": "Sam Altman"})) == [(2, "speaker")]
    assert run(KWON).unchanged == 1


def test_a_draft_is_published_and_a_published_quote_is_not_hidden(run: Load):
    run(KWON | {"status": ""}, BARE | {"reference": "b"})
    assert run(KWON | {"status": "in review"}).changed == 1
    assert Quote.objects.get(reference="seoul-1").status == "in review"
    assert run(KWON, BARE | {"reference": "b", "status": "published"}).changed == 2
    assert Quote.objects.published().count() == 2
    loaded = run(KWON | {"status": "draft"})
    assert (loaded.unchanged, loaded.refused, loaded.notes) == (1, 0, 1)
    assert told(loaded) == [(2, "status")]
    assert Quote.objects.published().count() == 2


@pytest.mark.parametrize("verb", ["hold", "withdraw", "redact"])
@pytest.mark.parametrize("reference", ["seoul-1", ""])
def test_what_an_editor_has_hidden_stays_hidden(
    verb: str, reference: str, run: Load, editor: AbstractBaseUser
):
    run(KWON | {"reference": reference})
    how = {
        "withdraw": {"category": "our error", "reason": "Not said."},
        "redact": {"category": "privacy"},
    }
    getattr(Quote.objects.get(), verb)(by=editor, **how.get(verb, {}))
    before = number_of_rows()
    loaded = run(KWON | {"reference": reference, "said_on": "2025"})
    assert (loaded.new, loaded.changed) == (0, 0)
    assert loaded.notes + loaded.refused == 1
    assert number_of_rows() == before
    assert not Quote.objects.published().exists()


def test_a_quote_joined_into_another_stays_joined(run: Load, editor: AbstractBaseUser):
    other = KWON | {"reference": "2", "article_url": "https://example.org/2"}
    run(KWON, other)
    kept, joined = Quote.objects.order_by("pk")
    kept.absorb(joined, by=editor)
    assert run(KWON, other) == Loaded(rows=2, unchanged=2)


def test_an_article_on_record_stays_as_it_is_and_the_row_is_told_so(run: Load):
    run(KWON)
    row = KWON | {"reference": "2", "text": "More.", "headline": "Another headline"}
    loaded = run(row)
    assert (loaded.new, loaded.notes, told(loaded)) == (1, 1, [(2, "headline")])
    assert Article.objects.get().headline == KWON["headline"]


# --- Who and what is meant ------------------------------------------------------------------------


def test_names_are_known_again_in_other_letters(run: Load):
    run(KWON)
    count = {model: model.objects.count() for model in (Speaker, Publisher, Position, Article)}
    shouted = {name: KWON[name].upper() for name in ("speaker", "organisation", "title")}
    url = {"article_url": "https://example.org/2", "publisher": "ai MATTERS"}
    assert run(KWON | shouted | url | {"reference": "2", "text": "More."}).new == 1
    count[Article] += 1
    assert count == {model: model.objects.count() for model in count}


def test_a_namesake_is_not_guessed(run: Load, make_speaker: Callable[..., Speaker]):
    make_speaker("Jason Kwon", description="CSO")
    make_speaker("Jason Kwon", description="chess player")
    loaded = run(KWON, BARE)
    assert (loaded.new, told(loaded)) == (1, [(2, "speaker")])
    assert "2 on record have this name" in loaded.problems[0].message
    assert not Article.objects.filter(url__isnull=False).exists()


def test_an_organisation_speaks_when_its_kind_is_given(run: Load):
    row = {"text": "We are open.", "speaker": "OpenAI", "article_url": "https://example.org/1"}
    run(row | {"speaker_kind": "organisation"})
    assert told(run(row | {"text": "More."})) == [(2, "speaker")]
    assert Speaker.objects.get().is_organisation


def test_the_position_held_at_the_time_is_meant(run: Load, make_position: Callable[..., Position]):
    first = make_position(since="2020", until="2021")
    make_position(first.person, first.organisation, since="2024")
    row = {name: KWON[name] for name in ("text", "speaker", "organisation", "title", "article_url")}
    assert run(row | {"said_on": "2020-05"}).new == 1
    assert Quote.objects.get().position == first
    assert told(run(row | {"text": "Undated."})) == [(2, "title")]


def test_sources_without_an_address_are_known_by_headline_publisher_and_date(run: Load):
    dated = BARE | {"published_on": "2025"}
    rows = [dated, dated | {"text": "b"}, BARE | {"text": "c"}, dated | {"published_on": "2024"}]
    assert run(*rows).new == 4
    assert Article.objects.count() == 3
    assert run(*rows) == Loaded(rows=4, unchanged=4)
    assert run(BARE | {"headline": "Another"}).new == 1


def test_slugs_of_many_stay_unique(run: Load, make_speaker: Callable[..., Speaker]):
    make_speaker("Jason Kwon", kind="organisation").rename("OpenAI", by=None)
    rows = [
        KWON | {"reference": name, "speaker": name, "topics": f"{name}!;{name}?"}
        for name in ("Jason-Kwon", "Jason Kwón", "Jason Kwon", "JASON, KWON")
    ]
    rows = [row | {"text": f"Words of {row['speaker']}."} for row in rows]
    assert run(*rows).new == 4
    for model in (Speaker, Topic):
        slugs = list(model.objects.values_list("slug", flat=True))
        assert len(slugs) == len(set(slugs))
        assert all(slugs)
    assert Speaker.objects.filter(slug="jason-kwon").count() == 0  # an old address, for ever


# --- What is refused ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "fields"),
    [
        ({"text": ""}, ["text"]),
        ({"text": "<b>bold</b>"}, ["text"]),
        ({"text": "“infrastructure is destiny”"}, ["text"]),
        ({"speaker": ""}, ["speaker"]),
        ({"described_as": "an executive"}, ["described_as"]),
        ({"article_url": "ftp://example.org/"}, ["article_url"]),
        ({"article_url": "", "publisher": ""}, ["article_url"]),
        ({"said_on": "May 2025"}, ["said_on"]),
        ({"said_on": "../.."}, ["said_on"]),
        ({"said_on": "9998"}, ["said_on"]),
        ({"published_on": "3000-01-01"}, ["published_on"]),
        ({"language": "English"}, ["language"]),
        ({"kind": "loud"}, ["kind"]),
        ({"basis": "hearsay"}, ["basis"]),
        ({"status": "withdrawn"}, ["status"]),
        ({"attribution": "certain"}, ["attribution"]),
        ({"attribution": "disputed", "attribution_reason": ""}, ["attribution_reason"]),
        ({"title": ""}, ["title"]),
        ({"organisation": ""}, ["organisation"]),
        ({"speaker_kind": "organisation"}, ["title"]),
        ({"speaker_kind": "robot"}, ["speaker_kind"]),
        ({"speaker": "", "described_as": "x"}, ["title"]),
        ({"reference": "x" * 101}, ["reference"]),
        ({"topics": f"AI;{'x' * 101}"}, ["topics"]),
        ({"speaker": "x" * 201}, ["speaker"]),
        ({"text": "", "said_on": "soon", "kind": "?"}, ["kind", "said_on", "text"]),
    ],
)
def test_a_faulty_row_is_refused_with_its_line_and_all_its_columns(
    change: dict[str, str], fields: list[str], run: Load
):
    loaded = run(BARE, KWON | change)
    assert (loaded.rows, loaded.new, loaded.refused) == (2, 1, 1)
    assert sorted(told(loaded)) == [(3, field) for field in fields]
    assert all(problem.message for problem in loaded.problems)
    assert not Speaker.objects.exists()


def test_rows_that_are_not_as_wide_as_the_header_are_refused(run: Load):
    content = (
        as_csv(BARE) + "too,few\r\n" + as_csv(BARE).splitlines()[1] + ",one more\r\n,,,,,\r\n\r\n"
    )
    loaded = run(content)
    assert (loaded.rows, loaded.new, told(loaded)) == (3, 1, [(3, ""), (4, "")])
    assert "It has 2 cells, and the header has 4." in loaded.problems[0].message


def test_lines_are_counted_as_an_editor_counts_them(run: Load):
    rows = BARE | {"text": "Two\r\nlines."}, BARE | {"text": ""}, BARE | {"text": "Three."}
    loaded = run(*rows)
    assert told(loaded) == [(4, "text")]
    assert Citation.objects.order_by("pk").first().text == "Two\nlines."


@pytest.mark.parametrize(
    ("line", "field"),
    [
        ("not JSON", ""),
        ('{"text": "x"', ""),
        ("[1]", ""),
        ('"x"', ""),
        ('{"text": "x", "text": "y"}', ""),
        ('{"words": "x"}', "words"),
        ('{"text": ["x"]}', "text"),
        ('{"text": {"a": 1}}', "text"),
        ('{"text": 1.5}', "text"),
        ('{"text": true}', "text"),
        ('{"locator": %s}' % ("9" * 5_000), ""),
        ("[" * 100_000, ""),
    ],
)
def test_a_line_that_is_no_row_is_refused(line: str, field: str, run: Load):
    loaded = run(f"{json.dumps(BARE)}\n{line}\n{json.dumps(KWON)}")
    assert (loaded.new, loaded.refused, told(loaded)) == (2, 1, [(2, field)])


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "quotes.csv is empty"),
        (b"\xef\xbb\xbf", "quotes.csv is empty"),
        (b"\r\n \r\n", "quotes.csv is empty"),
        (b"PK\x03\x04...", "no text in UTF-8 .Excel"),
        ("text,speaker".encode("utf-16"), "no text in UTF-8 .UTF-16"),
        (b"\x00\x01\x02\x03" * 50, "no text in UTF-8"),
        (b"text,speaker,article_url,words", "There is no column “words”. Known are reference, text"),
        (b"text,speaker,article_url,Text", "There are two columns “text”"),
        (b"speaker,article_url", "The column “text” is missing"),
        (b"text,article_url", "A column is missing: “speaker”"),
        (b"text,speaker,headline", "A column is missing: “article_url”"),
        (b'[{"text": "x"}]', "A list of rows cannot be read"),
        (b'"text', "A quotation mark is opened here"),
        ("text,speaker,article_url\n말,김구,x".encode("euc-kr"), "from line 2 on: it is not in UTF-8"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_spreadsheet_of_quotes_is_refused(
    content: bytes, message: str, run: Load
):
    with pytest.raises(SpreadsheetError, match=message):
        run(content)
    assert not Quote.objects.exists()


def test_a_header_alone_is_a_file_without_rows(run: Load):
    assert run("text,speaker,article_url\n") == Loaded()


@pytest.mark.parametrize("path", ["nowhere.csv", "."])
def test_a_file_that_cannot_be_read_is_named(path: str, tmp_path: Path):
    with pytest.raises(SpreadsheetError, match="cannot be read"):
        Sheet(tmp_path / path)


def test_one_enormous_cell_refuses_its_own_row_alone(run: Load):
    rows = BARE, BARE | {"text": "x" * 10_000_000}, BARE | {"text": "y" * 30_000}, KWON
    loaded = run(*rows)
    assert (loaded.new, told(loaded)) == (2, [(3, ""), (4, "text")])


def test_stray_quotation_marks_are_told(run: Load):
    header, row = as_csv(BARE).splitlines()
    loaded = run(f'{header}\n"a" b,x,y,z\n{row}\n"never closed,x,y,z\nmore\n')
    assert (loaded.new, told(loaded)) == (1, [(2, ""), (4, "")])


def test_a_nul_is_refused_in_its_cell(run: Load):
    loaded = run(as_csv(BARE | {"text": "a\0b"}, KWON))
    assert (loaded.new, told(loaded)) == (1, [(2, "text")])


def test_problems_that_are_kept_are_bounded_and_all_are_told(run: Load):
    rows = [BARE | {"text": f"<b>{n}</b>"} for n in range(150)]
    heard: list[Problem] = []
    loaded = run(*rows, tell=heard.append)
    assert len(heard) == loaded.refused == 150
    assert (len(loaded.problems), loaded.untold) == (100, 50)
    assert str(heard[0]).startswith("line 2, text: This contains HTML")


def payloads() -> list[str]:
    found = []
    for path in sorted(HOSTILE.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            payload = json.loads(line).get("payload")
            if isinstance(payload, str) and len(payload) < 100_000:
                found.append(payload)
    return found


@pytest.mark.skipif(not HOSTILE.exists(), reason="the shared data is not here")
@pytest.mark.parametrize("column", ["text", "speaker", "headline", "said_on", "article_url"])
def test_hostile_cells_are_taken_as_text_or_refused_with_a_message(column: str, run: Load):
    rows = [KWON | {"reference": str(n), column: each} for n, each in enumerate(payloads())]
    assert len(rows) > 1_000
    loaded = run("\n".join(map(json.dumps, rows)))
    assert loaded.new + loaded.refused == loaded.rows == len(rows)
    assert loaded.new == Quote.objects.count() == Citation.objects.count()
    assert loaded.new or loaded.refused
    assert all(problem.message.isprintable() for problem in loaded.problems)
    for record in (*Quote.objects.all()[:50], *Citation.objects.all()[:50]):
        record.full_clean()


@pytest.mark.skipif(not HOSTILE.exists(), reason="the shared data is not here")
def test_hostile_files_are_read_or_refused(run: Load):
    for payload in payloads():
        with suppress(SpreadsheetError):
            run(payload.encode("utf-8", "surrogatepass"))
    assert not Quote.objects.exists()


def test_every_column_is_described_in_readme():
    readme = (Path(__file__).resolve().parents[1] / "README.md").read_text()
    section = readme.partition("## Import a spreadsheet")[2].partition("\n## ")[0]
    assert [name for name in COLUMNS if f"`{name}`" not in section] == []


# --- Whose words they are -------------------------------------------------------------------------

SAID = {
    "reference": "k",
    "text": "infrastructure is destiny",
    "speaker": "Jason Kwon",
    "article_url": "https://example.org/1",
    "attribution_reason": "So.",
    "status": "published",
}


@pytest.mark.parametrize(
    ("attribution", "basis", "column", "why"),
    [
        ("confirmed", "recording", "", ""),
        ("confirmed", "own publication", "", ""),
        ("confirmed", "re-report", "basis", "Nothing on record confirms it"),
        ("confirmed", "", "basis", "Nothing on record confirms it"),
        ("disputed", "recording", "status", "another editor must publish it"),
        ("misattributed", "recording", "status", "another editor must publish it"),
    ],
)
def test_a_new_quote_is_published_only_with_what_its_attribution_needs(
    run: Load, editor: AbstractBaseUser, attribution: str, basis: str, column: str, why: str
):
    row = SAID | {"attribution": attribution, "basis": basis}
    loaded = run(row)
    if not column:
        assert loaded == Loaded(rows=1, new=1)
    else:
        assert told(loaded) == [(2, column)]
        assert why in loaded.problems[0].message
        assert not Quote.objects.exists()
        assert run(row | {"status": "draft"}).new == 1
    assert Quote.objects.get().attributed_by == editor


def test_the_command_publishes_what_is_disputed_and_not_what_lacks_citations(
    write: Callable[[str | bytes], Path],
):
    rows = [
        SAID | {"reference": str(n), "text": f"Words {n}.", "attribution": attribution}
        for n, attribution in enumerate(("disputed", "misattributed"))
    ]
    with Sheet(write(as_csv(*rows))) as sheet:
        loaded = load(sheet, by=None)
    assert told(loaded) == [(3, "status")]
    assert "two more citations" in loaded.problems[0].message
    assert Quote.objects.published().get().attribution == "disputed"


@pytest.mark.parametrize("attribution", ["disputed", "misattributed"])
def test_what_readers_see_is_not_disputed_by_a_row(run: Load, attribution: str):
    run(SAID | {"attribution_reason": ""})
    loaded = run(SAID | {"attribution": attribution, "said_on": "2025"})
    assert told(loaded) == [(2, "attribution")]
    assert "Hold it first" in loaded.problems[0].message
    kept = Quote.objects.get()
    assert (kept.attribution, kept.said_on) == ("unverified", "")


def test_what_readers_see_is_confirmed_by_a_row_with_grounds(run: Load, editor: AbstractBaseUser):
    run(SAID | {"attribution_reason": ""})
    row = SAID | {"attribution": "confirmed"}
    assert told(run(row)) == [(2, "attribution")]
    assert run(row | {"basis": "transcript"}).changed == 1
    kept = Quote.objects.get()
    assert (kept.attribution, kept.attributed_by) == ("confirmed", editor)
    assert kept.attributed_at is not None
    assert told(run(row | {"basis": "unknown"})) == [(2, "basis")]
    assert run(row | {"attribution": "unverified", "basis": "unknown"}).changed == 1
    assert Quote.objects.get().attributed_by is None


def test_a_second_independent_source_on_record_confirms_a_row(
    run: Load, make_quote: Callable[..., Quote], make_citation: Callable[..., Citation]
):
    first, second = (
        Article.objects.create(
            url_as_typed=f"https://example.org/{n}", publisher=Publisher.objects.create(name=str(n))
        )
        for n in (1, 2)
    )
    quote = make_quote(reference="k", article=first)
    row = SAID | {"attribution": "confirmed"}
    assert told(run(row)) == [(2, "attribution")]
    make_citation(quote, article=second)
    assert run(row).changed == 1


def test_a_draft_that_a_row_disputes_waits_for_another_editor(run: Load):
    run(SAID | {"status": "draft", "attribution_reason": ""})
    loaded = run(SAID | {"attribution": "disputed"})
    assert (loaded.changed, told(loaded)) == (1, [(2, "status")])
    assert "another editor" in loaded.problems[0].message
    assert Quote.objects.get().status == "draft"


# --- What readers have seen does not change unseen -----------------------------------------------------

OTHERWISE = {
    "text": "infrastructure is fate",
    "speaker": "Sam Altman",
    "said_on": "2025-05-27",
    "organisation": "OpenAI",
    "title": "Chief Executive",
}


def test_readers_are_told_of_each_change_that_an_import_makes(
    run: Load, editor: AbstractBaseUser
) -> None:
    run(KWON)
    loaded = run(KWON | OTHERWISE, correction=WHY)
    assert (loaded.changed, loaded.refused, loaded.unexplained) == (1, 0, 0)
    quote = Quote.objects.get()
    told = {each.field: each for each in Correction.objects.all()}
    assert {name: (each.before, each.after) for name, each in told.items()} == {
        "words": ("infrastructure is destiny", "infrastructure is fate"),
        "speaker": ("Jason Kwon", "Sam Altman"),
        "said on": ("26 May 2025", "27 May 2025"),
        "position then": ("Chief Strategy Officer, OpenAI", "Chief Executive, OpenAI"),
    }
    for each in told.values():
        assert (each.quote, each.kind, each.text, each.made_by) == (quote, "update", WHY, editor)
        each.full_clean()
        kept = each.history.get()
        assert (kept.history_type, kept.history_user, kept.text) == ("+", editor, WHY)
    assert Correction.objects.to_list().count() == 4
    assert run(KWON | OTHERWISE).unchanged == 1


@pytest.mark.parametrize("column", ["text", "speaker", "said_on", "title"])
def test_without_a_sentence_for_readers_such_a_row_is_refused_and_nothing_is_lost(
    run: Load, column: str
) -> None:
    run(KWON)
    before = number_of_rows()
    change = {column: OTHERWISE[column]}
    if column == "speaker":
        change |= {"organisation": "A Lab", "title": "Founder"}
    loaded = run(KWON | change, BARE)
    assert (loaded.new, loaded.changed, loaded.refused, loaded.unexplained) == (1, 0, 1, 1)
    (problem,) = loaded.problems
    assert (problem.line, problem.field) == (2, column)
    assert "--correction" in problem.message
    quote = Quote.objects.get(reference="seoul-1")
    assert (quote.text, str(quote.speaker)) == (KWON["text"], "Jason Kwon")
    assert quote.said_on == "2025-05-26"
    assert not Speaker.objects.filter(name__in=["Sam Altman", "A Lab"]).exists()
    assert not Position.objects.exclude(title="Chief Strategy Officer").exists()
    assert number_of_rows()["tracker_correction"] == before["tracker_correction"] == 0


def test_what_readers_have_not_seen_or_are_not_told_so_changes_without_a_word(run: Load) -> None:
    run(KWON)
    assert run(KWON | {"topics": "Roads", "locator": "4"}).changed == 1
    draft = KWON | {"reference": "seoul-2", "status": "draft", "locator": "9"}
    run(draft)
    assert run(draft | {"text": "something else", "said_on": "2024"}).changed == 1
    assert not Correction.objects.exists()


def test_corrections_of_many_quotes_take_no_statement_each(run: Load) -> None:
    def changed(many: int) -> int:
        rows = [
            KWON | {"reference": f"many-{many}-{n}", "locator": f"{many}-{n}"} for n in range(many)
        ]
        run(*rows)
        with CaptureQueriesContext(connection) as asked:
            loaded = run(*(row | {"said_on": "2024"} for row in rows), correction=WHY)
        assert loaded.changed == many
        about = [each["sql"] for each in asked if "correction" in each["sql"]]
        return len([sql for sql in about if "search_todo" not in sql])

    assert changed(3) == changed(30)


@pytest.mark.parametrize(
    ("column", "changes"),
    [
        ("said_on", {"said_on": "2019"}),
        ("speaker", {"speaker": "Sam Altman"}),
        ("kind", {"kind": "indirect"}),
    ],
)
def test_what_a_link_rests_on_is_not_changed_by_a_row(
    run: Load, make_quote: Callable[..., Quote], column: str, changes: dict[str, str]
):
    article = Article.objects.create(url_as_typed="https://example.org/1")
    earlier = make_quote("never", said_on="2020")
    later = make_quote("I was wrong", said_on="2021", reference="k", article=article)
    link = QuoteLink.objects.create(later=later, earlier=earlier, kind="withdraws", note="So.")
    link.publish(by=None)
    row = {"reference": "k", "speaker": "Jason Kwon", "text": "I was wrong"}
    loaded = run(
        row | {"article_url": "https://example.org/1"} | changes,
        BARE | {"said_on": "2025"},
        correction=WHY,
    )
    (problem,) = loaded.problems
    assert (problem.line, problem.field, loaded.new) == (2, column, 1)
    assert Quote.objects.get(pk=later.pk).said_on == "2021"
    assert not Correction.objects.exists()


def test_what_readers_are_told_of_disputed_words_is_not_changed_by_one_editors_row(
    run: Load, make_quote: Callable[..., Quote], editor: AbstractBaseUser
):
    article = Article.objects.create(url_as_typed="https://example.org/1")
    how = {"attribution": "disputed", "attribution_reason": "His office disputes it."}
    quote = make_quote("never", reference="k", article=article, said_on="2020", **how)
    row = {"reference": "k", "speaker": "Jason Kwon", "text": "never"}
    row |= {"article_url": "https://example.org/1"}
    for change in (
        {"attribution": "disputed", "attribution_reason": "He made it up."},
        {"said_on": "2019"},
    ):
        (problem,) = run(row | change, correction=WHY).problems
        assert "Hold it first" in problem.message
    assert not Correction.objects.exists()
    kept = Quote.objects.get(pk=quote.pk)
    assert (kept.attribution_reason, kept.said_on) == ("His office disputes it.", "2020")
