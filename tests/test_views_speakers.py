"""The page of a speaker: positions that lead to quotes, and no filters where there is nothing to filter."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db

Make = Callable[..., Any]


def page(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def test_the_number_of_quotes_of_a_position_leads_to_those_quotes(
    client: Client, make_quote: Make, make_position: Make
) -> None:
    position = make_position()
    make_quote("said then", speaker=position.person, position=position)
    make_quote("said before", speaker=position.person)
    there = "/speakers/jason-kwon/?organisation=openai"
    assert f'<a href="{there}"> 1 quote </a>' in page(client, "/speakers/jason-kwon/")
    assert f'<a href="{there}"> 1 quote </a>' in page(client, "/speakers/openai/")
    assert "said then" in page(client, there)
    assert "said before" not in page(client, there)


def test_a_speaker_without_quotes_of_their_own_has_no_filters_for_them(
    client: Client, make_quote: Make, make_speaker: Make
) -> None:
    queen = make_speaker("Marie Antoinette")
    reason = "She was a child then."
    wrong = {"attribution": "misattributed", "attribution_reason": reason}
    make_quote("Let them eat cake!", speaker=queen, **wrong)
    text = page(client, "/speakers/marie-antoinette/")
    assert "Let them eat cake!" in text
    assert 'id="filters"' not in text
    assert text.count("None on record here.") == 2  # neither positions nor quotes
    assert 'id="filters"' in page(client, "/speakers/marie-antoinette/?q=cake")


def test_a_speaker_with_quotes_has_filters_for_them(client: Client, make_quote: Make) -> None:
    make_quote()
    assert 'id="filters"' in page(client, "/speakers/jason-kwon/")
