"""When two wordings are one wording."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tracker.anchoring import compare, fold, wordings


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


# --- How alike two wordings are -------------------------------------------------------------------

FEAR = (
    "So, first of all, let me assert my firm belief that the only thing we have to fear is fear itself"
    "—nameless, unreasoning, unjustified terror which paralyzes needed efforts to convert retreat into advance."
)
SOVEREIGNTY = "AI infrastructure will ultimately determine each country’s technological sovereignty and economic interests"


@pytest.mark.parametrize(
    ("asked", "wording"),
    [
        ("“Infrastructure is destiny”", "infrastructure is destiny."),
        ("infrastructure is destiny", "Infrastructure, is – destiny"),
        ("the only thing we have to fear is fear itself", FEAR),
        ("fear itself, nameless, unreasoning", FEAR),
        ("well known facts about it", "Well-known facts about it"),
        ("don't stop", "Don’t stop!"),
        ("it grew by 3.5 %", "It grew by 3.5%."),
        ("인프라는 운명이다", "“인프라는 운명이다.”"),
        ("实事求是就是好", "我们要实事求是，就是好。"),
        ("des\u00adti\u200bny is it", "Destiny is it"),
        ("yes", "Yes."),
    ],
)
def test_words_are_exact_when_they_are_whole_words_of_a_wording(asked: str, wording: str) -> None:
    found = compare(asked, wording)
    assert (found.is_exact, found.is_near, found.similarity, found.different) == (
        True,
        True,
        100,
        0,
    )


@pytest.mark.parametrize(
    ("asked", "wording"),
    [
        ("infrastructure is destiny", "infrastructure is not destiny"),
        ("infrastructure is not destiny", "infrastructure is destiny"),
        ("we will do this", "we won’t do this"),
        ("were going to win it", "we’re going to win it"),
        ("it grew by 5 percent", "it grew by −5 percent"),
        ("it grew by 35 percent", "it grew by 3.5 percent"),
        ("it is worth $5 today", "it is worth 5 today"),
        ("infra is destiny for all", "the infra is destiny for allies"),
        ("resume the work now", "résumé the work now"),
        ("destiny", "infrastructure is destiny"),
        ("is destiny", "infrastructure is destiny"),
        ("운명이다", "인프라는 운명이다"),
        ("", "infrastructure is destiny"),
        ("infrastructure is destiny", "…"),
    ],
)
def test_other_words_and_few_words_out_of_many_are_not_exact(asked: str, wording: str) -> None:
    found = compare(asked, wording)
    assert not found.is_exact
    assert found.similarity < 100


@pytest.mark.parametrize(
    ("asked", "wording"),
    [
        ("infrastructure is fate", "infrastructure is destiny."),
        ("infrastructure is not destiny", "infrastructure is destiny"),
        ("destiny is infrastructure", "infrastructure is destiny"),
        ("infrastucture is destny", "infrastructure is destiny"),
        ("AI infrastructure ultimately determines each nation's technological sovereignty", SOVEREIGNTY),
        ("AI infrastructure will determine each country's sovereignty and interests", SOVEREIGNTY),
        ("AI infrastructure will ultimately and for ever determine each country's technological sovereignty", SOVEREIGNTY),
        ("AI infrastructure ultimately will determine each country's technological sovereignty", SOVEREIGNTY),
        ("the only thing we need to fear is fear", FEAR),
        ("The only real thing, my friends, that we have to fear now is fear itself", FEAR),
        ("Let them eat pastry", "Let them eat cake!"),
        ("인프라가 운명이다", "인프라는 운명이다."),
        ("인프라는 운명입니다", "인프라는 운명이다."),
        ("한국은 반도체에서 소프트웨어까지 AI 전 영역을 갖추고 있다", "한국은 반도체부터 소프트웨어까지 AI 전 영역을 아우르는 풀스택 생태계를 갖추고 있다"),
        ("実は面白い話だよ", "これは面白い話だよ"),
    ],
)  # fmt: skip
def test_misquoted_words_are_near(asked: str, wording: str) -> None:
    found = compare(asked, wording)
    assert found.is_near
    assert not found.is_exact


@pytest.mark.parametrize(
    ("asked", "wording"),
    [
        ("infrastructure is fate", "We will work to build responsible AI infrastructure."),
        ("infrastructure is destiny.", "the infrastructure projects he has helped bring to the district"),
        ("infrastructure is destiny", "This generation of Americans has a rendezvous with destiny."),
        ("this is the end of the beginning", "it is the start of the journey"),
        ("I think that we will be able to do it", "I know that you will not be here with us"),
        ("we are going to win this war", "we are going to have a big party"),
        ("the economy is strong", "the country is strong"),
        ("the people of this country want change and they want it now", "the government of that country wants peace and it wants it soon"),
        ("This will be a challenge for Clinton", "that’s Sanders’ challenge to Clinton"),
        ("more than 200 staffers", "more than a few partisan lines"),
        ("나는 우리 나라가 가장 부강한 나라가 되기를 원하지 않는다", "한국에 법인을 공식 설립했으며 향후 몇 달 내 서울에 첫 번째 사무소를 연다"),
        ("is destiny", "infrastructure is destiny"),
    ],
)  # fmt: skip
def test_other_statements_with_common_words_are_not_near(asked: str, wording: str) -> None:
    assert not compare(asked, wording).is_near


def read_aloud(asked: str, wording: str) -> str:
    marks = {"same": "{}", "put in": "[-{}]", "left out": "[+{}]"}
    parts = compare(asked, wording).parts
    text = "".join(marks[p.kind].format(p.words) + (" " if p.spaced else "") for p in parts)
    return text.strip()


@pytest.mark.parametrize(
    ("asked", "wording", "read"),
    [
        ("Infrastructure is fate", "“infrastructure is destiny.”", "“infrastructure is [-fate] [+destiny.”]"),
        ("infrastructure is destiny", "infrastructure is not destiny", "infrastructure is [+not] destiny"),
        ("infrastructure is not destiny", "infrastructure is destiny", "infrastructure is [-not] destiny"),
        ("the only thing we need to fear is fear", FEAR, "the only thing we [-need] [+have] to fear is fear"),
        ("인프라가 운명이다", "인프라는 운명이다.", "[-인프라가] [+인프라는] 운명이다."),
    ],
)  # fmt: skip
def test_the_difference_reads_from_left_to_right_with_the_punctuation_on_record(
    asked: str, wording: str, read: str
) -> None:
    assert read_aloud(asked, wording) == read


def test_the_share_of_letters_is_that_of_the_place_compared() -> None:
    assert compare("infrastructure is fate", "infrastructure is destiny").similarity == 81
    inside = f"We said so. Infrastructure is destiny, and nobody {'ever ' * 400}doubted that."
    found = compare("infrastructure is fate", inside)
    assert (found.similarity, found.is_part, found.different) == (81, True, 1)


@given(st.text(), st.text())
@example("'", "a")
@example("\u0345´", "´\u0345")
@example("-5", "- 5")
def test_any_two_texts_can_be_compared(one: str, other: str) -> None:
    found = compare(one, other)
    assert 0 <= found.similarity <= 100
    assert found.is_near or not found.is_exact


@given(st.text("abc 'é-5.한국実は,", min_size=1), st.text("abc 'é-5.한국実は,", max_size=20))
def test_what_is_compared_gives_all_words_of_both(one: str, other: str) -> None:
    found = compare(one, f"{other} {one}")
    kept = "".join(part.words for part in found.parts if part.kind != "left out")
    letters = [c for c in fold(one) if c.isalnum()]
    assert not found.parts or len([c for c in fold(kept) if c.isalnum()]) == len(letters)
