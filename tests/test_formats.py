"""What Django writes is written as ISO 8601 in every language: the desk's lists, forms and histories."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from claiming import a_claim, a_review, the_verdicts
from desk import address
from django.conf import settings
from django.test import Client
from django.utils import translation
from django.utils.formats import date_format

from tracker.models import Correction, FieldChange, Job, Quote, Review

LANGUAGES = [code for code, _name in settings.LANGUAGES]
MOMENT = datetime(2026, 11, 6, 7, 51, 30, tzinfo=UTC)


@pytest.fixture
def quote(make_quote: Callable[..., Quote]) -> Quote:
    return make_quote()


def cells(desk: Client, model: type, name: str, language: str) -> list[str]:
    page = desk.get(address(model, "changelist"), headers={"accept-language": language})
    return re.findall(rf'<td class="field-{name}[^>]*>([^<]*)<', page.content.decode())


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("form", "written"),
    [
        ("DATE_FORMAT", "2026-11-06"),
        ("SHORT_DATE_FORMAT", "2026-11-06"),
        ("DATETIME_FORMAT", "2026-11-06 07:51"),
        ("SHORT_DATETIME_FORMAT", "2026-11-06 07:51"),
        ("TIME_FORMAT", "07:51"),
    ],
)
def test_a_date_or_time_is_written_in_one_way_in_every_language(
    language: str, form: str, written: str
) -> None:
    with translation.override(language):
        assert date_format(MOMENT, form) == written


@pytest.mark.django_db
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_lists_of_the_desk_show_days_and_times_so(
    desk: Client, quote: Quote, language: str
) -> None:
    the_verdicts()
    claim = a_claim(quote)
    a_review(claim, reviewed_on=date(2026, 11, 6))
    changes = [FieldChange("words", "destiny", "is destiny")]
    noted = {"kind": "correction", "text": "A word was missing.", "changes": changes}
    Correction.objects.note(claim, by=None, **noted)
    Correction.objects.update(made_on=date(2026, 11, 7))
    Job.objects.create(kind=Job.Kind.LOOK)
    Job.objects.update(asked_at=MOMENT)
    assert cells(desk, Review, "reviewed_on", language) == ["2026-11-06"]
    assert cells(desk, Correction, "made_on", language) == ["2026-11-07"]
    assert cells(desk, Job, "asked_at", language) == ["2026-11-06 07:51"]


@pytest.mark.django_db
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_form_of_the_desk_shows_when_its_record_was_changed_so(
    desk: Client, quote: Quote, language: str
) -> None:
    Quote.objects.update(updated_at=MOMENT)
    page = desk.get(address(Quote, "change", quote), headers={"accept-language": language})
    assert ">2026-11-06 07:51<" in page.content.decode()
