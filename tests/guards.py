"""Guard rails around every test: the network is closed, pages are well formed, settings are those of a test.

Loaded as a plugin by conftest. Warnings as errors and undefined template variables stand in pyproject.toml.
"""

from __future__ import annotations

import asyncio
import gzip
import ipaddress
import re
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import html5lib
import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test.client import Client
from django.test.signals import reset_template_engines
from django.utils.text import slugify

MISREAD_BY_THE_PARSER = {"unexpected-cdata"}  # html5lib knows less of SVG than browsers do
TEMPLATE_ELEMENT = re.compile(r"<template\b.*?</template>", re.DOTALL)


def pytest_configure(config: pytest.Config) -> None:
    """Fast hashing, plain static files, and a corner of Valkey of its own."""
    name = settings.DATABASES["default"]["TEST"]["NAME"]
    worker = getattr(config, "workerinput", {}).get("workerid", "")
    settings.NAMESPACE = "_".join(part for part in (name, worker) if part)
    settings.CACHES["default"]["KEY_PREFIX"] = settings.NAMESPACE
    settings.CACHES["default"]["OPTIONS"] |= {"socket_connect_timeout": 10, "socket_timeout": 10}  # busy is not away
    options = settings.DATABASES["default"].setdefault("OPTIONS", {})
    options.setdefault("options", "-c synchronous_commit=off")  # rows of tests need not outlive a power cut
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.STORAGES["staticfiles"] = {"BACKEND": settings.PLAIN}
    settings.WHITENOISE_AUTOREFRESH = settings.WHITENOISE_USE_FINDERS = True


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Leave nothing of ours in Valkey, if a test has woken it."""
    from config import embedded

    if settings.EMBEDDED_VALKEY and not embedded.in_use(settings.EMBEDDED):
        return
    import redis

    for address in (settings.REDIS_URL, settings.CACHES["default"]["LOCATION"]):
        with redis.Redis.from_url(address) as client:
            for key in client.scan_iter(f"*{settings.NAMESPACE}:*"):
                client.delete(key)


# ------------------------------------------------------------------------------------------------- network


class NetworkClosed(RuntimeError):
    pass


def is_near(address: Any) -> bool:
    """A socket file, or this machine itself."""
    if not isinstance(address, tuple):
        return True
    host = str(address[0])
    if host in ("", "localhost"):
        return True
    try:
        return ipaddress.ip_address(host.split("%")[0]).is_loopback
    except ValueError:
        return False


@pytest.fixture(autouse=True)
def _closed_network(monkeypatch: pytest.MonkeyPatch) -> None:
    real_connect, real_connect_ex, real_lookup = (
        socket.socket.connect,
        socket.socket.connect_ex,
        socket.getaddrinfo,
    )

    def guard(address: Any) -> None:
        if not is_near(address):
            raise NetworkClosed(f"A test tried to reach {address!r}; only loopback is open")

    def connect(self: socket.socket, address: Any) -> None:
        guard(address)
        return real_connect(self, address)

    def connect_ex(self: socket.socket, address: Any) -> int:
        guard(address)
        return real_connect_ex(self, address)

    def lookup(host: Any, *args: Any, **kwargs: Any) -> Any:
        guard((host.decode() if isinstance(host, bytes) else host or "", 0))
        return real_lookup(host, *args, **kwargs)

    monkeypatch.setattr(socket.socket, "connect", connect)
    monkeypatch.setattr(socket.socket, "connect_ex", connect_ex)
    monkeypatch.setattr(socket, "getaddrinfo", lookup)


# ---------------------------------------------------------------------------------------------- event loops


@pytest.fixture(autouse=True)
def _no_foreign_loop(request: pytest.FixtureRequest) -> Iterator[None]:
    """The browser's driver leaves its event loop running in the thread; what wants a loop of its own is not to meet it.

    Workers share the tests out as they go, so that any test can follow one in the browser.
    """
    if request.node.get_closest_marker("browser"):
        yield
        return
    left_running = asyncio._get_running_loop()
    asyncio._set_running_loop(None)
    yield
    asyncio._set_running_loop(left_running)


# --------------------------------------------------------------------------------------------------- files


@pytest.fixture(autouse=True)
def _own_files(tmp_path: Path, settings: Any) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"


# ----------------------------------------------------------------------------------------------- templates


@pytest.fixture(autouse=True, scope="session")
def _guarded_engine(_fail_for_invalid_template_variable: None) -> None:
    """An engine that was made while tests were collected does not know the guard yet: the next one does."""
    reset_template_engines(setting="TEMPLATES")


# --------------------------------------------------------------------------------------------------- pages


def problems_of_page(text: str) -> list[str]:
    """What is wrong with a full page, seen by a parser that follows the standard."""
    parser = html5lib.HTMLParser(tree=html5lib.getTreeBuilder("etree"), namespaceHTMLElements=False)
    tree = parser.parse(TEMPLATE_ELEMENT.sub("", text))
    problems = [
        f"line {position[0]}: {code} {details or ''}"
        for position, code, details in parser.errors
        if code not in MISREAD_BY_THE_PARSER
    ]
    title = tree.find("head/title")
    if title is None or not (title.text or "").strip():
        problems.append("no title")
    if len(tree.findall(".//h1")) != 1:
        problems.append(f"{len(tree.findall('.//h1'))} h1 headings, there shall be one")
    if not tree.get("lang"):
        problems.append("no language on <html>")
    return problems + problems_of_ids(tree)


def problems_of_ids(tree: Any) -> list[str]:
    ids = [element.get("id") for element in tree.iter() if element.get("id")]
    twice = sorted({name for name in ids if ids.count(name) > 1})
    return [f"id used twice: {name}" for name in twice]


def problems_of_fragment(text: str) -> list[str]:
    """Fragments are judged mildly: they may begin with rows or cells, which only fit inside a table."""
    parser = html5lib.HTMLParser(tree=html5lib.getTreeBuilder("etree"), namespaceHTMLElements=False)
    container = "tbody" if text.lstrip().startswith("<tr") else "div"
    parser.parseFragment(TEMPLATE_ELEMENT.sub("", text), container=container)
    return [
        f"line {position[0]}: {code} {details or ''}"
        for position, code, details in parser.errors
        if code not in MISREAD_BY_THE_PARSER
    ]


def problems_of(response: HttpResponse) -> list[str]:
    if getattr(response, "streaming", False) or not response.content:
        return []
    if not response.get("Content-Type", "").startswith("text/html"):
        return []
    packed = response.get("Content-Encoding") == "gzip"
    text = (gzip.decompress(response.content) if packed else response.content).decode(response.charset)
    if "<html" in text[:500].lower():
        return problems_of_page(text)
    return problems_of_fragment(text)


@pytest.fixture(autouse=True)
def _well_formed_pages(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Every HTML answer the test client gets is parsed; Django's own admin is not ours to judge."""
    real_request = Client.request
    found: list[str] = []

    def checked_request(self: Client, **environ: Any) -> Any:
        response = real_request(self, **environ)
        path = str(environ.get("PATH_INFO", ""))
        if not path.startswith("/admin/"):
            found.extend(f"{path}: {problem}" for problem in problems_of(response))
        return response

    monkeypatch.setattr(Client, "request", checked_request)
    yield
    if found and not request.node.get_closest_marker("broken_html"):
        shown = "\n  ".join(dict.fromkeys(found[:20]))
        pytest.fail(f"HTML that is not right ({slugify(request.node.name)}):\n  {shown}", pytrace=False)
