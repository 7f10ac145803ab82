"""Addresses in words: readable in every script, one record's for ever, and safe when two are made at once."""

import threading
import unicodedata

import pytest
from django.db import connection, transaction
from hypothesis import example, given
from hypothesis import strategies as st

from tracker.models import Occasion, Publisher, SlugRedirect, Speaker, Topic
from tracker.models.fields import slug_from


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Jason Kwon", "jason-kwon"),
        ("Franklin D. Roosevelt", "franklin-d-roosevelt"),
        ("김민준", "김민준"),
        ("제이슨 권", "제이슨-권"),
        ("Élisabeth Borne", "élisabeth-borne"),
        ("ΟΔΥΣΣΕΎΣ", "οδυσσεύσ"),
        ("Straße", "strasse"),
        ("O’Brien & Sons", "obrien-sons"),
        ("  --Jason__Kwon!!  ", "jason-kwon"),
        ("हिन्दी", "हिन्दी"),
        ("AC/DC", "ac-dc"),
        ("../../etc", "etc"),
        ("!!!", ""),
        ("", ""),
    ],
)
def test_a_slug_keeps_the_letters_and_digits_of_every_script(name, slug):
    assert slug_from(name) == slug
    assert slug_from(unicodedata.normalize("NFD", name)) == slug


@given(st.text(max_size=300))
@example("ᾳ̈" * 40)
@example("a" * 81)
@example("가" * 300)
def test_a_slug_is_short_composed_and_its_own_slug(name):
    slug = slug_from(name)
    assert len(slug) <= 80
    assert slug == unicodedata.normalize("NFC", slug)
    assert not set(slug) & set(" /?#%.\\\0")
    assert slug_from(slug) == slug


def test_a_long_name_is_cut_between_words():
    name = "Provisional Government of the Republic of Korea in Chongqing and its Liberation Army"
    assert slug_from(name) == (
        "provisional-government-of-the-republic-of-korea-in-chongqing-and-its-liberation"
    )


@pytest.mark.parametrize("model", [Speaker, Publisher, Occasion, Topic])
def test_each_kind_of_record_has_slugs_of_its_own(model, db):
    first = model.objects.create(name="Jason Kwon")
    assert first.slug == "jason-kwon"
    assert model.objects.at_slug("jason-kwon") == first


def test_an_occasion_without_a_name_is_addressed_by_its_place(make_occasion):
    assert make_occasion("", place="Pi Factory Studio").slug == "pi-factory-studio"


def test_records_of_one_name_get_numbers(make_speaker):
    slugs = [make_speaker("Kim Gu").slug for _ in range(4)]
    assert slugs == ["kim-gu", "kim-gu-2", "kim-gu-3", "kim-gu-4"]
    assert make_speaker("Kim Gu 2").slug == "kim-gu-2-2"


def test_names_that_differ_in_case_or_form_alone_get_numbers(make_speaker):
    assert make_speaker("김구").slug == "김구"
    assert make_speaker(unicodedata.normalize("NFD", "김구")).slug == "김구-2"
    assert [make_speaker(name).slug for name in ("OpenAI", "OPENAI")] == ["openai", "openai-2"]


def test_names_without_letters_are_addressed_by_noun_and_number(make_speaker):
    slugs = {make_speaker(name).slug for name in ("!!!", "???", "…")}
    assert len(slugs) == 3
    assert all(slug.startswith("speaker-") for slug in slugs)


def test_a_name_like_the_fallback_of_another_record_does_no_harm(make_speaker):
    noted = make_speaker("!!!")
    named = make_speaker(f"Speaker {noted.pk + 2}")
    nameless = make_speaker("???")
    assert len({noted.slug, named.slug, nameless.slug}) == 3


def test_a_name_as_long_as_can_be_has_a_slug(make_speaker):
    longest = [make_speaker("김" * 200) for _ in range(11)]
    assert longest[0].slug == "김" * 80
    assert longest[10].slug == "김" * 80 + "-11"


