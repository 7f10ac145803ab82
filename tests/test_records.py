"""The public shape of quotes, articles and speakers: what readers are told, and what they never are."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

import pytest
from django.utils import timezone, translation

from tracker import records, search
from tracker.models import Article, JointSpeaker, Quote, Speaker, SpeakerAlias

pytestmark = pytest.mark.django_db

Make = Callable[..., Any]

SECRETS = {
    "headline": "Leaked minutes",
    "byline": "Jane Source",
    "url_as_typed": "https://secret.example.com/minutes",
    "language": "ko",
    "notes": "<p>Handed over in a car park</p>",
}


def row_of(quote: Quote, **how: Any) -> records.QuoteRow:
    search.catch_up()
    return records.rows(search.shown([quote.pk]), **how)[0]


def record_of(quote: Quote) -> records.QuoteRecord:
    return records.quote_record(Quote.objects.to_show().get(pk=quote.pk))


@pytest.fixture
def private_article(make_publisher: Make) -> Article:
    publisher = make_publisher("Hidden Gazette")
    return Article.objects.create(
        publisher=publisher, access="private", published_on="2025-05-26", **SECRETS
    )


# ---- Dates, languages, directions ----


def test_a_date_that_is_not_known_reads_undated_and_has_no_machine_form() -> None:
    reading = records.date_reading("")
    assert (reading.words, reading.html, reading.known) == ("undated", "", False)


def test_a_date_reads_in_the_language_of_the_reader() -> None:
    with translation.override("ko"):
        assert records.date_reading("2025-05-26").words == "2025년 5월 26일"
    assert records.date_reading("1948~").words == "about 1948"
    assert records.date_reading("1948~").html == "1948"


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ("ar", "rtl"),
        ("he", "rtl"),
        ("fa-IR", "rtl"),
        ("ur", "rtl"),
        ("az-Arab", "rtl"),
        ("en", "ltr"),
        ("ko", "ltr"),
        ("ku-Latn", "ltr"),
        ("ug-Cyrl", "ltr"),
        ("und", "ltr"),
        ("", "ltr"),
    ],
)
def test_the_script_decides_the_direction_before_the_language_does(tag: str, expected: str) -> None:
    assert records.direction(tag) == expected


# ---- Signs ----


def test_every_sign_has_the_glyph_of_the_style_sheets_table(make_quote: Make) -> None:
    kinds = {kind: records.kind_sign(kind).glyph for kind in Quote.Kind.values}
    assert kinds == {"direct": "“”", "mixed": "“…", "indirect": "…"}
    signs = {each: records.attribution_sign(each) for each in Quote.Attribution.values}
    assert {name: (sign.glyph, sign.loud) for name, sign in signs.items()} == {
        "unverified": ("?", False),
        "confirmed": ("✓", False),
        "disputed": ("!", True),
        "misattributed": ("✕", True),
    }


def test_words_that_were_not_compared_say_so_and_have_a_dotted_rule(make_quote: Make) -> None:
    row = row_of(make_quote())
    assert (row.check.glyph, row.check.word, row.check.loud) == ("–", "Not checked", False)
    assert row.words.css == "words direct anchor unchecked"


def test_words_that_nobody_compared_with_the_copy_at_hand_say_so_loudly(make_quote: Make) -> None:
    quote = make_quote()
    copy = quote.lead.article.captures.create(
        method="typed", taken_at=timezone.now(), text="infrastructure is destiny"
    )
    quote.citations.update(anchored_in=copy)
    assert row_of(quote).check.loud


@pytest.mark.parametrize("attribution", ["disputed", "misattributed"])
def test_a_doubtful_attribution_stands_beside_the_name_and_not_among_the_signs(
    make_quote: Make, attribution: str
) -> None:
    row = row_of(make_quote(attribution=attribution, attribution_reason="Nobody heard it."))
    assert row.beside_the_name == row.attribution
    assert row.attribution not in row.signs


def test_misattributed_words_have_the_rule_of_words_that_are_not_theirs(make_quote: Make) -> None:
    row = row_of(make_quote(attribution="misattributed", attribution_reason="Invented later."))
    assert row.words.css == "words direct anchor not-theirs"


def test_only_words_that_are_all_the_speakers_are_put_in_quotation_marks(make_quote: Make) -> None:
    said = {
        kind: row_of(make_quote("as it stands", kind=kind)).words.marked
        for kind in Quote.Kind.values
    }
    assert said == {"direct": "“as it stands”", "mixed": "as it stands", "indirect": "as it stands"}


def test_evidence_on_who_said_the_words_wears_no_marks_and_is_theirs_who_wrote_it(
    make_quote: Make, make_citation: Make, make_article: Make
) -> None:
    article = make_article("A diary")
    quote = make_quote(attribution="misattributed", attribution_reason="Nobody heard it.")
    make_citation(quote, "he said he had one life", article=article, role="evidence on attribution")
    words = record_of(quote).sources[1].citations[-1].words
    assert words
    assert (words.css, words.marked) == ("words anchor unchecked", "he said he had one life")
    row = row_of(quote, in_article=article.pk)
    assert (row.words.css, row.kind) == ("words anchor unchecked", None)
    assert [sign.word for sign in row.signs] == ["Not checked"]
    assert row.source.notes == ("evidence on who said these words",)


def test_an_article_that_gives_the_words_and_evidence_is_listed_with_the_words(
    make_quote: Make, make_citation: Make, make_article: Make
) -> None:
    quote, article = make_quote(), make_article()
    make_citation(quote, "told by", article=article, locator="1", role="evidence on attribution")
    make_citation(quote, "is destiny", article=article, locator="2")
    assert row_of(quote, in_article=article.pk).words.text == "is destiny"


@pytest.mark.parametrize(
    ("url", "said"),
    [("", "Not checked: source on paper"), ("https://example.com/scan", "Not checked")],
)
def test_only_a_source_without_an_address_is_not_checked_for_being_on_paper(
    make_quote: Make, make_article: Make, url: str, said: str
) -> None:
    article = make_article(medium="book", url_as_typed=url)
    assert row_of(make_quote(article=article)).check.word == said


def test_long_words_are_never_made_big(make_quote: Make) -> None:
    short, long = row_of(make_quote("word")).words, row_of(make_quote("word " * 60)).words
    assert short.big.endswith(" big")
    assert short.huge.endswith(" huge")
    assert (long.big, long.huge) == (long.css, long.css)


# ---- Who said it ----


def test_a_row_names_the_position_and_organisation_then(
    make_quote: Make, make_position: Make
) -> None:
    position = make_position()
    (by,) = row_of(make_quote(speaker=position.person, position=position)).by
    assert by.in_full == "Jason Kwon, Chief Strategy Officer, OpenAI"
    assert by.url == "/speakers/jason-kwon/"


def test_an_organisation_that_the_title_names_already_is_not_named_twice(
    make_quote: Make, make_position: Make, make_speaker: Make
) -> None:
    country = make_speaker("United States", kind="organisation")
    president = make_position(
        make_speaker("A President"), country, "President of the United States"
    )
    (by,) = row_of(make_quote(speaker=president.person, position=president)).by
    assert by.role == "President of the United States"


def test_a_joint_statement_names_each_speaker_with_the_position_then(
    make_quote: Make, make_speaker: Make, make_position: Make
) -> None:
    quote = make_quote(speaker=make_speaker("First Speaker"))
    second = make_position(make_speaker("Second Speaker"), title="Prime Minister")
    JointSpeaker.objects.create(quote=quote, speaker=second.person, position=second)
    assert [by.in_full for by in row_of(quote).by] == [
        "First Speaker",
        "Second Speaker, Prime Minister, OpenAI",
    ]


def test_an_unnamed_speaker_is_described_and_has_no_page(
    make_quote: Make, make_speaker: Make
) -> None:
    quote = make_quote(
        speaker_described_as="a senior official",
        of_organisation=make_speaker("OpenAI", kind="organisation"),
        anonymity_reason="not allowed to speak",
    )
    (by,) = row_of(quote).by
    assert by.in_full == "A senior official, not named, OpenAI"
    assert by.url == ""
    assert record_of(quote).why_unnamed == "not allowed to speak"
    assert record_of(make_quote()).why_unnamed is None


def test_an_organisation_that_speaks_itself_is_nothing_then(
    make_quote: Make, make_speaker: Make
) -> None:
    organisation = make_speaker("OpenAI", kind="organisation")
    assert record_of(make_quote(speaker=organisation)).then == ()
    assert [by.name for by in record_of(make_quote()).then] == ["Jason Kwon"]


def test_on_a_speakers_own_page_that_speakers_line_is_marked_as_their_own(make_quote: Make) -> None:
    quote = make_quote()
    assert row_of(quote, own=quote.speaker_id).by[0].own
    assert not row_of(quote).by[0].own


# ---- Where the words are from ----


def line(source: records.SourceLine) -> str:
    return ", ".join(part for part in (source.before, source.name, *source.notes) if part)


def test_a_row_knows_the_address_of_its_source_unless_that_is_private_or_has_none(
    make_quote: Make, make_article: Make, private_article: Article
) -> None:
    page = make_article(url_as_typed="https://news.example.org/1")
    assert row_of(make_quote(article=page)).source.address == "https://news.example.org/1"
    book = make_article(medium="book", url_as_typed="")
    assert row_of(make_quote(article=book)).source.address == ""
    assert row_of(make_quote(article=private_article)).source.address == ""


def test_the_line_on_the_source_has_the_short_form_of_the_date(
    make_quote: Make, make_article: Make
) -> None:
    article = make_article("", published_on="2025-09-10")
    assert row_of(make_quote(article=article)).source.notes[0] == "10 Sept 2025"


def test_the_line_on_the_source_says_what_it_re_reports(
    make_quote: Make, make_article: Make, make_publisher: Make
) -> None:
    original = make_article("", publisher=make_publisher("ZDNet Korea"), language="ko")
    article = make_article(
        publisher=make_publisher("AI Matters"),
        published_on="2025-05~",
        url_as_typed="https://aimatters.co.kr/english-news/22138",
        original=original,
        relation="re-report",
    )
    row = row_of(make_quote(article=article))
    assert line(row.source) == "AI Matters, about May 2025, a re-report of ZDNet Korea"
    assert row.source.page == article.get_absolute_url()


def test_further_sources_are_counted_each_once(
    make_quote: Make, make_citation: Make, make_article: Make
) -> None:
    quote, twice = make_quote(), make_article()
    make_citation(quote, article=twice, locator="1")
    make_citation(quote, article=twice, locator="2")
    make_citation(quote, "who said it", role="evidence on attribution")
    assert row_of(quote).source.notes[-1] == "and 1 more source"


@pytest.mark.parametrize(
    ("medium", "expected"),
    [
        ("print", "Newspaper or magazine, The Arena, January 1900, no web address"),
        ("broadcast", "Broadcast, The Arena, January 1900, no web address"),
        ("web", "The Arena, January 1900, address not recorded"),
    ],
)
def test_a_source_without_an_address_says_whether_it_has_none_or_none_is_recorded(
    make_quote: Make, make_article: Make, make_publisher: Make, medium: str, expected: str
) -> None:
    article = make_article(
        publisher=make_publisher("The Arena"), medium=medium, published_on="1900-01"
    )
    assert line(row_of(make_quote(article=article)).source) == expected


def test_a_book_is_named_by_its_title(
    make_quote: Make, make_article: Make, make_publisher: Make
) -> None:
    book = make_article("백범일지", medium="book", publisher=make_publisher("A printing house"))
    assert row_of(make_quote(article=book)).source.name == "백범일지"


# ---- Wordings ----


def test_a_row_counts_the_wordings_and_adds_the_one_in_the_readers_language(
    make_quote: Make, make_citation: Make
) -> None:
    quote = make_quote("한국은 기술 강국이다", citation={"language": "ko"})
    make_citation(quote, "Korea is a technological powerhouse", language="en")
    make_citation(quote, "“korea is a technological powerhouse”", language="en")
    row = row_of(quote)
    assert row.wordings
    assert row.wordings.word == "2 wordings"
    assert row.translation
    assert row.translation.text == "Korea is a technological powerhouse"
    with translation.override("ko"):
        assert row_of(quote).translation is None


def test_sources_that_agree_are_no_wordings_of_their_own(
    make_quote: Make, make_citation: Make
) -> None:
    quote = make_quote("It’s so")
    make_citation(quote, "it's so")
    assert row_of(quote).wordings is None


def test_on_an_articles_page_a_row_has_that_articles_wording(
    make_quote: Make, make_citation: Make, make_article: Make
) -> None:
    quote, article = make_quote("한국은 기술 강국이다", citation={"language": "ko"}), make_article()
    make_citation(quote, "Korea is strong", article=article, attributed_as="CSO Kwon")
    row = row_of(quote, in_article=article.pk)
    assert row.words.text == "Korea is strong"
    assert row.source.notes == ("named there as “CSO Kwon”",)


def captions(quote: Quote) -> list[str]:
    return [each.caption for group in record_of(quote).languages for each in group.wordings]


def test_a_wording_is_called_original_only_when_the_language_spoken_is_known(
    make_quote: Make,
) -> None:
    assert "original" in captions(make_quote(spoken_language="en"))[0]
    assert "original" not in captions(make_quote())[0]


def test_a_translation_back_into_the_language_spoken_is_not_the_original(make_quote: Make) -> None:
    quote = make_quote(spoken_language="en", citation={"translated_by": "not named"})
    assert "original" not in captions(quote)[0]


@pytest.mark.parametrize(
    ("citation", "is_original"),
    [
        ({}, True),
        ({"basis": "transcript"}, True),
        ({"basis": "re-report"}, False),
    ],
)
def test_a_re_report_is_never_called_the_original(
    make_quote: Make, citation: dict[str, str], is_original: bool
) -> None:
    said = captions(make_quote(spoken_language="en", citation=citation))[0]
    assert ("original" in said) is is_original
    assert "not on record" not in said


def test_of_rival_wordings_only_those_from_a_recording_or_the_speakers_text_are_original(
    make_quote: Make, make_citation: Make
) -> None:
    quote = make_quote("I am not a crook", spoken_language="en")
    make_citation(quote, "I'm no crook", basis="reporter present")
    make_citation(quote, "I'm not a crook", basis="recording")
    assert ["original" in caption for caption in captions(quote)] == [False, False, True]


def test_words_that_are_not_theirs_have_no_original(make_quote: Make) -> None:
    quote = make_quote(
        spoken_language="en",
        citation={"basis": "recording"},
        attribution="misattributed",
        attribution_reason="Invented later.",
    )
    assert "original" not in captions(quote)[0]


@pytest.mark.parametrize(
    ("medium", "basis", "caption"),
    [
        ("web", "unknown", "In English, as NASA printed it"),
        ("web", "transcript", "In English, as NASA gives it"),
        ("print", "transcript", "In English, as NASA printed it"),
        ("broadcast", "recording", "In English, as NASA broadcast it"),
        ("archive", "unknown", "In English, as NASA keeps it"),
    ],
)
def test_a_caption_says_what_the_source_does_with_the_words(
    make_quote: Make,
    make_article: Make,
    make_publisher: Make,
    medium: str,
    basis: str,
    caption: str,
) -> None:
    article = make_article("", publisher=make_publisher("NASA"), medium=medium)
    assert captions(make_quote(article=article, citation={"basis": basis})) == [caption]


def test_what_an_archive_keeps_says_where_it_comes_from(
    make_quote: Make, make_article: Make, make_publisher: Make
) -> None:
    original = make_article("", publisher=make_publisher("A society"))
    keeper = make_article(
        publisher=make_publisher("An archive"),
        medium="archive",
        original=original,
        relation="re-report",
    )
    assert captions(make_quote(article=keeper)) == [
        "In English, as An archive keeps it, a re-report of A society"
    ]


def test_sources_of_one_publisher_are_told_apart_by_headline_or_date(
    make_quote: Make, make_citation: Make, make_article: Make, make_publisher: Make
) -> None:
    nasa = make_publisher("NASA")
    quote = make_quote("one", article=make_article("One Small Step", publisher=nasa))
    dated = make_article("", publisher=nasa, medium="broadcast", published_on="1969-07-20")
    make_citation(quote, "two", article=dated)
    assert captions(quote) == [
        "In English, as NASA (One Small Step) printed it: the wording that leads",
        "In English, as NASA (20 July 1969) broadcast it",
    ]


def test_sources_of_different_media_give_one_wording(
    make_quote: Make, make_citation: Make, make_article: Make, make_publisher: Make
) -> None:
    paper = make_article("", publisher=make_publisher("The Paper"), medium="print")
    quote = make_quote("Is destiny", article=paper)
    make_citation(quote, "is destiny.", article=make_article("", medium="print"))
    assert captions(quote) == ["In English, as The Paper and 1 other source printed it"]
    make_citation(quote, "is destiny", article=make_article("", medium="broadcast"))
    assert captions(quote) == ["In English, as The Paper and 2 other sources give it"]


def test_a_translation_alone_says_that_the_speakers_own_words_are_not_on_record(
    make_quote: Make, make_article: Make, make_publisher: Make
) -> None:
    original = make_article("", publisher=make_publisher("ZDNet Korea"))
    article = make_article(
        publisher=make_publisher("AI Matters"), original=original, relation="re-report"
    )
    quote = make_quote(article=article, citation={"translated_by": "not named"})
    assert captions(quote) == [
        "In English, as AI Matters printed it, re-reporting ZDNet Korea: translator not named; "
        "the speaker’s own words are not on record"
    ]


def test_wordings_are_grouped_by_language_with_the_leading_one_first(
    make_quote: Make, make_citation: Make
) -> None:
    quote = make_quote("나라", citation={"language": "ko"})
    make_citation(quote, "a country", language="en", translated_by="machine")
    make_citation(quote, "a nation", language="en", translated_by="A. Translator")
    groups = record_of(quote).languages
    assert [group.language for group in groups] == ["Korean", "English"]
    assert [wording.words.text for wording in groups[1].wordings] == ["a country", "a nation"]
    assert "the wording that leads" in groups[0].wordings[0].caption
    assert "translated by machine" in groups[1].wordings[0].caption
    assert "translated by A. Translator" in groups[1].wordings[1].caption


# ---- Sources of a quote in full ----


def test_sources_whose_chains_lead_to_one_root_are_not_independent(
    make_quote: Make, make_citation: Make, make_article: Make
) -> None:
    root = make_article("root")
    middle = make_article("middle", original=root, relation="re-report")
    far = make_article("far", original=middle, relation="translation")
    quote = make_quote(article=root)
    make_citation(quote, article=far)
    make_citation(quote, article=make_article("elsewhere"))
    record = record_of(quote)
    assert record.sources[0].heading == "3 sources, 2 independent"
    assert record.independent == "2 independent sources"
    chain = record.sources[0].citations[1].chain
    assert [(step.relation, step.name) for step in chain] == [
        ("", "far"),
        ("translation of", "middle"),
        ("re-report of", "root"),
    ]


def sources_heading(quote: Quote) -> tuple[str, str]:
    record = record_of(quote)
    return record.sources[0].heading, record.independent


def test_a_re_report_of_unknown_origin_adds_no_independent_source(
    make_quote: Make, make_citation: Make, make_article: Make
) -> None:
    quote = make_quote(citation={"basis": "re-report"})
    assert sources_heading(quote) == ("1 source", "No independent source known")
    copy = make_article("copy", original=quote.lead.article, relation="re-report")
    make_citation(quote, article=copy)
    assert sources_heading(quote) == (
        "2 sources, none known to be independent",
        "No independent source known",
    )
    make_citation(quote, basis="recording")
    assert sources_heading(quote) == ("3 sources, 1 independent", "1 independent source")


def test_sources_of_one_publisher_are_one(
    make_quote: Make, make_citation: Make, make_article: Make, make_publisher: Make
) -> None:
    nasa = make_publisher("NASA")
    quote = make_quote(article=make_article(publisher=nasa))
    make_citation(quote, article=make_article("Another", publisher=nasa))
    assert sources_heading(quote) == ("2 sources, 1 independent", "1 independent source")


def test_neither_evidence_nor_a_wrong_attribution_is_an_independent_source(
    make_quote: Make, make_citation: Make
) -> None:
    quote = make_quote()
    make_citation(quote, role="evidence on attribution")
    make_citation(quote, role="attributes wrongly")
    assert sources_heading(quote) == ("1 source", "1 independent source")


def test_sources_of_words_that_are_not_theirs_are_counted_and_never_as_independent(
    make_quote: Make, make_citation: Make
) -> None:
    quote = make_quote(attribution="misattributed", attribution_reason="Invented later.")
    for _ in range(2):
        make_citation(quote)
    assert sources_heading(quote) == ("2 sources", "")


@pytest.mark.parametrize(
    ("kind", "place", "phrase"),
    [
        ("page", "12", "page 12"),
        ("page", "761–763", "pages 761–763"),
        ("page", "xii-xiv", "pages xii-xiv"),
        ("page", "A-12", "page A-12"),
        ("page", "front page", "front page"),
        ("paragraph", "5", "paragraph 5"),
        ("paragraph", "2.10", "section 2.10"),
        ("paragraph", "Article 1", "Article 1"),
        ("paragraph", "Note G", "Note G"),
        ("time", "11.15 a.m.", "at 11.15 a.m."),
        ("shelf mark", "Ms. Codex 12", "shelf mark Ms. Codex 12"),
        ("shelf mark", "Add MS 7", "shelf mark Add MS 7"),
        ("", "book 6", "book 6"),
        ("", "6", "place in the source: 6"),
    ],
)
def test_a_place_in_a_source_is_called_what_it_is(
    make_quote: Make, kind: str, place: str, phrase: str
) -> None:
    quote = make_quote(citation={"locator_kind": kind, "locator": place})
    assert record_of(quote).sources[0].citations[0].locator == phrase


def test_a_re_report_in_another_language_says_so(make_quote: Make, make_article: Make) -> None:
    original = make_article("원문", language="ko")
    article = make_article("English", language="en", original=original, relation="re-report")
    chain = record_of(make_quote(article=article)).sources[0].citations[0].chain
    assert chain[1].relation == "re-report, in another language, of"


def test_a_step_of_a_chain_is_a_link_only_when_it_has_a_page(
    make_quote: Make, make_article: Make
) -> None:
    original = make_article("never quoted itself")
    article = make_article("quoted", original=original, relation="re-report")
    quote = make_quote(article=article)
    record = record_of(quote)
    assert record.sources[0].citations[0].source.page == article.get_absolute_url()
    assert record.sources[0].citations[0].chain[1].page == ""


def test_citations_are_grouped_by_what_they_do(make_quote: Make, make_citation: Make) -> None:
    quote = make_quote(
        citation={"role": "attributes wrongly"},
        attribution="misattributed",
        attribution_reason="It is older.",
    )
    make_citation(quote, "older words", role="evidence on attribution")
    record = record_of(quote)
    assert [(each.id, each.heading) for each in record.sources] == [
        ("wrongly", "1 source attributes them wrongly"),
        ("evidence", "Evidence on who said these words"),
    ]
    assert record.independent == ""


def test_a_citation_repeats_its_words_only_when_they_differ(
    make_quote: Make, make_citation: Make
) -> None:
    quote = make_quote("It’s so")
    make_citation(quote, "it's so")
    make_citation(quote, "it is so")
    words = [
        each.words.text if each.words else "" for each in record_of(quote).sources[0].citations
    ]
    assert words == ["", "", "it is so"]


def test_the_title_is_cut_at_a_word_and_the_description_is_not(make_quote: Make) -> None:
    words = "infrastructure is destiny and so is everything that is built upon it, he said at last"
    record = record_of(make_quote(words, said_on="2025-05-26"))
    assert record.title == (
        "Jason Kwon, 26 May 2025: “infrastructure is destiny and so is everything that is built…”"
    )
    assert record.description == f"“{words}” — Jason Kwon"


def test_the_title_of_wrongly_attributed_words_says_so(make_quote: Make) -> None:
    quote = make_quote("cake", attribution="misattributed", attribution_reason="Older.")
    assert record_of(quote).title == "Wrongly attributed to Jason Kwon: “cake”"
    assert "wrongly attributed to" in record_of(quote).description


# ---- Private sources ----


def test_of_a_private_source_only_the_medium_and_the_date_are_filled(
    private_article: Article,
) -> None:
    filled = {
        name for name, value in asdict(records.article_record(private_article)).items() if value
    }
    allowed = {"name", "medium", "published", "published_short", "private", "direction"}
    assert filled == allowed
    assert records.article_record(private_article).name == "a private source (web page)"


@pytest.mark.parametrize("place", ["lead", "further", "original"])
def test_nothing_of_a_private_source_slips_into_a_quotes_record(
    make_quote: Make, make_citation: Make, make_article: Make, private_article: Article, place: str
) -> None:
    secret = {"attributed_as": "Agent K", "locator": "77", "translated_by": "T. Ranslator"}
    if place == "lead":
        quote = make_quote(article=private_article, citation={**secret, "locator_kind": "page"})
    elif place == "further":
        quote = make_quote()
        make_citation(quote, "other words", article=private_article, basis="recording", **secret)
    else:
        quote = make_quote(
            article=make_article(original=private_article, relation="translation", language="en")
        )
    said = f"{record_of(quote)} {row_of(quote)}"
    hidden = [*SECRETS.values(), *secret.values(), "Hidden Gazette", "secret.example", "ecording"]
    hidden.remove("ko")
    assert [each for each in hidden if each in said] == []
    assert private_article.get_absolute_url() not in said
    assert "a private source (web page)" in said.lower()


def test_evidence_in_a_private_source_is_mentioned_and_not_told(
    make_quote: Make, make_citation: Make, private_article: Article
) -> None:
    quote = make_quote()
    make_citation(
        quote,
        "what the letter says",
        article=private_article,
        role="evidence on attribution",
        attributed_as="Agent K",
        locator="77",
    )
    record = record_of(quote)
    (evidence,) = record.sources[1].citations
    assert (evidence.words, evidence.leads) == (None, False)
    assert evidence.source.name == "a private source (web page)"
    assert not any(told in str(record) for told in ("what the letter says", "Agent K", "77"))


def test_a_chain_does_not_tell_what_a_private_source_comes_from(
    make_quote: Make, make_article: Make, private_article: Article
) -> None:
    private_article.original, private_article.relation = make_article("The root"), "excerpt"
    private_article.save()
    article = make_article("Open", original=private_article, relation="re-report")
    chain = record_of(make_quote(article=article)).sources[0].citations[0].chain
    assert [step.name for step in chain] == ["Open", "a private source (web page)"]


# ---- Articles, speakers, topics, occasions ----


def test_an_article_without_a_headline_is_described(
    make_article: Make, make_publisher: Make
) -> None:
    publisher = make_publisher("AI Matters")
    titles = [
        records.article_record(make_article("", **fields)).title
        for fields in (
            {"publisher": publisher, "published_on": "2025-05~"},
            {"publisher": publisher},
            {"publisher": publisher, "medium": "broadcast", "published_on": "1969"},
            {"medium": "letter"},
        )
    ]
    assert titles == [
        "Page at AI Matters, about May 2025",
        "Page at AI Matters",
        "Broadcast: AI Matters, 1969",
        "Letter",
    ]


def test_a_date_of_an_article_or_occasion_that_we_lack_is_not_recorded(
    make_article: Make, make_occasion: Make
) -> None:
    record = records.article_record(make_article())
    assert (record.published.words, record.published.known) == ("date not recorded", False)
    assert record.published_short.words == "date not recorded"
    assert records.occasion_record(make_occasion()).held.words == "date not recorded"


def test_a_byline_that_is_the_publishers_name_says_nothing_more(
    make_article: Make, make_publisher: Make
) -> None:
    publisher = make_publisher("Knowing Korea")
    bylines = ("Knowing Korea", "김민석", "")
    signed = [
        records.article_record(make_article(publisher=publisher, byline=byline)).signed
        for byline in bylines
    ]
    assert signed == [False, True, False]


def test_a_speakers_record_has_names_in_their_languages(make_speaker: Make) -> None:
    speaker: Speaker = make_speaker("Mustafa Kamil", wikidata_id="Q312561")
    SpeakerAlias.objects.create(speaker=speaker, name="مصطفى كامل", language="ar")
    record = records.speaker_record(speaker)
    assert [(each.language, each.direction) for each in record.aliases] == [("ar", "rtl")]
    assert record.wikidata
    assert record.wikidata.url == "https://www.wikidata.org/wiki/Q312561"


def test_an_occasion_that_only_has_a_place_does_not_say_it_twice(make_occasion: Make) -> None:
    record = records.occasion_record(make_occasion("", place="Alexandria", country="Egypt"))
    assert (record.name, record.where) == ("Alexandria", "Egypt")
    longer = records.occasion_record(make_occasion("Cairo", place="Cairo Hall", country="Egypt"))
    assert longer.where == "Cairo Hall, Egypt"


def test_a_position_leads_to_what_was_said_for_that_organisation(make_position: Make) -> None:
    record = records.position_record(make_position())
    assert record.quotes_url == "/speakers/jason-kwon/?organisation=openai"
