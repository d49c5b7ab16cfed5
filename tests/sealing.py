"""Keys, sealed files and a timestamp service for tests; keys are made once for all of them."""

from __future__ import annotations

import datetime
import http.server
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from asn1crypto import pem, tsp
from pyhanko.sign.timestamps import DummyTimeStamper

from agreements import demo_authority, seal, seal_keys
from agreements.seal_source import Source
from tests.printed import copy

NOW = datetime.datetime.now(datetime.UTC)
PASSPHRASE = demo_authority.PASSPHRASE.decode()


def authority(days: int = 3650) -> Path:
    """The folder of an authority whose seal lives so many days; the same one each time."""
    return _made(days)


@cache
def _made(days: int) -> Path:
    folder = Path(tempfile.mkdtemp(prefix="authority-"))
    demo_authority.make(folder, NOW, seal_lives=datetime.timedelta(days=days))
    return folder


def source(days: int = 3650, **more: object) -> Source:
    """As an organisation configures it: a PKCS#12 file and the roots, without a timestamp service."""
    folder = authority(days)
    facts = {"pkcs12": folder / demo_authority.SEAL, "passphrase": PASSPHRASE, "roots": folder / demo_authority.ROOT}
    return Source(**facts | more)  # type: ignore[arg-type]


def keys(days: int = 3650) -> seal.Keys:
    return seal_keys.load(Source(demo=authority(days)))


def long_keys() -> seal.Keys:
    """With the list of what is revoked, so that seals become B-LTA."""
    crl = pem.unarmor((authority() / demo_authority.REVOKED).read_bytes())[2]
    known = keys()
    return seal.Keys(known.signer, known.timestamper, known.roots, crls=(crl,))


@cache
def sealed() -> bytes:
    return seal.seal(copy("archive"), keys(), reason="Kod 1", contact="https://portalen.example/verifiera/")[0]


@cache
def sealed_for_long() -> bytes:
    return seal.seal(copy("archive"), long_keys(), reason="Kod 1", contact="https://portalen.example/verifiera/")[0]


@contextmanager
def timestamp_service() -> Iterator[str]:
    """A service on loopback that stamps with the authority's certificate."""
    stamper = keys().timestamper
    assert isinstance(stamper, DummyTimeStamper)

    class Door(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            question = tsp.TimeStampReq.load(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.end_headers()
            self.wfile.write(stamper.request_tsa_response(question).dump())

        def log_message(self, *_: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Door) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{running.server_port}/tsr"
        running.shutdown()
