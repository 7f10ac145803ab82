"""What stands in quotation marks, whatever the marks."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.extraction.marks import paragraphs, quoted_regions
from tracker.extraction.tagging import read


def inside(text: str) -> list[str]:
    return [text[region.start : region.end] for region in quoted_regions(text)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("“Yes,” he said, “no.”", ["“Yes,”", "“no.”"]),
        ('"Yes," he said, "no."', ['"Yes,"', '"no."']),
        ("Er sagte: „Ja“, und »nein«.", ["„Ja“", "»nein«"]),
        ("Il dit « oui », puis «non».", ["« oui »", "«non»"]),
        ("彼は「はい」と『いいえ』。", ["「はい」", "『いいえ』"]),
        ("``Yes,'' he said.", ["``Yes,''"]),
        ("“He told me ‘no’ twice,” she said.", ["“He told me ‘no’ twice,”"]),
        ('"He told me “no” twice," she said.', ['"He told me “no” twice,"']),
        ("“the best“ and “the most“", ["“the best“", "“the most“"]),
        ("A man of 6'2\" said “yes.”", ["“yes.”"]),
        ("The voters' right, and the judges' too.", []),
    ],
)
def test_every_kind_of_mark_is_read(text: str, found: list[str]) -> None:
    assert inside(text) == found


def test_an_article_in_single_marks_is_read_by_them_and_apostrophes_end_nothing() -> None:
    text = "‘The voters’ right isn’t a “gift”,’ he said. ‘We won’t sell it,’ he added."
    assert inside(text) == ["‘The voters’ right isn’t a “gift”,’", "‘We won’t sell it,’"]
    assert not any(region.is_minor for region in quoted_regions(text))


def test_single_marks_are_minor_where_quotations_stand_in_double_ones() -> None:
    text = "“We build roads here,” she said of the ‘big idea’."
    assert [region.is_minor for region in quoted_regions(text)] == [False, True]


def test_korean_particles_may_follow_a_mark() -> None:
    assert inside("그는 ‘운명’이라며 “좋다”고 말했다.") == ["‘운명’", "“좋다”"]


def test_a_mark_left_open_runs_to_the_end_of_its_paragraph_and_no_further() -> None:
    text = "“We began in March.\n“We end in May,” he said."
    first, second = quoted_regions(text)
    assert (first.is_closed, text[first.start : first.end]) == (False, "“We began in March.")
    assert text[second.start : second.end] == "“We end in May,”"


@given(st.text("“”‘’\"'„«»「」 \na.,s", max_size=200))
def test_regions_are_in_order_within_paragraphs_and_never_overlap(text: str) -> None:
    lines = list(paragraphs(text))
    end = 0
    for region in quoted_regions(text):
        assert end <= region.start < region.end
        assert any(a <= region.start and region.end <= b for a, b in lines)
        end = region.end


@given(st.text("“”‘’\"'`a.Bé9,-’s \n", max_size=200))
def test_words_are_the_text_without_its_spaces(text: str) -> None:
    joined = "".join(text[a:b] for p in read(text) for a, b in zip(p.starts, p.ends, strict=True))
    assert joined == "".join(text.split())


def test_a_sentence_goes_on_behind_the_quotation_in_it() -> None:
    (paragraph,) = read("“Is it over? Yes.” He left. “No,” she said. Mr. Kim stayed.")
    ends = {
        sentence: word for word, sentence in zip(paragraph.words, paragraph.sentences, strict=True)
    }
    assert list(ends.values()) == ["”", ".", ".", "."]
    assert len(ends) == 4
