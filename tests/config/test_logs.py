"""What a refusal leaves in the log: one line, and no traceback."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.cast import Cast


def test_a_refusal_writes_no_traceback(client: Client, cast: Cast, caplog: pytest.LogCaptureFixture):
    client.force_login(cast.reader)

    assert client.get("/overenskommelser/ny/").status_code == 403

    [record] = [record for record in caplog.records if record.name == "django.request"]
    assert record.exc_info is None
    assert "/overenskommelser/ny/" in record.getMessage()
