"""The archive package: whole to the system's own sha256sum, the same each time, and with each reader's rights."""

from __future__ import annotations

import datetime
import hashlib
import io
import json
import subprocess
import zipfile
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agreements import tasks
from agreements.actions import printing
from agreements.actions.publishing import order_public_copies
from agreements.models import AttachedFile, Attachment, PrintedCopy, Version
from agreements.package.metadata import DC, OURS, TERMS, Described, metadata_xml
from agreements.package.zipping import Damaged, Entry, zipped
from agreements.presenters import present
from agreements.shelf import shelve, shelve_upload
from contacts.models import Event
from tests.agreements.test_without_names import NAME, SURNAME, named_everywhere
from tests.cast import Cast
from tests.factories import accepted, in_force, sign_for
from tests.printed import signed as printed_document

NOW = datetime.datetime(2026, 11, 22, 12, tzinfo=datetime.UTC)
PDF = b"%PDF-1.7 made by a test "
NOTES = b"notes of a meeting"


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    settings.SEAL_DEMO = False
    monkeypatch.setattr(printing, "render", lambda document, *, variant, **_: PDF + variant.encode())


def make_copies() -> None:
    tasks.render_pdfs()
    order_public_copies(now=NOW)
    tasks.render_pdfs()


@pytest.fixture
def signed(cast: Cast) -> Version:
    version = in_force(cast)
    make_copies()
    return version


def attach(version: Version, name: str = "karta över Åre.pdf") -> Attachment:
    """A cleared file with the follow-ups of a signed agreement; its text can take none any more."""
    digest = hashlib.sha256(NOTES).hexdigest()
    stored = shelve_upload(io.BytesIO(NOTES), digest, len(NOTES), ".pdf")
    file = AttachedFile.objects.create(sha256=digest, kind="pdf", size=len(NOTES), file=stored.name, status="clear")
    meeting = version.agreement.follow_ups.create(planned_on=NOW.date())
    return Attachment.objects.create(follow_up=meeting, file=file, title="Protokoll", name=name)


def signed_outside(version: Version, cast: Cast) -> None:
    """A counted file with what was signed outside the portal."""
    stored = shelve_upload(io.BytesIO(PDF), digest := hashlib.sha256(PDF).hexdigest(), len(PDF), ".pdf")
    file = AttachedFile.objects.create(sha256=digest, kind="pdf", size=len(PDF), file=stored.name, status="clear")
    facts = {"kind": "paper", "text_hash": version.text_hash, "is_marked": False, "found": {}, "counted_at": NOW}
    version.signed_files.create(file=file, name="påskrivet.pdf", handed_in_by=cast.coordinator, **facts)


def test_a_file_signed_outside_the_portal_lies_in_the_package_of_who_may_see_names(
    signed: Version, cast: Cast, client: Client
) -> None:
    signed_outside(signed, cast)

    named, unnamed = (opened(client, user, signed) for user in (cast.coordinator, cast.skr_reader))

    assert named["undertecknat/01 påskrivet.pdf"] == PDF
    assert not [name for name in unnamed if name.startswith("undertecknat/")]


def take(client: Client, user: Any, version: Version) -> Any:
    client.force_login(user)
    return client.post(reverse("archive_package", args=[version.pk]))


def opened(client: Client, user: Any, version: Version) -> dict[str, bytes]:
    """The files in the package, by their names without the folder."""
    with zipfile.ZipFile(io.BytesIO(take(client, user, version).getvalue())) as archive:
        assert archive.testzip() is None
        return {name.partition("/")[2]: archive.read(name) for name in archive.namelist()}


