"""Quotes: who said them, when, in which words, and how two that turn out to be one are joined."""

import threading
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import F

from tracker.models import Citation, JointSpeaker, Quote, Refused

ENGLISH = "South Korea has a unique AI ecosystem that spans from semiconductors to software"
KOREAN = "한국은 반도체부터 소프트웨어까지 AI 전 영역을 아우르는 풀스택 생태계를 갖추고 있다"


def _problems(record) -> set[str]:
    with pytest.raises(ValidationError) as refused:
        record.full_clean()
    return set(refused.value.message_dict)


def _now(quote) -> Quote:
    return Quote.objects.get(pk=quote.pk)


# --- Words ----------------------------------------------------------------------------------------


def test_the_words_of_a_quote_are_its_leading_citations(make_quote, make_citation, editor):
    quote = make_quote(ENGLISH)
    korean = make_citation(quote, KOREAN, language="ko")
    assert quote.text == ENGLISH
    quote.lead_with(korean, by=editor)
    assert quote.text == _now(quote).text == KOREAN
    korean.text = KOREAN + "."
    korean.save()
    assert _now(quote).text == KOREAN + "."


def test_the_first_citation_leads_by_itself_and_only_when_none_does(
    make_quote, make_citation, editor
):
    quote = make_quote(text="")
    quote.lead_with_the_first(by=editor)
    assert (quote.lead, quote.text) == (None, "")
    first, second = make_citation(quote, ENGLISH), make_citation(quote, KOREAN)
    quote.lead_with_the_first(by=editor)
    assert _now(quote).lead == first
    quote.lead_with(second, by=editor)
    quote.lead_with_the_first(by=editor)
    assert _now(quote).lead == second


def test_a_quote_is_not_led_by_another_quotes_citation(make_quote, editor):
    quote, other = make_quote(), make_quote()
    with pytest.raises(Refused, match="belongs to another quote"):
        quote.lead_with(other.lead, by=editor)
    own = quote.lead
    quote.lead = other.lead
    assert _problems(quote) == {"lead"}
    assert _now(quote).lead == own


def test_wordings_that_differ_in_quotation_marks_dashes_case_or_space_are_one(
    make_quote, make_citation, editor
):
    quote = make_quote("Korea’s “full-stack” strength")
    make_citation(quote, "korea's  'full—stack' strength")
    korean = make_citation(quote, KOREAN, language="ko")
    make_citation(quote, ENGLISH)
    assert quote.wordings == ["Korea’s “full-stack” strength", KOREAN, ENGLISH]
    quote.lead_with(korean, by=editor)
    assert _now(quote).wordings[0] == KOREAN


def test_evidence_on_who_said_it_is_no_wording(make_quote, make_citation):
    quote = make_quote(ENGLISH)
    evidence = make_citation(quote, "He never said so.", role="evidence on attribution")
    assert not evidence.gives_the_words
    assert quote.wordings == [ENGLISH]


def test_the_address_is_made_from_the_name_and_the_words(make_quote):
    assert make_quote("“Infrastructure is destiny.”").slug == "jason-kwon-infrastructure-is-destiny"
    assert make_quote(text="").slug == "jason-kwon"
    official = make_quote("no comment", speaker_described_as="a senior official")
    assert official.slug == "a-senior-official-no-comment"
    assert len(make_quote(KOREAN * 3).slug) <= 60
    assert make_quote("…", speaker_described_as="…").slug == "quote"


def test_a_quote_names_itself_shortly(make_quote):
    assert str(make_quote("infrastructure is destiny")) == "Jason Kwon: infrastructure is destiny"
    assert str(make_quote(text="")) == "Jason Kwon: no words yet"
    assert len(str(make_quote("word " * 200))) < 100


def test_a_quote_is_cited_and_led_by_the_first(make_quote, make_article, editor):
    quote, article = make_quote(text=""), make_article()
    first = quote.cite(article, text="  " + ENGLISH, language="EN", by=editor)
    second = quote.cite(make_article(), text=KOREAN, by=editor)
    assert _now(quote).lead == first
    assert list(quote.citations.all()) == [first, second]
    assert (first.text, first.language) == (ENGLISH, "en")
    assert {row.history_user for row in Citation.history.all()} == {editor}
    with pytest.raises(ValidationError, match="already exists"):
        quote.cite(article, text=ENGLISH, by=editor)
    with pytest.raises(ValidationError, match="HTML"):
        quote.cite(make_article(), text="<b>Korea</b>", by=editor)


