"""Many signed agreements from one, quickly: rows alone, whose copies share the first one's files."""

from __future__ import annotations

from agreements.models import Agreement, Party, PrintedCopy, Version


def multiply(version: Version, number: int) -> list[Version]:
    """So many more, of the same parties and text."""
    made = []
    for _ in range(number):
        copy = Version.objects.get(pk=version.pk)
        copy.pk, copy.agreement = None, Agreement.objects.create()
        copy.save(force_insert=True)
        made.append(copy)
    parties = list(version.parties.all())
    Party.objects.bulk_create(_party_of(copy, party) for copy in made for party in parties)
    copies = list(version.copies.all())
    PrintedCopy.objects.bulk_create(_copy_of(copy, printed) for copy in made for printed in copies)
    return made


def _party_of(version: Version, party: Party) -> Party:
    facts = {field: getattr(party, field) for field in ("organisation_id", "side", "position", "name", "case_number")}
    return Party(version=version, **facts)


def _copy_of(version: Version, printed: PrintedCopy) -> PrintedCopy:
    names = ("variant", "text_hash", "document", "made_at", "file", "sha256", "size")
    return PrintedCopy(version=version, **{name: getattr(printed, name) for name in names})
