"""Files in an S3-compatible store: a real server process, spoken to over HTTP."""

from __future__ import annotations

import datetime
import errno
import io
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse

from agreements import archive_check, tasks
from agreements.actions import printing
from agreements.models import ArchiveCheck
from agreements.shelf import discard, is_whole, read, shelve, shelve_upload
from config.environment import Environment, read_s3
from config.object_storage import ObjectStorage
from tests.cast import Cast
from tests.factories import in_force
from tests.mail_server import free_port
from tests.processes import running, wait_for

BUCKET = "portalen"
PDF = b"%PDF-1.7 made by a test "


@pytest.fixture(scope="module")
def endpoint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    port, log = free_port(), tmp_path_factory.mktemp("s3") / "log"
    with running("-m", "moto.server", "-p", str(port), log=log):
        assert wait_for(lambda: "Running on" in log.read_text(), 30), log.read_text()
        yield f"http://127.0.0.1:{port}"


def words(endpoint: str, bucket: str = BUCKET) -> dict[str, str]:
    keys = {"S3_ACCESS_KEY": "AKIATEST", "S3_SECRET_KEY": "secret"}
    return {"S3_BUCKET": bucket, "S3_ENDPOINT_URL": endpoint, "S3_REGION": "eu-north-1", "S3_PREFIX": "filer", **keys}


@pytest.fixture
def store(endpoint: str, settings: Any) -> Any:
    options = read_s3(Environment(words(endpoint)))
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": "config.object_storage.ObjectStorage", "OPTIONS": options}
    }
    secrets = {"aws_access_key_id": "AKIATEST", "aws_secret_access_key": "secret"}
    client = boto3.client("s3", endpoint_url=endpoint, region_name="eu-north-1", **secrets)
    if not client.list_buckets()["Buckets"]:
        client.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "eu-north-1"})
    for key in keys(client):
        client.delete_object(Bucket=BUCKET, Key=key)
    return client


def keys(client: Any) -> list[str]:
    return [row["Key"] for row in client.list_objects_v2(Bucket=BUCKET).get("Contents", [])]


@pytest.mark.servers
def test_a_file_is_stored_under_its_hash_read_and_let_go(store: Any):
    shelved = shelve(PDF)

    assert isinstance(default_storage._wrapped, ObjectStorage)
    assert keys(store) == [f"filer/copies/{shelved.sha256[:2]}/{shelved.sha256}.pdf"]
    assert read(shelved.name) == PDF
    assert is_whole(shelved.name, shelved.sha256)
    discard(shelved.name)
    assert (keys(store), is_whole(shelved.name, shelved.sha256)) == ([], False)


@pytest.mark.servers
def test_a_damaged_object_is_written_anew(store: Any):
    shelved = shelve(PDF)
    store.put_object(Bucket=BUCKET, Key=f"filer/{shelved.name}", Body=b"rotten")

    assert shelve(PDF) == shelved
    assert read(shelved.name) == PDF
    discard(shelved.name)


@pytest.mark.servers
def test_a_large_upload_goes_through(store: Any):
    large = io.BytesIO(b"0123456789abcdef" * 640_000)  # more than one part

    shelved = shelve_upload(large, "a" * 64, 10_240_000, ".pdf")

    assert default_storage.size(shelved.name) == 10_240_000
    discard(shelved.name)


@pytest.mark.servers
def test_a_store_that_refuses_is_told_as_a_disk_would(endpoint: str, store: Any, settings: Any):
    options = read_s3(Environment(words(endpoint, "no-such-bucket")))
    with pytest.raises(OSError, match="NoSuchBucket") as caught:
        ObjectStorage(**options).save("a.pdf", ContentFile(PDF))

    assert caught.value.errno == errno.EIO
    assert printing.failure_text(caught.value) == printing.NOT_STORED


@pytest.mark.servers
def test_a_copy_is_made_and_handed_out(
    store: Any, cast: Cast, client: Client, monkeypatch: pytest.MonkeyPatch, settings: Any
):
    settings.SEAL_DEMO = False
    monkeypatch.setattr(printing, "render", lambda document, *, variant, **_: PDF + variant.encode())
    version = in_force(cast)

    tasks.render_pdfs()

    client.force_login(cast.coordinator)
    answer = client.get(reverse("copy_download", args=[version.pk, "archive"]))
    assert b"".join(answer) == PDF + b"archive"


@pytest.mark.servers
def test_the_audit_walks_through_the_store(store: Any, cast: Cast, monkeypatch: pytest.MonkeyPatch, settings: Any):
    settings.SEAL_DEMO = False
    monkeypatch.setattr(printing, "render", lambda document, *, variant, **_: PDF + variant.encode())
    monkeypatch.setattr(archive_check, "YOUNG", datetime.timedelta(days=-1))
    in_force(cast)
    tasks.render_pdfs()
    store.put_object(Bucket=BUCKET, Key="filer/copies/ab/nobodys.pdf", Body=b"x")
    store.delete_object(Bucket=BUCKET, Key=next(key for key in keys(store) if "nobodys" not in key))

    tasks.check_archive()

    check = ArchiveCheck.objects.get()
    assert (check.checked, check.missing, check.changed, check.orphaned) == (2, 1, 0, 1)


@pytest.mark.parametrize(
    ("given", "complaint"),
    [
        ({"S3_ENDPOINT_URL": "https://s3.example"}, "S3_ENDPOINT_URL is given, and S3_BUCKET is missing"),
        ({"S3_BUCKET": "b", "S3_ENDPOINT_URL": "s3.example"}, "S3_ENDPOINT_URL must begin with http:// or https://"),
        ({"S3_BUCKET": "b", "S3_ACCESS_KEY": "a"}, "S3_ACCESS_KEY and S3_SECRET_KEY are given together"),
    ],
)
def test_half_a_store_is_refused(given: dict[str, str], complaint: str):
    env = Environment(given)

    read_s3(env)

    assert complaint in " ".join(env.problems)


def test_without_a_bucket_files_stand_on_the_disk():
    assert read_s3(env := Environment({})) == {}
    assert env.problems == []


def test_a_store_without_its_packages_is_refused(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("config.environment.find_spec", lambda name: None)
    read_s3(env := Environment({"S3_BUCKET": "b"}))

    assert env.problems == ["S3_BUCKET needs the packages of requirements/s3.txt"]
