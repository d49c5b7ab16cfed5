"""The lowest level is judged under rule sets; flags say who can mend them; what was read in a text is kept with it."""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.comparison
import django.db.models.functions.text
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("agreements", "0004_find_the_worst_open_flags_first"),
        ("contacts", "0003_name_the_functions_that_mend"),
        ("municipalities", "0001_lay_the_ground"),
    ]

    operations = [
        migrations.CreateModel(
            name="CheckBatch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "versions",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), size=None, verbose_name="versioner"
                    ),
                ),
                ("size", models.PositiveIntegerField(verbose_name="antal")),
                ("opened", models.PositiveIntegerField(default=0, verbose_name="öppnade flaggor")),
                ("closed", models.PositiveIntegerField(default=0, verbose_name="stängda flaggor")),
                ("done_at", models.DateTimeField(blank=True, null=True, verbose_name="klar")),
            ],
            options={
                "verbose_name": "del av kontrollomgång",
                "verbose_name_plural": "delar av kontrollomgångar",
            },
        ),
        migrations.CreateModel(
            name="CheckRun",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("started_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="påbörjad")),
                ("finished_at", models.DateTimeField(blank=True, null=True, verbose_name="klar")),
                ("total", models.PositiveIntegerField(default=0, verbose_name="överenskommelser")),
                ("opened", models.PositiveIntegerField(default=0, verbose_name="öppnade flaggor")),
                ("closed", models.PositiveIntegerField(default=0, verbose_name="stängda flaggor")),
            ],
            options={
                "verbose_name": "kontrollomgång",
                "verbose_name_plural": "kontrollomgångar",
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="FollowUp",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("held_on", models.DateField(verbose_name="hölls den")),
                ("summary", models.CharField(blank=True, max_length=500, verbose_name="kort om resultatet")),
            ],
            options={
                "verbose_name": "uppföljning",
                "verbose_name_plural": "uppföljningar",
                "ordering": ["-held_on", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="RuleSet",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField(unique=True, verbose_name="nummer")),
                ("name", models.CharField(max_length=150, verbose_name="namn")),
                ("note", models.TextField(blank=True, verbose_name="anmärkning")),
                (
                    "rules",
                    models.JSONField(
                        help_text="lowest_level.stored: rule → {weight, thresholds}.", verbose_name="regler"
                    ),
                ),
                ("valid_from", models.DateField(blank=True, null=True, verbose_name="gäller från")),
                ("published_at", models.DateTimeField(blank=True, null=True, verbose_name="publicerat")),
                ("revision", models.PositiveIntegerField(default=0, verbose_name="ändringsnummer")),
                (
                    "impact",
                    models.JSONField(
                        blank=True,
                        help_text="What publishing would mean, by a worker.",
                        null=True,
                        verbose_name="följder",
                    ),
                ),
                (
                    "impact_of",
                    models.PositiveIntegerField(blank=True, null=True, verbose_name="följder räknade på ändring"),
                ),
                ("impact_at", models.DateTimeField(blank=True, null=True, verbose_name="följder räknade")),
            ],
            options={
                "verbose_name": "regelverk för lägsta nivå",
                "verbose_name_plural": "regelverk för lägsta nivå",
                "ordering": ["-number"],
            },
        ),
        migrations.AddField(
            model_name="flag",
            name="mender",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="contacts.contactpoint",
                verbose_name="funktionen som kan rätta",
            ),
        ),
        migrations.AddField(
            model_name="flag",
            name="opened_at",
            field=models.DateTimeField(
                default=django.utils.timezone.now, help_text="Den senaste gången den öppnades.", verbose_name="öppnad"
            ),
        ),
        migrations.AddField(
            model_name="flag",
            name="organisation",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="municipalities.organisation",
                verbose_name="den som kan rätta",
            ),
        ),
        migrations.AddField(
            model_name="flag",
            name="times_opened",
            field=models.PositiveSmallIntegerField(default=1, verbose_name="gånger öppnad"),
        ),
        migrations.AddField(
            model_name="flag",
            name="waived_by",
            field=models.CharField(blank=True, max_length=150, verbose_name="undantagen av"),
        ),
        migrations.AddField(
            model_name="flag",
            name="waived_reason",
            field=models.CharField(blank=True, max_length=400, verbose_name="skäl för undantag"),
        ),
        migrations.AddField(
            model_name="flag",
            name="waived_until",
            field=models.DateField(blank=True, null=True, verbose_name="undantagen till och med"),
        ),
        migrations.AddField(
            model_name="section",
            name="checked_as",
            field=models.CharField(
                blank=True,
                help_text="Content hash and edition of the check at that time.",
                max_length=60,
                verbose_name="kontrollerad som",
            ),
        ),
        migrations.AddField(
            model_name="section",
            name="findings",
            field=models.JSONField(
                blank=True,
                default=list,
                help_text="What the person-bound check found: flags.InText as lists.",
                verbose_name="fynd i texten",
            ),
        ),
        migrations.AddField(
            model_name="templateversion",
            name="locked_hash",
            field=models.CharField(blank=True, max_length=64, verbose_name="den låsta textens SHA-256"),
        ),
        migrations.AddField(
            model_name="verdictperiod",
            name="level",
            field=models.CharField(
                blank=True,
                choices=[("met", "uppfyller"), ("partly", "uppfyller delvis"), ("not_met", "uppfyller inte")],
                max_length=10,
                verbose_name="lägsta nivå",
            ),
        ),
        migrations.AddField(
            model_name="verdictperiod",
            name="short_of",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=3),
                blank=True,
                default=list,
                size=None,
                verbose_name="uppfyller inte helt",
            ),
        ),
        migrations.AddField(
            model_name="version",
            name="locked_hash",
            field=models.CharField(blank=True, max_length=64, verbose_name="den låsta textens SHA-256"),
        ),
        migrations.AlterField(
            model_name="flag",
            name="last_seen",
            field=models.DateTimeField(
                default=django.utils.timezone.now,
                help_text="En öppen sågs när versionen kontrollerades senast.",
                verbose_name="senast sedd",
            ),
        ),
        migrations.AlterField(
            model_name="flag",
            name="subject",
            field=models.CharField(
                help_text='"contact:7", "period:6" or "text:goals:goals.k3f.responsible:Anna Berg".',
                max_length=200,
                verbose_name="gäller",
            ),
        ),
        migrations.AlterField(
            model_name="verdictperiod",
            name="verdict",
            field=models.CharField(blank=True, max_length=20, verbose_name="bedömning"),
        ),
        migrations.AddConstraint(
            model_name="flag",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("waived_until__isnull", True),
                    models.Q(
                        models.Q(("waived_reason", ""), _negated=True), models.Q(("waived_by", ""), _negated=True)
                    ),
                    _connector="OR",
                ),
                name="a_waiver_says_why_and_by_whom",
            ),
        ),
        migrations.AddField(
            model_name="checkbatch",
            name="run",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="batches",
                to="agreements.checkrun",
                verbose_name="omgång",
            ),
        ),
        migrations.AddField(
            model_name="followup",
            name="agreement",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="follow_ups",
                to="agreements.agreement",
                verbose_name="överenskommelse",
            ),
        ),
        migrations.AddConstraint(
            model_name="ruleset",
            constraint=models.CheckConstraint(
                condition=models.Q(("published_at__isnull", True), ("valid_from__isnull", False), _connector="OR"),
                name="a_published_rule_set_has_a_first_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="ruleset",
            constraint=models.UniqueConstraint(
                condition=models.Q(("published_at__isnull", False)),
                fields=("valid_from",),
                name="one_published_rule_set_begins_on_a_day",
            ),
        ),
        migrations.AddField(
            model_name="verdictperiod",
            name="rule_set",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="agreements.ruleset",
                verbose_name="regelverk",
            ),
        ),
        migrations.AddConstraint(
            model_name="verdictperiod",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("level", ""), ("rule_set__isnull", True)),
                    models.Q(models.Q(("level", ""), _negated=True), ("rule_set__isnull", False)),
                    _connector="OR",
                ),
                name="a_level_is_judged_by_a_rule_set",
            ),
        ),
        migrations.AddIndex(
            model_name="checkbatch",
            index=models.Index(
                condition=models.Q(("done_at__isnull", True)), fields=["run", "id"], name="check_batch_waiting"
            ),
        ),
        migrations.AddConstraint(
            model_name="followup",
            constraint=models.UniqueConstraint(
                fields=("agreement", "held_on"), name="one_follow_up_of_an_agreement_a_day"
            ),
        ),
        migrations.AddField(
            model_name="section",
            name="content_hash",
            field=models.GeneratedField(
                db_persist=True,
                expression=django.db.models.functions.text.MD5(
                    django.db.models.functions.comparison.Cast("content", models.TextField())
                ),
                output_field=models.CharField(max_length=32),
            ),
        ),
    ]
