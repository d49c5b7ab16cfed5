"""Archives of many agreements: asked for, packed by workers, told of, fetched by those who may, and purged."""

from __future__ import annotations

import csv
import datetime
import errno
import io
import re
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from agreements import tasks
from agreements.actions import archive_orders, printing
from agreements.actions.archive_orders import finish_orders, pack_next, purge_archives
from agreements.actions.publishing import order_public_copies
from agreements.archive_choices import choices_of
from agreements.models import ArchiveOrder, ArchiveRow, PrintedCopy, Version
from agreements.presenters import PRESENTERS, present
from contacts.access import reach_of
from contacts.models import Event, Letter, Membership
from tests.archive.many import multiply
from tests.cast import Cast
from tests.factories import contact_point, draft, in_force, municipality

NOW = timezone.now()
PDF = b"%PDF-1.7 made by a test "
LIST = "/overenskommelser/arkiv/"
TOKEN = re.compile(r'<input type="hidden" name="csrfmiddlewaretoken"[^>]*>')


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    settings.SEAL_DEMO = False
    monkeypatch.setattr(printing, "render", lambda document, *, variant, **_: PDF + variant.encode())


@pytest.fixture
def signed(cast: Cast) -> Version:
    version = in_force(cast)
    tasks.render_pdfs()
    order_public_copies(now=NOW)
    tasks.render_pdfs()
    return version


def ask(client: Client, user: Any, choice: str) -> Any:
    client.force_login(user)
    return client.post(LIST, {"choice": choice})


def ordered(client: Client, user: Any, choice: str) -> ArchiveOrder:
    answer = ask(client, user, choice)
    assert answer.status_code == 302, answer.content.decode()
    return ArchiveOrder.objects.get(pk=int(answer["Location"].rstrip("/").rpartition("/")[2]))


def own(organisation: Any) -> str:
    return f"own-{organisation.pk}"


def fetch(client: Client, user: Any, order: ArchiveOrder) -> Any:
    client.force_login(user)
    return client.post(reverse("archive_download", args=[order.pk]))


def names_in(answer: Any) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(answer.getvalue())) as archive:
        assert archive.testzip() is None
        return sorted(name.partition("/")[2] for name in archive.namelist())


