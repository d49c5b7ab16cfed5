"""The guard rails themselves: a rail that cannot fail guards nothing."""

from __future__ import annotations

import socket
import warnings

import pytest
from django.http import HttpResponse
from django.template import Context, Template

from tests.guards import NetworkClosed, problems_of, problems_of_page

PAGE = '<!doctype html><html lang="sv"><head><title>{title}</title></head><body>{body}</body></html>'


def page(body: str, title: str = "Titel") -> str:
    return PAGE.format(title=title, body=body)


@pytest.mark.parametrize("address", [("192.0.2.1", 80), ("2001:db8::1", 80), ("portal.invalid", 80)])
def test_the_network_is_closed(address: tuple[str, int]) -> None:
    with pytest.raises(NetworkClosed):
        socket.create_connection(address, timeout=1)


def test_this_machine_itself_can_be_reached() -> None:
    with socket.create_server(("127.0.0.1", 0)) as door, socket.create_connection(door.getsockname()) as client:
        assert client.getpeername() == door.getsockname()


def test_a_warning_is_an_error() -> None:
    with pytest.raises(DeprecationWarning):
        warnings.warn("old", DeprecationWarning, stacklevel=1)


def test_an_undefined_template_variable_fails() -> None:
    with pytest.raises(pytest.fail.Exception, match="Undefined template variable"):
        Template("{{ nobody.knows }}").render(Context())


def test_a_right_page_has_no_problems() -> None:
    assert problems_of_page(page("<h1>Rubrik</h1><p>Text</p>")) == []


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (page("<h1>Ett</h1><h1>Två</h1>"), "2 h1"),
        (page("<p>Ingen rubrik</p>"), "0 h1"),
        (page("<h1>Rubrik</h1>", title=""), "no title"),
        (page("<h1>Rubrik</h1><p>Öppen <b>text</p>"), "line 1"),
        (page('<h1 id="a">Rubrik</h1><p id="a">Text</p>'), "id used twice: a"),
        (page("<h1>Rubrik</h1>").replace(' lang="sv"', ""), "no language"),
    ],
)
def test_what_is_wrong_with_a_page_is_told(text: str, told: str) -> None:
    assert any(told in problem for problem in problems_of_page(text))


def test_a_fragment_of_rows_is_judged_as_rows() -> None:
    assert problems_of(HttpResponse("<tr><td>Åre</td></tr>")) == []


def test_a_broken_fragment_is_told() -> None:
    assert problems_of(HttpResponse("<p>Öppen <b>text</p>"))


def test_other_content_is_left_alone() -> None:
    assert problems_of(HttpResponse("<p>", content_type="text/plain")) == []
