"""The invented follow-ups: most agreements are followed up every year, some never, some not any more."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from agreements.models import FollowUp
from nationwide.demo.people import chance
from nationwide.demo.rows import Built
from nationwide.demo.timeline import Date, days, weekday

SUMMARIES = (
    "Målen följdes upp, två av tre är nådda.",
    "Kontaktytorna gicks igenom och jobbspåren utökas.",
    "Övergångarna fungerar. Målet för unga skrivs om.",
    "Fler arbetsgivare behövs i de gemensamma insatserna.",
)


def follow_ups(all_built: Iterable[Built], *, seed: int, today: Date) -> Iterator[FollowUp]:
    """Ten to thirteen months apart, from the first day in force; one in five agreements stops after a while."""
    taken = set()
    for built in all_built:
        rng = chance("follow-ups", seed, built.unit.seed, built.version.number)
        stops = rng.random() < 0.2
        for day in _days(built, rng.randint(300, 390), today=today, most=rng.randint(0, 2) if stops else 20):
            if (key := (built.version.agreement_id, day)) not in taken:
                taken.add(key)
                yield FollowUp(agreement=built.version.agreement, held_on=day, summary=rng.choice(SUMMARIES))


def _days(built: Built, apart: int, *, today: Date, most: int) -> Iterator[Date]:
    if not built.plan.bound:
        return
    first, over = built.plan.bound
    for number in range(1, most + 1):
        day = weekday(first + days(apart * number))
        if day >= min(over or today, today):
            return
        yield day
