"""Finding quotes in English: which words, whose, and how sure. The articles are written for these tests."""

import dataclasses
import itertools
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.extraction import (
    DOUBTS,
    TICKED_FROM,
    FoundQuote,
    KnownSpeaker,
    Registry,
    WeightsError,
    find_quotes,
)

ARTICLES = Path(__file__).resolve().parents[2] / "shared" / "data" / "articles"
BRIDGE = """\
Mayor Wants a New Bridge

Mayor Ellen Park on Tuesday asked the council for a second bridge over the river.

“The old bridge will not last another winter,” Ms. Park told reporters. “We have waited too long.”

“I have read the report,” said Thomas Reed, an engineer who inspected it. “It is worse than people think.”

Reed said that the repairs would take three years. He called the plan “a gift to the whole valley.”

“Nobody asked us,” he added, “and nobody will.”
"""


def quotes(text: str, *speakers: KnownSpeaker) -> list[FoundQuote]:
    return find_quotes(text, language="en", speakers=speakers)


def said(text: str) -> dict[str, str]:
    """The words that were found, with the names of who said them."""
    return {quote.text: quote.name for quote in quotes(text)}


@pytest.fixture(scope="module")
def bridge() -> list[FoundQuote]:
    return quotes(BRIDGE)


def with_words(found: list[FoundQuote], words: str) -> FoundQuote:
    (quote,) = (quote for quote in found if words in quote.text)
    return quote


def test_every_place_holds_the_words_of_the_text(bridge: list[FoundQuote]) -> None:
    for quote in bridge:
        for place in (*quote.parts, quote.speaker, quote.cue):
            assert place is None or BRIDGE[place.start : place.end] == place.text


def test_a_quote_broken_by_its_cue_is_one_with_two_parts(bridge: list[FoundQuote]) -> None:
    quote = with_words(bridge, "Nobody asked us")
    assert [part.text for part in quote.parts] == ["Nobody asked us", "and nobody will."]
    assert quote.text == "Nobody asked us […] and nobody will."


def test_words_lose_the_comma_before_the_cue_and_keep_their_full_stop(
    bridge: list[FoundQuote],
) -> None:
    quote = with_words(bridge, "The old bridge")
    assert [part.text for part in quote.parts] == [
        "The old bridge will not last another winter",
        "We have waited too long.",
    ]


def test_a_last_name_leads_to_the_full_name(bridge: list[FoundQuote]) -> None:
    assert with_words(bridge, "The old bridge").name == "Ellen Park"
    assert with_words(bridge, "I have read").name == "Thomas Reed"
    assert with_words(bridge, "repairs would take").name == "Thomas Reed"


def test_a_pronoun_is_whoever_was_last_named(bridge: list[FoundQuote]) -> None:
    quote = with_words(bridge, "a gift to the whole valley")
    assert quote.speaker
    assert quote.speaker.text == "He"
    assert quote.name == "Thomas Reed"


def test_the_cue_is_found(bridge: list[FoundQuote]) -> None:
    cue = with_words(bridge, "The old bridge").cue
    assert cue
    assert cue.text == "told"


def test_reported_words_are_indirect_and_lose_their_that(bridge: list[FoundQuote]) -> None:
    quote = with_words(bridge, "repairs would take")
    assert quote.kind == "indirect"
    assert quote.text == "the repairs would take three years"


def test_kinds_are_told_by_the_marks(bridge: list[FoundQuote]) -> None:
    assert with_words(bridge, "I have read").kind == "direct"
    assert with_words(bridge, "a gift to the whole valley").kind in ("direct", "mixed")


def test_quotes_come_in_the_order_of_the_text_and_do_not_overlap(bridge: list[FoundQuote]) -> None:
    places = [(part.start, part.end) for quote in bridge for part in quote.parts]
    assert places == sorted(places)
    assert all(one[1] <= other[0] for one, other in itertools.pairwise(places))


def test_plain_quotes_are_sure_enough_to_be_ticked(bridge: list[FoundQuote]) -> None:
    assert with_words(bridge, "I have read").confidence >= TICKED_FROM


def test_doubts_are_words_that_are_explained(bridge: list[FoundQuote]) -> None:
    assert {doubt for quote in bridge for doubt in quote.doubts} <= set(DOUBTS)


def test_found_quotes_cannot_be_changed(bridge: list[FoundQuote]) -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        bridge[0].kind = "direct"  # type: ignore[misc]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Chief Strategy Officer Anna Bell said: “We will build it here.”", "Anna Bell"),
        ("Secretary of State Anna Bell said: “We will build it here.”", "Anna Bell"),
        ("“We will build it here,” said Mr. King.", "King"),
        ("“We will build it here,” said the mayor, Anna Bell.", "Anna Bell"),
        ("Critics of the plan said: “We will build it here.”", ""),
        ("“We will build it here,” one senior official, who would not be named, said.", ""),
    ],
)
def test_titles_and_descriptions_are_no_part_of_a_name(text: str, name: str) -> None:
    assert with_words(quotes(text), "We will build it here").name == name


