"""Which stretches of a text are the words of a quote, and the form in which the W3C's model has that."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema.validators import Draft4Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT4

from tracker.anchoring import Selector, anchor, from_json, recorded_words, select, to_json

TEXT = "In Seoul he was asked. “Infrastructure is destiny,” Mr Kwon said, “and not a choice.” Then he left."
PARTS = [(TEXT.index("“I"), TEXT.index(" Mr")), (TEXT.index("“and"), TEXT.index(" Then"))]
STANDARD = Path(__file__).resolve().parents[2] / "shared" / "data" / "standards" / "web-annotation"


def test_a_quote_broken_by_its_cue_has_a_selector_for_each_part_in_order() -> None:
    first, second = select(TEXT, PARTS)
    assert (first.exact, second.exact) == ("Infrastructure is destiny", "and not a choice.")
    assert (first.prefix, first.suffix) == (
        "In Seoul he was asked. “",
        ",” Mr Kwon said, “and not a choi",
    )
    assert TEXT[second.start : second.end] == second.exact


def test_the_recorded_words_drop_the_comma_before_a_cue_and_keep_a_full_stop() -> None:
    assert recorded_words(select(TEXT, PARTS)) == "Infrastructure is destiny and not a choice."


@pytest.mark.parametrize(
    ("text", "exact"),
    [
        ("“So be it,”", "So be it"),
        ("‘So be it’,", "So be it"),
        ("« Soit »,", "Soit"),
        ("「운명이다.」", "운명이다."),
        ("“Is it so?”", "Is it so?"),
        ("’Tis so", "’Tis so"),
        ("the workers’", "the workers’"),
        ("  so \n", "so"),
    ],
)
def test_marks_around_the_words_are_none_of_them(text: str, exact: str) -> None:
    (found,) = select(text, [(0, len(text))])
    assert found.exact == exact


def test_context_is_32_characters_and_less_at_the_ends_of_the_text() -> None:
    text = f"{'a' * 100} so {'b' * 10}"
    (found,) = select(text, [(100, 104)])
    assert (found.prefix, found.suffix) == ("a" * 31 + " ", " " + "b" * 10)


def test_what_has_no_letter_has_no_selector_and_what_is_not_in_the_text_is_an_error() -> None:
    assert select("… ,” ", [(0, 5)]) == ()
    with pytest.raises(ValueError, match="not within a text of 5"):
        select("words", [(0, 6)])


def test_selectors_come_back_from_json_as_they_went() -> None:
    selectors = select(TEXT, PARTS)
    assert from_json(json.loads(json.dumps(to_json(selectors)))) == selectors
    assert from_json(to_json(selectors, "https://example.org/a")) == selectors
    assert to_json(selectors)[0] == {
        "selector": [
            {
                "type": "TextQuoteSelector",
                "exact": "Infrastructure is destiny",
                "prefix": "In Seoul he was asked. “",
                "suffix": ",” Mr Kwon said, “and not a choi",
            },
            {"type": "TextPositionSelector", "start": 24, "end": 49},
        ]
    }


@given(st.lists(st.builds(Selector, st.text(min_size=1), st.text(), st.text())))
def test_any_selectors_come_back_from_json(selectors: list[Selector]) -> None:
    assert from_json(to_json(selectors)) == tuple(selectors)


def test_other_kinds_of_selector_and_one_alone_are_read_too() -> None:
    quote = {"type": "TextQuoteSelector", "exact": "so"}
    assert from_json({"selector": quote}) == (Selector("so"),)
    others = [{"type": "CssSelector", "value": "p"}, quote, "https://example.org/selector"]
    assert from_json([{"selector": others}]) == (Selector("so"),)


@pytest.mark.parametrize(
    "data",
    [
        None,
        "so",
        [{}],
        {"selector": []},
        {"selector": {"type": "TextQuoteSelector"}},
        {"selector": {"type": "TextQuoteSelector", "exact": ""}},
        {"selector": {"type": "TextQuoteSelector", "exact": 5}},
        {"selector": {"type": "TextPositionSelector", "start": 1, "end": 2}},
        *(
            {"selector": [{"type": "TextQuoteSelector", "exact": "so"}, position]}
            for position in (
                {"type": "TextPositionSelector", "start": 2, "end": 1},
                {"type": "TextPositionSelector", "start": -1, "end": 1},
                {"type": "TextPositionSelector", "start": 1},
                {"type": "TextPositionSelector", "start": True, "end": 2},
            )
        ),
    ],
)
def test_what_is_not_of_the_form_is_an_error(data: Any) -> None:
    with pytest.raises(ValueError, match=r"Selector|start and end"):
        from_json(data)


# --- The W3C's own assertions ---------------------------------------------------------------------

BASE = "https://w3c.test/"
ASSERTED = (
    "3.1-targetKeyFound",
    "3.2-targetObjectsRecognized",
    "bodiesTargets/4-targSpecificResource",
    "specificResource/4.2-selectorFound",
    "specificResource/4.2-selectorValidIfPresent",
    "specificResource/4.2-TextDataPositionSelectorValid",
    "specificResource/4.2.4-textQuoteSelector",
    "specificResource/4.2.4-textQuoteSelectorValid",
    "specificResource/4.2.4-prefix",
    "specificResource/4.2.4-suffix",
    "specificResource/4.2.5-textPositionSelector",
)
needs_the_standard = pytest.mark.skipif(not STANDARD.exists(), reason="the shared data is not here")


def assertion(name: str) -> Draft4Validator:
    """One of the W3C's schemas; they name each other by file."""
    named = [(path.name, path) for path in (STANDARD / "definitions").glob("*.json")]
    registry = Registry().with_resources(
        (f"{BASE}{name}", Resource.from_contents(json.loads(path.read_text()) | {"id": f"{BASE}{name}"}, DRAFT4))
        for name, path in named
    )  # fmt: skip
    schema = json.loads((STANDARD / "annotations" / f"{name}.json").read_text())
    return Draft4Validator(schema | {"id": f"{BASE}asserted.json"}, registry=registry)