# --- Speakers -------------------------------------------------------------------------------------


def test_a_quote_has_a_speaker_or_a_description(make_quote, the_database_refuses):
    with the_database_refuses("quote_has_a_speaker_or_a_description"):
        Quote.objects.create()
    with the_database_refuses("quote_has_a_speaker_or_a_description"):
        Quote.objects.bulk_create([Quote()])
    make_quote()
    with the_database_refuses("quote_has_a_speaker_or_a_description"):
        Quote.objects.update(speaker=None)
    with pytest.raises(ValidationError, match="Choose the speaker, or describe one"):
        Quote().full_clean()


def test_a_quote_with_a_speaker_describes_nobody_else(
    make_quote, make_speaker, the_database_refuses
):
    quote = make_quote()
    constraint = "quote_with_a_speaker_describes_nobody_else"
    ministry = make_speaker("Ministry of Science and ICT", kind="organisation")
    for column, value in (
        ("speaker_described_as", "a senior official"),
        ("of_organisation", ministry),
        ("anonymity_reason", "not authorised to speak"),
    ):
        with the_database_refuses(constraint):
            Quote.objects.update(**{column: value})
    quote.speaker_described_as = "a senior official"
    with pytest.raises(ValidationError, match="not both"):
        quote.full_clean()


def test_a_quote_without_a_speaker_has_no_position(make_quote, make_position, the_database_refuses):
    make_quote(speaker_described_as="a senior official")
    with the_database_refuses("quote_without_a_speaker_has_no_position"):
        Quote.objects.update(position=make_position())


def test_an_unnamed_speaker_is_described_with_organisation_and_reason(make_quote, make_speaker):
    ministry = make_speaker("Ministry of Science and ICT", kind="organisation")
    quote = make_quote(
        speaker_described_as="a senior official",
        of_organisation=ministry,
        anonymity_reason="not authorised to speak",
    )
    quote.full_clean()
    assert str(quote) == "a senior official: infrastructure is destiny"
    assert quote.is_published
    quote.of_organisation = make_speaker("Sam Altman")
    assert _problems(quote) == {"of_organisation"}


def test_a_position_is_the_speakers_own(make_quote, make_position, make_speaker):
    quote = make_quote()
    quote.position = make_position(quote.speaker)
    quote.full_clean()
    quote.position = make_position(make_speaker("Sam Altman"))
    assert _problems(quote) == {"position"}


def test_an_attribution_other_than_unverified_has_a_reason(make_quote, the_database_refuses):
    quote = make_quote()
    for attribution in ("confirmed", "disputed", "misattributed"):
        with the_database_refuses("attribution_has_a_reason_unless_unverified"):
            Quote.objects.update(attribution=attribution)
        quote.attribution, quote.attribution_reason = attribution, ""
        with pytest.raises(ValidationError, match="Give the reason"):
            quote.full_clean()
        quote.attribution_reason = "The recording."
        quote.full_clean()


def test_wrongly_attributed_quotes_are_not_theirs(make_quote):
    theirs = [make_quote(), make_quote(attribution="disputed", attribution_reason="No source.")]
    wrong = make_quote(attribution="misattributed", attribution_reason="Rousseau wrote it first.")
    assert set(Quote.objects.theirs()) == set(theirs)
    assert set(wrong.speaker.quotes.all()) == {*theirs, wrong}


def test_a_reference_is_one_line_that_can_be_seen(make_quote):
    quote = make_quote(reference=" row\t12 ")
    assert _now(quote).reference == "row 12"
    for wrong in ("\u202e", "\u200b", "row\0"):
        quote.reference = wrong
        assert _problems(quote) == {"reference"}


@pytest.mark.parametrize("when", ["9999", "9999/..", "../.."])
def test_a_quote_is_not_said_on_a_day_that_has_not_come_or_that_tells_nothing(make_quote, when):
    quote = make_quote(said_on="../2025")
    quote.full_clean()
    quote.said_on = when
    assert _problems(quote) == {"said_on"}


def test_a_reference_is_unique_when_given_and_null_otherwise(make_quote, the_database_refuses):
    make_quote(reference="row 12")
    make_quote()
    quote = make_quote()
    with the_database_refuses("reference", columns="tracker_quote.reference"):
        make_quote(reference="row 12")
    with the_database_refuses("reference_is_null_when_not_given"):
        Quote.objects.filter(pk=quote.pk).update(reference="")
    quote.reference = "  "
    quote.full_clean()
    assert quote.reference is None


