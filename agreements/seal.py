"""The seal on an archive copy: PAdES with pyHanko. Pure: bytes and keys come in, bytes and facts go out.

Only agreements.sealer, seal_keys and inspector import this module: pyHanko is slow to import, and web processes do
without it.
"""

from __future__ import annotations

import asyncio
import datetime
import io
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Final, TypeAlias

from asn1crypto import x509
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.decode_limits import DecodePurpose
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfStrictReadError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import fields, signers
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.signers.pdf_signer import TimestampDSSContentSettings
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.sign.validation import validate_pdf_signature, validate_pdf_timestamp
from pyhanko.sign.validation.dss import DocumentSecurityStore, collect_validation_info
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from agreements.seal_source import SealFailed

FIELD: Final = "Sigill"
DIGEST: Final = "sha256"
BEFORE: Final = TimestampDSSContentSettings(update_before_ts=True, include_vri=False)
"""What a timestamp rests on is put into the file before it, so that the timestamp covers it."""


class Reader(PdfFileReader):
    """pyHanko's reader, which reads the head of an object stream anew for each object in it; this one reads it once.

    Our files keep thousands of objects in one stream: the search for changes took a minute, and takes a second.
    """

    def __init__(self, pdf: bytes) -> None:
        self._heads: dict[int, tuple[generic.StreamObject, bytes, list[tuple[int, int]]]] = {}
        super().__init__(io.BytesIO(pdf))

    def _get_object_from_stream(self, idnum: int, stmnum: int, idx: int) -> generic.PdfObject:
        stream = generic.Reference(stmnum, 0, self).get_object()
        if not isinstance(stream, generic.StreamObject) or stream.get("/Type") != "/ObjStm":
            raise PdfStrictReadError("what should be an object stream is none")
        if stmnum not in self._heads or self._heads[stmnum][0] is not stream:
            self._heads[stmnum] = (stream, *_objects_in(stream))
        _, data, places = self._heads[stmnum]
        if not 0 <= idx < len(places) or places[idx][0] != idnum:
            raise PdfStrictReadError("an object is not where its object stream should have it")
        content = io.BytesIO(data)
        content.seek(places[idx][1])
        found = generic.read_object(content, generic.Reference(idnum, 0, self))
        if isinstance(found, generic.StreamObject | generic.IndirectObject):
            raise PdfStrictReadError("an object stream holds what it must not")
        return found


def _objects_in(stream: generic.StreamObject) -> tuple[bytes, list[tuple[int, int]]]:
    """The data of an object stream, and the number and place of each object in it."""
    data = stream.read_data(DecodePurpose.OBJECT_STREAM)
    first, count = int(stream["/First"]), int(stream["/N"])
    try:
        head = [int(word) for word in data[:first].split()]
    except ValueError:
        raise PdfStrictReadError("the head of an object stream is damaged") from None
    if len(head) < 2 * count or count < 0 or first < 0:
        raise PdfStrictReadError("the head of an object stream is too short")
    return data, [(head[2 * i], first + head[2 * i + 1]) for i in range(count)]


def certificate_of(signer: signers.Signer) -> x509.Certificate:
    if signer.signing_cert is None:
        raise SealFailed("the key has no certificate")
    return signer.signing_cert


class Writer(IncrementalPdfFileWriter):
    """Leaves the metadata as they are: PDF/A wants them to say the same in both places, and pyHanko changes one."""

    def _update_meta(self) -> None:
        pass


class Signer(signers.SimpleSigner):
    """Signs once: to learn how long a signature is, none is made."""

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:
        if dry_run:
            return bytes(certificate_of(self).public_key.byte_size * 2)
        return await super().async_sign_raw(data, digest_algorithm)


@dataclass(frozen=True)
class Keys:
    """What seals and what is trusted. Without a timestamper seals say no time that others vouch for."""

    signer: signers.Signer
    timestamper: TimeStamper | None
    roots: tuple[x509.Certificate, ...]
    crls: tuple[bytes, ...] = ()
    ocsps: tuple[bytes, ...] = ()
    fetch_revocation: bool = False

    @property
    def keeps_revocation(self) -> bool:
        """Whether what says that nothing was revoked can be put into the file, which B-LTA means."""
        return self.timestamper is not None and bool(self.crls or self.ocsps or self.fetch_revocation)

    @property
    def level(self) -> str:
        if self.timestamper is None:
            return "B-B"
        return "B-LTA" if self.keeps_revocation else "B-T"