@pytest.mark.parametrize(
    ("said_by", "name"),
    [
        ("Okafor's opponents said on Monday", ""),
        ("Okafor’s critics say", ""),
        ("Okafor's Republican critics say", ""),
        ("a critic of Okafor said", ""),
        ("said a spokesman for Ada Okafor", ""),
        ("said a lawyer for the former president Ada Okafor", ""),
        ("Okafor’s office said in a statement", ""),
        ("Okafor's lawyer, Rudy Smith, said", "Rudy Smith"),
        ("said Okafor’s lawyer Rudy Smith", "Rudy Smith"),
        ("said former Okafor adviser Rudy Smith", "Rudy Smith"),
        ("said Okafor campaign manager Rudy Smith", "Rudy Smith"),
        ("an Okafor aide said", ""),
        ("Mexico's President Vicente Fox said", "Vicente Fox"),
        ("said Arden Steel’s Anna Kwon", "Anna Kwon"),
    ],
)
def test_whoever_is_named_to_say_whose_speaker_it_is_did_not_speak(said_by: str, name: str) -> None:
    text = f"“The plan has failed this whole town,” {said_by}."
    found = with_words(quotes(text, KnownSpeaker("Ada Okafor", ("Okafor",))), "The plan")
    assert (found.name, found.known) == (name, None)
    assert ("speaker_not_named" in found.doubts) == (not name)
    assert found.speaker


def test_a_place_before_a_description_is_not_its_name() -> None:
    text = "In Arden, Okafor’s opponents said: “The plan has failed this whole town.”"
    assert with_words(quotes(text), "The plan").name == ""


def test_she_is_never_a_man() -> None:
    text = "Anna Bell met John Kent. “We will build it here,” she said. “We won’t,” he said."
    assert said(text) == {"We will build it here": "Anna Bell", "We won’t": "John Kent"}


# ---- Who is on record ----


def test_a_speaker_on_record_is_found_by_the_full_name_that_the_article_has() -> None:
    park = KnownSpeaker("Ellen Park", key=7)
    found = quotes(BRIDGE, KnownSpeaker("Ellen Parker"), park)
    assert with_words(found, "The old bridge").known == park
    assert with_words(found, "I have read").known is None


def test_a_speaker_on_record_is_found_by_an_alias_whatever_accents_and_case() -> None:
    reed = KnownSpeaker("T. R. Reed", ("thómas REED",))
    assert with_words(quotes(BRIDGE, reed), "I have read").known == reed


def test_a_last_name_alone_must_mean_one_speaker_only() -> None:
    text = "“We are ready to begin the work tomorrow,” Okafor said on Monday."
    ada, ben = KnownSpeaker("Ada Okafor"), KnownSpeaker("Ben Okafor")
    found = with_words(quotes(text, ada), "ready")
    assert found.known == ada
    assert "known_by_last_name" in found.doubts
    assert found.confidence < TICKED_FROM
    assert with_words(quotes(text, ada, ben), "ready").known is None


def test_another_person_of_the_same_last_name_is_not_the_one_on_record() -> None:
    text = "“We are ready to begin the work tomorrow,” Ben Okafor said on Monday."
    assert with_words(quotes(text, KnownSpeaker("Ada Okafor")), "ready").known is None


@pytest.mark.parametrize(
    ("text", "on_record"),
    [
        (
            "The footballer Delano Roosevelt scored twice for Arden on Saturday.\n\n"
            "“We were lucky today,” Roosevelt said on Monday.",
            KnownSpeaker("Franklin D. Roosevelt", ("Roosevelt",)),
        ),
        (
            "Mark Thatcher opened the rally track in Arden.\n\n"
            "“We were lucky today,” Thatcher said.",
            KnownSpeaker("Margaret Thatcher"),
        ),
        (
            "The mayor of Arden, Anna Kwon, opened the bridge on Friday.\n\n"
            "“We were lucky today,” Kwon told reporters.",
            KnownSpeaker("Jason Kwon"),
        ),
    ],
)
def test_a_fuller_name_in_the_article_goes_before_a_namesake_on_record(
    text: str, on_record: KnownSpeaker
) -> None:
    found = with_words(quotes(text, on_record), "We were lucky")
    assert " " in found.name
    assert found.known is None


