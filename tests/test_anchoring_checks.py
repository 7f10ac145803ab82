"""Whether a wording still stands in a text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.anchoring import Selector, anchor, check

SAID = "infrastructure is destiny"


def result(wording: str, text: str, selectors: tuple[Selector, ...] = ()) -> str:
    return check(selectors, wording, text).result


def difference(wording: str, text: str) -> str:
    marks = {"same": "{}", "put in": "[-{}]", "left out": "[+{}]"}
    parts = check((), wording, text).parts
    return "".join(marks[p.kind].format(p.words) + (" " if p.spaced else "") for p in parts).strip()


@pytest.mark.parametrize(
    ("wording", "text"),
    [
        (SAID, "He said that “infrastructure is destiny.”"),
        ("Infrastructure is destiny.", "“Infrastructure is destiny,” he said."),
        ("“infrastructure is destiny”", "INFRASTRUCTURE\nIS – DESTINY"),
        ("Infrastructure is destiny and not a choice.", "“Infrastructure is destiny,” Mr Kwon said, “and not a choice.”"),
        ("Yes, we can do it", "“Yes,” he said, though nobody had asked him, “we can do it.”"),
        ("Yes, we can do it", "‘Yes,’ said Jason Kwon, the chief strategy officer, ‘we can do it.’"),
        ("한국은 강국이다 함께 일하겠다", "“한국은 강국이다”며 “함께 일하겠다”고 말했다."),
        ("Мы построим дороги и мосты", "— Мы построим дороги, — сказал он, — и мосты."),
        ("Ce sera fait ici", "« Ce sera fait, a-t-il dit, ici »"),
        ("Wait … what is this", "“Wait … what is this?” he asked."),
        ("the [sic] word", "“the [sic] word”"),
        ("没有问题", "他说：“没有问题。”"),
        ("destiny", "It is not “destiny”, he said."),
    ],
)  # fmt: skip
def test_word_for_word_is_exact_whatever_the_marks_and_the_cue(wording: str, text: str) -> None:
    assert result(wording, text) == "exact"


@pytest.mark.parametrize(
    ("wording", "text"),
    [
        ("We will work […] to build it.", "“We will work with industry, and schools, to build it.”"),
        ("We will work ... to build it.", "“We will work with industry, and schools, to build it.”"),
        ("… to build it […]", "“We will work with schools to build it.”"),
        ("[Korea] is a powerhouse", "“Korea is a powerhouse,” he said."),
        ("[Korea] is a powerhouse", "“It is a powerhouse,” he said."),
        ("We like [Korea] very much", "“We like it very much,” he said."),
        ("[W]e like it very much", "“And we like it very much,” he said."),
        ("s[he] like[d] it very much", "“she like it very much”"),
        ("It began. […] It ended.", "It began. It did not stop for years. It ended."),
        ("우리는 (중략) 함께 일하겠다", "“우리는 한국의 산업계와 함께 일하겠다”고 말했다."),
        ("We will work, […] to build it. Now.", "“We will work,” he said, “with industry, to build it. Now.”"),
    ],
)  # fmt: skip
def test_what_is_marked_as_editing_is_abridged(wording: str, text: str) -> None:
    assert result(wording, text) == "abridged"


@pytest.mark.parametrize(
    ("wording", "text"),
    [
        (SAID, "He said infrastructure is not destiny."),
        ("infrastructure is not destiny", "He said infrastructure is destiny."),
        ("infrastructure is […] destiny", "He said infrastructure is not destiny."),
        ("infrastructure is [the] destiny", "He said infrastructure is not destiny."),
        ("infrastructure is [not] destiny", "He said infrastructure is our destiny."),
        (SAID, "He said no infrastructure is destiny."),
        ("we will do it", "He said: we will do it never again, at all."),
        ("we will do", "He said we will do not a thing."),
        ("we do it", "“we” not “do it”"),
        (SAID, "“Infrastructure is” not “destiny”."),
        (SAID, "“Infrastructure is” certainly in no way “destiny”, he said."),
        ("we won’t do it", "He said we will do it."),
        ("우리는 하겠다고 했다", "우리는 안 하겠다고 했다."),
        ("是我们的问题", "他说不是我们的问题。"),
        ("Das ist unser Plan", "Das ist nicht unser Plan."),
        ("C’est notre plan à tous", "Ce n’est pas notre plan à tous."),
    ],
)  # fmt: skip
def test_a_negation_is_never_lost_in_silence(wording: str, text: str) -> None:
    assert result(wording, text) == "altered"


@given(
    st.lists(st.sampled_from(["infrastructure", "is", "our", "destiny", "we", "build", "it"]), min_size=3, max_size=9, unique=True),
    st.integers(0, 9),
    st.sampled_from(["not", "never", "no", "nicht", "не", "안"]),
    st.sampled_from(["", "[…] ", "[the] ", "… "]),
    st.integers(0, 9),
)  # fmt: skip
def test_dropping_a_negation_never_passes(
    words: list[str], at: int, negation: str, mark: str, marked_at: int
) -> None:
    within = min(at, len(words) - 1) or 1
    said = [*words[:within], negation, *words[within:]]
    wording = list(words)
    if mark:
        wording.insert(min(marked_at, len(words)), mark.strip())
    text = f"He spoke. “{' '.join(said)}.” Then he left."
    for quoted in (" ".join(wording), " ".join(words)):
        assert result(quoted, text) not in {"exact", "abridged", "moved"}
        assert result(quoted, text, anchor(" ".join(words), f"“{' '.join(words)}.”")) not in {
            "exact",
            "abridged",
            "moved",
        }


@given(
    st.lists(
        st.sampled_from(["infra", "is", "our", "destiny", "no", "운명", "“", ",", "…", "[a]"]),
        min_size=1,
    )
)
def test_words_are_exact_in_a_text_that_has_them(words: list[str]) -> None:
    wording = " ".join(words)
    if any(map(str.isalnum, wording)):
        assert result(wording, f"Before. “{wording}” Behind.") == "exact"


@given(st.text(), st.text(), st.text())
def test_anything_can_be_checked(wording: str, text: str, old: str) -> None:
    found = check(anchor(wording, old), wording, text)
    assert bool(found.selectors) == (found.result != "missing")
    assert not (found.parts and found.result in {"exact", "moved", "missing"})


@pytest.mark.parametrize(
    ("wording", "text", "read"),
    [
        (SAID, "So infrastructure is fate, he said.", "infrastructure is [-destiny] [+fate]"),
        (SAID, "So infrastructure is not destiny.", "infrastructure is [+not] destiny"),
        ("인프라는 운명이다", "그는 “인프라가 운명이다”라고 했다.", "[-인프라는] [+인프라가] 운명이다"),
        ("We like [Korea] very much", "“We like it very much,”", "We like [-[Korea]] [+it] very much"),
    ],
)  # fmt: skip
def test_the_difference_reads_from_left_to_right(wording: str, text: str, read: str) -> None:
    assert difference(wording, text) == read


def test_a_difference_shows_no_cue_as_words_of_the_speaker() -> None:
    text = "“Infrastructure is our destiny,” Mr Kwon said in Seoul, “and not a choice.”"
    assert difference("Infrastructure is destiny and not a choice.", text) == (
        "Infrastructure is [+our] destiny and not a choice"
    )


@pytest.mark.parametrize(
    "text", ["", "He left.", "The moon is made of green cheese, they said. " * 9]
)
def test_words_that_are_not_there_nor_anything_like_them_are_missing(text: str) -> None:
    assert result(SAID, text) == "missing"
    assert check((), SAID, text).selectors == ()


OLD = f"Seoul, May 26. OpenAI opens an office here. Mr Kwon spoke: “{SAID}.” Then everybody went to dinner."


@pytest.mark.parametrize(
    "now",
    [
        OLD,
        f"Update: this page was corrected. {OLD}",
        OLD.replace("Then everybody went to dinner.", "Nobody asked him anything."),
        OLD.replace("OpenAI opens an office here. Mr Kwon spoke: ", ""),
    ],
)
def test_words_have_not_moved_while_a_neighbour_is_the_same(now: str) -> None:
    assert result(SAID, now, anchor(SAID, OLD)) == "exact"


def test_words_that_stand_elsewhere_between_others_have_moved() -> None:
    now = f"They had dinner in a hotel of the city. In a caption: “{SAID}”, by our photographer, June."
    assert result(SAID, now, anchor(SAID, OLD)) == "moved"
    assert result(SAID, now) == "exact"


@pytest.mark.parametrize("typed", [SAID, f"“{SAID}”", f"Mr Kwon spoke: “{SAID}.” Then everybody"])
def test_words_have_not_moved_from_a_copy_that_had_little_beside_them(typed: str) -> None:
    assert result(SAID, f"Page. {OLD}", anchor(SAID, typed)) == "exact"


def test_of_several_places_the_one_between_the_old_neighbours_counts() -> None:
    now = f"“{SAID}” is the headline. {OLD}"
    found = check(anchor(SAID, OLD), SAID, now)
    assert (found.result, found.selectors[0].start) == ("exact", now.rindex(SAID))


def test_parts_of_a_broken_quote_are_found_where_they_are() -> None:
    text = "“Infrastructure is destiny,” Mr Kwon said, “and not a choice.”"
    found = check((), "Infrastructure is destiny and not a choice.", text)
    assert [each.exact for each in found.selectors] == [
        "Infrastructure is destiny",
        "and not a choice.",
    ]
    assert result("Infrastructure is destiny and not a choice.", text, found.selectors) == "exact"


def test_half_of_the_words_are_altered_rather_than_missing() -> None:
    said = "We will work with industry and with the schools of the country, and then we will go home and rest."
    assert (
        result(said, "He said: we will work with industry and with the schools of the country.")
        == "altered"
    )


def test_words_that_are_altered_are_shown_as_they_stand_in_their_place_not_beside_words_like_them() -> (
    None
):
    text = (
        "He noted, “AI infrastructure will ultimately decide.” He ended with three words, “{}.” "
        "He then took questions from the floor."
    )
    old, new = text.format("infrastructure is destiny"), text.format("infrastructure is fate")
    found = check(anchor("infrastructure is destiny", old), "infrastructure is destiny", new)

    assert found.result == "altered"
    assert [each.exact for each in found.selectors] == ["infrastructure is fate"]
