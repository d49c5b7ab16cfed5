"""Notice and how a version ended; runs over many agreements; filters that somebody has named."""

import uuid

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("agreements", "0010_let_comparisons_be_printed"),
        ("municipalities", "0001_lay_the_ground"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="BulkRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("place", models.PositiveIntegerField(verbose_name="ordning")),
                ("label", models.CharField(max_length=250, verbose_name="överenskommelse")),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("done", "Gjort"),
                            ("refused", "Inte gjort"),
                            ("not_allowed", "Saknar behörighet"),
                            ("failed", "Fel i portalen"),
                        ],
                        max_length=20,
                        verbose_name="utfall",
                    ),
                ),
                ("message", models.CharField(blank=True, max_length=1000, verbose_name="besked")),
                ("handled_at", models.DateTimeField(blank=True, null=True, verbose_name="behandlad")),
            ],
            options={
                "verbose_name": "rad i massåtgärd",
                "verbose_name_plural": "rader i massåtgärder",
                "ordering": ["run", "place"],
            },
        ),
        migrations.CreateModel(
            name="BulkRun",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "verb",
                    models.CharField(
                        choices=[("renew", "Förnya"), ("propose", "Föreslå"), ("discard", "Kassera utkast")],
                        max_length=20,
                        verbose_name="åtgärd",
                    ),
                ),
                ("facts", models.JSONField(blank=True, default=dict, verbose_name="uppgifter")),
                ("token", models.UUIDField(default=uuid.uuid4, unique=True, verbose_name="formulärets nummer")),
                ("started_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="påbörjad")),
                ("finished_at", models.DateTimeField(blank=True, null=True, verbose_name="klar")),
                ("total", models.PositiveIntegerField(default=0, verbose_name="antal")),
            ],
            options={
                "verbose_name": "massåtgärd",
                "verbose_name_plural": "massåtgärder",
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="Notice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=150, verbose_name="namn")),
                ("function", models.CharField(max_length=120, verbose_name="i funktionen")),
                (
                    "decision",
                    models.CharField(
                        choices=[
                            ("delegation", "Delegationsbeslut"),
                            ("board", "Nämnd- eller styrelsebeslut"),
                            ("mandate", "Arbetsordning eller beslutsordning"),
                        ],
                        max_length=20,
                        verbose_name="beslut",
                    ),
                ),
                ("decision_reference", models.CharField(max_length=120, verbose_name="beslutets beteckning")),
                ("decision_date", models.DateField(verbose_name="beslutsdatum")),
                ("reason", models.CharField(max_length=1000, verbose_name="skäl")),
                (
                    "received_on",
                    models.DateField(help_text="Den dag uppsägningstiden räknas från.", verbose_name="inkommen"),
                ),
                ("last_day", models.DateField(verbose_name="sista dag")),
                ("given_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="uppsagd")),
                ("carried_out_at", models.DateTimeField(blank=True, null=True, verbose_name="verkställd")),
                ("asked_back_at", models.DateTimeField(blank=True, null=True, verbose_name="begärd tillbaka")),
                (
                    "asked_back_reason",
                    models.CharField(blank=True, max_length=1000, verbose_name="skäl att ta tillbaka"),
                ),
                ("asked_back_by", models.CharField(blank=True, max_length=150, verbose_name="begärd tillbaka av")),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True, verbose_name="tillbakatagen")),
                ("withdrawn_by", models.CharField(blank=True, max_length=150, verbose_name="samtycke av")),
            ],
            options={
                "verbose_name": "uppsägning",
                "verbose_name_plural": "uppsägningar",
                "ordering": ["last_day", "pk"],
            },
        ),
        migrations.CreateModel(
            name="SavedView",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=60, verbose_name="namn")),
                ("query", models.CharField(blank=True, max_length=500, verbose_name="filter")),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="skapad")),
            ],
            options={
                "verbose_name": "sparad vy",
                "verbose_name_plural": "sparade vyer",
            },
        ),
        migrations.AddField(
            model_name="version",
            name="ended_as",
            field=models.CharField(
                blank=True,
                choices=[
                    ("expired", "Löpte ut"),
                    ("terminated", "Upphörde efter uppsägning"),
                    ("replaced", "Ersatt av en ny version"),
                ],
                max_length=20,
                verbose_name="hur den upphörde",
            ),
        ),
        migrations.AddField(
            model_name="version",
            name="notice_until",
            field=models.DateField(
                blank=True,
                help_text="Sista dagen när den är uppsagd för alla kommuner.",
                null=True,
                verbose_name="uppsagd till och med",
            ),
        ),
        migrations.AddField(
            model_name="version",
            name="purged_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="gallrad"),
        ),
        migrations.AddConstraint(
            model_name="version",
            constraint=models.CheckConstraint(
                condition=models.Q(("purged_at__isnull", True), ("state", "discarded"), _connector="OR"),
                name="only_a_discarded_version_is_purged",
            ),
        ),
        migrations.AddConstraint(
            model_name="version",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("notice_until__isnull", True), ("state__in", ["in_force", "ended"]), _connector="OR"
                ),
                name="notice_is_given_of_what_is_signed",
            ),
        ),
        migrations.AddField(
            model_name="bulkrow",
            name="result",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="agreements.version",
                verbose_name="det som blev till",
            ),
        ),
        migrations.AddField(
            model_name="bulkrow",
            name="version",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="agreements.version",
                verbose_name="version",
            ),
        ),
        migrations.AddField(
            model_name="bulkrun",
            name="user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="bulk_runs",
                to=settings.AUTH_USER_MODEL,
                verbose_name="användare",
            ),
        ),
        migrations.AddField(
            model_name="bulkrow",
            name="run",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="rows",
                to="agreements.bulkrun",
                verbose_name="massåtgärd",
            ),
        ),
        migrations.AddField(
            model_name="notice",
            name="giver",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="notices_given",
                to="agreements.party",
                verbose_name="uppsagd av",
            ),
        ),
        migrations.AddField(
            model_name="notice",
            name="leaving",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="notices",
                to="agreements.party",
                verbose_name="kommun som lämnar",
            ),
        ),
        migrations.AddField(
            model_name="notice",
            name="user",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="notices",
                to=settings.AUTH_USER_MODEL,
                verbose_name="användare",
            ),
        ),
        migrations.AddField(
            model_name="notice",
            name="version",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="notices",
                to="agreements.version",
                verbose_name="version",
            ),
        ),
        migrations.AddField(
            model_name="savedview",
            name="shared_with",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="municipalities.organisation",
                verbose_name="delas inom",
            ),
        ),
        migrations.AddField(
            model_name="savedview",
            name="user",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="saved_views",
                to=settings.AUTH_USER_MODEL,
                verbose_name="användare",
            ),
        ),
        migrations.AddIndex(
            model_name="bulkrow",
            index=models.Index(
                condition=models.Q(("handled_at__isnull", True)), fields=["run", "place"], name="bulk_row_waiting"
            ),
        ),
        migrations.AddConstraint(
            model_name="bulkrow",
            constraint=models.UniqueConstraint(fields=("run", "place"), name="rows_of_a_bulk_run_are_numbered"),
        ),
        migrations.AddConstraint(
            model_name="bulkrow",
            constraint=models.UniqueConstraint(
                fields=("run", "version"), name="an_agreement_stands_once_in_a_bulk_run"
            ),
        ),
        migrations.AddConstraint(
            model_name="bulkrow",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("handled_at__isnull", True), ("outcome", "")),
                    models.Q(models.Q(("outcome", ""), _negated=True), ("handled_at__isnull", False)),
                    _connector="OR",
                ),
                name="a_handled_row_says_what_became_of_it",
            ),
        ),
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.UniqueConstraint(
                condition=models.Q(("withdrawn_at__isnull", True)),
                fields=("leaving",),
                name="a_party_is_given_notice_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.CheckConstraint(
                condition=models.Q(("last_day__gte", models.F("received_on"))),
                name="notice_ends_after_it_has_been_received",
            ),
        ),
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.CheckConstraint(
                condition=models.Q(("withdrawn_at__isnull", True), ("asked_back_at__isnull", False), _connector="OR"),
                name="notice_is_taken_back_by_whoever_asked",
            ),
        ),
        migrations.AddConstraint(
            model_name="savedview",
            constraint=models.UniqueConstraint(fields=("user", "name"), name="a_users_views_have_their_own_names"),
        ),
    ]
