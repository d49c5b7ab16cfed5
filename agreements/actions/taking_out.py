"""Taking a signed agreement out of the portal: who took out what is told in its history."""

from __future__ import annotations

import logging
from typing import Final

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from agreements.gather import Whole
from agreements.models import Version
from agreements.package.parts import Packed
from agreements.package.whole import Package, made_copies
from contacts.access import Reach, reach_of
from contacts.errors import Refused
from contacts.history import record
from contacts.models import User

logger = logging.getLogger(__name__)

NOT_SIGNED: Final = "Arkivpaketet finns när alla parter har undertecknat."
NOT_READY: Final = "PDF:en till arkivpaketet är inte färdig än. Försök igen om en stund."
FILE_MISSING: Final = (
    "En fil till arkivpaketet saknas i portalens lager. Den som driver portalen behöver återställa den."
)


@transaction.atomic
def take_out(*, by: User, version_id: int) -> Package:
    """The package as this user may have it, told in the history.

    Raises Version.DoesNotExist to outsiders, and Refused while there is nothing whole to hand out.
    """
    reach = reach_of(by)
    version = Version.objects.visible_to(reach).with_heads().get(pk=version_id)
    package = package_of(version, reach)
    record("archive.taken", by=by, subject=version.subject, after=taken_facts(package))
    return package


def package_of(version: Version, reach: Reach, *, may_name: bool = True) -> Package:
    """The package for somebody who reads the agreement; may_name: names are shown, if the reader may see them."""
    whole = Whole(version)
    if version.signed_at is None:
        raise Refused(NOT_SIGNED)
    names = may_name and reach.sees_names(whole.organisation_ids)
    copies = made_copies(whole, signatories=settings.PUBLIC_SIGNATORY_NAMES)
    package = Package(Packed(whole, copies, names, reach, timezone.localdate()))
    if not package.packed.is_ready:
        raise Refused(NOT_READY)
    if missing := package.missing:
        logger.error("the archive package of version %s lacks %s", version.pk, ", ".join(missing))
        raise Refused(FILE_MISSING)
    return package


def taken_facts(package: Package) -> dict[str, object]:
    return {"version": package.packed.version.number, "names": package.packed.names, "files": len(package.parts)}