def test_a_slug_stays_when_the_record_is_saved_again(make_speaker):
    kwon = make_speaker("Jason Kwon")
    kwon.name = "Jason H. Kwon"
    kwon.save()
    assert Speaker.objects.get().slug == "jason-kwon"


def test_a_renamed_record_is_found_at_both_addresses(make_speaker, editor):
    kwon = make_speaker("Jason Kwon")
    kwon.rename("제이슨 권", by=editor)
    kwon.refresh_from_db()
    assert (kwon.name, kwon.slug) == ("제이슨 권", "제이슨-권")
    assert Speaker.objects.at_slug("jason-kwon") == kwon
    assert Speaker.objects.at_slug("제이슨-권") == kwon


def test_old_addresses_never_form_a_chain(make_speaker, editor):
    speaker = make_speaker("Facebook", kind="organisation")
    for name in ("Facebook Inc", "Meta Platforms", "Meta"):
        speaker.rename(name, by=editor)
    assert set(SlugRedirect.objects.values_list("slug", "target_id")) == {
        ("facebook", speaker.pk),
        ("facebook-inc", speaker.pk),
        ("meta-platforms", speaker.pk),
    }
    asked = ["facebook", "facebook-inc", "meta-platforms", "meta"]
    assert Speaker.objects.at_slugs(asked) == dict.fromkeys(asked, speaker)


def test_a_record_renamed_back_has_its_first_address_again(make_speaker, editor):
    speaker = make_speaker("Facebook", kind="organisation")
    for name in ("Meta", "Facebook", "Meta", "Facebook"):
        speaker.rename(name, by=editor)
    assert speaker.slug == "facebook"
    assert list(SlugRedirect.objects.values_list("slug", flat=True)) == ["meta"]
    assert Speaker.objects.at_slug("meta") == Speaker.objects.at_slug("facebook") == speaker


def test_an_old_address_is_never_given_to_another(make_speaker, editor):
    kwon = make_speaker("Jason Kwon")
    kwon.rename("Jason H. Kwon", by=editor)
    other = make_speaker("Jason Kwon")
    assert other.slug == "jason-kwon-2"
    assert Speaker.objects.at_slug("jason-kwon") == kwon
    other.rename("J. Kwon", by=editor)
    kwon.rename("Jason Kwon", by=editor)
    assert kwon.slug == "jason-kwon"
    assert Speaker.objects.at_slug("jason-kwon-2") == other


def test_the_address_of_a_deleted_record_stays_reserved_once_it_was_renamed(make_speaker, editor):
    speaker = make_speaker("Jason Kwon")
    speaker.rename("Jason H. Kwon", by=editor)
    speaker.delete()
    assert make_speaker("Jason Kwon").slug == "jason-kwon-2"
    assert Speaker.objects.at_slugs(["jason-kwon"]) == {}


def test_a_new_name_that_gives_the_same_address_leaves_no_redirect(make_speaker, editor):
    kwon = make_speaker("Jason Kwon")
    kwon.rename("JASON KWON", by=editor)
    assert kwon.slug == "jason-kwon"
    assert not SlugRedirect.objects.exists()


def test_a_numbered_record_keeps_its_number_under_the_same_name(make_speaker, editor):
    make_speaker("Kim Gu")
    second = make_speaker("Kim Gu")
    second.rename("Kim  Gu", by=editor)
    assert second.slug == "kim-gu-2"


def test_wrong_case_and_decomposed_letters_find_the_record(make_speaker):
    borne, kim = make_speaker("Élisabeth Borne"), make_speaker("김민준")
    assert Speaker.objects.at_slug("ÉLISABETH-Borne") == borne
    assert Speaker.objects.at_slug(unicodedata.normalize("NFD", "élisabeth-borne")) == borne
    assert Speaker.objects.at_slug(unicodedata.normalize("NFD", "김민준")) == kim


