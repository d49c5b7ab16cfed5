"""Answers that are the same to everybody: made once, compressed once, and not sent to who has them already."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, cast

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.cache import get_conditional_response

FRESH_SECONDS: Final = 5 * 60
CACHE_CONTROL: Final = f"public, max-age={FRESH_SECONDS}"
PIECE: Final = 32_768


@dataclass(frozen=True)
class Sheet:
    """A whole answer as bytes, plain and compressed, with the mark that a browser shows when it asks again."""

    etag: str
    plain: bytes
    packed: bytes


def sheet(text: str) -> Sheet:
    plain = text.encode()
    return Sheet(etag_of(text), plain, gzip.compress(plain, compresslevel=6, mtime=0))


def etag_of(*facts: object) -> str:
    """Weak, since the same page can be sent plain or compressed."""
    return f'W/"{hashlib.sha256(repr(facts).encode()).hexdigest()[:32]}"'


def send(request: HttpRequest, page: Sheet, media_type: str = "text/html; charset=utf-8") -> HttpResponse:
    """The sheet, or 304 to who has it. It depends on no cookie, so that anybody between may keep it."""
    packed = "gzip" in request.headers.get("Accept-Encoding", "")
    answer = HttpResponse(page.packed if packed else page.plain, content_type=media_type)
    if packed:
        answer["Content-Encoding"] = "gzip"
    as_public(answer, page.etag)
    answer["Vary"] = "Accept-Encoding"
    return cast(HttpResponse, get_conditional_response(request, etag=page.etag, response=answer))


def as_public(answer: HttpResponseBase, etag: str | None) -> None:
    answer["Cache-Control"] = CACHE_CONTROL
    if etag:
        answer["ETag"] = etag


def as_data(answer: HttpResponseBase) -> None:
    """Pages of other sites may fetch it too."""
    answer["Access-Control-Allow-Origin"] = "*"


def stream(
    request: HttpRequest, lines: Iterable[str], media_type: str, *, etag: str | None, name: str
) -> HttpResponseBase:
    """A file that is written while it is sent. `lines` is not begun on for who has the file or asks for its head."""
    known = get_conditional_response(request, etag=etag)
    if known is not None:
        answer: HttpResponseBase = known
    elif request.method == "HEAD":
        answer = HttpResponse(content_type=media_type)
    else:
        answer = StreamingHttpResponse(pieces(lines), content_type=media_type)
    if known is None:
        answer["Content-Disposition"] = f'attachment; filename="{name}"'
    as_public(answer, etag)
    as_data(answer)
    return answer


def pieces(lines: Iterable[str]) -> Iterator[bytes]:
    """Lines gathered to pieces worth sending."""
    waiting: list[str] = []
    length = 0
    for line in lines:
        waiting.append(line)
        length += len(line)
        if length >= PIECE:
            yield "".join(waiting).encode()
            waiting, length = [], 0
    if waiting:
        yield "".join(waiting).encode()
