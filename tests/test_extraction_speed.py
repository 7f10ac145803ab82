"""The extractor's work is bounded, whatever text it gets: tests/bench/importing.py says how long it takes."""

import pytest

from tracker.extraction import attributing, find_quotes, finding, patterns
from tracker.extraction.tagging import read

HOSTILE = {
    "ten thousand marks": '"a" ' * 5_000,
    "nothing but opening marks": "“" * 10_000,
    "nothing but straight marks": '"' * 500_000,
    "half a megabyte of quotes": '"I am here," said Jason Kwon. ' * 17_000,
    "half a megabyte of words": "word " * 100_000,
    "half a megabyte of names": "Jason Kwon said " * 31_000,
    "one word of half a megabyte": "a" * 500_000,
    "nothing but single marks": "'a' " * 125_000,
    "a line for each quote": "“a”\n" * 125_000,
    "nothing but labels": "KENT: yes no\n" * 38_000,
    "nothing but capitals": "A. " * 166_000,
    "apostrophes": "a'" * 250_000,
}


@pytest.mark.timeout(60)
@pytest.mark.parametrize("name", HOSTILE)
def test_any_text_is_done_with_and_what_is_found_lies_in_it(name: str) -> None:
    text = HOSTILE[name]
    for quote in find_quotes(text, language="en"):
        assert 0 <= quote.start < quote.end <= len(text)


def test_the_model_reads_no_more_words_than_it_has_time_for() -> None:
    for text in HOSTILE.values():
        words = sum(len(paragraph) for paragraph in read(text, most_words=finding._MOST_WORDS))
        assert words <= finding._MOST_WORDS + 1_500


def test_no_more_is_ranked_and_matched_than_there_is_time_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ranked = matched = 0
    rank, match = attributing._attribute, patterns._attribution

    def count_ranked(*args: object) -> object:
        nonlocal ranked
        ranked += 1
        return rank(*args)  # type: ignore[arg-type]

    def count_matched(*args: object) -> object:
        nonlocal matched
        matched += 1
        return match(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(attributing, "_attribute", count_ranked)
    monkeypatch.setattr(patterns, "_attribution", count_matched)
    find_quotes(HOSTILE["half a megabyte of quotes"], language="en")
    assert ranked <= 2 * attributing._MOST_SEGMENTS
    assert matched <= patterns._MOST_QUOTES + 1  # one is looked ahead


def test_what_the_model_did_not_read_is_found_by_patterns_and_says_so() -> None:
    text = "“We are here,” said Jason Kwon. He went on.\n" * 4_000
    found = find_quotes(text, language="en")
    assert "not_looked_at_closely" not in found[0].doubts
    assert "not_looked_at_closely" in found[-1].doubts
    assert found[-1].name == "Jason Kwon"
    assert found[-1].start > 100_000


def test_a_long_article_is_read_to_its_end_by_the_model() -> None:
    text = "Nothing happened on that day in the town, as always. " * 600
    text += "\n“We will rebuild the bridge,” said Anna Bell."
    (quote,) = (quote for quote in find_quotes(text, language="en") if quote.kind == "direct")
    assert quote.name == "Anna Bell"
    assert "not_looked_at_closely" not in quote.doubts