def test_what_is_not_there_is_left_out(make_speaker):
    kwon = make_speaker("Jason Kwon")
    assert Speaker.objects.at_slugs(["nobody", "Jason-Kwon", ""]) == {"Jason-Kwon": kwon}
    with pytest.raises(Speaker.DoesNotExist):
        Speaker.objects.at_slug("nobody")


def test_any_number_of_slugs_takes_three_queries(
    make_speaker, editor, django_assert_max_num_queries
):
    names = [f"Speaker of {year}" for year in range(1900, 1930)]
    speakers = [make_speaker(name) for name in names]
    for speaker in speakers[:15]:
        speaker.rename(f"{speaker.name} and later", by=editor)
    with django_assert_max_num_queries(3):
        found = Speaker.objects.at_slugs([slug_from(name) for name in names])
    assert len(found) == 30


def test_an_old_slug_leads_to_one_record(make_speaker, editor, the_database_refuses):
    make_speaker("Jason Kwon").rename("Jason H. Kwon", by=editor)
    columns = "tracker_slugredirect.kind, tracker_slugredirect.slug"
    with the_database_refuses("an_old_slug_leads_to_one_record", columns=columns):
        SlugRedirect.objects.create(kind="speaker", slug="jason-kwon", target_id=1)
    SlugRedirect.objects.create(kind="topic", slug="jason-kwon", target_id=1)


def test_the_database_keeps_slugs_unique(make_speaker, the_database_refuses):
    make_speaker("Jason Kwon")
    with the_database_refuses("slug"):
        make_speaker("Sam Altman", slug="jason-kwon")
    make_speaker("Sam Altman")
    with the_database_refuses("slug"):
        Speaker.objects.update(slug="jason-kwon")


def test_a_fault_that_is_not_about_the_slug_is_not_hidden(make_topic, the_database_refuses):
    make_topic("Infrastructure")
    with the_database_refuses("name", columns="tracker_topic.name"):
        make_topic("Infrastructure")
    with the_database_refuses("topic_has_a_name"):
        make_topic("")
    assert Topic.objects.count() == 1


# --- Two at once ----------------------------------------------------------------------------------


def _in_another_connection(do) -> threading.Thread:
    def run() -> None:
        try:
            do()
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


@pytest.mark.django_db(transaction=True)
def test_two_transactions_that_make_one_name_get_two_addresses(make_speaker):
    with transaction.atomic():
        make_speaker("Jason Kwon")
        other = _in_another_connection(lambda: make_speaker("Jason Kwon"))
        other.join(0.5)
        assert other.is_alive()  # it waits for what this transaction comes to
    other.join(20)
    assert sorted(Speaker.objects.values_list("slug", flat=True)) == ["jason-kwon", "jason-kwon-2"]
    assert Speaker.history.count() == 2


@pytest.mark.django_db(transaction=True)
def test_many_who_make_one_name_at_once_all_get_an_address(make_speaker):
    start = threading.Barrier(4)

    def make() -> None:
        start.wait()
        for name in ("Jason Kwon", "!!!"):
            with transaction.atomic():
                make_speaker(name)

    for thread in [_in_another_connection(make) for _ in range(4)]:
        thread.join(30)
    slugs = set(Speaker.objects.values_list("slug", flat=True))
    assert len(slugs) == Speaker.objects.count() == 8
    assert {"jason-kwon", "jason-kwon-2", "jason-kwon-3", "jason-kwon-4"} <= slugs


@pytest.mark.django_db(transaction=True)
def test_a_rename_to_a_name_that_is_being_made_gets_an_address(make_speaker, editor):
    kwon = make_speaker("Kwon")
    with transaction.atomic():
        make_speaker("Jason Kwon")
        other = _in_another_connection(lambda: kwon.rename("Jason Kwon", by=editor))
        other.join(0.5)
        assert other.is_alive()
    other.join(20)
    assert Speaker.objects.get(pk=kwon.pk).slug == "jason-kwon-2"
    assert Speaker.objects.at_slug("kwon") == kwon