@pytest.mark.parametrize("called", ["Jason B. Kwon", "J. Kwon"])
def test_a_name_that_may_be_that_of_the_one_on_record_is_taken_with_a_doubt(called: str) -> None:
    text = f"The company sent {called} on Friday.\n\n“We were lucky today,” Kwon told reporters."
    kwon = KnownSpeaker("Jason Kwon")
    found = with_words(quotes(text, kwon), "We were lucky")
    assert (found.known, "known_by_last_name" in found.doubts) == (kwon, True)
    assert found.confidence < TICKED_FROM


def test_a_full_name_or_an_alias_in_the_article_leaves_no_doubt_of_who_it_is() -> None:
    for speaker in (KnownSpeaker("Ellen Park"), KnownSpeaker("E. Parker", ("Ellen Park",))):
        found = with_words(quotes(BRIDGE, speaker), "The old bridge")
        assert found.known == speaker
        assert "known_by_last_name" not in found.doubts


def test_a_label_with_a_last_name_is_the_one_on_record_with_a_doubt() -> None:
    text = "LOPEZ: Nothing was built.\nKENT: That is not so.\nLOPEZ: Then show us the bridge."
    lopez = KnownSpeaker("Maria Lopez")
    found = with_words(quotes(text, lopez), "Nothing")
    assert (found.known, found.doubts) == (lopez, ("known_by_last_name",))


def test_a_registry_may_be_kept_for_many_articles() -> None:
    registry = Registry([KnownSpeaker("Thomas Reed")])
    for _ in range(2):
        found = find_quotes(BRIDGE, language="en-GB", speakers=registry)
        known = with_words(found, "I have read").known
        assert known
        assert known.name == "Thomas Reed"


# ---- Marks ----


def test_titles_and_scare_quotes_are_not_taken_for_sure_quotes() -> None:
    text = (
        "His novel “The Long Winter Road” sold well. The so-called “expert” was ten years old.\n"
        "“I never read it,” Anna Bell, a critic, said."
    )
    sure = [quote.text for quote in quotes(text) if quote.confidence >= TICKED_FROM]
    assert not any("Winter" in words or "expert" in words for words in sure)
    assert "I never read it" in said(text)


def test_british_single_marks_are_quotation_marks() -> None:
    text = (
        "‘The voters’ choice isn’t a “gift” to anybody,’ said Anna Bell, a lawyer.\n"
        "‘We won’t sell it,’ she added."
    )
    assert said(text) == {
        "The voters’ choice isn’t a “gift” to anybody": "Anna Bell",
        "We won’t sell it": "Anna Bell",
    }


def test_straight_and_foreign_marks_are_quotation_marks() -> None:
    for opening, closing in ('""', "«»", "„“", "「」"):
        text = f"{opening}We will rebuild this town,{closing} said Anna Bell, the mayor."
        assert said(text) == {"We will rebuild this town": "Anna Bell"}, opening


def test_a_quote_that_runs_on_into_the_next_paragraph_is_one_quote_of_one_speaker() -> None:
    text = (
        "Anna Bell, the mayor, said: “We began to build this road in the spring.\n\n"
        "“We will end it in the autumn, and then we will rest.”"
    )
    (quote,) = (quote for quote in quotes(text) if "began" in quote.text)
    assert [part.text for part in quote.parts] == [
        "We began to build this road in the spring.",
        "We will end it in the autumn, and then we will rest.",
    ]
    assert quote.name == "Anna Bell"


@pytest.mark.parametrize("marks", ["“”", '""', "„“"])
@pytest.mark.parametrize("before", ["", "Maria Petrova came to Arden on Friday.\n\n"])
def test_a_cue_behind_the_last_paragraph_of_a_quote_is_that_of_all_its_paragraphs(
    marks: str, before: str
) -> None:
    opening, closing = marks
    text = (
        f"{before}{opening}The first paragraph has no closing mark here. It goes on.\n\n"
        f"{opening}The middle one goes on as well, as we see.\n\n"
        f"{opening}And the last one ends it,{closing} Petrova said."
    )
    (quote,) = quotes(text)
    assert [part.text for part in quote.parts] == [
        "The first paragraph has no closing mark here. It goes on.",
        "The middle one goes on as well, as we see.",
        "And the last one ends it",
    ]
    assert quote.speaker
    assert quote.speaker.text == "Petrova"
    assert quote.doubts == ()


def test_a_closed_quote_before_another_paragraph_stays_a_quote_of_its_own() -> None:
    text = (
        "“We were here first,” Thomas Reed said.\n\n“The river was ours,” he added.\n\n"
        "“And the last one ends it,” Petrova said."
    )
    assert len(with_words(quotes(text), "last one").parts) == 1


def test_who_opens_an_unclosed_quote_with_a_cue_of_its_own_keeps_it() -> None:
    text = (
        "Thomas Reed said: “We were here first, and we will stay.\n\n"
        "“And the last one ends it,” Petrova said."
    )
    assert with_words(quotes(text), "here first").name == "Thomas Reed"
    assert with_words(quotes(text), "last one").name == "Petrova"


