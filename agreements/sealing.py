"""Sealing, for those who do not want to know pyHanko: it is imported when something is sealed, stamped or examined."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agreements.seal_source import Source, from_settings

if TYPE_CHECKING:
    from agreements.sealer import Sealer


def is_configured() -> bool:
    return from_settings() is not None


def sealer(source: Source | None = None) -> Sealer | None:
    """What seals, as the settings say; None where no seal is configured."""
    # pyHanko takes 0.4 s to import and is needed by workers only
    from agreements.sealer import Sealer  # noqa: PLC0415

    source = source or from_settings()
    return Sealer(source) if source else None
