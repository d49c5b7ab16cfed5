"""Valkey may be away: pages go on, sessions stay, and a request is not kept waiting."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any, cast

import pytest
from django.contrib.sessions.backends.cached_db import SessionStore
from django.core.cache import cache, caches
from django.test import Client
from kombu.exceptions import OperationalError

from config.cache import ForgivingCache, cache_answers
from config.celery import PRINTING, QUICK, app, broker_url, configuration
from config.environment import WrongEnvironment, next_database


@pytest.fixture
def dead_cache(tmp_path: Path) -> ForgivingCache:
    return ForgivingCache(f"unix://{tmp_path}/nobody.sock?db=1", {})


def test_what_is_put_in_the_cache_comes_out() -> None:
    cache.set("town", "Örebro", 10)
    assert cache.get("town") == "Örebro"
    assert cache_answers()


def test_a_cache_that_is_away_answers_as_an_empty_one(dead_cache: ForgivingCache) -> None:
    dead_cache.set("town", "Örebro")
    assert dead_cache.get("town", "unknown") == "unknown"
    assert dead_cache.get_many(["town"]) == {}
    assert dead_cache.add("town", "Örebro") is False
    assert "town" not in dead_cache


def test_counting_in_a_cache_that_is_away_is_as_for_an_unknown_key(dead_cache: ForgivingCache) -> None:
    with pytest.raises(ValueError, match="away"):
        dead_cache.incr("visits")


@pytest.mark.django_db
def test_a_session_outlives_valkey(dead_cache: ForgivingCache) -> None:
    session = SessionStore()
    session["town"] = "Örebro"
    session.save()
    other = SessionStore(session.session_key)
    other._cache = dead_cache
    assert other["town"] == "Örebro"


@pytest.mark.django_db
def test_a_session_can_be_saved_and_ended_without_valkey(dead_cache: ForgivingCache) -> None:
    session = SessionStore()
    session._cache = dead_cache
    session["town"] = "Örebro"
    session.save()
    key = session.session_key
    session.flush()
    assert not SessionStore().exists(key)


@pytest.mark.parametrize(
    ("queue", "cached"),
    [
        ("redis://valkey:6379", "redis://valkey:6379/1"),
        ("redis://valkey:6379/0", "redis://valkey:6379/1"),
        ("rediss://:word@valkey/4", "rediss://:word@valkey/5"),
        ("unix:///var/run/valkey.sock?db=0", "unix:///var/run/valkey.sock?db=1"),
    ],
)
def test_the_cache_lies_beside_the_queue_never_in_it(queue: str, cached: str) -> None:
    assert next_database(queue) == cached


def test_an_address_without_a_database_number_is_refused() -> None:
    with pytest.raises(WrongEnvironment, match="number of a database"):
        next_database("redis://valkey/first")


def test_a_socket_address_is_spelled_celerys_way() -> None:
    assert broker_url("unix:///run/valkey.sock?db=0") == "redis+socket:///run/valkey.sock?virtual_host=0"
    assert broker_url("redis://valkey/0") == "redis://valkey/0"


def test_a_dead_broker_is_told_within_a_second(tmp_path: Path) -> None:
    options = configuration()["broker_transport_options"]
    with app.connection_for_write(f"redis+socket://{tmp_path}/nobody.sock") as connection:
        connection.transport_options = options
        started = time.monotonic()
        with pytest.raises(OperationalError):
            app.send_task("agreements.deliver_events", connection=connection)
    assert time.monotonic() - started < 1


def test_every_task_of_the_timetable_exists() -> None:
    app.loader.import_default_modules()
    missing = {entry["task"] for entry in configuration()["beat_schedule"].values()} - set(app.tasks)
    assert not missing


def test_printing_never_holds_up_what_must_be_quick() -> None:
    routed = app.amqp.router.route({}, "agreements.render_pdfs")
    assert routed["queue"].name == PRINTING
    assert app.amqp.router.route({}, "agreements.deliver_events")["queue"].name == QUICK


def test_old_messages_of_the_timetable_lapse() -> None:
    assert all(entry["options"]["expires"] > 0 for entry in configuration()["beat_schedule"].values())


@pytest.mark.django_db
def test_health_is_200_when_all_answer(client: Client) -> None:
    answer = client.get("/halsa")
    assert answer.status_code == 200
    assert answer.json() == {"database": True, "valkey": True}


@pytest.mark.django_db
def test_health_is_503_when_valkey_is_away(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("config.views.cache_answers", lambda: False)
    answer: Any = client.get("/halsa")
    assert answer.status_code == 503
    assert answer.json()["valkey"] is False


def test_clearing_the_cache_leaves_the_keys_of_other_portals_alone() -> None:
    theirs = cast(Any, caches["default"])._cache.get_client(None, write=True)
    theirs.set("another_portal:1:kept", b"1", ex=60)
    cache.set("ours", 1)

    cache.clear()

    assert cache.get("ours") is None
    assert theirs.get("another_portal:1:kept") == b"1"
