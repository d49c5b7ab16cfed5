"""What an invented agreement says, section by section: sentences from phrases.toml. Pure."""

from __future__ import annotations

import datetime
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any, Final

from nationwide.demo.people import Person

Content = dict[str, Any]

PHRASES: Final[dict[str, Any]] = tomllib.loads((Path(__file__).parent / "phrases.toml").read_text(encoding="utf-8"))
MONTHS = ("december", "januari", "mars", "juni", "september", "november")
GROUPS = {
    "young": "Unga",
    "newly_arrived": "Nyanlända",
    "social_assistance": "Personer med försörjningsstöd",
    "long_term_unemployed": "Långtidsarbetslösa",
    "disability": "Personer med funktionsnedsättning",
    "adult_education": "Personer i vuxenutbildning",
}


@dataclass(frozen=True)
class Setting:
    """What the text is about: the place, its size, the functions of both sides, and the years."""

    place: str
    county: str
    population: int
    functions: Mapping[str, Sequence[str]]
    """Names of functions, ours before theirs: a strategic one, a tactical one, two operative ones."""
    start: datetime.date
    person: Person | None = None
    """Whose name is written into the text, when somebody's is."""
    address: str = ""
    """The person's own address, when that is written too."""


@dataclass
class Writer:
    """Writes one agreement. The same chance and setting give the same words."""

    rng: Random
    setting: Setting
    rows: int = 0

    def numbers(self) -> dict[str, Any]:
        """The figures a phrase may ask for, in proportion to the place."""
        rng, size = self.rng, self.setting.population
        small, low = rng.randint(2, 9), rng.randint(22, 58)
        households = max(40, size // rng.randint(70, 140))
        return {
            "place": self.setting.place,
            "county": self.setting.county,
            "month": f"{rng.choice(MONTHS)} {self.setting.start.year - 1}",
            "percent": f"{rng.randint(38, 102) / 10}".replace(".", ","),
            "n": households,
            "less": households * 8 // 10,
            "small": small,
            "double": small * 2 + 2,
            "low": low,
            "high": low + rng.randint(8, 20),
            "weeks": rng.randint(4, 9),
        }

    def say(self, phrase: str) -> str:
        return phrase.format(**self.numbers())

    def prose(self, banks: Sequence[Sequence[str]]) -> str:
        """One paragraph from each bank."""
        return "".join(f"<p>{self.say(self.rng.choice(bank))}</p>" for bank in banks)

    def some(self, bank: Sequence[str], most: int = 3) -> str:
        """A few different paragraphs of one bank."""
        chosen = self.rng.sample(bank, self.rng.randint(1, min(most, len(bank))))
        return "".join(f"<p>{self.say(text)}</p>" for text in chosen)

    def pick(self, name: str, least: int, most: int) -> list[dict[str, Any]]:
        """Different rows of a bank."""
        bank: list[dict[str, Any]] = PHRASES[name]
        return self.rng.sample(bank, self.rng.randint(least, min(most, len(bank))))

    def ours(self) -> str:
        """A function of the municipality."""
        return self.rng.choice(self.setting.functions["municipality"])

    def theirs(self) -> str:
        """A function of the employment service."""
        return self.rng.choice(self.setting.functions["af"])

    def day(self, years: int = 0, *, months: Sequence[int] = range(1, 13), of: Sequence[int] = (1, 15, 28)) -> str:
        """A day some years after the start, as it is stored."""
        return datetime.date(self.setting.start.year + years, self.rng.choice(months), self.rng.choice(of)).isoformat()

    def row(self, **columns: Any) -> dict[str, Any]:
        """A row with an id of its own."""
        self.rows += 1
        return {"id": f"r{self.rng.randrange(16**6):06x}{self.rows:02d}"} | columns

    def person_in(self, text: str, bank: str) -> str:
        """The text with a person written into it, when this agreement does that."""
        person = self.setting.person
        if person is None or (bank == "address") != bool(self.setting.address):
            return text
        phrase = self.rng.choice(PHRASES["persons"][bank])
        return f"{text}<p>{phrase.format(name=person.name, address=self.setting.address)}</p>"

    # --- the sections

    def parties(self) -> Content:
        return {"employment_service_part": self.some(PHRASES["employment_service_part"]["texts"], 1)}

    def background(self) -> Content:
        bank = PHRASES["background"]
        return {"local_situation": self.prose([bank["first"], bank["second"], bank["third"]])}

    def goals(self) -> Content:
        return {
            "goals": [
                self.row(
                    what=goal["what"],
                    baseline=goal["baseline"].format(**numbers),
                    target=goal["target"].format(**numbers),
                    due=f"{self.setting.start.year + self.rng.randint(1, 3)}-{self.rng.choice(('06-30', '12-31'))}",
                    responsible=self.ours(),
                    measured_by=goal["by"],
                )
                for goal, numbers in ((goal, self.numbers()) for goal in self.pick("goals", 2, 4))
            ]
        }

    def target_groups(self) -> Content:
        bank = PHRASES["target_groups"]
        drawn = self.rng.sample(list(GROUPS), self.rng.randint(2, 4))
        chosen = [group for group in GROUPS if group in drawn]
        of_groups = "".join(f"<p>{bank[group]}</p>" for group in chosen[:2])
        return {"groups": chosen, "delimitation": self.some(bank["texts"], 1) + of_groups}

    def organisation(self) -> Content:
        bank: list[dict[str, Any]] = PHRASES["forums"]
        levels = ["strategic", "operative"]
        if self.setting.population > 30_000 or self.rng.random() < 0.25:
            levels.insert(1, "tactical")
        chosen = [self.rng.choice([row for row in bank if row["level"] == level]) for level in levels]
        return {"forums": [self._forum(forum) for forum in chosen]}

    def _forum(self, forum: dict[str, Any]) -> dict[str, Any]:
        places = {"strategic": (0,), "tactical": (1,), "operative": (2, 3)}[forum["level"]]
        ours, theirs = (functions[self.rng.choice(places)] for functions in self.setting.functions.values())
        return self.row(
            level=forum["level"],
            forum=forum["forum"],
            task=forum["task"],
            meetings_per_year=self.rng.choice(forum["times"]),
            chair=self.rng.choice((ours, theirs)),
            municipality_function=ours,
            af_function=theirs,
        )

    def responsibilities(self) -> Content:
        return {"addition": self.some(PHRASES["responsibilities"]["texts"])} if self.rng.random() < 0.7 else {}

    def measures(self) -> Content:
        return {
            "measures": [
                self.row(
                    name=measure["name"],
                    category=measure["category"],
                    purpose=measure["purpose"],
                    target_group=self.rng.choice(list(GROUPS.values())),
                    municipality_function=self.ours(),
                    af_function=self.theirs(),
                    start=self.day(),
                    volume=self.say(measure["volume"]),
                    programme=measure["programme"],
                )
                for measure in self.pick("measures", 3, 6)
            ]
        }

    def job_tracks(self) -> Content:
        if self.rng.random() < 0.2:
            return {"used": "no", "reason": self.rng.choice(PHRASES["job_tracks"]["reasons"])}
        tracks = [
            self.row(
                trade=track["trade"],
                employer_role=track["employer_role"],
                municipality_function=self.ours(),
                af_function=self.theirs(),
                start=self.day(),
            )
            for track in self.pick("tracks", 1, 3)
        ]
        return {"used": "yes", "tracks": tracks}

    def employers(self) -> Content:
        return {"cooperation": self.person_in(self.some(PHRASES["employers"]["texts"]), "name")}

    def presence(self) -> Content:
        form = self.rng.choice(("co_located", "booked", "booked", "not_relevant"))
        text = self.rng.choice(PHRASES["presence"][form])
        if form == "not_relevant":
            return {"form": form, "reason": text}
        return {"form": form, "description": f"<p>{text}</p>"}

    def routines(self) -> Content:
        return {
            "handover": self.person_in(self.some(PHRASES["handover"]["texts"]), "address"),
            "transition": self.some(PHRASES["transition"]["texts"]),
            "response_times": self.rng.choice(PHRASES["response_times"]["texts"]),
        }

    def information(self) -> Content:
        return {
            "channels": [name for name in ("sdk", "web_form", "telephone") if name == "sdk" or self.rng.random() < 0.6],
            "data_protection_municipality": "Dataskyddsombud",
            "data_protection_af": "Dataskyddsombud",
            "data_flows": [
                self.row(
                    what=flow["what"],
                    direction=flow["direction"],
                    legal_ground=flow["ground"],
                    channel=self.rng.choice(("sdk", "sdk", "telephone")),
                    hindrance=flow["hindrance"],
                )
                for flow in self.pick("flows", 2, 4)
            ],
        }

    def funding(self) -> Content:
        first, last = self.setting.start.year, self.setting.start.year + self.rng.randint(1, 3)
        projects = [
            self.row(
                name=project["name"],
                funder=project["funder"],
                period=f"{first}–{last}",
                responsible=self.ours(),
                reference=f"{first}/{self.rng.randint(100, 999):05d}",
            )
            for project in self.pick("projects", 0, 2)
        ]
        return {"projects": projects}

    def communication(self) -> Content:
        return {"plan": self.some(PHRASES["communication"]["texts"])}

    def follow_up(self) -> Content:
        bank = PHRASES["follow_up"]
        times = self.rng.choice((1, 1, 2))
        meetings = [
            self.row(
                date=self.day(year, months=(4, 5, 10, 11)),
                focus=self.rng.choice(bank["focus"]),
                responsible=self.ours(),
                reporting=self.rng.choice(bank["reporting"]),
            )
            for year in range(1, 4)
        ]
        return {"times_per_year": times, "meetings": sorted(meetings, key=lambda row: row["date"])}

    def annex_mapping(self) -> Content:
        return {"mapping": self.some(PHRASES["mapping"]["texts"], 2)}

    def annex_services(self) -> Content:
        return {
            "services": [
                self.row(
                    name=service["name"],
                    provider=service["provider"],
                    target_group=service["group"],
                    description=service["description"],
                )
                for service in self.pick("services", 2, 5)
            ]
        }

    def annex_action_plan(self) -> Content:
        return {
            "actions": [
                self.row(
                    activity=action["activity"],
                    responsible=self.ours(),
                    due=self.day(1, of=(28,)),
                    status=self.rng.choice(("planned", "ongoing", "done")),
                )
                for action in self.pick("actions", 2, 4)
            ]
        }


SECTIONS: Final[dict[str, Callable[[Writer], Content]]] = {
    "parties": Writer.parties,
    "background": Writer.background,
    "goals": Writer.goals,
    "target_groups": Writer.target_groups,
    "organisation": Writer.organisation,
    "responsibilities": Writer.responsibilities,
    "measures": Writer.measures,
    "job_tracks": Writer.job_tracks,
    "employers": Writer.employers,
    "presence": Writer.presence,
    "routines": Writer.routines,
    "information": Writer.information,
    "funding": Writer.funding,
    "communication": Writer.communication,
    "follow_up": Writer.follow_up,
    "annex_mapping": Writer.annex_mapping,
    "annex_services": Writer.annex_services,
    "annex_action_plan": Writer.annex_action_plan,
}
RENEGOTIATED = frozenset({"background", "goals", "measures", "follow_up", "annex_action_plan", "annex_mapping"})
"""What is written anew when an agreement is amended or renewed; the rest is carried over."""


def write(rng: Random, setting: Setting, keys: Sequence[str] = tuple(SECTIONS)) -> dict[str, Content]:
    """The local content of the sections, as an editor would send it."""
    writer = Writer(rng, setting)
    return {key: SECTIONS[key](writer) for key in keys}
