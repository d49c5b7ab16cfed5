"""Pages of a running portal, timed over real connections beside a bare authenticated view."""

from __future__ import annotations

import http.client
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import count
from urllib.parse import urlencode

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tqdm import tqdm

from agreements.models import Version
from agreements.views.sections import FORM as SECTION_FORM
from bench.method import Aim, Timing
from bench.portal import Server, client_of, cookie_of, empty_valkey, forget
from contacts.demo import LOGINS
from contacts.roles import Role
from municipalities.models import Municipality, Organisation
from nationwide.public import place_of

WARM_UP = 3
PACKED = {"Accept-Encoding": "gzip"}


@dataclass
class Page:
    """One thing to ask for. `before`: done each time, and not timed; `body`: makes what is posted."""

    name: str
    path: str
    client: Client | None
    aim: Aim | None = None
    query_aim: int | None = None
    before: Callable[[], None] | None = None
    body: Callable[[], dict[str, str]] | None = None
    answers: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    block: int | None = None
    """Requests in a block, where the usual number would take too long."""

    @property
    def cookie(self) -> str:
        return cookie_of(self.client) if self.client else ""


@dataclass(frozen=True)
class Answer:
    status: int
    size: int
    milliseconds: float


def ask(page: Page, port: int) -> Answer:
    """One request on a new connection."""
    if page.before:
        page.before()
    body = urlencode(page.body()) if page.body else None
    headers = {"Cookie": page.cookie, "Accept": "text/html", "Host": "localhost", **page.headers}
    if body:
        headers |= {"Content-Type": "application/x-www-form-urlencoded"}
    return sent("POST" if body else "GET", page.path, port, headers, body)


def sent(method: str, path: str, port: int, headers: dict[str, str], body: str | None) -> Answer:
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    started = time.perf_counter()
    line.request(method, path, body, headers)
    response = line.getresponse()
    size = len(response.read())
    milliseconds = (time.perf_counter() - started) * 1000
    line.close()
    return Answer(response.status, size, milliseconds)


def measure(pages: Sequence[Page], server: Server, *, passes: int, block: int) -> list[Timing]:
    """In every pass a block of each page, after requests that do not count. A page must keep to one status."""
    port = server.port
    timings = [first_look(page, port) for page in pages]
    total = passes * sum(page.block or block for page in pages)
    with tqdm(total=total, unit=" requests", leave=False, disable=None) as bar:
        for _ in range(passes):
            for page, timing in zip(pages, timings, strict=True):
                for _ in range(WARM_UP if page.before is None else 1):
                    ask(page, port)
                used = server.processor_seconds()
                for _ in range(page.block or block):
                    timing.milliseconds.append(checked(page, ask(page, port), timing.status))
                    bar.update()
                timing.processor_seconds += server.processor_seconds() - used
    return timings


def checked(page: Page, answer: Answer, status: int) -> float:
    if answer.status != status:
        raise SystemExit(f"{page.name}: answered {answer.status}, {status} before")
    return answer.milliseconds


def first_look(page: Page, port: int) -> Timing:
    """Status and size over the wire; the number of queries in this process, warm unless the page is to be cold."""
    answer = ask(page, port)
    if answer.status != page.answers:
        raise SystemExit(f"{page.name} ({page.path}): answered {answer.status} instead of {page.answers}")
    return Timing(page.name, answer.status, answer.size, queries(page), page.aim, page.query_aim)


def queries(page: Page) -> int:
    client = page.client or Client(SERVER_NAME="localhost")

    def go() -> None:
        client.post(page.path, page.body()) if page.body else client.get(page.path, headers=page.headers)

    if page.before:
        page.before()
    else:
        go()
    with CaptureQueriesContext(connection) as captured:
        go()
    return len(captured)


# ------------------------------------------------------------------------------------------------- which pages


def login_of(role: Role) -> str:
    return next(login.email for login in LOGINS if login.role is role)


