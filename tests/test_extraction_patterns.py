"""Finding quotes by patterns, in languages that the model has not learned."""

import pytest

from tracker.extraction import TICKED_FROM, FoundQuote, KnownSpeaker, find_quotes

KWON = KnownSpeaker("Jason Kwon", ("제이슨 권", "ジェイソン・クォン"))


def found(text: str, language: str) -> list[FoundQuote]:
    return find_quotes(text, language=language, speakers=[KWON])


def told(text: str, language: str) -> list[tuple[str, str, str]]:
    """The words, the mention of the speaker and the cue of each quote."""
    return [
        (
            quote.text,
            quote.speaker.text if quote.speaker else "",
            quote.cue.text if quote.cue else "",
        )
        for quote in found(text, language)
    ]


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        (
            "ko",
            "김하나 시장은 26일 시청에서 “다리를 새로 짓겠다”고 말했다.",
            ("다리를 새로 짓겠다", "김하나 시장", "말했다"),
        ),
        (
            "ko",
            '박 대표는 "우리는 준비가 됐다"라며 "곧 시작한다"라고 강조했다.',
            ("우리는 준비가 됐다", "박 대표", "라며"),
        ),
        ("ko-KR", "이 의원은 ‘길은 운명’이라고 밝혔다.", ("길은 운명", "이 의원", "밝혔다")),
        ("ja", "田中社長は会見で「橋を作り直す」と述べた。", ("橋を作り直す", "田中社長", "述べ")),
        (
            "de",
            "„Wir bauen die Brücke neu“, sagte Anna Glocke am Montag.",
            ("Wir bauen die Brücke neu", "Anna Glocke", "sagte"),
        ),
        (
            "de",
            "Anna Glocke erklärte: »Wir bauen sie neu.«",
            ("Wir bauen sie neu.", "Anna Glocke", "erklärte"),
        ),
        (
            "fr",
            "« Nous reconstruirons le pont », a déclaré Anne Cloche lundi.",
            ("Nous reconstruirons le pont", "Anne Cloche", "a déclaré"),
        ),
        ("fr", "« Rien ne change », ajoute-t-elle.", ("Rien ne change", "elle", "ajoute")),
        (
            "fr",
            "Selon Anne Cloche, « rien ne change ».",
            ("rien ne change", "Anne Cloche", "Selon"),
        ),
        (
            "es",
            "«Vamos a construir el puente», dijo Ana Campana.",
            ("Vamos a construir el puente", "Ana Campana", "dijo"),
        ),
    ],
)
def test_words_speaker_and_cue_are_found(
    language: str, text: str, expected: tuple[str, str, str]
) -> None:
    first, speaker, cue = told(text, language)[0]
    assert (first, speaker) == expected[:2]
    assert cue.startswith(expected[2])


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("ko", "책 ‘길’은 많이 팔렸다. 영화 「다리」도 나왔다."),
        ("ja", "新作「橋」が発売された。"),
        ("de", "Er las „Die Brücke“ gern."),
        ("fr", "Le film « Le Pont » sort lundi."),
    ],
)
def test_titles_are_no_quotes(language: str, text: str) -> None:
    assert found(text, language) == []


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("ko", "제이슨 권 오픈AI 최고전략책임자는 “길은 운명이다”라고 말했다."),
        ("ja", "ジェイソン・クォン氏は「道は運命だ」と述べた。"),
        ("de", "„Straßen sind Schicksal“, sagte Jason Kwon."),
    ],
)
def test_a_speaker_on_record_is_found_within_the_mention(language: str, text: str) -> None:
    (quote,) = found(text, language)
    assert quote.known == KWON


def test_a_pronoun_is_whoever_was_named_last() -> None:
    text = "„Wir bauen neu“, sagte Anna Glocke. „Das dauert drei Jahre“, betonte sie."
    assert [quote.name for quote in found(text, "de")] == ["Anna Glocke", "Anna Glocke"]


