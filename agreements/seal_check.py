"""Whether the configured seal can be opened at all; asked when a process starts. Knows no pyHanko."""

from __future__ import annotations

from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import pkcs12

from agreements.seal_source import FETCH, Source


def problem_of(source: Source) -> str:
    """What is wrong with the settings of the seal; empty when nothing is. A token is not touched: it may be away."""
    return _of_key(source) or _of_roots(source) or _of_revocation(source)


def _of_key(source: Source) -> str:
    if source.token:
        return "" if Path(source.token.module).exists() else "SEAL_PKCS11_MODULE leads to no file."
    if source.pkcs12 is None:
        return "SEAL_PKCS12 is missing."
    try:
        content = source.pkcs12.read_bytes()
        key, certificate, _ = pkcs12.load_key_and_certificates(content, source.passphrase.encode() or None)
    except OSError as error:
        return f"SEAL_PKCS12 cannot be read: {error.strerror}."
    except ValueError:
        return "SEAL_PKCS12 is no PKCS#12 file, or SEAL_PASSPHRASE is wrong."
    return "" if key and certificate else "SEAL_PKCS12 holds no key with its certificate."


def _of_roots(source: Source) -> str:
    if source.roots is None:
        return ""
    try:
        found = x509.load_pem_x509_certificates(source.roots.read_bytes())
    except OSError as error:
        return f"SEAL_ROOTS cannot be read: {error.strerror}."
    except ValueError:
        return "SEAL_ROOTS holds no certificates in PEM."
    return "" if found else "SEAL_ROOTS holds no certificates."


def _of_revocation(source: Source) -> str:
    if source.revocation in ("", FETCH) or Path(source.revocation).is_dir():
        return ""
    return "SEAL_REVOCATION is neither fetch nor a folder."
