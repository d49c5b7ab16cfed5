"""Write an agreement's PDF to a file: the stored copy when there is one, else one made on the spot."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from agreements.actions.printing import draft_document, signed_document
from agreements.gather import Whole
from agreements.models import PrintedCopy, Version
from agreements.pdf import render
from agreements.public_copy import as_public, mark_of
from agreements.shelf import is_whole, read


class Command(BaseCommand):
    help = "Write the PDF of an agreement version to a file, or to standard output with --out -."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("id", type=int, help="the version's id, as in its address /overenskommelser/ID/")
        parser.add_argument("--variant", choices=PrintedCopy.Variant.values, default=PrintedCopy.Variant.ARCHIVE)
        parser.add_argument("--out", required=True, help="the file to write, or - for standard output")

    def handle(self, *args: Any, **options: Any) -> None:
        version = Version.objects.with_heads().filter(pk=options["id"]).first()
        if version is None:
            raise CommandError(f"There is no version {options['id']}.")
        content = stored(version, options["variant"]) or made_now(version, options["variant"])
        if options["out"] == "-":
            sys.stdout.buffer.write(content)
            return
        try:
            Path(options["out"]).write_bytes(content)
        except OSError as error:
            raise CommandError(f"{options['out']} could not be written: {error.strerror}") from None
        self.stderr.write(f"{options['out']}: {len(content)} bytes")


def stored(version: Version, variant: str) -> bytes | None:
    """The bytes of the signed copy, if they are there and have not changed since they were stored."""
    if variant == PrintedCopy.Variant.DRAFT:
        return None
    text_hash = version.text_hash
    if variant == PrintedCopy.Variant.PUBLIC:
        text_hash = mark_of(text_hash, names=settings.PUBLIC_SIGNATORY_NAMES)
    made = version.copies.filter(variant=variant, text_hash=text_hash, made_at__isnull=False)
    copy = made.defer("document").first()
    if copy is None:
        return None
    name, sha256 = copy.newest_file()
    if not is_whole(name, sha256):
        raise CommandError(f"The stored file {name} is missing or has changed.")
    return read(name)


def made_now(version: Version, variant: str) -> bytes:
    if variant == PrintedCopy.Variant.DRAFT:
        document = draft_document(Whole(version), timezone.now())
    elif version.signed_at is None:
        raise CommandError("The version is not signed by all parties; only --variant draft can be had.")
    else:
        document = signed_document(version)
        if variant == PrintedCopy.Variant.PUBLIC:
            document = as_public(document, names=settings.PUBLIC_SIGNATORY_NAMES)
    return render(document, variant=variant, demo=settings.DEMO)