def test_sha256sum_finds_the_unpacked_package_whole(signed: Version, cast: Cast, client: Client, tmp_path: Path):
    attach(signed)
    with zipfile.ZipFile(io.BytesIO(take(client, cast.coordinator, signed).getvalue())) as archive:
        archive.extractall(tmp_path / "out")
    [folder] = (tmp_path / "out").iterdir()

    done = subprocess.run(["sha256sum", "-c", "SHA256SUMS"], cwd=folder, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr
    everything = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    assert {line.rpartition(": ")[0] for line in done.stdout.splitlines()} == everything - {"SHA256SUMS"}
    assert folder.name == f"OK-{signed.agreement.created_at.year}-{signed.agreement_id:04d}-v1"


def test_it_holds_all_parts_for_one_who_sees_names(signed: Version, cast: Cast, client: Client):
    attach(signed)

    found = opened(client, cast.coordinator, signed)

    assert sorted(found) == [
        "README.txt",
        "SHA256SUMS",
        "arkivexemplar.pdf",
        "bemanningslista.csv",
        "historik.csv",
        "historik.json",
        "lasexemplar.pdf",
        "metadata.xml",
        "overenskommelse.json",
        "uppfoljning/01 karta över Åre.pdf",
    ]
    assert found["arkivexemplar.pdf"] == PDF + b"archive"
    assert found["uppfoljning/01 karta över Åre.pdf"] == NOTES
    assert json.loads(found["overenskommelse.json"])["text_hash"] == signed.text_hash
    assert "Innehavare" in found["bemanningslista.csv"].decode()
    assert all(name in found["README.txt"].decode() for name in set(found) - {"README.txt"})


def test_the_newest_stamped_file_is_taken(signed: Version, cast: Cast, client: Client):
    copy = signed.copies.get(variant="archive")
    stamped = shelve(PDF + b"stamped anew")
    facts = {"level": "B-LTA", "certificate": "x", "certificate_issuer": "x", "certificate_sha256": "0" * 64}
    times = dict.fromkeys(("certificate_until", "sealed_at", "protected_until", "stored_at"), NOW)
    where = {"file": stamped.name, "sha256": stamped.sha256, "size": stamped.size}
    copy.seals.create(kind="renewal", timestamped=True, **where, **facts, **times)

    assert opened(client, cast.coordinator, signed)["arkivexemplar.pdf"] == PDF + b"stamped anew"


def test_the_metadata_say_what_an_archive_asks(signed: Version, cast: Cast, client: Client):
    root = ElementTree.fromstring(opened(client, cast.coordinator, signed)["metadata.xml"])

    assert root.findtext(f"{{{DC}}}title") == signed.title
    assert root.findtext(f"{{{DC}}}identifier") == f"{signed.agreement.reference} version 1"
    assert [element.text for element in root.findall(f"{{{DC}}}creator")] == [p.name for p in signed.parties.all()]
    assert f"start={signed.period_start}" in root.findtext(f"{{{TERMS}}}valid", "")
    assert root.find(f"{{{OURS}}}text").get("sha256") == signed.text_hash
    assert root.findtext(f"{{{OURS}}}giltighet/{{{OURS}}}status") == "Gällande"


def test_the_metadata_name_both_parties_case_numbers():
    about = Described("Gällande", None, ["ÖK-2026-0001 version 1"], names=True, files=[("a&b.pdf", "x", "y")])

    root = ElementTree.fromstring(metadata_xml(printed_document(), about))

    numbers = [element.text for element in root.iter(f"{{{OURS}}}diarienummer")]
    assert numbers == ["AMN 2026/118", "Af-2026/0042 1187"]
    assert root.findtext(f"{{{TERMS}}}replaces") == "ÖK-2026-0001 version 1"
    assert root.find(f"{{{OURS}}}filer/{{{OURS}}}fil").get("namn") == "a&b.pdf"


def test_the_same_content_gives_the_same_bytes(signed: Version, cast: Cast, client: Client):
    first, second = (take(client, cast.coordinator, signed).getvalue() for _ in range(2))

    assert first == second


def test_history_tells_who_took_it_out_and_the_package_does_not(signed: Version, cast: Cast, client: Client):
    found = opened(client, cast.coordinator, signed)

    event = Event.objects.get(type="archive.taken")
    assert (event.actor_id, event.subject) == (cast.coordinator.pk, signed.subject)
    line = present(event, {}, names=True)
    assert (line.text, line.note) == ("Tog ut arkivpaketet av version 1", "med namn")
    assert "archive.taken" not in found["historik.json"].decode()
    assert "copy.made" in found["historik.json"].decode()


def test_a_reader_without_names_gets_no_name_anywhere(cast: Cast, client: Client):
    version = named_everywhere(cast)
    sign_for(version, "municipality", cast.signatory, now=NOW)
    version = sign_for(version, "af", cast.af_signatory, now=NOW)
    attach(version, name=f"{NAME}.pdf")
    make_copies()

    found = opened(client, cast.skr_reader, version)

    assert sorted(found) == [
        "README.txt",
        "SHA256SUMS",
        "historik.csv",
        "historik.json",
        "metadata.xml",
        "offentligt-exemplar.pdf",
        "overenskommelse.json",
    ]
    everything = b"".join(found.values()).decode()
    assert SURNAME not in everything.lower()
    assert not [user.name for user in cast.by_name().values() if user.name in everything]


def test_one_that_is_not_signed_has_none(cast: Cast, client: Client):
    version = accepted(cast)

    answer = take(client, cast.coordinator, version)

    assert answer["Location"] == reverse("agreement", args=[version.pk])
    assert "när alla parter har undertecknat" in client.get(answer["Location"]).content.decode()
    assert not Event.objects.filter(type="archive.taken").exists()


def test_one_whose_pdf_is_not_made_says_so_and_offers_no_button(cast: Cast, client: Client):
    version = in_force(cast)

    answer = take(client, cast.coordinator, version)
    page = client.get(answer["Location"]).content.decode()

    assert "är inte färdig än" in page
    assert "Ladda ned arkivpaket" not in page


def test_whoever_reads_it_finds_the_button(signed: Version, cast: Cast, client: Client):
    for user in (cast.coordinator, cast.reader, cast.af_signatory, cast.skr_reader, cast.officer):
        client.force_login(user)
        page = client.get(reverse("agreement", args=[signed.pk])).content.decode()
        assert reverse("archive_package", args=[signed.pk]) in page, user


def test_an_outsider_gets_nothing(signed: Version, cast: Cast, client: Client):
    assert take(client, cast.outsider, signed).status_code == 404


def test_a_missing_file_is_told_before_anything_is_sent(signed: Version, cast: Cast, client: Client, settings: Any):
    copy = PrintedCopy.objects.get(variant="reading")
    (Path(settings.MEDIA_ROOT) / str(copy.file.name)).unlink()

    answer = take(client, cast.coordinator, signed)

    assert answer.status_code == 302
    assert "saknas i portalens lager" in client.get(answer["Location"]).content.decode()


def test_a_changed_file_is_never_handed_out_as_whole(signed: Version, cast: Cast, client: Client, settings: Any):
    copy = PrintedCopy.objects.get(variant="reading")
    (Path(settings.MEDIA_ROOT) / str(copy.file.name)).write_bytes(b"something else")

    with pytest.raises(Damaged):
        take(client, cast.coordinator, signed).getvalue()


def test_the_questions_do_not_grow_with_the_files(
    signed: Version, cast: Cast, client: Client, django_assert_num_queries: Any
):
    first = attach(signed)
    take(client, cast.coordinator, signed).getvalue()

    def questions() -> int:
        with CaptureQueriesContext(connection) as found:
            take(client, cast.coordinator, signed).getvalue()
        return len(found)

    before = questions()
    for number in range(20):
        Event.objects.create(type="agreement.verdict", subject=signed.subject, after={"n": number})
    content = b"another"
    digest = hashlib.sha256(content).hexdigest()
    stored = shelve_upload(io.BytesIO(content), digest, len(content), ".pdf")
    other = AttachedFile.objects.create(sha256=digest, kind="pdf", size=len(content), file=stored.name, status="clear")
    Attachment.objects.create(follow_up=first.follow_up, file=other, title="Annat", name="annat.pdf")

    assert questions() == before


def test_a_large_file_passes_in_pieces():
    """Nothing is held but what is being sent."""
    entry = Entry("large", lambda: (b"\0" * 65_536 for _ in range(1600)), packed=False)

    largest = max(len(piece) for piece in zipped([entry], folder="f", at=NOW))

    assert largest < 200_000
