"""Files signed outside the portal, and handing them in, for tests."""

from __future__ import annotations

import datetime
import io
from functools import cache
from typing import Any

from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers

from agreements.actions import clearing, elsewhere
from agreements.models import SignedFile, Version
from contacts.models import User
from tests import factories, files, sealing
from tests.cast import Cast

NOW = datetime.datetime.combine(factories.TODAY, datetime.time(12), tzinfo=datetime.UTC)
SIGNED_ON = datetime.date(2026, 11, 20)


def marked(text_hash: str) -> bytes:
    """A page with the mark that the portal prints in its foot."""
    return files.pdf(f"Textens SHA-256: {text_hash[:16]} Sida 1 av 1")


def signed(pdf: bytes, *fields: str) -> bytes:
    """The file with a PAdES signature in each of the fields, one after the other."""
    for field in fields or ("Underskrift1",):
        writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
        facts = signers.PdfSignatureMetadata(field_name=field, md_algorithm="sha256")
        pdf = signers.sign_pdf(writer, facts, signer=sealing.keys().signer).getvalue()
    return pdf


@cache
def plain_signed() -> bytes:
    return signed(files.pdf("Underteckna utan kod"), "Underskrift1", "Underskrift2")


def claims(version: Version, *sides: str) -> list[elsewhere.Claim]:
    """Those of the named sides, or of every party."""
    return [
        elsewhere.Claim(party.pk, f"Namn {party.side}", factories.decision(date=SIGNED_ON), SIGNED_ON)
        for party in version.parties.all()
        if not sides or party.side in sides
    ]


def handed_in(by: User, version: Version, content: bytes | None = None, **how: Any) -> SignedFile:
    facts: dict[str, Any] = {"kind": "service", "claims": claims(version), "now": NOW, "name": "undertecknad.pdf"} | how
    upload = files.sent(content or files.pdf("Undertecknad"), facts.pop("name"))
    return elsewhere.hand_in(by=by, version_id=version.pk, upload=upload, **facts)


def cleared(by: User, version: Version, content: bytes | None = None, **how: Any) -> SignedFile:
    row = handed_in(by, version, content, **how)
    clearing.clear_next(now=NOW + datetime.timedelta(days=4000))
    return SignedFile.objects.with_files().get(pk=row.pk)


def vouched(by: User, row: SignedFile) -> Version:
    version = elsewhere.vouch(by=by, version_id=row.version_id, signed_file_id=row.pk, now=NOW)
    version.refresh_from_db()
    return version


def in_force(cast: Cast, content: bytes | None = None) -> SignedFile:
    """An agreement that both parties signed outside the portal."""
    row = cleared(cast.coordinator, factories.accepted(cast), content)
    vouched(cast.af_coordinator, row)
    row.refresh_from_db()
    return row
