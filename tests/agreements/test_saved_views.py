"""Saved views: a filter gets a name, stands above the list, is shared, renamed and removed."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agreements.actions import saved_views
from agreements.models import SavedView
from contacts.errors import NotAllowed, Refused
from contacts.kept import near
from contacts.models import Event
from tests.agreements.forms import words_of
from tests.agreements.test_amending import links
from tests.cast import Cast

LIST, SAVE = "/overenskommelser/", "/overenskommelser/vyer/spara/"


def page(client: Client, user: Any, query: str = "") -> Any:
    client.force_login(user)
    return client.get(f"{LIST}?{query}")


def test_the_present_filter_is_saved_and_stands_above_the_list(client: Client, cast: Cast) -> None:
    assert "Spara filtret som en vy" not in words_of(page(client, cast.coordinator))
    assert "Spara filtret som en vy" in words_of(page(client, cast.coordinator, "status=draft&sida=2"))

    answer = client.post(SAVE, {"name": " Mina  utkast ", "query": "status=draft&sida=2&x=1"}, follow=True)

    assert "Vyn Mina utkast är sparad." in words_of(answer)
    assert links(page(client, cast.coordinator))["Mina utkast"] == f"{LIST}?status=draft"
    assert "Spara filtret" not in words_of(page(client, cast.coordinator, "status=draft"))
    assert Event.objects.filter(type="saved_view.saved", subject=f"user:{cast.coordinator.pk}").exists()


def test_a_view_is_ones_own_until_it_is_shared_where_one_has_a_role(client: Client, cast: Cast) -> None:
    saved_views.save_view(by=cast.coordinator, name="Egen", query="status=draft")
    saved_views.save_view(by=cast.coordinator, name="Vår", query="visa=flaggade", shared_with=cast.ostersund)

    assert "Vår (delad)" in links(page(client, cast.reader))
    assert "Egen" not in links(page(client, cast.reader))
    assert "Vår (delad)" not in links(page(client, cast.outsider))
    with pytest.raises(NotAllowed):
        saved_views.save_view(by=cast.coordinator, name="Deras", query="q=a", shared_with=cast.are)


def test_the_same_name_gets_the_new_filter_and_an_empty_one_is_refused(cast: Cast) -> None:
    saved_views.save_view(by=cast.coordinator, name="Mina", query="status=draft")
    saved_views.save_view(by=cast.coordinator, name="Mina", query="status=ended")

    assert SavedView.objects.get().query == "status=ended"
    for name in ("", " \u202e ", "19121212-1212"):
        with pytest.raises(Refused):
            saved_views.save_view(by=cast.coordinator, name=name, query="status=draft")


def test_ones_own_is_renamed_and_removed_and_nobody_elses(client: Client, cast: Cast) -> None:
    view = saved_views.save_view(by=cast.coordinator, name="Mina", query="status=draft")
    saved_views.save_view(by=cast.coordinator, name="Andra", query="status=ended")
    address = reverse("view_change", args=(view.pk,))
    client.force_login(cast.reader)
    assert client.post(address, {"ta-bort": "1"}).status_code == 404
    client.force_login(cast.coordinator)
    assert client.post(address, {"name": "Andra"}).status_code == 422

    assert "nytt namn" in words_of(client.post(address, {"name": "Utkasten"}, follow=True))
    assert "Vyn Utkasten är borttagen." in words_of(client.post(address, {"ta-bort": "1"}, follow=True))

    assert list(SavedView.objects.values_list("name", flat=True)) == ["Andra"]


def test_there_is_a_limit(cast: Cast) -> None:
    SavedView.objects.bulk_create(SavedView(user=cast.coordinator, name=str(n)) for n in range(saved_views.MOST))
    with pytest.raises(Refused, match="Högst 30 vyer"):
        saved_views.save_view(by=cast.coordinator, name="En till", query="status=draft")


def test_the_list_costs_the_same_with_three_views_and_with_thirty(client: Client, cast: Cast) -> None:
    client.force_login(cast.coordinator)
    counts = []
    for first, last in ((0, 3), (3, 30)):
        SavedView.objects.bulk_create(
            SavedView(user=cast.coordinator, name=str(n), query=f"q={n}") for n in range(first, last)
        )
        near.values.clear()
        with CaptureQueriesContext(connection) as queries:
            client.get(LIST)
        counts.append(len(queries))
    assert counts[0] == counts[1]