# --- Joint statements -----------------------------------------------------------------------------


def test_a_joint_statement_names_each_speaker_once_and_in_order(
    make_quote, make_speaker, make_position, the_database_refuses
):
    churchill, stalin = make_speaker("Winston Churchill"), make_speaker("Joseph Stalin")
    quote = make_quote(speaker=make_speaker("Franklin D. Roosevelt"))
    quote.joint_speakers.create(speaker=stalin, order=2)
    position = make_position(churchill, title="Prime Minister")
    first = quote.joint_speakers.create(speaker=churchill, order=1, position=position)
    first.full_clean()
    assert [joint.speaker for joint in quote.joint_speakers.all()] == [churchill, stalin]
    columns = "tracker_jointspeaker.quote_id, tracker_jointspeaker.speaker_id"
    with the_database_refuses("a_joint_speaker_is_named_once", columns=columns):
        quote.joint_speakers.create(speaker=stalin)
    assert Quote.objects.published().count() == 1


def test_what_makes_no_joint_statement_is_refused_beside_its_field(
    make_quote, make_speaker, make_position
):
    quote, altman = make_quote(), make_speaker("Sam Altman")
    alien = make_position(quote.speaker)
    unnamed = make_quote(speaker_described_as="a senior official")
    assert _problems(JointSpeaker(quote=quote, speaker=quote.speaker)) == {"speaker"}
    assert _problems(JointSpeaker(quote=unnamed, speaker=altman)) == {"speaker"}
    assert _problems(JointSpeaker(quote=quote, speaker=altman, position=alien)) == {"position"}
    for unsaved in (Quote(speaker=altman), Quote(speaker_described_as="a senior official")):
        with pytest.raises(ValidationError) as refused:
            JointSpeaker(quote=unsaved, speaker=altman).clean()
        assert list(refused.value.message_dict) == ["speaker"]


# --- Dates ----------------------------------------------------------------------------------------

NEVER, FOR_EVER = date(1, 1, 1), date(9999, 12, 31)


@pytest.mark.parametrize(
    ("said_on", "earliest", "latest"),
    [
        ("2025-05-26", date(2025, 5, 26), date(2025, 5, 26)),
        ("2025-05", date(2025, 5, 1), date(2025, 5, 31)),
        ("1948~", date(1948, 1, 1), date(1948, 12, 31)),
        ("1946/1948", date(1946, 1, 1), date(1948, 12, 31)),
        ("1985/..", date(1985, 1, 1), FOR_EVER),
        ("/1985", NEVER, date(1985, 12, 31)),
        ("2025-05-26T14:30:00+09:00", date(2025, 5, 26), date(2025, 5, 26)),
        ("194X", date(1940, 1, 1), date(1949, 12, 31)),
        (" 2025-05 ", date(2025, 5, 1), date(2025, 5, 31)),
        ("", None, None),
    ],
)
def test_the_days_follow_the_date_on_every_kind_of_save(make_quote, said_on, earliest, latest):
    def _days(quote):
        return Quote.objects.values_list("said_on", "said_earliest", "said_latest").get(pk=quote.pk)

    expected = (said_on.strip(), earliest, latest)
    speaker = make_quote().speaker
    assert _days(Quote.objects.create(speaker=speaker, said_on=said_on)) == expected
    [bulk] = Quote.objects.bulk_create([Quote(speaker=speaker, said_on=said_on)])
    assert _days(bulk) == expected
    dated = make_quote(said_on="1900")
    dated.said_on = said_on
    dated.save(update_fields=["said_on"])
    assert _days(dated) == expected
    assert (dated.said_earliest, dated.said_latest) == (earliest, latest)
    again, _made = Quote.objects.update_or_create(
        pk=make_quote(said_on="1900").pk, defaults={"said_on": said_on}
    )
    assert _days(again) == expected


@pytest.mark.parametrize("wrong", ["May 2025", "2025-13", "1948/1946", "  ", "2025-05-26 14:30"])
def test_a_date_that_cannot_be_used_is_refused_everywhere(make_quote, wrong):
    quote = make_quote(said_on="2025-05")
    quote.said_on = wrong
    if wrong.strip():
        assert _problems(quote) == {"said_on"}
    with pytest.raises(ValidationError), transaction.atomic():
        quote.save(update_fields=["said_on"])
    with pytest.raises(ValidationError), transaction.atomic():
        Quote.objects.bulk_create([Quote(speaker=quote.speaker, said_on=wrong)])
    assert _now(quote).said_on == "2025-05"


