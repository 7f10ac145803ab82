"""Speakers, their other names, and the positions they held."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from tracker.models import Position, Quote, Refused, Speaker, SpeakerAlias


def test_a_list_sorts_a_speaker_by_the_sort_name_or_else_by_the_name(make_speaker):
    roosevelt = make_speaker("Franklin D. Roosevelt", sort_name="Roosevelt, Franklin D.")
    openai = make_speaker("OpenAI", kind="organisation")
    kwon = make_speaker("Jason Kwon", sort_name="Kwon, Jason")
    assert openai.sort_name == "OpenAI"
    assert list(Speaker.objects.all()) == [kwon, openai, roosevelt]


def test_the_sort_name_follows_the_name_until_it_is_given(make_speaker, editor):
    kwon = make_speaker("Jason Kwon")
    kwon.rename("Jason H. Kwon", by=editor)
    assert Speaker.objects.get().sort_name == "Jason H. Kwon"
    kwon.sort_name = "Kwon, Jason"
    kwon.save()
    kwon.rename("Jason Kwon", by=editor)
    assert Speaker.objects.get().sort_name == "Kwon, Jason"


def test_names_are_one_line_of_composed_letters(make_speaker):
    kim = make_speaker("  \u1100\u1175\u11b7\u1100\u116e\n ")
    assert kim.name == "김구"
    assert Speaker.objects.get(name="김구") == kim


@pytest.mark.parametrize("name", ["Jason\0Kwon", "Jason \ud800", "\u202eJason"])
def test_a_name_with_characters_that_cannot_be_stored_is_refused(make_speaker, name):
    with pytest.raises(ValidationError):
        make_speaker(name)
    assert not Speaker.objects.exists()


def test_a_name_of_300_characters_is_refused_beside_its_field(db):
    with pytest.raises(ValidationError) as refused:
        Speaker(name="김" * 300).full_clean()
    assert "name" in refused.value.message_dict


def test_an_unknown_wikidata_number_is_null(make_speaker, the_database_refuses):
    make_speaker("Jason Kwon")
    make_speaker("OpenAI", kind="organisation")  # two without a number do not clash
    with the_database_refuses("wikidata_id_is_null_when_not_known"):
        make_speaker(wikidata_id="")
    with the_database_refuses("wikidata_id_is_null_when_not_known"):
        Speaker.objects.update(wikidata_id="")
    typed = Speaker(name="Kim Gu", wikidata_id="")
    typed.full_clean()
    assert typed.wikidata_id is None


def test_a_wikidata_number_is_one_speakers_and_begins_with_q(make_speaker, the_database_refuses):
    make_speaker("Franklin D. Roosevelt", wikidata_id="Q8007")
    with the_database_refuses("wikidata_id", columns="wikidata_id"):
        make_speaker("Roosevelt", wikidata_id="Q8007")
    typed = Speaker(name="Marie Curie", wikidata_id="q7186")
    typed.full_clean()
    assert typed.wikidata_id == "Q7186"
    for wrong in ("8007", "Q0", "Q80 07", "https://www.wikidata.org/wiki/Q8007", "Q8007\n"):
        with pytest.raises(ValidationError, match="starts with Q"):
            Speaker(name="Roosevelt", wikidata_id=wrong).full_clean()


def test_a_speaker_is_found_by_name_and_by_alias_whatever_the_case(make_speaker):
    kwon = make_speaker("Jason Kwon")
    kwon.aliases.create(name="제이슨 권", language="ko")
    kwon.aliases.create(name="Kwon", language="en")
    make_speaker("Sam Altman")
    assert list(Speaker.objects.called("jason KWON")) == [kwon]
    assert list(Speaker.objects.called("제이슨 권")) == [kwon]
    assert not Speaker.objects.called("Jason").exists()
    assert list(Speaker.objects.named_like("kwo 권")) == [kwon]
    assert not Speaker.objects.named_like("kwon altman").exists()


@pytest.mark.parametrize(
    ("name", "asked"),
    [
        ("Élisabeth Borne", "éLISABETH borne"),
        ("O’Brien", "o'brien"),
        ("ΟΔΥΣΣΈΑΣ", "οδυσσέας"),
        ("Straße", "STRASSE"),
        ("ＯｐｅｎＡＩ", "openai"),
    ],
)
def test_case_width_and_kind_of_apostrophe_do_not_matter(make_speaker, name, asked):
    speaker = make_speaker("Sam Altman")
    alias = speaker.aliases.create(name="Sam")
    for record in (speaker, alias):
        record.name = name
        record.save(update_fields=["name"])
        assert list(Speaker.objects.called(asked)) == [speaker]
        assert list(Speaker.objects.named_like(asked[:4])) == [speaker]
        record.name = "Sam"
        record.save()
    assert not Speaker.objects.called(asked).exists()


def test_a_name_that_folds_into_many_letters_is_found(make_speaker):
    speaker = make_speaker("\ufdfa" * 200)
    assert list(Speaker.objects.called("\ufdfa" * 200)) == [speaker]


def test_two_speakers_may_have_the_same_name(make_speaker):
    first, second = make_speaker("Kim Gu"), make_speaker("Kim Gu")
    assert set(Speaker.objects.called("kim gu")) == {first, second}


def test_an_alias_has_a_name_and_is_named_once(make_speaker, the_database_refuses):
    kwon = make_speaker()
    alias = kwon.aliases.create(name="제이슨 권", language="KO")
    assert alias.language == "ko"
    with the_database_refuses(
        "a_speaker_has_an_alias_once",
        columns="tracker_speakeralias.speaker_id, tracker_speakeralias.name",
    ):
        kwon.aliases.create(name="제이슨 권")
    with the_database_refuses("alias_has_a_name"):
        kwon.aliases.create(name="")
    with the_database_refuses("alias_has_a_name"):
        SpeakerAlias.objects.update(name="")


def test_an_alias_is_named_once_whatever_its_case(make_speaker):
    kwon, other = make_speaker(), make_speaker("Jason Kwon")
    alias = kwon.aliases.create(name="Étienne")
    with pytest.raises(ValidationError, match="there already") as refused:
        SpeakerAlias(speaker=kwon, name="éTIENNE").full_clean()
    assert list(refused.value.message_dict) == ["name"]
    SpeakerAlias(speaker=other, name="éTIENNE").full_clean()
    alias.name = "étienne"
    alias.full_clean()


@pytest.mark.parametrize("name", ["\u200b", "\u2800 \ufe0f", "\u3164"])
def test_a_name_that_shows_nothing_is_refused(db, name):
    with pytest.raises(ValidationError, match="invisible") as refused:
        Speaker(name=name).full_clean()
    assert list(refused.value.message_dict) == ["name"]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("EN", "en"),
        ("en-us", "en-US"),
        ("ZH-HANT-tw", "zh-Hant-TW"),
        ("es-419", "es-419"),
        ("sl-ROZAJ", "sl-rozaj"),
        ("de-DE-1996", "de-DE-1996"),
        ("und", "und"),
        (" ko ", "ko"),
        ("", ""),
    ],
)
def test_a_language_tag_is_kept_in_canonical_case(make_speaker, typed, kept):
    [alias] = SpeakerAlias.objects.bulk_create(
        [SpeakerAlias(speaker=make_speaker(), name="Kwon", language=typed)]
    )
    alias.refresh_from_db()
    assert alias.language == kept


@pytest.mark.parametrize(
    "wrong", ["english", "e", "en_US", "한국어", "en-", "-en", "en--US", "ko\n-x"]
)
def test_what_is_no_language_tag_is_refused_with_an_example(make_speaker, wrong):
    with pytest.raises(ValidationError, match="Write for example"):
        make_speaker().aliases.create(name="Kwon", language=wrong)


# --- Positions ------------------------------------------------------------------------------------


@pytest.fixture
def president(make_position, make_speaker) -> Position:
    return make_position(
        make_speaker("Franklin D. Roosevelt"),
        make_speaker("United States of America", kind="organisation"),
        "President",
        kind="office",
        since="1933-03-04",
        until="1945-04-12",
    )


@pytest.mark.parametrize(
    ("earliest", "latest", "held"),
    [
        (date(1933, 3, 4), date(1933, 3, 4), True),
        (date(1945, 4, 12), date(1945, 4, 12), True),
        (date(1933, 3, 3), date(1933, 3, 3), False),
        (date(1945, 4, 13), date(1945, 4, 13), False),
        (date(1, 1, 1), date(9999, 12, 31), True),
        (date(1933, 1, 1), date(1933, 12, 31), True),
    ],
)
def test_a_position_is_held_from_its_first_day_to_its_last(president, earliest, latest, held):
    assert Position.objects.held_during(earliest, latest).exists() is held


@pytest.mark.parametrize(
    ("since", "until", "day", "held"),
    [
        ("", "", date(1900, 1, 1), True),
        ("1933", "", date(2100, 1, 1), True),
        ("1933", "", date(1932, 12, 31), False),
        ("", "1945", date(1, 1, 1), True),
        ("", "1945", date(1946, 1, 1), False),
        ("1933~", "1945?", date(1945, 12, 31), True),
        ("../1933", "1945/..", date(2000, 1, 1), True),
        ("193X", "194X", date(1949, 12, 31), True),
    ],
)
def test_an_end_that_is_not_known_is_no_bar(make_position, since, until, day, held):
    make_position(since=since, until=until)
    assert Position.objects.held_during(day, day).exists() is held


def test_positions_are_listed_newest_first_and_undated_last(make_position, make_speaker):
    kwon, openai = make_speaker(), make_speaker("OpenAI", kind="organisation")
    undated = make_position(kwon, openai, "Adviser")
    old = make_position(kwon, openai, "General Counsel", since="2021")
    new = make_position(kwon, openai, "Chief Strategy Officer", since="2024")
    assert list(kwon.positions.all()) == [new, old, undated]


def test_a_position_ends_after_it_begins(president, the_database_refuses):
    with the_database_refuses("position_ends_after_it_begins"):
        president.until = "1932"
        president.save()
    with pytest.raises(ValidationError) as refused:
        president.clean()
    assert list(refused.value.message_dict) == ["until"]
    with the_database_refuses("position_ends_after_it_begins"):
        Position.objects.update(until_latest=date(1932, 12, 31))


def test_a_position_that_may_have_ended_on_its_first_day_is_accepted(make_position):
    position = make_position(since="2024-06", until="2024")
    position.full_clean()
    assert (position.since_earliest, position.until_latest) == (
        date(2024, 6, 1),
        date(2024, 12, 31),
    )


def test_nobody_is_their_own_organisation(make_speaker, the_database_refuses):
    openai = make_speaker("OpenAI", kind="organisation")
    with the_database_refuses("nobody_is_their_own_organisation"):
        Position.objects.create(person=openai, organisation=openai, title="Founder")


def test_a_person_holds_a_position_in_an_organisation_and_never_the_other_way(make_speaker):
    kwon, openai = make_speaker(), make_speaker("OpenAI", kind="organisation")
    with pytest.raises(ValidationError) as refused:
        Position(person=openai, organisation=kwon, title="Chief Strategy Officer").full_clean()
    assert {"person", "organisation"} <= set(refused.value.message_dict)


def test_a_position_of_a_speaker_that_is_not_saved_yet_is_looked_at_too(make_speaker):
    openai = make_speaker("OpenAI", kind="organisation")
    unsaved = Speaker(name="Khosla Ventures", kind="organisation")
    with pytest.raises(ValidationError) as refused:
        Position(person=unsaved, organisation=openai, title="Partner").clean()
    assert list(refused.value.message_dict) == ["person"]
    Position(organisation=openai, title="Partner").clean()  # the field says itself that it is empty


def test_a_position_with_a_bad_date_says_so_beside_the_date(make_speaker):
    kwon, openai = make_speaker(), make_speaker("OpenAI", kind="organisation")
    position = Position(
        person=kwon, organisation=openai, title="Adviser", since="June 2024", until="2025"
    )
    with pytest.raises(ValidationError) as refused:
        position.full_clean()
    assert list(refused.value.message_dict) == ["since"]


def test_a_position_that_quotes_point_at_stays_with_its_person(make_quote, make_speaker, president):
    churchill = make_speaker("Winston Churchill")
    for quote in (make_quote(speaker=president.person, position=president), make_quote()):
        if quote.position is None:
            quote.joint_speakers.create(speaker=president.person, position=president)
        president.full_clean()
        president.person = churchill
        with pytest.raises(ValidationError) as refused:
            president.full_clean()
        assert list(refused.value.message_dict) == ["person"]
        president.refresh_from_db()
        Quote.objects.filter(pk=quote.pk).update(position=None)


def test_whoever_has_positions_stays_what_they_are(president):
    person, organisation = president.person, president.organisation
    person.kind, organisation.kind = "organisation", "person"
    for speaker in (person, organisation):
        with pytest.raises(ValidationError) as refused:
            speaker.full_clean()
        assert list(refused.value.message_dict) == ["kind"]


# --- What readers know, and what is still needed --------------------------------------------------


def test_only_speakers_of_published_quotes_have_quotes(make_quote, make_speaker):
    kwon, roosevelt, curie, openai = (
        make_speaker("Jason Kwon"),
        make_speaker("Franklin D. Roosevelt"),
        make_speaker("Marie Curie"),
        make_speaker("OpenAI", kind="organisation"),
    )
    make_quote(speaker=kwon).joint_speakers.create(speaker=openai)
    make_quote(speaker=roosevelt, published=False).joint_speakers.create(speaker=curie)
    assert set(Speaker.objects.with_quotes()) == {kwon, openai}


def test_readers_know_the_organisations_that_speakers_belonged_to_then(
    make_quote, make_position, make_speaker
):
    kwon = make_speaker()
    openai, ministry = (make_speaker(n, kind="organisation") for n in ("OpenAI", "Ministry"))
    elsewhere = make_position(kwon, make_speaker("Khosla Ventures", kind="organisation"))
    make_quote(speaker=kwon, position=make_position(kwon, openai))
    make_quote(speaker_described_as="a senior official", of_organisation=ministry)
    assert set(Speaker.objects.known_to_readers()) == {kwon, openai, ministry}
    make_quote(speaker=kwon, position=elsewhere, published=False)
    assert elsewhere.organisation not in Speaker.objects.known_to_readers()


def test_an_unlisted_speaker_is_not_among_the_listed(make_speaker):
    kwon = make_speaker()
    make_speaker("OpenAI", kind="organisation", listed=False)
    assert list(Speaker.objects.listed()) == [kwon]


@pytest.mark.parametrize("column", ["speaker", "of_organisation", "position", "joint", "topic"])
def test_a_speaker_that_other_records_need_is_not_deleted(
    make_quote, make_speaker, make_position, make_topic, column
):
    openai = make_speaker("OpenAI", kind="organisation")
    match column:
        case "speaker":
            make_quote(speaker=openai, published=False)
        case "of_organisation":
            make_quote(speaker_described_as="a senior official", of_organisation=openai)
        case "position":
            make_position(organisation=openai)
        case "joint":
            make_quote().joint_speakers.create(speaker=openai)
        case "topic":
            make_topic(subject=openai)
    for delete in (openai.delete, Speaker.objects.filter(pk=openai.pk).delete):
        with pytest.raises(Refused, match="still needed by 1 "):
            delete()
    assert Speaker.objects.filter(pk=openai.pk).exists()


def test_a_speaker_without_quotes_goes_with_aliases_and_positions(president):
    roosevelt = president.person
    roosevelt.aliases.create(name="FDR")
    roosevelt.delete()
    assert not Position.objects.exists()
    assert not SpeakerAlias.objects.exists()
    assert roosevelt.name not in set(Speaker.objects.values_list("name", flat=True))