def all_pages() -> list[Page]:
    """The bare view first. The ordinary user is AF's coordinator in a region; SKR's officer sees the nation."""
    user, nation = client_of(login_of(Role.AF_COORDINATOR)), client_of(login_of(Role.SKR_OFFICER))
    municipal = client_of(login_of(Role.MUNICIPAL_COORDINATOR))
    in_force, draft, scribble = subjects()
    edit, save = (reverse("section_edit", args=(pk, "employers")) for pk in (draft, scribble))
    autosave = reverse("section_autosave", args=(scribble, "routines"))
    keys = typing(user, reverse("section_edit", args=(scribble, "routines")))
    dashboard, municipalities = reverse("dashboard"), reverse("municipality_list")
    search = reverse("search")
    common, rare, misspelt = (
        f"{search}?{urlencode({'q': text})}" for text in ("unga arbete", "ÖK-2026-0042", "ostersnd")
    )
    return [
        Page("bare authenticated view", reverse("bare"), user),
        Page("login page", reverse("login"), None),
        Page("my work", reverse("my_work"), user),
        Page("agreement list, 50 rows", reverse("agreement_list"), user, Aim(4)),
        Page("agreement list, the nation", reverse("agreement_list"), nation, Aim(4)),
        Page("agreement page, in force", reverse("agreement", args=(in_force,)), user, Aim(6)),
        Page("agreement page, cold", reverse("agreement", args=(in_force,)), user, before=empty_valkey, block=10),
        Page("agreement page, draft", reverse("agreement", args=(draft,)), user, Aim(6)),
        Page("comparison, kept", reverse("comparison", args=(in_force,)), user, Aim(10)),
        Page("comparison, cold", reverse("comparison", args=(in_force,)), user, before=empty_valkey, block=10),
        Page("agreement's history", reverse("agreement_history", args=(in_force,)), user),
        Page("agreement against the template", reverse("agreement_standing", args=(in_force,)), user),
        Page("lowest level of an agreement", reverse("agreement_level", args=(in_force,)), user),
        Page("section edit page", edit, user),
        Page("section save", save, user, Aim(3), body=typing(user, save), answers=302),
        Page("section autosave", autosave, user, Aim(3), body=keys),
        Page("organisation page", reverse("organisation", args=(own_municipality(),)), municipal),
        Page("search, a municipality", common, municipal, Aim(15), query_aim=5),
        Page("search, a region", common, user, Aim(15), query_aim=5),
        Page("search, the nation", common, nation, Aim(15), query_aim=5),
        Page("search, the nation, a reference", rare, nation, Aim(15), query_aim=5),
        Page("search, the nation, misspelt", misspelt, nation, Aim(15), query_aim=5),
        Page("dashboard, warm", dashboard, nation, Aim(1.5)),
        Page("dashboard, cold", dashboard, nation, Aim(15), query_aim=12, before=forget, block=10),
        Page("national lowest level, warm", reverse("national_level"), nation),
        Page("national lowest level, cold", reverse("national_level"), nation, before=forget, block=10),
        Page("municipality list, warm", municipalities, nation),
        Page("municipality list, cold", municipalities, nation, before=forget, block=10),
        *open_pages(),
    ]


def open_pages() -> list[Page]:
    """What everybody reads, without logging in and as browsers ask: compressed, and not again what they have."""
    country, place = reverse("public_coverage"), Municipality.objects.select_related("organisation").earliest("code")
    one = reverse("public_municipality", args=[place_of(place.code, place.organisation.short_name)])
    day = reverse("open_coverage", args=["2023-03-15", "csv"])
    return [
        Page("public coverage", country, None, Aim(1.2), headers=PACKED),
        Page("public coverage, not compressed", country, None),
        Page("public coverage, cold", country, None, before=forget, block=10, headers=PACKED),
        Page("public coverage, had already", country, None, Aim(1), answers=304, headers=had(country)),
        Page("public municipality", one, None, Aim(1.2), headers=PACKED),
        Page("public municipality, had already", one, None, Aim(1), answers=304, headers=had(one)),
        Page("open data of a day", day, None),
        Page("open data of a day, had already", day, None, Aim(1), answers=304, headers=had(day)),
    ]


def had(path: str) -> dict[str, str]:
    """What a browser adds that has the answer and asks whether it still holds."""
    answer = Client(SERVER_NAME="localhost").get(path)
    etag = answer["ETag"]
    answer.close()
    return {**PACKED, "If-None-Match": etag}


def subjects() -> tuple[int, int, int]:
    """An agreement in force with flags, a draft to read and one to write in, all of the ordinary user's region.

    No worker runs here, so a draft that has been written in waits for its check and is never quick to read.
    """
    region = next(login.organisation for login in LOGINS if login.role is Role.AF_COORDINATOR)
    mine = Version.objects.filter(parties__organisation__name=region).order_by("pk")
    in_force = mine.filter(state="in_force", flags__closed_at__isnull=True, flags__isnull=False)
    read, write = mine.filter(state="draft").values_list("pk", flat=True)[:2]
    return in_force[:1].get().pk, read, write


def own_municipality() -> int:
    name = next(login.organisation for login in LOGINS if login.role is Role.MUNICIPAL_COORDINATOR)
    return Organisation.objects.get(kind=Organisation.Kind.MUNICIPALITY, name=name).pk


class Form(HTMLParser):
    """What a browser would send of the form with this id."""

    def __init__(self, form_id: str) -> None:
        super().__init__()
        self.form_id = form_id
        self.fields: dict[str, str] = {}
        self.areas: list[str] = []
        self._in_form = False
        self._in_area: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        name = found.get("name")
        if tag == "form":
            self._in_form = found.get("id") == self.form_id
        elif self._in_form and name and tag == "input" and found.get("type") in ("hidden", "text", None):
            self.fields[name] = found.get("value") or ""
        elif self._in_form and name and tag == "textarea":
            self._in_area, self.fields[name] = name, ""
            self.areas.append(name)

    def handle_data(self, data: str) -> None:
        if self._in_area:
            self.fields[self._in_area] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._in_area = None


def typing(client: Client, path: str) -> Callable[[], dict[str, str]]:
    """What an editor sends: the section's form with another text every time, on the revision that was saved last.

    The form is fetched once, as somebody who writes does; each save makes the next revision.
    """
    page = Form(SECTION_FORM)
    page.feed(client.get(path).content.decode())
    first = int(page.fields["revision"])
    numbers: Iterator[int] = count(1)

    def form() -> dict[str, str]:
        number = next(numbers)
        text = f"<p>Parterna gör gemensamma besök hos arbetsgivare, omgång {number} från {first}.</p>"
        return page.fields | {page.areas[0]: text, "revision": str(first + number - 1)}

    return form
