"""Who else writes in a section: seen while the page is open, and never missed when the cache is away."""

from __future__ import annotations

import pytest
from django.core.cache import cache, caches
from django.core.cache.backends.redis import RedisCacheClient
from django.test import Client
from django.urls import reverse
from redis.exceptions import ConnectionError as Away

from agreements import presence
from agreements.desk import section_of
from agreements.models import Version
from agreements.presence import GONE_AFTER, Writer
from contacts.models import User
from tests.cast import Cast
from tests.factories import draft


@pytest.fixture
def version(cast: Cast) -> Version:
    cache.clear()
    return draft(cast)


def sign(user: User, version: Version, key: str = "employers", **more: str) -> str:
    client = Client()
    client.force_login(user)
    return client.post(reverse("section_presence", args=(version.pk, key)), more).json().get("others", "")


def test_each_sees_that_the_other_is_there(version: Version, cast: Cast):
    assert sign(cast.coordinator, version) == ""
    assert sign(cast.af_coordinator, version) == ("Sara Ordnare (Östersunds kommun) skriver också i det här avsnittet.")
    assert "Ali Ordnare (Arbetsförmedlingen, region Nord)" in sign(cast.coordinator, version)


def test_another_section_is_another_place(version: Version, cast: Cast):
    sign(cast.coordinator, version, "goals")

    assert sign(cast.af_coordinator, version) == ""


def test_who_closes_the_page_is_gone_at_once(version: Version, cast: Cast):
    sign(cast.coordinator, version)
    sign(cast.coordinator, version, left="1")

    assert sign(cast.af_coordinator, version) == ""


def test_who_gives_no_sign_of_life_is_gone_after_a_while(version: Version, cast: Cast):
    whole = section_of(version.pk, "employers", by=cast.coordinator)
    assert whole is not None
    presence.seen(whole, "employers", cast.coordinator, now=1000.0)

    there = presence.seen(whole, "employers", cast.af_coordinator, now=1000.0 + GONE_AFTER - 1)
    later = presence.seen(whole, "employers", cast.af_coordinator, now=1000.0 + GONE_AFTER)

    assert ([writer.name for writer in there], later) == (["Sara Ordnare"], [])


def test_only_the_organisation_is_told_to_who_may_not_see_names():
    words = Writer("Sara Ordnare", "Östersunds kommun").words(names=False)

    assert words == "Någon hos Östersunds kommun skriver också i det här avsnittet."


def test_nobody_is_seen_while_the_cache_is_away(version: Version, cast: Cast, monkeypatch: pytest.MonkeyPatch):
    def away(*args: object, **kwargs: object) -> None:
        raise Away

    client = Client()
    client.force_login(cast.coordinator)
    for name in ("get", "set"):
        monkeypatch.setattr(RedisCacheClient, name, away)
    monkeypatch.setattr("config.cache.RedisCacheClient.get_client", away)

    answer = client.post(reverse("section_presence", args=(version.pk, "employers")))
    caches["default"]._cache.away_until = 0.0  # type: ignore[attr-defined]  # for the tests that follow

    assert (answer.status_code, answer.json()["others"]) == (200, "")
