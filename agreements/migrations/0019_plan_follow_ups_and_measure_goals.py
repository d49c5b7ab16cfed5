"""Follow-ups are planned, moved and cancelled; goals are measured, activities have a status, calendars an address."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("agreements", "0018_find_what_few_may_read"),
        ("municipalities", "0001_lay_the_ground"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ActionProgress",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("row_id", models.CharField(max_length=16, verbose_name="aktivitetens rad")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("not_started", "Ej påbörjad"),
                            ("ongoing", "Pågår"),
                            ("done", "Klar"),
                            ("postponed", "Uppskjuten"),
                            ("stopped", "Avbruten"),
                        ],
                        max_length=20,
                        verbose_name="status",
                    ),
                ),
                ("since", models.DateField(verbose_name="sedan")),
                ("new_due", models.DateField(blank=True, null=True, verbose_name="ny dag")),
                ("note", models.CharField(blank=True, max_length=500, verbose_name="kommentar")),
                ("entered_for", models.CharField(blank=True, max_length=300, verbose_name="antecknat av")),
                ("recorded_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="antecknat")),
            ],
            options={
                "verbose_name": "status i handlingsplanen",
                "verbose_name_plural": "statusar i handlingsplanen",
                "ordering": ["-since", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="CalendarFeed",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("address_hash", models.CharField(max_length=64, unique=True, verbose_name="adressens SHA-256")),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="skapad")),
                ("revoked_at", models.DateTimeField(blank=True, null=True, verbose_name="avslutad")),
            ],
            options={
                "verbose_name": "kalenderadress",
                "verbose_name_plural": "kalenderadresser",
            },
        ),
        migrations.CreateModel(
            name="MeasuredValue",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("row_id", models.CharField(max_length=16, verbose_name="målets rad")),
                ("measured_on", models.DateField(verbose_name="mätt den")),
                ("value", models.DecimalField(decimal_places=2, max_digits=14, verbose_name="värde")),
                ("source", models.CharField(blank=True, max_length=200, verbose_name="källa")),
                ("note", models.CharField(blank=True, max_length=500, verbose_name="kommentar")),
                ("entered_for", models.CharField(blank=True, max_length=300, verbose_name="antecknat av")),
                ("recorded_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="antecknat")),
            ],
            options={
                "verbose_name": "mätvärde",
                "verbose_name_plural": "mätvärden",
                "ordering": ["measured_on", "pk"],
            },
        ),
        migrations.AlterModelOptions(
            name="followup",
            options={
                "ordering": [
                    models.OrderBy(models.F("held_on"), descending=True, nulls_last=True),
                    "-planned_on",
                    "-pk",
                ],
                "verbose_name": "uppföljning",
                "verbose_name_plural": "uppföljningar",
            },
        ),
        migrations.AddField(
            model_name="followup",
            name="agenda",
            field=models.TextField(blank=True, verbose_name="dagordning"),
        ),
        migrations.AddField(
            model_name="followup",
            name="cancelled_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="inställd"),
        ),
        migrations.AddField(
            model_name="followup",
            name="cancelled_reason",
            field=models.CharField(blank=True, max_length=400, verbose_name="skäl till att det ställdes in"),
        ),
        migrations.AddField(
            model_name="followup",
            name="changed_at",
            field=models.DateTimeField(default=django.utils.timezone.now, verbose_name="ändrad"),
        ),
        migrations.AddField(
            model_name="followup",
            name="decisions",
            field=models.TextField(blank=True, verbose_name="beslut"),
        ),
        migrations.AddField(
            model_name="followup",
            name="ends_at",
            field=models.TimeField(blank=True, null=True, verbose_name="slutar"),
        ),
        migrations.AddField(
            model_name="followup",
            name="forum",
            field=models.CharField(blank=True, max_length=300, verbose_name="forum"),
        ),
        migrations.AddField(
            model_name="followup",
            name="kind",
            field=models.CharField(
                choices=[
                    ("yearly", "Årlig uppföljning av hela överenskommelsen"),
                    ("goals", "Avstämning av mål och insatser"),
                    ("forum", "Uppföljning i ett forum"),
                    ("extra", "Extra uppföljning"),
                ],
                default="yearly",
                max_length=20,
                verbose_name="slag",
            ),
        ),
        migrations.AddField(
            model_name="followup",
            name="level",
            field=models.CharField(
                blank=True,
                choices=[
                    ("strategic", "Strategisk"),
                    ("tactical", "Taktisk"),
                    ("operative", "Operativ"),
                    ("support", "Stöd"),
                ],
                max_length=20,
                verbose_name="nivå",
            ),
        ),
        migrations.AddField(
            model_name="followup",
            name="link",
            field=models.URLField(blank=True, max_length=500, verbose_name="möteslänk"),
        ),
        migrations.AddField(
            model_name="followup",
            name="place",
            field=models.CharField(blank=True, max_length=200, verbose_name="plats"),
        ),
        migrations.AddField(
            model_name="followup",
            name="planned_on",
            field=models.DateField(blank=True, null=True, verbose_name="planerad till"),
        ),
        migrations.AddField(
            model_name="followup",
            name="responsible",
            field=models.CharField(blank=True, max_length=150, verbose_name="ansvarig funktion"),
        ),
        migrations.AddField(
            model_name="followup",
            name="revision",
            field=models.PositiveIntegerField(
                default=0,
                help_text="Tells calendars, and whoever saves second, that it has changed.",
                verbose_name="ändringsnummer",
            ),
        ),
        migrations.AddField(
            model_name="followup",
            name="starts_at",
            field=models.TimeField(blank=True, null=True, verbose_name="börjar"),
        ),
        migrations.AddField(
            model_name="followup",
            name="took_part",
            field=models.JSONField(blank=True, default=list, verbose_name="funktioner som deltog"),
        ),
        migrations.AlterField(
            model_name="followup",
            name="held_on",
            field=models.DateField(blank=True, null=True, verbose_name="hölls den"),
        ),
        migrations.AlterField(
            model_name="followup",
            name="summary",
            field=models.TextField(blank=True, verbose_name="kort om resultatet"),
        ),
        migrations.AddIndex(
            model_name="followup",
            index=models.Index(
                condition=models.Q(("cancelled_at__isnull", True), ("held_on__isnull", True)),
                fields=["planned_on"],
                name="follow_up_to_come",
            ),
        ),
        migrations.AddConstraint(
            model_name="followup",
            constraint=models.CheckConstraint(
                condition=models.Q(("planned_on__isnull", False), ("held_on__isnull", False), _connector="OR"),
                name="a_follow_up_has_a_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="followup",
            constraint=models.CheckConstraint(
                condition=models.Q(("held_on__isnull", True), ("cancelled_at__isnull", True), _connector="OR"),
                name="a_cancelled_follow_up_was_not_held",
            ),
        ),
        migrations.AddConstraint(
            model_name="followup",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("cancelled_at__isnull", True), models.Q(("cancelled_reason", ""), _negated=True), _connector="OR"
                ),
                name="a_follow_up_is_cancelled_for_a_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="followup",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ends_at__isnull", True),
                    models.Q(("ends_at__gt", models.F("starts_at")), ("starts_at__isnull", False)),
                    _connector="OR",
                ),
                name="a_follow_up_ends_after_it_starts",
            ),
        ),
        migrations.AddField(
            model_name="actionprogress",
            name="agreement",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="action_progress",
                to="agreements.agreement",
                verbose_name="överenskommelse",
            ),
        ),
        migrations.AddField(
            model_name="calendarfeed",
            name="organisation",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="calendar_feeds",
                to="municipalities.organisation",
                verbose_name="organisation",
            ),
        ),
        migrations.AddField(
            model_name="calendarfeed",
            name="user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="calendar_feeds",
                to=settings.AUTH_USER_MODEL,
                verbose_name="skapad av",
            ),
        ),
        migrations.AddField(
            model_name="measuredvalue",
            name="agreement",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="measured_values",
                to="agreements.agreement",
                verbose_name="överenskommelse",
            ),
        ),
        migrations.AddIndex(
            model_name="actionprogress",
            index=models.Index(fields=["agreement", "row_id", "-since", "-id"], name="action_progress_latest"),
        ),
        migrations.AddConstraint(
            model_name="actionprogress",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "postponed"), _negated=True), ("new_due__isnull", False), _connector="OR"
                ),
                name="what_is_postponed_has_a_new_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="calendarfeed",
            constraint=models.UniqueConstraint(
                condition=models.Q(("revoked_at__isnull", True)),
                fields=("organisation", "user"),
                name="a_user_has_one_calendar_address_for_an_organisation",
            ),
        ),
        migrations.AddConstraint(
            model_name="calendarfeed",
            constraint=models.CheckConstraint(
                condition=models.Q(("address_hash__regex", "^[0-9a-f]{64}$")), name="only_the_hash_is_kept"
            ),
        ),
        migrations.AddConstraint(
            model_name="measuredvalue",
            constraint=models.UniqueConstraint(
                fields=("agreement", "row_id", "measured_on"), name="a_goal_has_one_value_a_day"
            ),
        ),
    ]
