"""The renderer reads its own assets and nothing else, whatever the text asks for."""

from __future__ import annotations

import base64
import http.server
import io
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pikepdf
import pytest

from agreements import pdf, typesetter
from agreements.typesetter import ASSETS, BundledAssets, Refused, typeset
from tests.printed import draft, signed, whole_text

SECRET = "hemlighet-som-inte-far-lacka"
SVG = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="9" height="9">'
PAGE = "<html lang=sv><head><title>Prov</title></head><body><h1>Prov</h1><p>Text</p>{}</body></html>"


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    path = tmp_path / "secret.txt"
    path.write_text(SECRET)
    return path


@pytest.fixture
def server() -> Iterator[tuple[str, list[str]]]:
    """A server on loopback that notes who comes."""
    visits: list[str] = []

    class Door(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            visits.append(self.path)
            self.send_response(200)
            self.end_headers()
            self.wfile.write(SECRET.encode())

        def log_message(self, *_: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Door) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{running.server_port}", visits
        running.shutdown()


ATTACKS = {
    "image": '<img src="{url}" alt="">',
    "image set": '<img srcset="{url} 2x" src="{url}" alt="">',
    "style sheet": '<link rel="stylesheet" href="{url}">',
    "import": '<style>@import url("{url}");</style>',
    "font": '<style>@font-face {{ font-family: X; src: url("{url}") }} p {{ font-family: X }}</style>',
    "background": '<div style="background-image: url({url})">x</div>',
    "list mark": '<ul style="list-style-image: url({url})"><li>x</li></ul>',
    "content": '<style>p::after {{ content: url("{url}") }}</style>',
    "attachment": '<link rel="attachment" href="{url}" title="x">',
    "attachment by link": '<a rel="attachment" href="{url}">x</a>',
    "object": '<object data="{url}" type="image/png">x</object>',
    "embed": '<embed src="{url}" type="image/svg+xml">',
    "svg image": SVG + '<image href="{url}" xlink:href="{url}" width="9" height="9"/></svg>',
    "svg use": SVG + '<use href="{url}#x"/></svg>',
    "svg style": SVG + '<style>@import url("{url}");</style></svg>',
    "base": '<base href="{url}"><img src="x.png" alt="">',
    "frame": '<iframe src="{url}"></iframe>',
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_no_server_is_visited(attack: str, server: tuple[str, list[str]]):
    address, visits = server

    content = typeset(PAGE.format(ATTACKS[attack].format(url=f"{address}/hit")), variant="pdf/a-3a")

    assert visits == []
    assert SECRET.encode() not in uncompressed(content)


@pytest.mark.parametrize("attack", ATTACKS)
def test_no_file_is_read(attack: str, secret: Path):
    content = typeset(PAGE.format(ATTACKS[attack].format(url=secret.as_uri())), variant="pdf/a-3a")

    assert SECRET.encode() not in uncompressed(content)
    assert "/EmbeddedFiles" not in names(content)


@pytest.mark.parametrize("attack", ATTACKS)
def test_no_data_address_is_opened(attack: str):
    data = "data:text/plain;base64," + base64.b64encode(SECRET.encode()).decode()

    content = typeset(PAGE.format(ATTACKS[attack].format(url=data)), variant="pdf/a-3a")

    assert SECRET.encode() not in uncompressed(content)
    assert "/EmbeddedFiles" not in names(content)


@pytest.mark.parametrize(
    "address",
    [
        "/etc/passwd",
        "../../../../etc/passwd",
        "etc/passwd",
        "//127.0.0.1/x",
        "FILE:///etc/passwd",
        "asset:../../config/settings.py",
        "asset:pdf.css/../secret",
        "asset:pdf.css?x",
        "ASSET:pdf.css",
        "jar:file:///etc/passwd",
        "ftp://127.0.0.1/x",
    ],
)
def test_only_the_exact_name_of_an_asset_opens_it(address: str, caplog: pytest.LogCaptureFixture):
    with pytest.raises(Refused, match="not an asset of ours"):
        BundledAssets().fetch(address)
    content = typeset(PAGE.format(f'<img src="{address}" alt=""><p>Kvar</p>'), variant="pdf/ua-1")

    assert "Kvar" in whole_text(content)
    assert b"root:" not in uncompressed(content)


def test_what_was_refused_is_logged(caplog: pytest.LogCaptureFixture):
    typeset(PAGE.format('<img src="file:///etc/passwd" alt="">'), variant="pdf/ua-1")

    assert "was asked for 'file:///etc/passwd' and refused" in caplog.text


def test_every_asset_is_there():
    assert all(path.is_file() for path in ASSETS.values())


def test_a_missing_asset_of_ours_stops_the_printing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    """A copy in some other typeface is worse than a late one."""
    monkeypatch.setitem(typesetter.ASSETS, "asset:serif-400.ttf", tmp_path / "gone.ttf")

    with pytest.raises(RuntimeError, match=r"asset:serif-400\.ttf is missing"):
        pdf.render(draft(), variant="draft", demo=False)


HOSTILE = (
    '<p>Före</p><style>.national { display: none } @page { @top-left { content: "x" } }</style>'
    "<script>alert(1)</script><title>Kapad</title><meta name=author content=Kapad><base href=http://127.0.0.1/>"
    '<link rel=attachment href=file:///etc/passwd><p style="display:none">Synlig</p><img src=file:///etc/passwd>'
    "</section></body></html><p>Efter</p>"
)


def test_hostile_local_text_is_printed_as_text_and_changes_nothing_else():
    """Should a gate before this one ever be passed, the national text still stands."""
    document = signed(only=("background", "contacts"), background={"local_situation": HOSTILE})

    content = pdf.render(document, variant="archive", demo=False)
    text = whole_text(content)

    assert "Före" in text
    assert "Synlig" in text
    assert "Efter" in text
    assert "alert" not in text
    assert "Parternas kontaktytor är knutna till funktioner" in text
    with pikepdf.open(io.BytesIO(content)) as file:
        assert list(file.attachments) == [pdf.ATTACHED], "ours, and nothing that the text asked for"
        assert "Kapad" not in str(file.docinfo["/Title"]) + str(file.docinfo["/Author"])


def test_markup_in_plain_fields_is_printed_as_it_was_written():
    document = signed(only=("funding",), funding={"compensation_reference": "<b>Dnr</b> & 'x' {{ 7 }} \" </style>"})

    assert "<b>Dnr</b> & 'x' {{ 7 }} \" </style>" in whole_text(pdf.render(document, variant="reading", demo=False))


def test_web_processes_do_not_load_the_renderer():
    program = (
        "import django, sys; django.setup(); import config.wsgi, config.urls, agreements.tasks; "
        "sys.exit('weasyprint' in sys.modules)"
    )
    env = {"DJANGO_SETTINGS_MODULE": "config.settings", "PATH": ""}

    assert subprocess.run([sys.executable, "-c", program], env=env, check=False).returncode == 0


def uncompressed(content: bytes) -> bytes:
    """All streams of the file, unpacked."""
    with pikepdf.open(io.BytesIO(content)) as file:
        streams = [part for part in file.objects if isinstance(part, pikepdf.Stream)]
        return content + b"".join(stream.read_bytes() for stream in streams)


def names(content: bytes) -> str:
    with pikepdf.open(io.BytesIO(content)) as file:
        return str(list(file.Root.get("/Names", {}).keys()))
