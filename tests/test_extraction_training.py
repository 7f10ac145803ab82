"""Training the extractor: what is read, what is learned, how it is scored, and the two commands."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.management import CommandError, call_command

from tracker.extraction import learning, scoring
from tracker.extraction.samples import GoldQuote, Sample, SampleError, read_documents, read_samples
from tracker.extraction.scoring import Predicted, scores
from tracker.management.commands import train_extractor

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data" / "quotes"
TEXT = "“We will build it,” said Anna Bell. Bell said that it would take a year."


def _place(words: str, text: str = TEXT) -> tuple[int, int]:
    start = text.index(words)
    return start, start + len(words)


def _article(number: int) -> dict[str, Any]:
    """An annotated article; they differ in their names, so that there is something to learn."""
    first = f"{('Anna', 'Ben', 'Carl', 'Dora')[number % 4]} {('Bell', 'Kent')[number % 2]}"
    text = TEXT.replace("Anna Bell", first)
    rows = [("“We will build it,”", first, "said"), ("that it would take a year", "Bell", "said")]
    quotes = []
    for words, speaker, cue in rows:
        start, end = _place(words, text)
        speaker_start = (
            text.find(speaker, end) if words.startswith("“") else text.rfind(speaker, 0, start)
        )
        cue_start = text.find(cue, end) if words.startswith("“") else text.rfind(cue, 0, start)
        quotes.append(
            {
                "parts": [[start, end]],
                "speaker_start": speaker_start,
                "speaker_end": speaker_start + len(speaker),
                "cue_start": cue_start,
                "cue_end": cue_start + len(cue),
            }
        )
    return {"doc_id": str(number), "text": text, "quotes": quotes}


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    def write(*rows: Any, name: str = "articles.jsonl") -> Path:
        path = tmp_path / name
        lines = [row if isinstance(row, str) else json.dumps(row) for row in rows]
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return path

    return write


# ---- Files ----


def test_articles_are_read_with_their_quotes(write) -> None:
    (sample,) = read_samples(write(_article(0)))
    quote = sample.quotes[0]
    assert sample.text[slice(*quote.parts[0])] == "“We will build it,”"
    assert quote.speaker
    assert sample.text[slice(*quote.speaker)] == "Anna Bell"
    assert quote.is_speech


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("{", "line 2: this is not JSON"),
        ("[]", "line 2: a line must be one JSON object"),
        ({"text": "a", "quotes": []}, "line 2: “doc_id” must be"),
        ({"doc_id": "1", "text": None, "quotes": []}, "line 2: “text” must be"),
        ({"doc_id": "1", "text": "a"}, "line 2: “quotes” must be a list"),
        ({"doc_id": "1", "text": "a", "quotes": [1]}, "line 2, quote 1: a quote must be"),
        (
            {"doc_id": "1", "text": "abc", "quotes": [{"start": 2, "end": 9}]},
            "which has 3 characters",
        ),
        ({"doc_id": "1", "text": "abc", "quotes": [{"start": 0, "end": True}]}, "line 2, quote 1"),
        (
            {"doc_id": "1", "text": "abc", "quotes": [{"start": 0, "end": 1, "cue_start": 1}]},
            "“cue” is no place",
        ),
    ],
)
def test_a_bad_line_is_told_with_its_number(write, row: Any, message: str) -> None:
    with pytest.raises(SampleError, match=message):
        read_samples(write({"doc_id": "0", "text": "a", "quotes": []}, row))


def test_a_file_that_is_not_there_or_not_utf_8_is_told(tmp_path: Path) -> None:
    with pytest.raises(SampleError, match="No such file"):
        list(read_documents(tmp_path / "none.jsonl"))
    path = tmp_path / "latin.jsonl"
    path.write_bytes(b'{"doc_id": "1", "text": "caf\xe9"}\n')
    with pytest.raises(SampleError, match="not UTF-8"):
        list(read_documents(path))


# ---- Learning to choose ----


def test_the_learner_prefers_what_was_right_and_gives_chances() -> None:
    choices = [learning.Choice([["near"], ["far"], ["far", "said"]], frozenset({0}))] * 20
    weights = learning.learn(choices)
    chances = learning.probabilities(weights, [["far"], ["near"]])
    assert sum(chances) == pytest.approx(1)
    assert chances[1] > 0.8
    assert learning.learn(choices) == weights


# ---- Scores ----


def _sample(*quotes: tuple[str, str]) -> Sample:
    gold = [
        GoldQuote((_place(words),), _place(speaker) if speaker else None, None, (), True)
        for words, speaker in quotes
    ]
    return Sample("1", TEXT, tuple(gold))


def _score(what: str, sample: Sample, *found: Predicted) -> scoring.Score:
    (score,) = (score for score in scores([(sample, found)]) if score.what == what)
    return score


def test_words_with_the_right_speaker_count_whatever_their_marks() -> None:
    sample = _sample(("“We will build it,”", "Anna Bell"))
    found = Predicted((_place("We will build it"),), _place("Anna Bell"), "")
    assert _score("words with speaker", sample, found).f1 == 1
    assert _score("in marks with speaker", sample, found).f1 == 1


def test_another_mention_of_the_same_name_is_right_and_another_name_is_not() -> None:
    sample = _sample(("“We will build it,”", "Anna Bell"))
    place = _place("We will build it")
    assert _score("words with speaker", sample, Predicted((place,), None, "A. Bell")).right == 1
    assert _score("words with speaker", sample, Predicted((place,), None, "Ben Kent")).right == 0
    assert _score("words", sample, Predicted((place,), None, "Ben Kent")).right == 1


def test_what_was_missed_and_what_was_made_up_lower_the_score() -> None:
    sample = _sample(("“We will build it,”", "Anna Bell"), ("that it would take a year", "Bell"))
    score = _score(
        "words",
        sample,
        Predicted((_place("We will build it"),), None, ""),
        Predicted((_place("said Anna Bell"),), None, ""),
    )
    assert (score.precision, score.recall, score.f1) == (0.5, 0.5, 0.5)


# ---- The commands ----


def test_training_twice_gives_the_same_weights_and_prints_the_scores(
    write, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    train = write(*[_article(n) for n in range(15)])
    more = write(*[_article(n) for n in range(15, 30)], name="confirmed.jsonl")
    test = write(*[_article(n) for n in range(30, 34)], name="test.jsonl")
    written = []
    for name in ("one", "other"):
        output = tmp_path / name
        options = ["--confirmed", str(more), "--test", str(test), "--output", str(output)]
        call_command("train_extractor", str(train), *options)
        written.append({path.name: path.read_bytes() for path in output.iterdir()})
    assert written[0] == written[1]
    assert len(written[0]) == 2
    out = capsys.readouterr().out
    assert "Learned from 30 articles" in out
    assert "in marks with speaker" in out


def test_without_a_place_for_weights_training_says_how_to_give_one(
    write, settings: LazySettings
) -> None:
    settings.EXTRACTOR_WEIGHTS = None
    with pytest.raises(CommandError, match="EXTRACTOR_WEIGHTS"):
        call_command("train_extractor", str(write(_article(0))), output=None)


def test_a_training_file_that_is_missing_is_named_before_anything_else(
    write, tmp_path: Path, settings: LazySettings
) -> None:
    settings.EXTRACTOR_WEIGHTS = None
    with pytest.raises(CommandError, match=r"nofile\.jsonl: there is no such file"):
        call_command("train_extractor", str(tmp_path / "nofile.jsonl"), output=None)
    output = tmp_path / "weights"
    with pytest.raises(CommandError, match=r"nothing\.jsonl: there is no such file"):
        call_command(
            "train_extractor",
            str(write(_article(0))),
            confirmed=tmp_path / "nothing.jsonl",
            output=output,
        )
    assert not output.exists()


def test_too_few_articles_are_an_error(write, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="it takes 20 at least"):
        call_command("train_extractor", str(write(_article(0))), output=tmp_path)


def test_a_bad_training_file_is_told_before_anything_is_trained(write, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="line 1"):
        call_command("train_extractor", str(write("{")), output=tmp_path / "weights")
    assert train_extractor.Command.requires_system_checks == ()


def test_find_quotes_writes_a_line_for_each_article_and_asks_no_database(
    write, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    output = tmp_path / "found.jsonl"
    documents = write({"doc_id": 1, "text": TEXT}, {"doc_id": "2", "text": "", "lang": "ko"})
    call_command("find_quotes", str(documents), output=output)
    first, second = (json.loads(line) for line in output.read_text(encoding="utf-8").splitlines())
    assert (first["doc_id"], second["doc_id"], second["quotes"]) == ("1", "2", [])
    quote = first["quotes"][0]
    assert TEXT[quote["start"] : quote["end"]] == quote["text"] == "We will build it"
    assert TEXT[quote["speaker_start"] : quote["speaker_end"]] == quote["speaker"] == "Anna Bell"
    assert quote["cue"] == "said"
    assert first["seconds"] > 0
    assert "2 articles" in capsys.readouterr().out


def test_find_quotes_does_not_write_over_the_articles(write, tmp_path: Path) -> None:
    documents = write({"doc_id": "1", "text": TEXT})
    before = documents.read_bytes()
    other = tmp_path / "other.jsonl"
    other.symlink_to(documents)
    for output in (documents, other):
        with pytest.raises(CommandError, match="has the articles"):
            call_command("find_quotes", str(documents), output=output)
    assert documents.read_bytes() == before


def test_find_quotes_leaves_out_what_is_not_sure_enough(write, tmp_path: Path) -> None:
    output = tmp_path / "found.jsonl"
    call_command("find_quotes", str(write({"doc_id": "1", "text": TEXT})), output=output, least=1.0)
    assert json.loads(output.read_text(encoding="utf-8"))["quotes"] == []


def test_find_quotes_tells_a_bad_line_and_writes_nothing(write, tmp_path: Path) -> None:
    output = tmp_path / "found.jsonl"
    with pytest.raises(CommandError, match="line 2: “text” must be"):
        call_command(
            "find_quotes", str(write({"doc_id": "1", "text": ""}, {"doc_id": "2"})), output=output
        )
    assert not output.exists()


@pytest.mark.skipif(not SHARED.exists(), reason="the shared data is not here")
def test_the_shipped_weights_keep_their_promise_on_articles_that_they_have_not_seen() -> None:
    from tracker.extraction import TICKED_FROM, find_quotes

    everything, ticked = [], []
    for sample in read_samples(SHARED / "dev.jsonl"):
        rows = []
        for quote in find_quotes(sample.text, language="en"):
            parts = tuple((part.start, part.end) for part in quote.parts)
            speaker = (quote.speaker.start, quote.speaker.end) if quote.speaker else None
            rows.append((quote.confidence, Predicted(parts, speaker, quote.name)))
        everything.append((sample, [row for _, row in rows]))
        ticked.append((sample, [row for sure, row in rows if sure >= TICKED_FROM]))
    reached = {score.what: score.f1 for score in scores(everything)}
    assert reached["in marks with speaker"] >= 0.87
    assert reached["words with speaker"] >= 0.55
    assert reached["words with speaker, speech"] >= 0.63
    of_ticked = {score.what: score.precision for score in scores(ticked)}
    assert of_ticked["words with speaker"] >= 0.95