def test_the_whole_way_from_asking_to_a_checked_archive(signed: Version, cast: Cast, client: Client, tmp_path: Path):
    contact_point(cast.ostersund, "tactical", by=cast.coordinator, mailbox="samordning@ostersund.se")
    order = ordered(client, cast.coordinator, own(cast.ostersund))
    assert tasks.pack_archives() == 1
    with zipfile.ZipFile(io.BytesIO(fetch(client, cast.coordinator, order).getvalue())) as archive:
        archive.extractall(tmp_path / "out")
    folder = tmp_path / "out" / f"arkiv-{order.pk}"

    done = subprocess.run(["sha256sum", "-c", "SHA256SUMS"], cwd=folder, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr
    package = f"OK-{signed.agreement.created_at.year}-{signed.agreement_id:04d}-v1-arkivpaket.zip"
    assert {path.name for path in folder.iterdir()} == {"README.txt", "INNEHALL.csv", "SHA256SUMS", package}
    [row] = csv.DictReader((folder / "INNEHALL.csv").read_text("utf-8-sig").splitlines(), delimiter=";")
    assert (row["Beteckning"], row["Utfall"], row["Fil"]) == (
        signed.agreement.reference,
        "Med i arkivet",
        package,
    )
    with zipfile.ZipFile(folder / package) as inner:
        assert inner.testzip() is None
        assert "SHA256SUMS" in {name.rpartition("/")[2] for name in inner.namelist()}


def test_the_function_mailbox_is_written_to_once_with_a_link_that_needs_login(
    signed: Version, cast: Cast, client: Client
):
    contact_point(cast.ostersund, "tactical", by=cast.coordinator, mailbox="samordning@ostersund.se")
    order = ordered(client, cast.coordinator, own(cast.ostersund))
    tasks.pack_archives()
    finish_orders(now=NOW)

    letter = Letter.objects.get(kind=Letter.Kind.ARCHIVE)

    assert letter.recipient == "samordning@ostersund.se"
    assert reverse("archive_order", args=[order.pk]) in letter.text
    client.logout()
    assert client.get(reverse("archive_order", args=[order.pk]))["Location"].startswith("/logga-in/")


def test_the_same_choice_is_made_once_at_a_time(signed: Version, cast: Cast, client: Client):
    first = ordered(client, cast.coordinator, own(cast.ostersund))
    assert ordered(client, cast.signatory, own(cast.ostersund)) == first
    tasks.pack_archives()

    assert ordered(client, cast.coordinator, own(cast.ostersund)) != first


def test_the_database_refuses_a_second_order_of_the_same_choice(signed: Version, cast: Cast, client: Client):
    order = ordered(client, cast.coordinator, own(cast.ostersund))
    order.pk = None

    with pytest.raises(IntegrityError, match="one_archive_order_at_a_time"), transaction.atomic():
        order.save(force_insert=True)


def test_a_choice_without_signed_agreements_is_refused_at_the_field(cast: Cast, client: Client):
    draft(cast)

    answer = ask(client, cast.coordinator, own(cast.ostersund))

    assert answer.status_code == 422
    assert archive_orders.NOTHING in answer.content.decode()
    assert not ArchiveOrder.objects.exists()


def test_a_party_cannot_ask_for_what_is_not_its_own(signed: Version, cast: Cast, client: Client):
    for choice in ("", "country", "county-23", "own-99999", "own-x", own(cast.are)):
        assert ask(client, cast.coordinator, choice).status_code == 422, choice


def test_skr_asks_for_the_country_a_region_or_a_county(signed: Version, cast: Cast, client: Client):
    for choice in ("country", "county-23", f"region-{cast.nord.pk}"):
        assert ordered(client, cast.officer, choice).total == 1, choice


def test_a_county_holds_its_own_agreements_alone(signed: Version, cast: Cast, client: Client):
    municipality("0180", "Stockholms", county="01")

    assert ask(client, cast.officer, "county-01").status_code == 422


def test_a_region_asks_for_what_it_is_party_to(signed: Version, cast: Cast, client: Client):
    assert ordered(client, cast.af_coordinator, own(cast.nord)).total == 1


def test_what_each_may_ask_for_is_what_the_form_offers(cast: Cast):
    def offered(user: Any) -> list[str]:
        return [choice.value for choice in choices_of(user, reach_of(user), timezone.localdate())]

    assert offered(cast.coordinator) == [own(cast.ostersund)]
    assert offered(cast.officer) == ["country", f"region-{cast.nord.pk}", "county-23"]
    assert offered(cast.administrator) == []


def test_a_reader_without_names_gets_packages_without_names(signed: Version, cast: Cast, client: Client):
    order = ordered(client, cast.skr_reader, "country")
    tasks.pack_archives()
    with zipfile.ZipFile(io.BytesIO(fetch(client, cast.skr_reader, order).getvalue())) as archive:
        [name] = [name for name in archive.namelist() if name.endswith(".zip")]
        with zipfile.ZipFile(io.BytesIO(archive.read(name))) as inner:
            held = {name.rpartition("/")[2] for name in inner.namelist()}

    assert not order.names
    assert "offentligt-exemplar.pdf" in held
    assert not held & {"arkivexemplar.pdf", "bemanningslista.csv"}


def test_an_archive_with_names_is_not_for_colleagues_without(signed: Version, cast: Cast, client: Client):
    order = ordered(client, cast.officer, "country")
    tasks.pack_archives()

    assert fetch(client, cast.skr_reader, order).status_code == 404
    assert client.get(reverse("archive_order", args=[order.pk])).status_code == 404
    assert order.label not in client.get(LIST).content.decode().partition("bestallda")[2]


def test_outsiders_and_the_other_party_get_nothing(signed: Version, cast: Cast, client: Client):
    order = ordered(client, cast.coordinator, own(cast.ostersund))
    tasks.pack_archives()

    assert {fetch(client, user, order).status_code for user in (cast.outsider, cast.af_coordinator)} == {404}


def test_a_role_that_has_been_taken_away_counts_at_once(signed: Version, cast: Cast, client: Client):
    order = ordered(client, cast.coordinator, own(cast.ostersund))
    Membership.objects.filter(user=cast.coordinator).delete()
    cast.coordinator.organisationuserpermission_set.all().delete()

    tasks.pack_archives()

    assert [row.outcome for row in order.rows.all()] == ["not_allowed"]
    assert fetch(client, cast.coordinator, order).status_code == 404


def test_what_has_gone_out_of_sight_is_left_out_when_it_is_fetched(signed: Version, cast: Cast, client: Client):
    [other] = multiply(signed, 1)
    order = ordered(client, cast.coordinator, own(cast.ostersund))
    tasks.pack_archives()
    other.parties.filter(organisation=cast.ostersund).update(organisation=cast.are)

    found = names_in(fetch(client, cast.coordinator, order))

    assert len([name for name in found if name.endswith(".zip")]) == 1


def test_copies_that_were_never_made_are_made_first(cast: Cast, client: Client):
    version = in_force(cast)
    version.copies.all().delete()
    order = ordered(client, cast.coordinator, own(cast.ostersund))

    assert [tasks.pack_archives(), tasks.pack_archives()] == [1, 0]
    tasks.render_pdfs()
    tasks.pack_archives()

    order.refresh_from_db()
    assert order.finished_at
    assert [row.outcome for row in order.rows.all()] == ["packed"]


def test_one_whose_pdf_cannot_be_made_is_told_and_holds_up_no_other(signed: Version, cast: Cast, client: Client):
    multiply(signed, 1)
    failed = {"made_at": None, "failed_at": NOW, "failure": "x", "file": "", "sha256": "", "size": 0}
    PrintedCopy.objects.filter(version=signed, variant="archive").update(**failed)
    order = ordered(client, cast.coordinator, own(cast.ostersund))

    tasks.pack_archives()
    page = client.get(reverse("archive_order", args=[order.pk])).content.decode()

    assert sorted(row.outcome for row in order.rows.all()) == ["failed", "packed"]
    assert "1 av 2 överenskommelser är med" in page
    assert archive_orders.NO_PDF in page


def test_a_changed_file_is_never_packed(signed: Version, cast: Cast, client: Client, settings: Any):
    copy = signed.copies.get(variant="reading")
    (Path(settings.MEDIA_ROOT) / str(copy.file.name)).write_bytes(b"something else")
    order = ordered(client, cast.coordinator, own(cast.ostersund))

    tasks.pack_archives()

    row = order.rows.get()
    assert (row.outcome, row.message) == ("failed", archive_orders.CHANGED)


def test_a_full_disk_is_told_and_the_archive_is_done_when_there_is_space(
    signed: Version, cast: Cast, client: Client, monkeypatch: pytest.MonkeyPatch, settings: Any
):
    def full(*_: object, **__: object) -> str:
        raise OSError(errno.ENOSPC, "No space left on device")

    order = ordered(client, cast.coordinator, own(cast.ostersund))
    later = timezone.now() + datetime.timedelta(minutes=2)
    with monkeypatch.context() as disk:
        disk.setattr(default_storage, "save", full)
        assert pack_next(now=timezone.now())
        assert pack_next(now=timezone.now()) is None, "it waits a minute"
    assert archive_orders.NO_SPACE in client.get(reverse("archive_order", args=[order.pk])).content.decode()
    assert not (Path(settings.MEDIA_ROOT) / "packages").exists()

    pack_next(now=later)
    finish_orders(now=later)

    order.refresh_from_db()
    assert (order.failure, bool(order.finished_at)) == ("", True)
    assert names_in(fetch(client, cast.coordinator, order))


def test_the_page_shows_how_far_it_has_come_and_stops_asking_when_it_is_ready(
    signed: Version, cast: Cast, client: Client
):
    multiply(signed, 1)
    order = ordered(client, cast.coordinator, own(cast.ostersund))
    address = reverse("archive_order", args=[order.pk])
    pack_next(now=timezone.now())

    on_the_way = client.get(address).content.decode()
    tasks.pack_archives()
    part = client.get(address, headers={"HX-Request": "true", "HX-Target": "arkiv"}).content.decode()

    assert 'max="2" value="1"' in on_the_way
    assert "hx-get" in on_the_way
    assert part.strip().startswith('<div id="arkiv"')
    assert "hx-get" not in part
    assert TOKEN.sub("", part.strip()) in TOKEN.sub("", client.get(address).content.decode())


def test_history_tells_who_took_out_what(signed: Version, cast: Cast, client: Client):
    order = ordered(client, cast.coordinator, own(cast.ostersund))
    tasks.pack_archives()
    fetch(client, cast.signatory, order).getvalue()

    told = {e.type: present(e, {}, names=True) for e in Event.objects.filter(type__startswith="archive.")}
    page = client.get(reverse("archive_order", args=[order.pk])).content.decode()

    assert told["archive.packed"].text == "Tog ut arkivpaketet av version 1 i ett samlat arkiv"
    assert told["archive.packed"].event.subject == signed.subject
    assert told["archive.packed"].event.actor_id == cast.coordinator.pk
    assert told["archive.fetched"].event.actor_id == cast.signatory.pk
    assert "Karl Chef" in page
    assert set(told) <= set(PRESENTERS)


def test_files_are_purged_after_their_days_and_the_order_stays(
    signed: Version, cast: Cast, client: Client, settings: Any, django_capture_on_commit_callbacks: Any
):
    order = ordered(client, cast.coordinator, own(cast.ostersund))
    tasks.pack_archives()
    assert purge_archives(now=timezone.now() + datetime.timedelta(days=13)) == 0

    with django_capture_on_commit_callbacks(execute=True):
        assert purge_archives(now=timezone.now() + datetime.timedelta(days=15)) == 1

    assert [path for path in (Path(settings.MEDIA_ROOT) / "packages").rglob("*") if path.is_file()] == []
    assert "togs bort" in client.get(reverse("archive_order", args=[order.pk])).content.decode()
    assert fetch(client, cast.coordinator, order)["Location"] == reverse("archive_order", args=[order.pk])
    assert tasks.check_archive() > 0
    assert not ArchiveRow.objects.exclude(file="").exists()


def test_a_package_that_is_missing_is_told_before_anything_is_sent(
    signed: Version, cast: Cast, client: Client, settings: Any
):
    order = ordered(client, cast.coordinator, own(cast.ostersund))
    tasks.pack_archives()
    (Path(settings.MEDIA_ROOT) / str(order.rows.get().file.name)).unlink()

    answer = fetch(client, cast.coordinator, order)

    assert "saknas i portalens lager" in client.get(answer["Location"]).content.decode()


def test_one_that_is_not_ready_cannot_be_fetched(signed: Version, cast: Cast, client: Client):
    order = ordered(client, cast.coordinator, own(cast.ostersund))

    answer = fetch(client, cast.coordinator, order)

    assert "Arkivet är inte klart än." in client.get(answer["Location"]).content.decode()


def test_questions_do_not_grow_from_three_agreements_to_thirty(signed: Version, cast: Cast, client: Client):
    def questions(number: int) -> dict[str, int]:
        multiply(signed, number - Version.objects.count())
        order = ordered(client, cast.coordinator, own(cast.ostersund))
        while tasks.pack_archives():
            pass
        assert order.rows.filter(outcome="packed").count() == number
        counts = {}
        for name, act in {
            "list": lambda: client.get(LIST),
            "page": lambda: client.get(reverse("archive_order", args=[order.pk])),
            "fetch": lambda: fetch(client, cast.coordinator, order).getvalue(),
        }.items():
            with CaptureQueriesContext(connection) as found:
                act()
            counts[name] = len(found)
        return counts

    assert questions(3) == questions(30)
