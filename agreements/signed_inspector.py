"""Looks into a signed PDF: `python -m agreements.signed_inspector [roots.pem …] < file`. Run by signed_inspection only.

Binds itself before it reads a byte, as seal_inspector does. Says what each signature in the file is and whether it
holds now; never what it is worth in law.
"""

from __future__ import annotations

import datetime
import io
import json
import logging
import sys
from pathlib import Path
from typing import Any, Final

import pypdf
from asn1crypto import x509
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation import validate_pdf_signature, validate_pdf_timestamp
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from agreements import seal_keys
from agreements.seal import Reader
from agreements.seal_inspector import bind
from agreements.signed_inspection import UNREAD
from agreements.signed_marks import short_hashes_in
from agreements.verification_code import codes_in

MOST_PAGES: Final = 60
"""Pages whose text is searched for marks; they stand on each."""
MOST_SIGNATURES: Final = 50
REVISION: Final = (SignatureCoverageLevel.ENTIRE_FILE, SignatureCoverageLevel.ENTIRE_REVISION)


def look(pdf: bytes, roots: list[x509.Certificate]) -> dict[str, Any]:
    """What can be read of the file: its text and its signatures each for itself."""
    found: dict[str, Any] = {"codes": [], "hashes": [], "signatures": [], "problem": ""}
    try:
        text = _text_of(pdf)
        found |= {"codes": codes_in(text), "hashes": short_hashes_in(text)}
    except Exception:
        found["problem"] = UNREAD
    try:
        found["signatures"] = signatures_in(pdf, roots, datetime.datetime.now(datetime.UTC))
    except Exception:
        found["problem"] = UNREAD
    return found


def _text_of(pdf: bytes) -> str:
    reader = pypdf.PdfReader(io.BytesIO(pdf))
    pages = [page.extract_text() for _, page in zip(range(MOST_PAGES), reader.pages, strict=False)]
    return " ".join(" ".join(pages).split())


def signatures_in(pdf: bytes, roots: list[x509.Certificate], now: datetime.datetime) -> list[dict[str, Any]]:
    """Every signature and document timestamp in the file, in the order they were made."""
    return [
        _told(signature, roots, now)
        for signature in Reader(pdf).embedded_signatures[:MOST_SIGNATURES]
        if str(signature.sig_object_type) in ("/Sig", "/DocTimeStamp")
    ]


def _told(signature: EmbeddedPdfSignature, roots: list[x509.Certificate], now: datetime.datetime) -> dict[str, Any]:
    """What one of them says; one that cannot be read says so and nothing else."""
    stamps = str(signature.sig_object_type) == "/DocTimeStamp"
    facts: dict[str, Any] = {"kind": "timestamp" if stamps else "signature"}
    try:
        status = _status(signature, roots, now, stamps=stamps)
        return facts | _facts(signature, status)
    except Exception as error:
        unread = dict.fromkeys(("subject", "issuer", "sha256", "time"), "")
        judged = dict.fromkeys(("vouched", "intact", "trusted", "whole"), False)
        return facts | unread | judged | {"problem": type(error).__name__}


def _status(
    signature: EmbeddedPdfSignature, roots: list[x509.Certificate], now: datetime.datetime, *, stamps: bool
) -> Any:
    """Judged now, and at the time that a trusted timestamp in it vouches for when the certificate has ended since."""
    if stamps:
        return validate_pdf_timestamp(signature, validation_context=_at(roots, now))
    first = validate_pdf_signature(signature, _at(roots, now), ts_validation_context=_at(roots, now))
    stamp = first.timestamp_validity
    if first.trusted or stamp is None or not (stamp.intact and stamp.valid and stamp.trusted):
        return first
    return validate_pdf_signature(signature, _at(roots, stamp.timestamp), ts_validation_context=_at(roots, now))


def _at(roots: list[x509.Certificate], moment: datetime.datetime) -> ValidationContext:
    return ValidationContext(trust_roots=roots, moment=moment, allow_fetching=False, retroactive_revinfo=True)


def _facts(signature: EmbeddedPdfSignature, status: Any) -> dict[str, Any]:
    certificate: x509.Certificate = status.signing_cert
    stamp = getattr(status, "timestamp_validity", None)
    vouched = bool(stamp and stamp.intact and stamp.valid and stamp.trusted)
    time = getattr(status, "timestamp", None) or (stamp.timestamp if stamp and vouched else None)
    claimed = time or signature.self_reported_timestamp
    added = status.modification_level
    return {
        "subject": _name(certificate.subject),
        "issuer": _name(certificate.issuer),
        "sha256": certificate.sha256.hex(),
        "time": claimed.isoformat() if claimed else "",
        "vouched": vouched or getattr(status, "timestamp", None) is not None,
        "intact": bool(status.intact and status.valid),
        "trusted": bool(status.trusted),
        "whole": status.coverage in REVISION and added is not None and added <= ModificationLevel.FORM_FILLING,
        "problem": "",
    }


def _name(name: x509.Name) -> str:
    """The common name alone: certificates of persons often hold an identity number beside it, which is not kept."""
    said = name.native.get("common_name") or name.native.get("organization_name") or ""
    return str(said[0] if isinstance(said, list) else said)[:200]


if __name__ == "__main__":
    logging.disable(logging.CRITICAL)
    bind()
    trusted = [root for path in sys.argv[1:] for root in seal_keys.roots_in(Path(path))]
    json.dump(look(sys.stdin.buffer.read(), trusted), sys.stdout)
