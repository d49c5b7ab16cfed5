"""Load the demonstration, or many times it for measuring."""

from __future__ import annotations

import argparse
import time
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction
from django.utils import timezone

from agreements.models import Agreement, RuleSet, TemplateVersion
from contacts.demo import LOGINS
from contacts.models import Function
from municipalities.models import Municipality
from nationwide.demo.course import MUNICIPALITIES
from nationwide.demo.load import Loaded, load
from nationwide.demo.multiply import multiply
from nationwide.demo.timeline import EARLIEST_TODAY
from nationwide.demo.wipe import wipe


class Command(BaseCommand):
    help = "Invent people and agreements for 290 municipalities, from 2022 until today. The same seed gives the same."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--scale", type=int, default=1, help="multiply municipalities and agreements (default 1)")
        parser.add_argument("--seed", type=int, default=1, help="chance (default 1)")
        parser.add_argument(
            "--replace", action="store_true", help="first remove every agreement, contact point and history row"
        )
        parser.add_argument(
            "--yes-really-in-production", action="store_true", help="load invented data into a portal in production"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        refuse(options)
        started = time.perf_counter()
        prerequisites()
        with transaction.atomic():
            if options["replace"]:
                self.tell("removing what is there")
                wipe()
            if Municipality.objects.count() != MUNICIPALITIES:
                raise CommandError(f"The story is about {MUNICIPALITIES} municipalities; another number is loaded.")
            loaded = load(seed=options["seed"], now=timezone.localtime(), tell=self.tell)
            if options["scale"] > 1:
                pace = multiply(options["scale"], tell=self.tell)
                self.tell(f"{pace:,.0f} agreements a second were copied; committing")
        self.analyze()
        self.report(loaded, options["scale"], time.perf_counter() - started)

    def tell(self, what: str) -> None:
        self.stderr.write(f"load_demo: {what} …")

    def analyze(self) -> None:
        """The planner gets to know the new rows."""
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")

    def report(self, loaded: Loaded, scale: int, seconds: float) -> None:
        times = f" × {scale} = {loaded.agreements * scale:,} agreements" if scale > 1 else ""
        self.stdout.write(
            f"{loaded.agreements} agreements in {loaded.versions} versions, {loaded.contact_points} contact points, "
            f"{loaded.flags} flags, {loaded.events} history rows{times}: {seconds:.1f} s"
        )
        width = max(len(login.email) for login in LOGINS)
        for login in LOGINS:
            self.stdout.write(f"  {login.email:<{width}}  {login.password}  {login.role_text}, {login.organisation}")


def refuse(options: dict[str, Any]) -> None:
    """Say no before anything is touched."""
    if settings.PRODUCTION and not options["yes_really_in_production"]:
        raise CommandError("This portal is in production: invented agreements do not belong here.")
    if options["scale"] < 1:
        raise CommandError("--scale is 1 or more.")
    if timezone.localdate() < EARLIEST_TODAY:
        raise CommandError(f"The clock says {timezone.localdate()}; the story needs a day after {EARLIEST_TODAY}.")
    if Agreement.objects.exists() and not options["replace"]:
        raise CommandError("There are agreements here already. --replace removes all of them first.")


def prerequisites() -> None:
    """Reference data, functions and the national template, when they are missing."""
    for model, command in (
        (Municipality, "load_reference_data"),
        (Function, "load_functions"),
        (TemplateVersion, "load_national_template"),
        (RuleSet, "load_lowest_level"),
    ):
        if not model._default_manager.exists():
            call_command(command, verbosity=0)
