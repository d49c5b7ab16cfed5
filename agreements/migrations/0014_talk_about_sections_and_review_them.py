"""Threads and comments on sections, the review section by section, and what each user has read."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("agreements", "0013_demand_how_a_version_ended"),
        ("contacts", "0007_write_a_daily_digest"),
        ("municipalities", "0001_lay_the_ground"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="section",
            name="changed_by_id",
            field=models.BigIntegerField(blank=True, null=True, verbose_name="användarens id"),
        ),
        migrations.CreateModel(
            name="Comment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("author_name", models.CharField(max_length=150, verbose_name="namn")),
                ("author_function", models.CharField(blank=True, max_length=200, verbose_name="i funktionen")),
                ("text", models.TextField(verbose_name="kommentar")),
                ("written_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="skriven")),
                ("changed_at", models.DateTimeField(blank=True, null=True, verbose_name="ändrad")),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True, verbose_name="tillbakatagen")),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="comments",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="skriven av",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="municipalities.organisation",
                        verbose_name="för",
                    ),
                ),
            ],
            options={
                "verbose_name": "kommentar",
                "verbose_name_plural": "kommentarer",
            },
        ),
        migrations.CreateModel(
            name="Mention",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "comment",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="mentions",
                        to="agreements.comment",
                        verbose_name="kommentar",
                    ),
                ),
                (
                    "contact_point",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="mentions",
                        to="contacts.contactpoint",
                        verbose_name="kontaktyta",
                    ),
                ),
            ],
            options={
                "verbose_name": "nämnd funktion",
                "verbose_name_plural": "nämnda funktioner",
            },
        ),
        migrations.AddField(
            model_name="comment",
            name="mentioned",
            field=models.ManyToManyField(
                related_name="mentioned_in",
                through="agreements.Mention",
                to="contacts.contactpoint",
                verbose_name="nämnda funktioner",
            ),
        ),
        migrations.CreateModel(
            name="SectionReview",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("section_key", models.SlugField(db_index=False, max_length=40, verbose_name="avsnitt")),
                (
                    "side",
                    models.CharField(
                        choices=[("municipality", "Kommun"), ("af", "Arbetsförmedlingen"), ("none", "Ingen part")],
                        max_length=20,
                        verbose_name="sida",
                    ),
                ),
                (
                    "verdict",
                    models.CharField(
                        choices=[("accepted", "Godtaget"), ("change", "Behöver ändras")],
                        max_length=20,
                        verbose_name="bedömning",
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=1000, verbose_name="skäl")),
                ("text_hash", models.CharField(max_length=64, verbose_name="avsnittets SHA-256")),
                ("name", models.CharField(max_length=150, verbose_name="namn")),
                ("function", models.CharField(blank=True, max_length=200, verbose_name="i funktionen")),
                ("reviewed_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="granskat")),
                (
                    "organisation",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="municipalities.organisation",
                        verbose_name="part",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="användare",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reviews",
                        to="agreements.version",
                        verbose_name="version",
                    ),
                ),
            ],
            options={
                "verbose_name": "granskat avsnitt",
                "verbose_name_plural": "granskade avsnitt",
            },
        ),
        migrations.CreateModel(
            name="Thread",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("section_key", models.SlugField(db_index=False, max_length=40, verbose_name="avsnitt")),
                ("path", models.CharField(blank=True, max_length=200, verbose_name="plats i avsnittet")),
                (
                    "about",
                    models.CharField(
                        blank=True,
                        help_text="Platsen i ord, när tråden började.",
                        max_length=250,
                        verbose_name="gäller",
                    ),
                ),
                ("quote", models.CharField(blank=True, max_length=500, verbose_name="ord i texten")),
                ("offset", models.PositiveIntegerField(blank=True, null=True, verbose_name="ordens plats")),
                ("before", models.CharField(blank=True, max_length=40, verbose_name="det som stod före")),
                ("after", models.CharField(blank=True, max_length=40, verbose_name="det som stod efter")),
                ("internal", models.BooleanField(default=False, verbose_name="intern")),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="påbörjad")),
                ("resolved_at", models.DateTimeField(blank=True, null=True, verbose_name="klar")),
                ("resolved_by", models.CharField(blank=True, max_length=150, verbose_name="klarmarkerad av")),
                ("resolved_function", models.CharField(blank=True, max_length=200, verbose_name="i funktionen")),
                (
                    "organisation",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="municipalities.organisation",
                        verbose_name="organisation",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="threads",
                        to="agreements.version",
                        verbose_name="version",
                    ),
                ),
            ],
            options={
                "verbose_name": "tråd",
                "verbose_name_plural": "trådar",
            },
        ),
        migrations.AddField(
            model_name="comment",
            name="thread",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="comments",
                to="agreements.thread",
                verbose_name="tråd",
            ),
        ),
        migrations.CreateModel(
            name="ToldEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("event", models.BigIntegerField(verbose_name="händelse")),
                (
                    "letter",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="told_events",
                        to="contacts.letter",
                        verbose_name="brev",
                    ),
                ),
            ],
            options={
                "verbose_name": "händelse i brev",
                "verbose_name_plural": "händelser i brev",
            },
        ),
        migrations.CreateModel(
            name="LastLook",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("section_key", models.SlugField(db_index=False, max_length=40, verbose_name="avsnitt")),
                ("revision", models.PositiveIntegerField(verbose_name="ändringsnummer")),
                ("event", models.BigIntegerField(verbose_name="senaste händelsen")),
                ("comment", models.BigIntegerField(default=0, verbose_name="senaste kommentaren")),
                ("at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="läst")),
                (
                    "user",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="looks",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="användare",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="agreements.version",
                        verbose_name="version",
                    ),
                ),
            ],
            options={
                "verbose_name": "läst avsnitt",
                "verbose_name_plural": "lästa avsnitt",
                "constraints": [
                    models.UniqueConstraint(fields=("user", "version", "section_key"), name="a_user_has_one_last_look")
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="mention",
            constraint=models.UniqueConstraint(
                fields=("comment", "contact_point"), name="a_comment_mentions_a_function_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="sectionreview",
            constraint=models.UniqueConstraint(
                fields=("version", "section_key", "organisation"), name="a_party_reviews_a_section_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="sectionreview",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("reason", ""), ("verdict", "accepted")),
                    models.Q(("verdict", "change"), models.Q(("reason", ""), _negated=True)),
                    _connector="OR",
                ),
                name="what_needs_changing_says_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="sectionreview",
            constraint=models.CheckConstraint(
                condition=models.Q(("text_hash__regex", "^[0-9a-f]{64}$")), name="reviewed_means_text_hash"
            ),
        ),
        migrations.AddIndex(
            model_name="thread",
            index=models.Index(fields=["version", "section_key"], name="thread_section"),
        ),
        migrations.AddConstraint(
            model_name="thread",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("offset__isnull", True), ("quote", "")),
                    models.Q(
                        models.Q(("quote", ""), _negated=True),
                        ("offset__isnull", False),
                        models.Q(("path", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="quoted_words_have_a_place",
            ),
        ),
        migrations.AddConstraint(
            model_name="thread",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("resolved_at__isnull", False),
                    models.Q(("resolved_by", ""), ("resolved_function", "")),
                    _connector="OR",
                ),
                name="an_open_thread_is_resolved_by_nobody",
            ),
        ),
        migrations.AddConstraint(
            model_name="comment",
            constraint=models.CheckConstraint(
                condition=models.Q(("text", ""), _negated=True), name="a_comment_says_something"
            ),
        ),
        migrations.AddConstraint(
            model_name="toldevent",
            constraint=models.UniqueConstraint(fields=("letter", "event"), name="a_digest_tells_of_an_event_once"),
        ),
    ]