@dataclass(frozen=True)
class SealFound:
    """One seal or document timestamp in a file, as it was found."""

    kind: str
    """ "seal" or "timestamp"."""
    subject: str
    issuer: str
    sha256: str
    """Of the certificate."""
    until: str
    """The certificate's last moment, ISO 8601."""
    intact: bool
    """The bytes it covers are those that were sealed."""
    trusted: bool
    """The certificate leads to a root we trust and was valid when it was used."""
    covers: bool
    """Nothing but timestamps and what they rest on has been added since."""
    time: str = ""
    """When, as a timestamp service vouches for; empty when none does."""
    time_until: str = ""
    """The last moment of that service's certificate."""
    claimed_time: str = ""
    problem: str = ""

    @property
    def holds(self) -> bool:
        return self.intact and self.trusted and self.covers

    @property
    def line(self) -> str:
        """For people, on one line."""
        judged = "holds" if self.holds else f"does not hold: {self.problem}"
        return f"{self.kind} by {self.subject}, {self.time or self.claimed_time}, {judged}"


@dataclass(frozen=True)
class Examination:
    """What a file's seals say."""

    seals: tuple[SealFound, ...] = ()
    certified: bool = False
    """Sealed so that no change at all is allowed (DocMDP 1)."""
    level: str = ""
    problem: str = ""

    @property
    def seal(self) -> SealFound | None:
        return next((found for found in self.seals if found.kind == "seal"), None)

    @property
    def holds(self) -> bool:
        """Sealed, and every seal in it holds."""
        return self.seal is not None and self.certified and all(found.holds for found in self.seals)

    @property
    def protected_until(self) -> str:
        """When the youngest certificate that vouches for the whole file ends; then it must have been stamped anew."""
        ends = [found.time_until or found.until for found in self.seals]
        return ends[-1] if ends else ""

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


Checked: TypeAlias = "tuple[bytes, Examination]"
"""A file and what its seals say, which is that they hold."""

# --------------------------------------------------------------------------------------------------- sealing


def seal(pdf: bytes, keys: Keys, *, reason: str, contact: str) -> Checked:
    """The file with a seal that allows no change, verified before it is handed out. The old bytes are its beginning."""
    metadata = signers.PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm=DIGEST,
        subfilter=fields.SigSeedSubFilter.PADES,
        certify=True,
        docmdp_permissions=fields.MDPPerm.NO_CHANGES,
        reason=reason,
        contact_info=contact,
    )
    signer = signers.PdfSigner(metadata, signer=keys.signer, timestamper=keys.timestamper)
    sealed: bytes = signer.sign_pdf(Writer.from_reader(Reader(pdf))).getvalue()
    if keys.keeps_revocation:
        sealed = _stamped(sealed, keys)
    return _verified(pdf, sealed, keys)


def stamp(pdf: bytes, keys: Keys) -> Checked:
    """A sealed file with one more document timestamp, and with what the newest seal before it rests on."""
    return _verified(pdf, _stamped(pdf, keys), keys)


def _stamped(pdf: bytes, keys: Keys) -> bytes:
    if keys.timestamper is None:
        raise SealFailed("no timestamp service is configured")
    reader = Reader(pdf)
    writer, stamper = Writer.from_reader(reader), signers.PdfTimeStamper(keys.timestamper)
    if not keys.keeps_revocation:
        return bytes(stamper.timestamp_pdf(writer, DIGEST).getvalue())
    return asyncio.run(_with_proof(reader, writer, stamper, keys))


async def _with_proof(
    reader: Reader, writer: IncrementalPdfFileWriter, stamper: signers.PdfTimeStamper, keys: Keys
) -> bytes:
    """Put the proof that nothing was revoked into the file, then stamp it all: one revision, which is PAdES B-LTA."""
    context = ValidationContext(
        trust_roots=list(keys.roots),
        crls=keys.crls,
        ocsps=keys.ocsps,
        allow_fetching=keys.fetch_revocation,
        revocation_mode="require",
    )
    try:
        newest = reader.embedded_signatures[-1]
        paths = await collect_validation_info(newest, context)
        DocumentSecurityStore.supply_dss_in_writer(
            writer, newest.pkcs7_content, paths=paths, validation_context=context
        )
        out = await stamper.async_timestamp_pdf(writer, DIGEST, validation_context=context, dss_settings=BEFORE)
        return bytes(out.getvalue())
    finally:
        await context.aclose()  # type: ignore[no-untyped-call]


def _verified(before: bytes, after: bytes, keys: Keys) -> Checked:
    found = examine(after, keys.roots, now=datetime.datetime.now(datetime.UTC))
    if not found.holds:
        problems = "; ".join(each.problem or str(each) for each in found.seals if not each.holds)
        raise SealFailed(f"the sealed file does not stand its verification: {found.problem or problems}")
    if not after.startswith(before):
        raise SealFailed("sealing has changed bytes that were there before")
    return after, found


