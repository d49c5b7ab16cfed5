"""Where the seal's keys come from, as the settings say. Knows no cryptography: everybody may import it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from django.conf import settings

DEMO_FOLDER: Final = "seal"
DEMO_ROOT: Final = "root.pem"
FETCH: Final = "fetch"


class SealFailed(RuntimeError):
    """The copy could not be sealed, or what was sealed did not stand its own verification."""


class NoTimestamp(SealFailed):
    """The timestamp service does not answer; it may do so later."""


@dataclass(frozen=True)
class Token:
    """A key in a hardware module."""

    module: str
    name: str
    label: str
    pin: str


@dataclass(frozen=True)
class Source:
    """demo: the folder of an authority of this machine's own; else a file or a token."""

    demo: Path | None = None
    pkcs12: Path | None = None
    passphrase: str = ""
    token: Token | None = None
    timestamp_url: str = ""
    roots: Path | None = None
    revocation: str = ""

    @property
    def public_roots(self) -> Path | None:
        """The file of trusted roots, which holds no secret; None when the roots are those in the seal's own file."""
        return self.demo / DEMO_ROOT if self.demo else self.roots


def from_settings() -> Source | None:
    """None where no seal is configured: copies are then made unsealed, and say so."""
    if settings.SEAL_DEMO:
        return Source(demo=settings.VAR_DIR / DEMO_FOLDER)
    token = None
    if settings.SEAL_PKCS11_MODULE:
        token = Token(
            settings.SEAL_PKCS11_MODULE,
            settings.SEAL_PKCS11_TOKEN,
            settings.SEAL_PKCS11_LABEL,
            settings.SEAL_PKCS11_PIN,
        )
    elif not settings.SEAL_PKCS12:
        return None
    return Source(
        pkcs12=settings.SEAL_PKCS12,
        passphrase=settings.SEAL_PASSPHRASE,
        token=token,
        timestamp_url=settings.SEAL_TIMESTAMP_URL,
        roots=settings.SEAL_ROOTS,
        revocation=settings.SEAL_REVOCATION,
    )