def annotation(target: Any) -> dict[str, Any]:
    return {
        "@context": "http://www.w3.org/ns/anno.jsonld",
        "id": "https://example.org/annotations/1",
        "type": "Annotation",
        "target": target,
    }


@needs_the_standard
@pytest.mark.parametrize("name", ASSERTED)
def test_selectors_are_what_the_w3c_asserts_of_an_annotation(name: str) -> None:
    of_two = to_json(select(TEXT, PARTS), "https://example.org/article")
    of_one = to_json(anchor("Infrastructure is destiny", TEXT), "https://example.org/article")[0]
    for target in (of_two, of_one):
        assert list(assertion(name).iter_errors(annotation(target))) == []


@needs_the_standard
@pytest.mark.parametrize(
    ("name", "selector"),
    [
        ("specificResource/4.2.4-textQuoteSelectorValid", {"type": "TextQuoteSelector"}),
        ("specificResource/4.2-TextDataPositionSelectorValid", {"type": "TextPositionSelector", "start": 1}),
        ("specificResource/4.2.4-prefix", {"type": "TextQuoteSelector", "exact": "so"}),
    ],
)  # fmt: skip
def test_these_assertions_do_refuse_something(name: str, selector: dict[str, Any]) -> None:
    target = {
        "type": "SpecificResource",
        "source": "https://example.org/article",
        "selector": selector,
    }
    assert list(assertion(name).iter_errors(annotation(target))) != []


@pytest.mark.parametrize(
    ("part", "words"),
    [
        ('the plan is a "white elephant"', 'the plan is a "white elephant"'),
        ('"the plan is a "white elephant""', 'the plan is a "white elephant"'),
        ("“the plan is a “white elephant”,” ", "the plan is a “white elephant”"),
        ("“on time” is what trains are", "“on time” is what trains are"),
        ('infrastructure is destiny" ', "infrastructure is destiny"),
        ('“infrastructure is destiny",', "infrastructure is destiny"),
        ('"one" and "other"', '"one" and "other"'),
        ("“one” and “other”", "“one” and “other”"),
        ("„Infrastruktur ist Schicksal“", "Infrastruktur ist Schicksal"),
        ("「「道」は先に立つ」", "「道」は先に立つ"),
        ("« c’est le destin », ", "c’est le destin"),
        ("‘one’ and ‘other’", "‘one’ and ‘other’"),
    ],
)
def test_of_the_marks_at_the_ends_only_those_around_the_words_are_left_out(
    part: str, words: str
) -> None:
    (selector,) = select(part, [(0, len(part))])
    assert selector.exact == words
