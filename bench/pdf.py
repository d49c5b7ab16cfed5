"""A fresh archive copy, the whole of a worker's task, beside a bare WeasyPrint call on the same HTML; then sealed."""

from __future__ import annotations

import io
import statistics
import tempfile
import time
from collections.abc import Callable
from typing import Any

import pypdf
from django.conf import settings
from django.test import override_settings
from django.utils import timezone
from weasyprint import HTML

from agreements import pdf
from agreements.actions.printing import make_next, order_copies
from agreements.models import PrintedCopy, Seal, Version
from agreements.sealing import sealer
from agreements.shelf import read
from agreements.states import State
from agreements.typesetter import BundledAssets
from agreements.verification_code import new_code
from bench.method import Aim, mark, table

AIM = Aim(1.15, "× bare WeasyPrint")
SEALING_AIM = Aim(0.15, "s more, sealed")
ROUNDS = 7
ARCHIVE = PrintedCopy.Variant.ARCHIVE


def measure(rounds: int = ROUNDS) -> dict[str, Any]:
    """All in turn, so that what else the machine does hits all alike; after one of each to warm up."""
    copy = an_archive_copy()
    html = pdf.as_html(copy.document, variant=copy.variant, demo=settings.DEMO, code=copy.code)
    bare: list[float] = []
    fresh: list[float] = []
    sealed: list[float] = []
    with tempfile.TemporaryDirectory() as folder, override_settings(MEDIA_ROOT=folder):
        for _ in range(rounds + 1):
            bare.append(seconds(lambda: weasyprint_alone(html)))
            fresh.append(make(copy))
            sealed.append(seal(copy))
        with PrintedCopy.objects.get(pk=copy.pk).file.open() as file:
            content = file.read()
    unmake(copy)
    return told(bare[1:], fresh[1:], sealed[1:], content)


def an_archive_copy() -> PrintedCopy:
    version = Version.objects.filter(state=State.IN_FORCE).order_by("pk").first()
    assert version is not None, "the data hold no agreement in force"
    order_copies(version)
    copy = version.copies.get(variant=ARCHIVE)
    copy.code = copy.code or new_code()
    copy.save(update_fields=["code"])
    return copy


def weasyprint_alone(html: str) -> bytes:
    """With our fetcher, since the page names its fonts and styles in our own way."""
    content: bytes = HTML(string=html, url_fetcher=BundledAssets()).write_pdf(pdf_variant=pdf.STANDARD[ARCHIVE])
    return content


def make(copy: PrintedCopy) -> float:
    """Order it anew, and time a worker's way from the order to the stored file."""
    unmake(copy)
    others = list(PrintedCopy.objects.waiting().exclude(pk=copy.pk).values_list("pk", flat=True))
    with override_settings(SEAL_DEMO=False):
        return seconds(lambda: make_next(now=timezone.now(), leave=others))


def seal(copy: PrintedCopy) -> float:
    """Time what sealing the file just made adds to the worker's way: the seal, its timestamp and the verification."""
    workshop = sealer()
    assert workshop is not None, "the bench runs with the demo's own seal"
    content = read(str(PrintedCopy.objects.get(pk=copy.pk).file.name))
    return seconds(
        lambda: workshop.seal(content, reason=f"Kod {copy.code}", contact="https://portal.example/verifiera/")
    )


def unmake(copy: PrintedCopy) -> None:
    Seal.objects.filter(copy=copy).delete()
    PrintedCopy.objects.filter(pk=copy.pk).update(
        made_at=None, file="", sha256="", size=0, attempts=0, failure="", failed_at=None
    )


def seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def told(bare: list[float], fresh: list[float], sealed: list[float], content: bytes) -> dict[str, Any]:
    found = {
        "pages": len(pypdf.PdfReader(io.BytesIO(content)).pages),
        "kilobytes": round(len(content) / 1000),
        "bare_seconds": round(statistics.median(bare), 3),
        "fresh_seconds": round(statistics.median(fresh), 3),
        "ratio": round(statistics.median(f / b for f, b in zip(fresh, bare, strict=True)), 2),
    }
    print(table((*found, "aim", ""), [(*found.values(), AIM, mark(AIM.met(found["ratio"])))]))
    more = round(statistics.median(sealed), 3)
    sealing = {"seal_adds_seconds": more}
    print(table((*sealing, "aim", ""), [(*sealing.values(), SEALING_AIM, mark(SEALING_AIM.met(more)))]))
    return found | sealing | {"met": AIM.met(found["ratio"]) and SEALING_AIM.met(more)}