def test_saving_one_column_leaves_the_others(make_quote):
    quote = make_quote(said_on="2025-05")
    quote.said_on, quote.context = "2026", "About Seoul."
    quote.save(update_fields=["context"])
    kept = _now(quote)
    assert (kept.context, kept.said_on, kept.said_latest) == (
        "About Seoul.",
        "2025-05",
        date(2025, 5, 31),
    )


def test_quotes_are_listed_newest_first_and_undated_last(make_quote):
    undated, interval, month, day, same_day = (
        make_quote(said_on=said_on)
        for said_on in ("", "../1948", "2025-05", "2025-05-26", "2025-05-26")
    )
    assert list(Quote.objects.all()) == [same_day, day, month, interval, undated]
    oldest_first = Quote.objects.order_by(F("said_earliest").asc(nulls_last=True), "id")
    assert list(oldest_first) == [interval, month, day, same_day, undated]


def test_an_undated_quote_matches_no_date(make_quote):
    make_quote()
    assert not Quote.objects.filter(said_latest__gte=NEVER).exists()
    assert not Quote.objects.filter(said_earliest__lte=FOR_EVER).exists()


def test_a_dated_quote_has_its_days(make_quote, the_database_refuses):
    make_quote(said_on="2025-05")
    undated = make_quote()
    for column in ("said_on", "said_earliest", "said_latest"):
        with the_database_refuses("dated_quote_has_its_days"):
            Quote.objects.update(**{column: "" if column == "said_on" else None})
    with the_database_refuses("dated_quote_has_its_days"):
        Quote.objects.filter(pk=undated.pk).update(said_on="2025-05")


# --- What a list shows ----------------------------------------------------------------------------


def test_a_list_of_any_length_takes_three_queries(
    make_quote, make_article, make_publisher, make_speaker, django_assert_num_queries
):
    publisher, altman = make_publisher(), make_speaker("Sam Altman")
    for _ in range(6):
        quote = make_quote(article=make_article(publisher=publisher))
        quote.joint_speakers.create(speaker=altman)
    with django_assert_num_queries(3):
        for quote in Quote.objects.to_show():
            assert quote.text in quote.wordings
            assert str(quote.citations.all()[0].article.publisher) == "AI Matters"
            assert [str(joint) for joint in quote.joint_speakers.all()] == ["Sam Altman"]


def test_quotes_without_citations_are_found(make_quote):
    make_quote()
    bare = make_quote(text="")
    assert list(Quote.objects.without_citations()) == [bare]


# --- Joining --------------------------------------------------------------------------------------


def test_a_joined_quote_gives_its_citations_and_topics_and_leads_here(
    make_quote, make_topic, editor
):
    infrastructure, korea = make_topic("Infrastructure"), make_topic("Korea")
    quote = make_quote(ENGLISH, topics=[infrastructure])
    other = make_quote(KOREAN, citation={"language": "ko"}, topics=[infrastructure, korea])
    lead, moved = quote.lead, other.lead
    quote.absorb(other, by=editor)
    quote, other = _now(quote), _now(other)
    assert list(quote.citations.all()) == [lead, moved]
    assert quote.lead == lead
    assert quote.wordings == [ENGLISH, KOREAN]
    assert set(quote.topics.all()) == {infrastructure, korea}
    assert (other.joined_into, other.lead) == (quote, None)
    assert (other.status, other.withdrawal_category) == ("withdrawn", "duplicate")
    assert not other.citations.exists()
    assert list(Quote.objects.published()) == [quote]
    connection.check_constraints()


def test_a_joined_draft_stays_a_draft_that_cannot_be_published(make_quote, editor):
    quote, other = make_quote(ENGLISH), make_quote(KOREAN, published=False)
    quote.absorb(other, by=editor)
    other = _now(other)
    assert (other.status, other.joined_into) == ("draft", quote)
    with pytest.raises(Refused, match="joined into another"):
        other.publish(by=editor)


def test_a_draft_without_citations_takes_the_others_lead(make_quote, editor):
    quote, other = make_quote(text=""), make_quote(KOREAN, published=False)
    quote.absorb(other, by=editor)
    assert _now(quote).text == KOREAN
    quote.publish(by=editor)
    assert _now(quote).is_published


