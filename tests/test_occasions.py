"""Occasions and topics: what quotes have in common."""

import pytest
from django.core.exceptions import ValidationError

from tracker.models import Occasion, Refused, Topic


def test_an_occasion_has_a_name_or_a_place(make_occasion, the_database_refuses):
    assert str(make_occasion("", place="Pi Factory Studio")) == "Pi Factory Studio"
    assert str(make_occasion("Launch of OpenAI Korea")) == "Launch of OpenAI Korea"
    with the_database_refuses("occasion_has_a_name_or_a_place"):
        make_occasion("", city="Seoul")
    with the_database_refuses("occasion_has_a_name_or_a_place"):
        Occasion.objects.update(name="", place="")
    with pytest.raises(ValidationError) as refused:
        Occasion(city="Seoul").full_clean()
    assert "name" in refused.value.message_dict


def test_an_occasion_says_where_it_was_without_saying_it_twice(make_occasion):
    occasion = make_occasion(place="Four Seasons Hotel Seoul", city="Seoul", country="South Korea")
    assert occasion.where == "Four Seasons Hotel Seoul, South Korea"
    assert make_occasion(city="Seoul").where == "Seoul"
    assert (
        make_occasion(place="Singapore", city="Singapore", country="Singapore").where == "Singapore"
    )
    assert make_occasion().where == ""


def test_a_time_zone_must_exist(db):
    Occasion(name="Launch of OpenAI Korea", time_zone="Asia/Seoul").full_clean()
    for wrong in ("KST", "Asia/seoul", "../etc/passwd"):
        with pytest.raises(ValidationError) as refused:
            Occasion(name="Launch of OpenAI Korea", time_zone=wrong).full_clean()
        assert list(refused.value.message_dict) == ["time_zone"]


def test_an_occasion_is_not_held_on_a_day_that_has_not_come(db):
    with pytest.raises(ValidationError, match="not come yet") as refused:
        Occasion(time_zone="KST", held_on="9999-01-01").full_clean()
    assert set(refused.value.message_dict) == {"name", "time_zone", "held_on"}


def test_a_place_named_after_the_country_or_around_the_city_hides_neither(make_occasion):
    capitol = make_occasion(
        place="United States Capitol", city="Washington, D.C.", country="United States"
    )
    assert capitol.where == "United States Capitol, Washington, D.C., United States"
    assert make_occasion(place="Bathurst Hall", city="Bath").where == "Bathurst Hall, Bath"
    assert make_occasion(place="Old Rome Inn", city="Rome").where == "Old Rome Inn, Rome"


def test_occasions_are_listed_newest_first_and_undated_last(make_occasion):
    undated, old, new = (make_occasion(held_on=day) for day in ("", "1945-04-12", "2025-05-26"))
    assert list(Occasion.objects.all()) == [new, old, undated]


def test_a_topic_has_a_name_of_its_own(make_topic, the_database_refuses):
    make_topic("Infrastructure")
    with the_database_refuses("name", columns="tracker_topic.name"):
        make_topic("Infrastructure")
    with the_database_refuses("topic_has_a_name"):
        Topic.objects.update(name="")


def test_only_what_published_quotes_have_in_common_has_quotes(
    make_quote, make_occasion, make_topic, editor
):
    shown, hidden = make_occasion(), make_occasion()
    topics = [make_topic(name) for name in ("Infrastructure", "Korea", "Investment")]
    make_quote(occasion=shown, topics=topics[:2])
    make_quote(occasion=hidden, topics=topics[1:]).hold(by=editor)
    assert list(Occasion.objects.with_quotes()) == [shown]
    assert set(Topic.objects.with_quotes()) == set(topics[:2])


def test_a_topic_is_not_deleted_while_a_quote_uses_it(make_quote, make_topic):
    used, free = make_topic("Infrastructure"), make_topic("Korea")
    quotes = [make_quote(topics=[used]), make_quote(topics=[used], published=False)]
    for delete in (used.delete, Topic.objects.all().delete):
        with pytest.raises(Refused, match=r"still use it \(2\)"):
            delete()
    assert set(Topic.objects.all()) == {used, free}
    free.delete()
    for quote in quotes:
        quote.topics.clear()
    Topic.objects.all().delete()
    assert not Topic.objects.exists()
