"""Where a wording stands in a text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.anchoring import How, anchor, locate, text_fragment

TEXT = (
    "OpenAI opens an office in Seoul.\n\n"
    "Mr Kwon said that “AI infrastructure – will ultimately determine each country’s sovereignty.”\n\n"
    "“Infrastructure is destiny,” he said. “We don’t doubt it.” Infrastructure is destiny, again.\n\n"
    "그는 “인프라는 운명이다”라고 말했다. 彼は「インフラは運命だ」と語った。"
)


def found(wording: str, text: str = TEXT) -> list[tuple[str, str]]:
    return [(place.how, text[place.start : place.end]) for place in locate(wording, text)]


def test_all_exact_places_are_found_in_order() -> None:
    exact = ("exact", "Infrastructure is destiny")
    assert found("Infrastructure is destiny") == [exact, exact]
    first, second = locate("Infrastructure is destiny", TEXT)
    assert first.start < second.start
    assert first.distance == 0


def test_the_place_nearest_to_the_hint_comes_first() -> None:
    late = TEXT.rindex("Infrastructure")
    assert locate("Infrastructure is destiny", TEXT, hint=late)[0].start == late
    assert locate("Infrastructure is destiny", TEXT, hint=0)[0].start < late
    assert anchor("Infrastructure is destiny", TEXT, hint=late)[0].start == late


@pytest.mark.parametrize(
    ("wording", "there"),
    [
        ("infrastructure IS destiny", "Infrastructure is destiny"),
        ("AI infrastructure - will ultimately", "AI infrastructure – will ultimately"),
        ("each country's  sovereignty.", "each country’s sovereignty."),
        ("office in seoul mr kwon", "office in Seoul.\n\nMr Kwon"),
        ("'We don't doubt it'", "We don’t doubt it"),
        ("「인프라는 운명이다」", "인프라는 운명이다"),
        ("인프라는 운명이다", "인프라는 운명이다"),
    ],
)
def test_quotes_dashes_spaces_and_case_are_folded(wording: str, there: str) -> None:
    assert {words for _how, words in found(wording)} == {there}


@pytest.mark.parametrize(
    ("wording", "text", "there"),
    [
        ("Strassen sind da", "Die Straßen sind da.", "Straßen sind da"),
        ("finance office is", "The ﬁnance oﬃce is open", "ﬁnance oﬃce is"),
        ("josé is here", "So Jose\u0301 is here.", "Jose\u0301 is here"),
        ("한국은 강국이다", "그는 한국은 강국이다.", "한국은 강국이다"),
        ("ｗｉｄｅ words", "the wide words", "wide words"),
    ],
)
def test_positions_are_right_where_folding_changes_the_number_of_letters(
    wording: str, text: str, there: str
) -> None:
    assert found(wording, text) == [(How.FOLDED if wording != there else How.EXACT, there)]


@pytest.mark.parametrize(
    ("wording", "there", "distance"),
    [
        ("infrastructure will ultimately determine each nation’s sovereignty", "infrastructure – will ultimately determine each country’s sovereignty", 7),
        ("infrastucture is destny", "Infrastructure is destiny", 2),
        ("인프라가 운명이다", "인프라는 운명이다", 1),
    ],
)  # fmt: skip
def test_a_misquote_is_found_within_a_quarter_of_its_letters(
    wording: str, there: str, distance: int
) -> None:
    (place,) = locate(wording, TEXT)
    assert (place.how, TEXT[place.start : place.end]) == (How.FUZZY, there)
    assert place.distance == distance


@pytest.mark.parametrize("wording", ["", " ", "…", "the moon is made of cheese", "offs"])
def test_what_is_not_there_has_no_place(wording: str) -> None:
    assert locate(wording, TEXT) == ()


def test_words_are_not_found_within_longer_ones() -> None:
    assert locate("art", "The artistry of it.") == ()
    assert locate("now here", "It is nowhere.") == ()
    assert found("art", "The artistry of art.") == [("exact", "art")]


PIECES = "a not infra structure is don’t 5 ß é ﬁ 운명 運 命 “ ” , . – …"
WORDS = st.lists(st.sampled_from(PIECES.split()), max_size=20)


@given(WORDS, WORDS, WORDS)
def test_words_are_found_wherever_they_stand(
    before: list[str], words: list[str], behind: list[str]
) -> None:
    wording = " ".join(words)
    text = " ".join([*before, wording.upper(), *behind])
    places = locate(wording, text)
    assert bool(places) == any(map(str.isalnum, wording))
    for place in places:
        assert 0 <= place.start < place.end <= len(text)


@given(st.text(), st.text())
def test_any_wording_can_be_looked_for_in_any_text(wording: str, text: str) -> None:
    for place in locate(wording, text):
        assert 0 <= place.start < place.end <= len(text)
    text_fragment("https://example.org/", anchor(wording, text), text)


HOSTILE = {
    "one word": "a " * 500_000,
    "one letter": "a" * 1_000_000,
    "signs": "$" * 1_000_000,
    "dots": "." * 1_000_000,
    "cues": "“a,” he said, “" * 66_000,
    "brackets": "[a] " * 250_000,
    "Chinese": "不是" * 500_000,
    "letters that fold to two": "ß" * 1_000_000,
    "accents": "e\u0301 " * 333_000,
}


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.timeout(120)
def test_a_megabyte_is_searched_to_its_end(name: str) -> None:
    text = HOSTILE[name]
    for wording in (text[:10_000], text[:9_000] + " b", "…a " * 3_000, "[a] " * 2_500):
        address = text_fragment("https://example.org/", anchor(wording, text), text)
        assert address.startswith("https://example.org/")


# --- Links ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "directive"),
    [
        ("AI infrastructure", "text=AI%20infrastructure"),
        ("each country’s", "text=each%20country%E2%80%99s"),
        ("We don’t doubt", "text=We%20don%E2%80%99t%20doubt"),
    ],
)
def test_a_link_names_the_words_alone_when_they_stand_there_once(
    words: str, directive: str
) -> None:
    link = text_fragment("https://example.org/a", anchor(words, TEXT), TEXT)
    assert link == f"https://example.org/a#:~:{directive}"


def test_signs_that_mean_something_in_a_link_are_encoded() -> None:
    text = "It is a full-stack, 5% & more: plan?"
    link = text_fragment("https://example.org/", anchor("full-stack, 5% & more: plan", text), text)
    assert link.endswith("#:~:text=full%2Dstack%2C%205%25%20%26%20more%3A%20plan")


def test_words_that_stand_there_twice_are_told_apart_by_their_neighbours() -> None:
    late = anchor("Infrastructure is destiny", TEXT, hint=TEXT.rindex("Infrastructure"))
    link = text_fragment("https://example.org/", late, TEXT)
    assert link.endswith(":~:text=Infrastructure%20is%20destiny,-%2C%20again")


def test_long_words_are_named_by_their_first_and_last() -> None:
    text = (
        f"One. {'Many words that go on and on. ' * 20}And the very last words of it end here. Two."
    )
    words = text[5 : text.index(" Two")]
    link = text_fragment("https://example.org/", anchor(words, text), text)
    assert len(link) < 250
    assert "," in link


@pytest.mark.parametrize(
    ("url", "start"),
    [
        ("https://example.org/a#top", "https://example.org/a#top:~:text="),
        ("https://example.org/a#:~:text=old", "https://example.org/a#:~:text="),
        ("https://example.org/a?b=c", "https://example.org/a?b=c#:~:text="),
    ],
)
def test_a_fragment_of_the_address_stays(url: str, start: str) -> None:
    assert text_fragment(url, anchor("Infrastructure is destiny", TEXT), TEXT).startswith(start)


def test_without_an_address_or_words_there_is_no_other_link() -> None:
    assert text_fragment("", anchor("destiny", TEXT), TEXT) == ""
    assert text_fragment("https://example.org/", (), TEXT) == "https://example.org/"