def test_korean_goes_on_with_the_speaker_of_the_sentence_before() -> None:
    text = "김하나 시장은 “다리를 새로 짓겠다”고 말했다. 그는 “3년 걸린다”며 “기다려 달라”고 했다."
    quotes = found(text, "ko")
    assert [quote.name for quote in quotes] == ["김하나"] * 3
    assert quotes[1].speaker
    assert quotes[1].speaker.text == "그"
    assert "speaker_unclear" in quotes[2].doubts
    assert "speaker_from_elsewhere" not in quotes[2].doubts


def test_a_speaker_of_another_paragraph_is_said_to_stand_there() -> None:
    text = "김하나 시장은 “다리를 새로 짓겠다”고 말했다.\n\n“3년이면 된다”고도 했다."
    quote = found(text, "ko")[1]
    assert quote.name == "김하나"
    assert "speaker_from_elsewhere" in quote.doubts


@pytest.mark.parametrize(
    ("mention", "name"),
    [
        ("김하나 대통령", "김하나"),
        ("김하나 전 대통령", "김하나"),
        ("김하나 서울 시장", "김하나"),
        ("새마을당 김하나 원내대표", "김하나"),
        ("김하나 씨", "김하나"),
        ("제니퍼 권 대표", "제니퍼 권"),
        ("에이미 권 최고전략책임자", "에이미 권"),
        ("박 대표", "박 대표"),
        ("서울시 대변인", "서울시 대변인"),
        ("대통령", ""),
    ],
)
def test_a_korean_title_is_no_part_of_a_name(mention: str, name: str) -> None:
    (quote,) = found(f"{mention}은 “다리를 새로 짓겠다”고 말했다.", "ko")
    assert quote.speaker
    assert (quote.speaker.text, quote.name) == (mention, name)
    assert ("speaker_not_named" in quote.doubts) == (not name)


def test_a_pronoun_before_any_name_is_nobody_by_name() -> None:
    (quote,) = found("그는 “다리를 새로 짓겠다”고 말했다.", "ko")
    assert quote.name == ""
    assert "speaker_not_named" in quote.doubts


def test_a_last_name_alone_is_the_one_on_record_with_a_doubt() -> None:
    (quote,) = found("„Wir bauen die Brücke neu“, sagte Kwon am Montag.", "de")
    assert quote.known == KWON
    assert "known_by_last_name" in quote.doubts


@pytest.mark.parametrize(
    ("language", "text", "name"),
    [
        ("ko", "김하나 시장은 “좋다”고 말했다. 김 시장은 “곧 한다”고 덧붙였다.", "김하나"),
        ("de", "„Ja“, sagte Anna Glocke. „Nein, nie“, sagte Glocke.", "Anna Glocke"),
    ],
)
def test_a_shorter_mention_leads_to_the_longer_one_before(
    language: str, text: str, name: str
) -> None:
    assert [quote.name for quote in found(text, language)] == [name, name]


def test_a_quote_broken_by_its_cue_has_two_parts_and_the_next_sentence_is_another() -> None:
    (quote,) = found("„Das ist falsch“, so Anna Glocke, „und er weiß es.“", "de")
    assert [part.text for part in quote.parts] == ["Das ist falsch", "und er weiß es."]
    text = "« C’est un choix », a dit Anne Cloche. Pour Marie Dupont, « c’est une erreur »."
    assert [quote.name for quote in found(text, "fr")] == ["Anne Cloche", "Marie Dupont"]


def test_what_patterns_find_says_so_and_is_never_ticked() -> None:
    text = "„Wir bauen die Brücke neu“, sagte Anna Glocke am Montag."
    (quote,) = found(text, "de")
    assert "by_pattern" in quote.doubts
    assert quote.confidence < TICKED_FROM


def test_an_unknown_language_is_told_by_the_text() -> None:
    text = "“We will rebuild the bridge,” the mayor of the town, Anna Bell, said to the council."
    assert "by_pattern" not in find_quotes(text, language="und")[0].doubts
    assert "by_pattern" in found("„Wir bauen die Brücke neu“, sagte Anna Glocke.", "und")[0].doubts
