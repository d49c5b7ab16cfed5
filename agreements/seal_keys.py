"""Reads the keys that seal: from the demo's own authority, a PKCS#12 file or a token. Imports pyHanko: see sealing."""

from __future__ import annotations

import datetime
import http.client
import urllib.error
import urllib.request
from functools import cache
from pathlib import Path
from typing import Final

from asn1crypto import pem, tsp, x509
from pyhanko.config.pkcs11 import TokenCriteria
from pyhanko.keys import load_certs_from_pemder
from pyhanko.sign import signers
from pyhanko.sign.timestamps import DummyTimeStamper, TimeStamper
from pyhanko.sign.timestamps.common_utils import TimestampRequestError

from agreements import demo_authority
from agreements.seal import Keys, Signer
from agreements.seal_source import FETCH, SealFailed, Source, Token

TIME_TO_STAMP: Final = 15
"""Seconds that a timestamp service is waited for."""
LONGEST_ANSWER: Final = 100_000


@cache
def load(source: Source) -> Keys:
    """The keys, read once in each process. Raises SealFailed with what is wrong."""
    if source.demo is not None:
        return _demo(demo_authority.ensure(source.demo, datetime.datetime.now(datetime.UTC)))
    signer = _from_token(source.token) if source.token else _from_file(source.pkcs12, source.passphrase.encode())
    crls, ocsps = _revocation(source.revocation)
    return Keys(
        signer,
        HttpTimeStamper(source.timestamp_url) if source.timestamp_url else None,
        roots=roots_in(source.roots) if source.roots else _tops(signer),
        crls=crls,
        ocsps=ocsps,
        fetch_revocation=source.revocation == FETCH,
    )


@cache
def trusted(source: Source) -> tuple[x509.Certificate, ...]:
    """The roots alone, for whoever only verifies."""
    roots = source.public_roots
    return roots_in(roots) if roots and roots.exists() else load(source).roots


def _demo(folder: Path) -> Keys:
    """Sealed and stamped by this machine itself, and said to be so in every name."""
    signer = _from_file(folder / demo_authority.SEAL, demo_authority.PASSPHRASE)
    clock = _from_file(folder / demo_authority.TIMESTAMPS, demo_authority.PASSPHRASE)
    stamper = DummyTimeStamper(clock.signing_cert, clock.signing_key, clock.cert_registry)
    return Keys(signer, stamper, roots=roots_in(folder / demo_authority.ROOT))


def _from_file(path: Path | None, passphrase: bytes) -> Signer:
    try:
        content = path.read_bytes() if path else b""
    except OSError as error:
        raise SealFailed(f"the seal's file cannot be read: {error.strerror}") from error
    signer: Signer | None = Signer.load_pkcs12_data(content, other_certs=(), passphrase=passphrase or None)
    if signer is None:
        raise SealFailed("the seal's file is no PKCS#12 file, or its passphrase is wrong")
    return signer


def _from_token(token: Token) -> signers.Signer:
    try:
        # The package is installed by those alone who have a token
        from pyhanko.sign.pkcs11 import PKCS11Signer, open_pkcs11_session  # noqa: PLC0415
    except ImportError as error:
        raise SealFailed("SEAL_PKCS11_MODULE needs the package python-pkcs11") from error
    criteria = TokenCriteria(label=token.name)
    session = open_pkcs11_session(token.module, token_criteria=criteria, user_pin=token.pin)
    return PKCS11Signer(session, cert_label=token.label, key_label=token.label)


def roots_in(path: Path) -> tuple[x509.Certificate, ...]:
    try:
        return tuple(load_certs_from_pemder([str(path)]))  # type: ignore[no-untyped-call]
    except (OSError, ValueError) as error:
        raise SealFailed(f"SEAL_ROOTS cannot be read: {error}") from error


def _tops(signer: signers.Signer) -> tuple[x509.Certificate, ...]:
    """The certificates of the file that issued themselves; the seal's own, when the file holds nothing else."""
    chain = list(signer.cert_registry)
    own = tuple(certificate for certificate in chain if certificate.self_issued)
    return own or (signer.signing_cert,)


def _revocation(said: str) -> tuple[tuple[bytes, ...], tuple[bytes, ...]]:
    if not said or said == FETCH:
        return (), ()
    folder = Path(said)
    if not folder.is_dir():
        raise SealFailed("SEAL_REVOCATION is neither fetch nor a folder")
    crls, ocsps = (
        tuple(_unarmoured(path.read_bytes()) for path in sorted(folder.glob(pattern)))
        for pattern in ("*.crl", "*.ocsp")
    )
    if not crls and not ocsps:
        raise SealFailed("SEAL_REVOCATION holds no *.crl and no *.ocsp")
    return crls, ocsps


def _contents(folder: Path, pattern: str) -> tuple[bytes, ...]:
    return tuple(_unarmoured(path.read_bytes()) for path in sorted(folder.glob(pattern)))


def _unarmoured(content: bytes) -> bytes:
    return bytes(pem.unarmor(content)[2]) if pem.detect(content) else content


class HttpTimeStamper(TimeStamper):
    """Asks a timestamp service over HTTP (RFC 3161)."""

    def __init__(self, url: str) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.url = url

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        headers = {"Content-Type": "application/timestamp-query", "Accept": "application/timestamp-reply"}
        question = urllib.request.Request(self.url, req.dump(), headers)  # noqa: S310 - http or https, by the settings
        try:
            with urllib.request.urlopen(question, timeout=TIME_TO_STAMP) as answer:  # noqa: S310
                return tsp.TimeStampResp.load(answer.read(LONGEST_ANSWER))
        except (urllib.error.URLError, http.client.HTTPException, OSError, ValueError) as error:
            raise TimestampRequestError(f"the timestamp service does not answer: {error}") from error
