"""Which database a request asks: readers the replica where there is one, editors and whatever writes the first."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import LazySettings
from django.contrib.auth.models import AbstractBaseUser
from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

# A second way into the tests' database, under the name that readers are sent to.
connections.settings["replica"] = connections.settings["default"] | {
    "TEST": connections.settings["default"]["TEST"] | {"MIRROR": "default"}
}

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "replica"])


@pytest.fixture
def replica(settings: LazySettings, transactional_db: None) -> Iterator[Any]:
    """Its connection, with the router in place."""
    settings.DATABASE_ROUTERS = ["tracker.middleware.ReplicaRouter"]
    yield connections["replica"]
    connections["replica"].close()


def asked_of(name: str, client: Client, address: str, **how: Any) -> int:
    """How many statements a request asks of one database."""
    with CaptureQueriesContext(connections[name]) as queries:
        assert client.get(address, **how).status_code == 200
    return len(queries)


@pytest.mark.parametrize(
    "address", ["/quotes/?q=destiny", "/quotes/?speaker=jason-kwon", "/speakers/jason-kwon/", "/"]
)
def test_readers_pages_ask_the_replica_alone(make_quote, replica, address):
    make_quote("infrastructure is destiny")
    client = Client()
    assert asked_of("default", client, address) == 0
    assert asked_of("replica", client, address) > 0


def test_an_editor_asks_the_first_database(
    make_quote, replica, client: Client, editor: AbstractBaseUser
):
    make_quote("infrastructure is destiny")
    client.force_login(editor)
    for address in ("/quotes/", "/admin/tracker/quote/"):
        assert asked_of("replica", client, address) == 0
        assert asked_of("default", client, address) > 0


def test_what_is_written_goes_to_the_first_database(make_quote, replica, editor):
    with CaptureQueriesContext(replica) as queries:
        make_quote("infrastructure is destiny").hold(by=editor)
    assert len(queries) == 0
