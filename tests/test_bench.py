"""The bench's own arithmetic, and that it measures what it says."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from bench import results
from bench.method import Aim, Timing, growth, page_table, percentile, rows, table
from bench.pages import Form, Page, ask, checked


def timing(name: str, milliseconds: list[float], **more: object) -> Timing:
    return Timing(name, 200, 1000, 3, milliseconds=milliseconds, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(("share", "value"), [(0.5, 51), (0.95, 96), (1, 100), (0, 1)])
def test_a_percentile_is_the_value_below_which_the_share_lies(share: float, value: int) -> None:
    assert percentile(range(100, 0, -1), share) == value


def test_a_ratio_is_the_median_beside_that_of_the_first_page() -> None:
    found = rows([timing("bare", [2, 2, 50]), timing("list", [5, 9, 6])])
    assert [row.ratio for row in found] == [1.0, 3.0]
    assert (found[1].p50_ms, found[1].p95_ms) == (6, 9)


def test_processor_time_is_told_for_each_request_and_beside_the_first_page() -> None:
    found = rows([timing("bare", [2, 2], processor_seconds=0.004), timing("list", [5, 9], processor_seconds=0.012)])
    assert [(row.processor_ms, row.processor_ratio) for row in found] == [(2.0, 1.0), (6.0, 3.0)]


def test_where_processor_time_is_not_known_it_counts_as_nothing() -> None:
    assert [row.processor_ratio for row in rows([timing("bare", [2]), timing("list", [5])])] == [0.0, 0.0]


def test_an_aim_is_met_missed_or_not_there() -> None:
    bare = timing("bare", [1])
    pages = [timing("good", [4], aim=Aim(4)), timing("bad", [4.1], aim=Aim(4)), timing("free", [99])]
    assert [row.met for row in rows([bare, *pages])] == [None, True, False, None]


def test_too_many_queries_miss_the_aim_however_quick() -> None:
    found = rows([timing("bare", [1]), timing("cold", [1], aim=Aim(15), query_aim=2)])
    assert found[1].met is False
    assert "≤ 2 queries" in found[1].aim


def test_the_table_says_which_aims_were_missed() -> None:
    printed = page_table(rows([timing("bare", [1]), timing("list", [9], aim=Aim(4))]))
    assert "MISSED" in printed
    assert "≤ 4 × bare" in printed


def test_columns_are_as_wide_as_their_widest_cell() -> None:
    assert table(("a", "n"), [("long name", 5), ("x", 12)]).splitlines() == [
        "a           n",
        "---------  --",
        "long name   5",
        "x          12",
    ]


def test_growth_is_told_for_pages_measured_at_both_scales() -> None:
    assert growth({"list": 4.0, "only small": 1.0}, {"list": 5.0, "only large": 2.0}) == {"list": 1.25}


def page_row(ratio: float) -> dict[str, object]:
    return {"name": "list", "ratio": ratio}


def test_figures_of_other_scales_and_parts_stay_when_one_is_measured_again(tmp_path: Path) -> None:
    path = tmp_path / "results.json"
    first = results.merge(results.read(path), 1, {"pages": [page_row(4.0)], "recheck": {"ratio": 3}}, {"pdf": {"x": 1}})
    results.write(first, path)
    second = results.merge(results.read(path), 10, {"pages": [page_row(6.0)]}, {})
    results.write(second, path)
    third = json.loads(path.read_text())
    assert third["scales"]["1"]["recheck"] == {"ratio": 3}
    assert third["pdf"] == {"x": 1}
    assert third["growth"] == {"10/1": {"list": 1.5}}


class Slow(BaseHTTPRequestHandler):
    """Answers what the test asked for."""

    protocol_version = "HTTP/1.1"
    connections: set[int] = set()

    def do_GET(self) -> None:
        self.connections.add(self.client_address[1])
        self.send_response(500 if self.path == "/broken" else 200)
        self.send_header("Content-Length", "5")
        self.end_headers()
        self.wfile.write(b"hello")

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def port() -> object:
    Slow.connections.clear()
    with HTTPServer(("127.0.0.1", 0), Slow) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port
        server.shutdown()


def test_each_request_comes_on_a_connection_of_its_own(port: int) -> None:
    answers = [ask(Page("page", "/", None), port) for _ in range(3)]
    assert {(answer.status, answer.size) for answer in answers} == {(200, 5)}
    assert len(Slow.connections) == 3


def test_what_is_done_before_a_cold_request_is_done_every_time(port: int) -> None:
    done: list[str] = []
    for _ in range(2):
        ask(Page("cold", "/", None, before=lambda: done.append("forgotten")), port)
    assert done == ["forgotten", "forgotten"]


def test_a_page_that_changes_its_status_ends_the_measuring(port: int) -> None:
    page = Page("page", "/broken", None)
    with pytest.raises(SystemExit, match="answered 500, 200 before"):
        checked(page, ask(page, port), 200)


def test_only_the_form_asked_for_is_filled_in() -> None:
    form = Form("right")
    form.feed(
        '<form id="other"><input name="q" value="x"></form>'
        '<form id="right"><input type="hidden" name="revision" value="7"><input type="checkbox" name="no">'
        '<textarea name="text">&lt;p&gt;Hej&lt;/p&gt;</textarea><button name="next">Spara</button></form>'
    )
    assert form.fields == {"revision": "7", "text": "<p>Hej</p>"}
    assert form.areas == ["text"]
