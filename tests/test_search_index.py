"""The index says what the record says: at once, in the same transaction, and again after anything went by it."""

from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from tracker import search
from tracker.models import Article, Citation, JointSpeaker, Quote, Speaker
from tracker.search import Question, parse
from tracker.search.engines import engine
from tracker.search.entries import key_of

pytestmark = pytest.mark.django_db


def found(typed: str) -> list[int]:
    """What readers find now; nothing is caught up with."""
    return search.answer(Question(query=parse(typed))).ids


def agree() -> bool:
    return list(search.disagreements()) == []


# ---- At once ----


def test_a_rename_is_searched_at_once_and_the_old_name_no_more(make_quote, make_speaker, editor):
    speaker = make_speaker("Facebook", kind="organisation")
    quote = make_quote("words", speaker=speaker)
    speaker.rename("Meta", by=editor)
    assert found("meta") == [quote.pk]
    assert found("facebook") == []
    assert [row.by[0].name for row in search.shown([quote.pk])] == ["Meta"]
    assert agree()


def test_an_organisations_rename_is_searched_in_the_quotes_of_its_people(
    make_quote, make_speaker, make_position, editor
):
    company, kwon = make_speaker("Oldco", kind="organisation"), make_speaker()
    quote = make_quote("words", speaker=kwon, position=make_position(kwon, company))
    joint = make_quote("others", speaker=make_speaker("Another"))
    JointSpeaker.objects.create(
        quote=joint, speaker=kwon, position=make_position(kwon, company, "CEO")
    )
    company.rename("Newco", by=editor)
    assert sorted(found("newco")) == [quote.pk, joint.pk]
    assert agree()


def test_what_the_desk_saves_is_searched_at_once(make_quote, editor, client):
    quote = make_quote("words", citation={"language": "en"})
    client.force_login(editor)
    for model, record, field, value in (
        ("speaker", quote.speaker, "name", "Renamed Person"),
        ("article", quote.lead.article, "headline", "Changed headline"),
    ):
        address = f"/admin/tracker/{model}/{record.pk}/change/"
        form = client.get(address).context["adminform"].form
        given = {name: form[name].value() for name in form.fields}
        given = {name: "" if value is None else value for name, value in given.items()} | {
            field: value
        }
        for formset in client.get(address).context["inline_admin_formsets"]:
            prefix = formset.formset.prefix
            given |= {f"{prefix}-TOTAL_FORMS": "0", f"{prefix}-INITIAL_FORMS": "0"}
        response = client.post(address, given)
        assert response.status_code == 302, response.context and response.context["errors"]
        assert found(value) == [quote.pk]
    assert agree()


@pytest.mark.parametrize("verb", ["hold", "withdraw", "redact"])
def test_what_is_hidden_is_found_no_more(make_quote, editor, verb):
    quote = make_quote("unmistakable words")
    how: dict[str, Any] = {
        "hold": {},
        "withdraw": {"category": "our error", "reason": "A typo."},
        "redact": {"category": "privacy"},
    }[verb]
    getattr(quote, verb)(by=editor, **how)
    assert found("unmistakable") == []
    assert search.answer(Question()).facets == {}
    assert search.shown([quote.pk]) == []
    assert agree()


def test_words_that_were_blanked_are_in_no_table_of_the_index(make_quote, editor):
    make_quote("other words")
    make_quote("unmistakable", speaker_described_as="Somebody Known").redact(
        by=editor, category="legal"
    )
    tables = [name for name in connection.introspection.table_names() if name.startswith("search_")]
    with connection.cursor() as cursor:
        for table in tables:
            if "fts_" in table:
                continue  # the bytes of FTS5 itself
            cursor.execute(f"SELECT * FROM {table}")
            assert "unmistakable" not in str(cursor.fetchall()), table


def test_joining_two_quotes_leaves_one_with_both_wordings(make_quote, make_article, editor):
    one = make_quote("infrastructure is destiny", article=make_article("One"))
    other = make_quote("infrastructure is fate", article=make_article("Two"))
    one.absorb(other, by=editor)
    assert found("fate") == [one.pk]
    assert agree()


def test_a_new_alias_is_searched_and_a_deleted_one_no_more(make_quote, make_speaker):
    speaker = make_speaker("Jason Kwon")
    quote = make_quote("words", speaker=speaker)
    alias = speaker.aliases.create(name="Sweetheart")
    search.catch_up()
    assert found("sweetheart") == [quote.pk]
    alias.delete()
    search.catch_up()
    assert found("sweetheart") == []
    assert agree()