def test_two_cues_make_two_quotes_and_the_words_between_are_in_neither() -> None:
    text = (
        "Anna Bell stated, “The valley has all that it needs,” adding, “We will build it here.” "
        "She noted, “It will decide who stays,” emphasizing that “roads are destiny.”"
    )
    found = [quote for quote in quotes(text) if quote.kind != "indirect"]
    assert [quote.text.strip("“”") for quote in found] == [
        "The valley has all that it needs",
        "We will build it here.",
        "It will decide who stays",
        "roads are destiny.",
    ]
    assert {quote.name for quote in found} == {"Anna Bell"}


# ---- Transcripts and interviews ----


def test_the_labels_of_a_transcript_say_who_speaks() -> None:
    text = (
        "The debate of Maria Lopez and John Kent\n\n"
        "LOPEZ: You had four years, and nothing was built.\nKENT: That is not so.\n"
        "LOPEZ: Then show us the bridge."
    )
    assert said(text) == {
        "You had four years, and nothing was built.": "Maria Lopez",
        "That is not so.": "John Kent",
        "Then show us the bridge.": "Maria Lopez",
    }


def test_an_answer_in_an_interview_is_doubtful_but_found() -> None:
    text = "Maria Lopez spoke to us.\nQ: Why now?\nA: Because it was time.\nQ: And then?\nA: We go home."
    found = [quote for quote in quotes(text) if quote.kind == "direct"]
    assert [quote.text for quote in found] == ["Because it was time.", "We go home."]
    assert {quote.name for quote in found} == {"Maria Lopez"}
    assert all(quote.confidence < TICKED_FROM and quote.doubts for quote in found)


def test_one_line_with_a_colon_is_no_transcript() -> None:
    text = "UPDATE: The road is closed.\nThe road was closed on Monday for repairs."
    assert not [quote for quote in quotes(text) if quote.kind == "direct"]


# ---- Whatever comes in ----


@pytest.mark.parametrize(
    "text", ["", " \n\r\n", "No one spoke.", "\0", "“", "“”", "\ufeff“.”", ":"]
)
def test_a_text_without_quotes_has_none(text: str) -> None:
    assert quotes(text) == []


@settings(deadline=None, max_examples=60)
@given(st.text("“”‘’\"'„«»: \n.,?AaÉ한「」9KwonsaidHe", max_size=300))
def test_any_text_gives_quotes_whose_places_are_right(text: str) -> None:
    for quote in quotes(text):
        assert 0 <= quote.confidence <= 1
        for place in (*quote.parts, quote.speaker, quote.cue):
            assert place is None or (place.text and text[place.start : place.end] == place.text)


def test_offsets_count_code_points() -> None:
    text = "🙂 Anna Bell said: “We will rebuild the town 🙂 this year.”"
    (quote,) = quotes(text)
    assert text[quote.start : quote.end] == "We will rebuild the town 🙂 this year."


def test_the_same_text_gives_the_same_quotes() -> None:
    assert quotes(BRIDGE) == quotes(BRIDGE)


def test_a_directory_without_weights_is_an_error_that_names_it(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match=r"tagger\.crfsuite\.xz"):
        find_quotes(BRIDGE, language="en", weights=tmp_path)


def test_weights_that_are_no_weights_are_an_error(tmp_path: Path) -> None:
    for name in ("tagger.crfsuite.xz", "choosing.json.xz"):
        (tmp_path / name).write_bytes(b"no weights")
    with pytest.raises(WeightsError, match=str(tmp_path)):
        find_quotes(BRIDGE, language="en", weights=tmp_path)


@pytest.mark.skipif(not ARTICLES.exists(), reason="the shared data is not here")
def test_the_first_real_article_has_six_direct_quotes_of_jason_kwon() -> None:
    text = (ARTICLES / "openai-seoul-en.txt").read_text(encoding="utf-8")
    kwon = KnownSpeaker("Jason Kwon")
    found = [quote for quote in quotes(text, kwon) if quote.kind == "direct"]
    assert [(quote.text[:24], quote.text[-18:]) for quote in found] == [
        ("Korea is a technological", "rs to applications"),
        ("We will work with Korea’", "AI infrastructure."),
        ("AI infrastructure will u", "economic interests"),
        ("infrastructure is destin", "ucture is destiny."),
        ("Investment in the develo", "f the AI ecosystem"),
        ("The Seoul office will be", "and grow together."),
    ]
    assert {(quote.name, quote.known) for quote in found} == {("Jason Kwon", kwon)}
    assert all(len(quote.parts) == 1 for quote in found)
