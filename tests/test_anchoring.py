"""When two wordings are one wording."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tracker.anchoring import fold, wordings


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("“Infrastructure is destiny”", '"infrastructure is destiny"'),
        ("“infrastructure is destiny”", "infrastructure is destiny"),
        ("he said “no”", "he said ‘no’"),
        ("he said “‘no’”", "he said 'no'"),
        ("il dit «\u00a0non\u202f»", "il dit “non”"),
        ("er sagte „nein“", "er sagte »nein«"),
        ("그는 「운명」이라고", "그는 ‘운명’이라고"),
        ("don’t", "don't"),
        ("don´t", "don`t"),
        ("a—b", "a -- b"),
        ("a – b", "a—b"),
        ("1948−1949", "1948–1949"),
        ("well\u2011known", "well-known"),
        ("STRASSE", "straße"),
        ("İstanbul", "i\u0307stanbul"),
        ("José", "Jose\u0301"),
        ("ﬁnance Ｋ１２", "finance k12"),
        ("a\u00a0 b\n\tc\u3000d", "a b c d"),
        ("des\u00adti\u200bny\ufeff \u2067x\u2069", "destiny x"),
    ],
)
def test_quotes_dashes_case_and_spaces_do_not_make_another_wording(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("infrastructure is destiny.", "infrastructure is destiny"),
        ("infrastructure is destiny", "infrastructure, is destiny"),
        ("resume", "résumé"),
        ("don't", "dont"),
        ("well-known", "well known"),
        ("인프라는 운명이다", "인프라는 운명입니다"),
        ("ビール", "ビ-ル"),
        ("50%", "50"),
    ],
)
def test_letters_accents_and_punctuation_make_another_wording(one: str, other: str) -> None:
    assert fold(one) != fold(other)


@given(st.text())
@example("\u0345\u00b4\u0344")
@example("´\u200b´- \u00ad-")
@example("\u1e9e\u0130\ufdfa\u2033")
def test_folding_again_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text("«»“”‘’\"'‐–— -\u00a0\u200b\u0301aAéﬀ"))
def test_folding_again_changes_nothing_in_text_full_of_marks(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_wordings_are_the_first_of_each_in_their_order() -> None:
    texts = ["“Is destiny”", "인프라는 운명이다", "is destiny", "IS DESTINY!", "is  destiny!"]
    assert wordings(iter(texts)) == ["“Is destiny”", "인프라는 운명이다", "IS DESTINY!"]


@pytest.mark.parametrize("same", ["Is destiny.", "“Is destiny,”", "“is destiny”.", "Is destiny。"])
def test_a_full_stop_or_comma_at_the_end_makes_no_wording_of_its_own(same: str) -> None:
    assert wordings(["Is destiny", same]) == ["Is destiny"]


@pytest.mark.parametrize("other", ["Is destiny?", "Is destiny ...", "Is. destiny", "Is destiny…"])
def test_other_signs_and_omissions_at_the_end_do(other: str) -> None:
    assert wordings(["Is destiny", other]) == ["Is destiny", other]


def test_no_texts_have_no_wordings() -> None:
    assert wordings([]) == []