def test_an_unlisted_speaker_is_not_found_by_name(make_quote, make_speaker):
    speaker = make_speaker("Jason Kwon")
    quote = make_quote("words", speaker=speaker)
    Speaker.objects.filter(pk=speaker.pk).update(listed=False)
    search.catch_up()
    assert found("kwon") == []
    assert found("words") == [quote.pk]
    assert search.speakers_named("kwon") == []


def test_another_date_moves_a_quote_and_changes_nothing_else(make_quote):
    quote, other = make_quote("one", said_on="1947"), make_quote("two", said_on="1950")
    assert search.answer(Question()).ids == [other.pk, quote.pk]
    quote.said_on = "1999-01-01"
    quote.save()
    search.catch_up()
    assert search.answer(Question()).ids == [quote.pk, other.pk]
    assert agree()


# ---- In the same transaction, and after one that failed ----


def test_what_is_rolled_back_is_not_in_the_index(make_quote, make_speaker, editor):
    speaker = make_speaker("Before")
    quote = make_quote("words", speaker=speaker)
    with transaction.atomic():
        speaker.rename("After", by=editor)
        assert found("after") == [quote.pk]
        transaction.set_rollback(True)
    assert found("before") == [quote.pk]
    assert found("after") == []
    assert agree()


def test_a_forgotten_call_loses_nothing(make_quote):
    quote = make_quote("first words")
    Citation.objects.filter(quote=quote).update(text="second thoughts")
    assert found("second") == []
    assert not agree()
    make_quote("anything that is recorded next")
    assert found("second") == [quote.pk]
    assert agree()


def test_when_nothing_was_noted_one_statement_says_so(db, django_assert_num_queries):
    search.catch_up()
    with django_assert_num_queries(3):  # with the savepoint around it
        assert search.catch_up() == 0


# ---- Made anew ----


def test_missing_triggers_are_put_back_and_what_went_by_them_is_indexed(make_quote):
    quote = make_quote("first words")
    name = next(iter(engine().triggers()))
    with connection.cursor() as cursor:
        for statement in engine().remove_triggers():
            cursor.execute(statement)
    Citation.objects.filter(quote=quote).update(text="second thoughts")
    call_command("migrate", verbosity=0)
    assert name in engine().existing_triggers()
    assert found("second") == [quote.pk]
    assert agree()


def test_a_table_that_was_emptied_is_noticed(make_quote):
    make_quote("first words")
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM search_quote")
    assert not agree()
    out = StringIO()
    with pytest.raises(CommandError, match="disagree"):
        call_command("rebuild_search", "--check", stdout=out, stderr=StringIO())
    call_command("rebuild_search", stdout=out)
    assert "The index holds 1 published quotes and claims." in out.getvalue()
    call_command("rebuild_search", "--check", stdout=out)
    assert "Index and record agree." in out.getvalue()


def test_what_is_indexed_one_by_one_is_what_is_indexed_at_once(
    make_quote: Callable[..., Quote], make_topic, make_speaker, editor
):
    topics = [make_topic(f"Topic {n}") for n in range(3)]
    for n in range(12):
        quote = make_quote(
            f"words {n}", said_on=("1947", "", "2025-05")[n % 3], topics=topics[: n % 3]
        )
        if n % 4 == 0:
            quote.hold(by=editor)
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM search_count WHERE facet <> '' ORDER BY facet, tag")
        counted = cursor.fetchall()
        search.rebuild()
        cursor.execute("SELECT * FROM search_count WHERE facet <> '' ORDER BY facet, tag")
        assert cursor.fetchall() == counted
    assert agree()


def test_a_source_that_turned_private_tells_nothing_any_more(make_quote, make_article):
    article = make_article("Secret headline", url_as_typed="https://secret.example.org/")
    quote = make_quote("words", article=article)
    assert found("secret") == [quote.pk]
    Article.objects.filter(pk=article.pk).update(access="private")
    search.catch_up()
    assert found("secret") == []
    assert "ecret" not in str(search.shown([quote.pk]))


def test_a_key_sorts_by_day_and_then_by_id():
    from datetime import date

    days = [None, date(1, 1, 1), date(1947, 5, 1), date(9999, 12, 31)]
    keys = [key_of(day, pk) for day in days for pk in (1, 2, 2**31 - 1)]
    assert keys == sorted(keys)
    assert max(keys) < 2**53
    with pytest.raises(ValueError, match="31 bits"):
        key_of(None, 2**31)
