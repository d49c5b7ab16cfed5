"""A certificate authority of this machine's own, for demonstrations: it makes what seals and what stamps the time.

Everything it makes says in its name that it is a demo and not valid. Made once, at first need, whole or not at all.
"""

from __future__ import annotations

import datetime
import os
import shutil
import tempfile
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, pkcs12
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from agreements.seal_source import DEMO_ROOT

ROOT, SEAL, TIMESTAMPS, REVOKED = DEMO_ROOT, "seal.p12", "timestamps.p12", "revoked.crl"
PASSPHRASE: Final = b"demo"
"""No secret: what it opens is marked as invalid and lies beside it on the same disk."""
NOT_VALID: Final = "DEMO – inte giltig"
YEAR: Final = datetime.timedelta(days=365)
LIVES: Final = {ROOT: 30 * YEAR, SEAL: 10 * YEAR, TIMESTAMPS: 15 * YEAR}
KEY_BITS: Final = 2048


def ensure(folder: Path, now: datetime.datetime) -> Path:
    """The folder with everything in it. Several processes may ask at once: the first to finish counts."""
    if (folder / ROOT).exists():
        return folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    workshop = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        make(workshop, now)
        os.rename(workshop, folder)
    except OSError:
        if not (folder / ROOT).exists():
            raise
    finally:
        shutil.rmtree(workshop, ignore_errors=True)
    return folder


def make(folder: Path, now: datetime.datetime, *, seal_lives: datetime.timedelta = LIVES[SEAL]) -> None:
    """The root, a certificate that seals, one that stamps the time, and an empty list of what is revoked."""
    began = now - datetime.timedelta(hours=1)
    root_key = _key()
    root = _root(root_key, began)
    identities = (
        (SEAL, "sigill för överenskommelser", seal_lives, _for_seals()),
        (TIMESTAMPS, "tidsstämplar", LIVES[TIMESTAMPS], _for_timestamps()),
    )
    for name, purpose, lives, extensions in identities:
        key = _key()
        certificate = _issue(purpose, key.public_key(), root, root_key, (began, began + lives), extensions)
        closed = BestAvailableEncryption(PASSPHRASE)
        _write(folder / name, pkcs12.serialize_key_and_certificates(None, key, certificate, [root], closed))
    _write(folder / REVOKED, _nothing_revoked(root, root_key, began).public_bytes(Encoding.PEM))
    _write(folder / ROOT, root.public_bytes(Encoding.PEM))


def _key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=KEY_BITS)


def _name(purpose: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "SE"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, NOT_VALID),
            x509.NameAttribute(NameOID.COMMON_NAME, f"{NOT_VALID}, {purpose}"),
        ]
    )


def _builder(
    subject: x509.Name, issuer: x509.Name, key: rsa.RSAPublicKey, lives: tuple[datetime.datetime, datetime.datetime]
) -> x509.CertificateBuilder:
    builder = x509.CertificateBuilder(subject_name=subject, issuer_name=issuer, public_key=key)
    builder = builder.serial_number(x509.random_serial_number()).not_valid_before(lives[0]).not_valid_after(lives[1])
    return builder.add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)


def _root(key: rsa.RSAPrivateKey, began: datetime.datetime) -> x509.Certificate:
    name = _name("rot för provkörning")
    builder = _builder(name, name, key.public_key(), (began, began + LIVES[ROOT]))
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    builder = builder.add_extension(_usage("key_cert_sign", "crl_sign"), critical=True)
    return builder.sign(key, hashes.SHA256())


def _issue(
    purpose: str,
    key: rsa.RSAPublicKey,
    root: x509.Certificate,
    root_key: rsa.RSAPrivateKey,
    lives: tuple[datetime.datetime, datetime.datetime],
    extensions: list[tuple[x509.ExtensionType, bool]],
) -> x509.Certificate:
    builder = _builder(_name(purpose), root.subject, key, lives)
    of_root = x509.AuthorityKeyIdentifier.from_issuer_public_key(root_key.public_key())
    basic = x509.BasicConstraints(ca=False, path_length=None)
    for extension, critical in [(of_root, False), (basic, True), *extensions]:
        builder = builder.add_extension(extension, critical=critical)
    return builder.sign(root_key, hashes.SHA256())


def _for_seals() -> list[tuple[x509.ExtensionType, bool]]:
    return [(_usage("digital_signature", "content_commitment"), True)]


def _for_timestamps() -> list[tuple[x509.ExtensionType, bool]]:
    purpose = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
    return [(_usage("digital_signature"), True), (purpose, True)]


def _usage(*allowed: str) -> x509.KeyUsage:
    every = (
        "digital_signature",
        "content_commitment",
        "key_encipherment",
        "data_encipherment",
        "key_agreement",
        "key_cert_sign",
        "crl_sign",
        "encipher_only",
        "decipher_only",
    )
    return x509.KeyUsage(**{name: name in allowed for name in every})


def _nothing_revoked(
    root: x509.Certificate, root_key: rsa.RSAPrivateKey, began: datetime.datetime
) -> x509.CertificateRevocationList:
    builder = x509.CertificateRevocationListBuilder().issuer_name(root.subject)
    builder = builder.last_update(began).next_update(began + LIVES[ROOT])
    builder = builder.add_extension(x509.CRLNumber(1), critical=False)
    of_root = x509.AuthorityKeyIdentifier.from_issuer_public_key(root_key.public_key())
    return builder.add_extension(of_root, critical=False).sign(root_key, hashes.SHA256())


def _write(path: Path, content: bytes) -> None:
    path.touch(mode=0o600)
    path.write_bytes(content)