def test_joint_speakers_come_along_and_nobody_is_named_twice(make_quote, make_speaker, editor):
    altman, churchill = make_speaker("Sam Altman"), make_speaker("Winston Churchill")
    quote, other = make_quote(ENGLISH), make_quote(KOREAN)
    quote.joint_speakers.create(speaker=altman)
    for speaker in (altman, churchill):
        other.joint_speakers.create(speaker=speaker)
    quote.absorb(other, by=editor)
    assert {joint.speaker for joint in quote.joint_speakers.all()} == {altman, churchill}


def test_quotes_that_were_joined_before_lead_to_the_last(make_quote, editor):
    first, second, third = make_quote(ENGLISH), make_quote(KOREAN), make_quote("Korea leads.")
    second.absorb(third, by=editor)
    first.absorb(second, by=editor)
    assert [_now(quote).joined_into for quote in (second, third)] == [first, first]
    assert first.citations.count() == 3
    with pytest.raises(Refused, match="no longer a quote of its own"):
        first.absorb(third, by=editor)
    with pytest.raises(Refused, match="no longer a quote of its own"):
        third.absorb(make_quote(), by=editor)


def test_the_same_citation_of_both_stays_with_the_joined_quote(make_quote, make_article, editor):
    article = make_article()
    quote, other = (
        make_quote("“full-stack”", article=article),
        make_quote("'Full-Stack'", article=article),
    )
    kept, left = quote.lead, other.lead
    quote.absorb(other, by=editor)
    assert list(quote.citations.all()) == [kept]
    assert list(_now(other).citations.all()) == [left]
    assert _now(other).joined_into == quote


def test_other_words_at_the_same_place_are_a_reason_not_to_join(make_quote, make_article, editor):
    article = make_article("OpenAI to open office in Seoul")
    quote, other = make_quote(ENGLISH, article=article), make_quote(KOREAN, article=article)
    with pytest.raises(Refused, match=r"OpenAI to open office in Seoul.*, with different words"):
        quote.absorb(other, by=editor)
    assert _now(other).is_published
    citation = other.lead
    citation.locator, citation.locator_kind = "4", "paragraph"
    citation.save()
    quote.absorb(other, by=editor)
    assert quote.citations.filter(article=article).count() == 2


def test_quotes_of_two_speakers_or_of_an_unnamed_one_are_not_joined(
    make_quote, make_speaker, editor
):
    quote = make_quote()
    roosevelt = make_quote(speaker=make_speaker("Franklin D. Roosevelt"))
    unnamed = [make_quote(speaker_described_as="a senior official") for _ in range(2)]
    for one, other in ((quote, roosevelt), (quote, unnamed[0]), (unnamed[0], quote), unnamed):
        with pytest.raises(Refused, match="one and the same named speaker"):
            one.absorb(other, by=editor)
    with pytest.raises(Refused, match="with itself"):
        quote.absorb(_now(quote), by=editor)
    assert Quote.objects.published().count() == 4


def test_a_published_quote_is_not_lost_in_a_hidden_one(make_quote, editor):
    published = make_quote(ENGLISH)
    for hidden in (make_quote(KOREAN, published=False), make_quote(KOREAN)):
        if hidden.is_published:
            hidden.hold(by=editor)
        with pytest.raises(Refused, match="Readers would lose it"):
            hidden.absorb(published, by=editor)
        published.absorb(hidden, by=editor)
    assert _now(published).is_published
    assert Citation.objects.filter(quote=published).count() == 3


@pytest.mark.django_db(transaction=True)
def test_of_two_editors_who_join_two_quotes_crosswise_one_is_refused(make_quote, editor):
    quotes = [make_quote(ENGLISH), make_quote(KOREAN)]
    start, outcomes = threading.Barrier(2), []

    def join(one: Quote, other: Quote) -> None:
        try:
            one, other = _now(one), _now(other)
            start.wait(10)
            one.absorb(other, by=editor)
            outcomes.append("joined")
        except Refused as refused:
            outcomes.append(str(refused))
        finally:
            connection.close()

    threads = [threading.Thread(target=join, args=pair) for pair in (quotes, quotes[::-1])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(outcomes) == ["One of the two is no longer a quote of its own.", "joined"]
    [left] = Quote.objects.published()
    assert left.citations.count() == 2