# ------------------------------------------------------------------------------------------------- examining


def examine(pdf: bytes, roots: Iterable[x509.Certificate], *, now: datetime.datetime) -> Examination:
    """What the seals in a file say, judged by the given roots alone: no network, no clock.

    Each timestamp is judged at the time that the next one vouches for, the last one now; so a seal holds for as long
    as the chain of timestamps over it was kept up.
    """
    reader = Reader(pdf)
    if reader.encrypted:
        return Examination(problem="encrypted")
    trusted, moment = list(roots), now
    found: list[SealFound] = []
    for stamp_ in reversed(reader.embedded_timestamp_signatures):
        fact = _stamp_found(stamp_, trusted, moment)
        found.append(fact)
        moment = _earlier(moment, fact)
    for signature in reversed(reader.embedded_regular_signatures):
        found.append(_seal_found(signature, trusted, moment))
    certified = reader.embedded_regular_signatures[:1]
    permission = certified[0].docmdp_level if certified else None
    return Examination(
        tuple(reversed(found)),
        certified=permission == fields.MDPPerm.NO_CHANGES,
        level=_level(reader, found),
    )


def _earlier(moment: datetime.datetime, fact: SealFound) -> datetime.datetime:
    return datetime.datetime.fromisoformat(fact.time) if fact.time and fact.intact and fact.trusted else moment


def _at(roots: Sequence[x509.Certificate], moment: datetime.datetime) -> ValidationContext:
    return ValidationContext(trust_roots=list(roots), moment=moment, allow_fetching=False, retroactive_revinfo=True)


def _stamp_found(stamp_: EmbeddedPdfSignature, roots: list[x509.Certificate], moment: datetime.datetime) -> SealFound:
    status = validate_pdf_timestamp(stamp_, validation_context=_at(roots, moment))
    fact = _fact("timestamp", status, stamp_)
    return replace(fact, time=status.timestamp.isoformat(), time_until=fact.until)


def _seal_found(signature: EmbeddedPdfSignature, roots: list[x509.Certificate], moment: datetime.datetime) -> SealFound:
    """The seal's own timestamp is judged at the moment, and the seal at the time it gives."""
    first = validate_pdf_signature(
        signature, signer_validation_context=_at(roots, moment), ts_validation_context=_at(roots, moment)
    )
    vouched = first.timestamp_validity
    if vouched is None or not (vouched.intact and vouched.valid and vouched.trusted):
        fact = _fact("seal", first, signature)
        return fact if vouched is None else replace(fact, trusted=False, problem=fact.problem or "timestamp")
    status = first
    if not first.trusted:
        status = validate_pdf_signature(
            signature,
            signer_validation_context=_at(roots, vouched.timestamp),
            ts_validation_context=_at(roots, moment),
        )
    fact = _fact("seal", status, signature)
    until = vouched.signing_cert.not_valid_after.isoformat()
    return replace(fact, time=vouched.timestamp.isoformat(), time_until=until)


def _fact(kind: str, status: Any, signature: EmbeddedPdfSignature) -> SealFound:
    certificate: x509.Certificate = status.signing_cert
    whole = status.coverage in (SignatureCoverageLevel.ENTIRE_FILE, SignatureCoverageLevel.ENTIRE_REVISION)
    added = status.modification_level
    covers = whole and added is not None and added <= ModificationLevel.LTA_UPDATES
    intact = bool(status.intact and status.valid)
    claimed = signature.self_reported_timestamp
    return SealFound(
        kind=kind,
        subject=certificate.subject.native.get("common_name") or certificate.subject.human_friendly,
        issuer=certificate.issuer.native.get("common_name") or certificate.issuer.human_friendly,
        sha256=certificate.sha256.hex(),
        until=certificate.not_valid_after.isoformat(),
        intact=intact,
        trusted=bool(status.trusted),
        covers=covers,
        claimed_time=claimed.isoformat() if claimed else "",
        problem=_problem(intact, bool(status.trusted), covers),
    )


def _problem(intact: bool, trusted: bool, covers: bool) -> str:
    faults = (("changed", intact), ("untrusted", trusted), ("added to", covers))
    return ", ".join(word for word, fine in faults if not fine)


def _level(reader: PdfFileReader, found: list[SealFound]) -> str:
    if not any(fact.kind == "seal" for fact in found):
        return ""
    if "/DSS" in reader.root and any(fact.kind == "timestamp" for fact in found):
        return "B-LTA"
    return "B-T" if any(fact.kind == "seal" and fact.time for fact in found) else "B-B"
