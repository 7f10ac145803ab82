"""README says what is so: the commands, the map of the files, the settings and the tour."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import pytest
from django.db import transaction
from django.test import Client

from tracker import dates, settings
from tracker.importing import load_record, read_record
from tracker.management.commands import demo
from tracker.models import Citation, Quote

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text()
CI = (ROOT / ".ci" / "run").read_text()
# What stands at the top and nothing else, README itself apart.
TOP = {
    *("manage.py", "pyproject.toml", "constraints.txt", "CHANGELOG.md", "LICENSE"),
    *(".ci/run", ".gitignore", ".pre-commit-config.yaml", "templates/", "static/", "tests/"),
}
SET_UP = "python3 -m venv .venv && .venv/bin/pip install -c constraints.txt -e"
RUN = f"{SET_UP} . && .venv/bin/python manage.py demo"
TEST = f"{SET_UP} '.[dev]' && .venv/bin/python -m pytest -n auto"


def section(title: str) -> str:
    found = re.search(rf"(?ms)^## {re.escape(title)}\n(.*?)(?=^## |\Z)", README)
    assert found, f"README has no section “{title}”"
    return found[1]


def rows(title: str) -> list[list[str]]:
    """The cells of the table in a section, without its head."""
    lines = re.findall(r"(?m)^\|(.*)\|$", section(title))
    return [[cell.strip() for cell in line.split("|")] for line in lines[2:]]


def mapped() -> list[list[str]]:
    """The paths of each row of the map."""
    found = [
        re.findall("`([^`]+)`", row[0])
        for row in rows("The files, in the order in which data flows")
    ]
    assert found
    return found


def parts_of_the_package() -> set[str]:
    here = (path for path in (ROOT / "tracker").iterdir() if not path.name.startswith(("_", ".")))
    return {f"tracker/{path.name}{'/' if path.is_dir() else ''}" for path in here}


# --- The files ------------------------------------------------------------------------------------


def test_the_map_has_every_module_and_package() -> None:
    assert parts_of_the_package() - {path for row in mapped() for path in row} == set()


def test_the_map_has_everything_at_the_top() -> None:
    there = {path for path in TOP if (ROOT / path).exists()}
    assert there - {path for row in mapped() for path in row} == set()


def test_nothing_in_the_map_is_missing_on_disk_or_named_twice() -> None:
    paths = [path for row in mapped() for path in row]
    assert [path for path in paths if not (ROOT / path).exists()] == []
    assert [path for path in paths if path.endswith("/") != (ROOT / path).is_dir()] == []
    assert len(paths) == len(set(paths))


def test_the_map_follows_the_flow_of_data_as_the_import_contract_has_it() -> None:
    contract = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    layers = reversed(contract["contracts"][0]["layers"])
    height = {name: n for n, layer in enumerate(layers) for name in re.findall(r"\w+", layer)}
    names = [Path(row[0]).stem for row in mapped() if row[0].startswith("tracker/")]
    heights = [height[name] for name in names if name in height]
    assert len(heights) > 10
    assert heights == sorted(heights)


# --- The commands and the settings ----------------------------------------------------------------


def test_the_two_commands_are_those_that_are_checked() -> None:
    assert re.findall(r"(?s)```sh\n(.*?)\n```", section("Run it")) == [RUN, TEST]
    assert TEST in CI.splitlines()


def test_the_table_of_settings_has_every_variable_and_no_other() -> None:
    named = [re.findall("`([A-Z_]+)`", row[0]) for row in rows("Settings")]
    assert sorted(name for row in named for name in row) == sorted(settings._VARIABLES)


def test_every_variable_that_the_settings_read_is_among_those_that_turn_debug_off() -> None:
    source = Path(settings.__file__).read_text()
    read = set(
        re.findall(
            r'_(?:text|flag|names|number|ports|choice|address|database|directory)\(\s*"([A-Z_]+)"',
            source,
        )
    )
    assert read == set(settings._VARIABLES)


def test_the_check_unsets_every_variable_first() -> None:
    unset = re.search(r"unset ((?:.*\\\n)*.*)", CI)
    assert unset
    assert set(settings._VARIABLES) <= set(unset[1].split())


# --- The tour ---------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def _demo_data(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[None]:
    """The demo data in the database, once for all the tests below."""
    with django_db_blocker.unblock(), transaction.atomic():  # type: ignore[attr-defined]
        load_record(read_record(demo.RECORD), by=None)
        yield
        transaction.set_rollback(True)


def page(address: str) -> str:
    answer = Client().get(address, follow=True)
    assert answer.status_code == 200, address
    return answer.content.decode()


def addresses() -> list[str]:
    """Every address of the site that the tour names."""
    tour = section("A tour").replace("http://127.0.0.1:8000/", "/")
    return [unquote(address) for address in re.findall(r"[*`](/[^*`\s]*|\?[^*`\s]*)[*`]", tour)]


@pytest.mark.django_db
@pytest.mark.usefixtures("_demo_data")
@pytest.mark.parametrize("address", addresses())
def test_every_address_of_the_tour_answers(address: str) -> None:
    page(f"/quotes/{address}" if address.startswith("?") else address)


@pytest.mark.django_db
@pytest.mark.usefixtures("_demo_data")
def test_the_tour_finds_what_it_promises() -> None:
    kwon = page("/quotes/?speaker=jason-kwon")
    assert "infrastructure is destiny" in kwon
    assert set(re.findall(r'class="by">\s*<a href="([^"]+)"', kwon)) == {"/speakers/jason-kwon/"}
    assert 'value="ko"' in kwon
    assert "There is no speaker “nobody”." in page("/quotes/?speaker=nobody")
    assert "Let them eat cake" in page("/quotes/?attribution=misattributed")
    theirs, _heading, wrongly = page("/speakers/marie-antoinette/").partition(
        "Wrongly attributed to"
    )
    assert "Let them eat cake" in wrongly
    assert "Let them eat cake" not in theirs.partition("<main")[2]
    roosevelt = page("/speakers/franklin-d-roosevelt/")
    assert 'class="chart"' in roosevelt
    assert len(re.findall(r"<li>\s*<p>\s*<strong>", roosevelt)) == 2


@pytest.mark.django_db
@pytest.mark.usefixtures("_demo_data")
def test_the_korean_quote_of_the_tour_stands_beside_its_translation() -> None:
    korean = Citation.objects.filter(text__startswith="한국은 반도체부터 소프트웨어까지").first()
    assert korean
    quote = page(korean.quote.get_absolute_url())
    assert 'class="pair"' in quote
    assert 'lang="ko"' in quote
    assert "independent" in quote


@pytest.mark.django_db
@pytest.mark.usefixtures("_demo_data")
def test_a_quote_known_to_the_month_may_lie_in_the_days_of_the_tour_and_need_not() -> None:
    tour = re.search(r"Said from ([0-9-]+)\*\*: a quote known only to “([^”]+)”", section("A tour"))
    assert tour
    day, known = tour.groups()
    months = Quote.objects.published().filter(said_on__startswith=day[:7]).exclude(said_on=day)
    found = [quote for quote in months if dates.reading(quote.said_on) == known]
    assert found
    for quote in found:
        assert quote.get_absolute_url() in page(f"/quotes/?said_from={day}")
        assert quote.get_absolute_url() not in page(f"/quotes/?said_from={day}&dates=must")
