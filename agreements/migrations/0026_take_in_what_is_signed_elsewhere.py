import django.contrib.postgres.constraints
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("agreements", "0024_say_since_when_parties_can_sign"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Voucher",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=150, verbose_name="namn")),
                ("side", models.CharField(max_length=20, verbose_name="sida")),
                ("vouched_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="bekräftad")),
            ],
            options={
                "verbose_name": "bekräftelse av en fil",
                "verbose_name_plural": "bekräftelser av filer",
                "ordering": ["pk"],
            },
        ),
        migrations.AlterField(
            model_name="signature",
            name="method",
            field=models.CharField(
                choices=[
                    ("portal", "Undertecknad i portalen"),
                    ("service", "Undertecknad i en annan tjänst"),
                    ("paper", "Undertecknad på papper"),
                ],
                default="portal",
                max_length=20,
                verbose_name="metod",
            ),
        ),
        migrations.AlterField(
            model_name="signature",
            name="user",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="signatures",
                to=settings.AUTH_USER_MODEL,
                verbose_name="användare",
            ),
        ),
        migrations.CreateModel(
            name="SignedFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=150, verbose_name="filnamn")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("service", "Undertecknad i en annan tjänst"),
                            ("paper", "Undertecknad på papper och inskannad"),
                        ],
                        max_length=10,
                        verbose_name="hur den är undertecknad",
                    ),
                ),
                ("text_hash", models.CharField(max_length=64, verbose_name="textens SHA-256")),
                (
                    "is_marked",
                    models.BooleanField(
                        help_text="The hash of this very text stands on its pages.",
                        verbose_name="bär textens kontrollsumma",
                    ),
                ),
                (
                    "found",
                    models.JSONField(
                        help_text="What they said when the file came.", verbose_name="underskrifter i filen"
                    ),
                ),
                (
                    "found_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="underskrifterna kontrollerade"
                    ),
                ),
                ("handed_in_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="inlämnad")),
                ("counted_at", models.DateTimeField(blank=True, null=True, verbose_name="räknad")),
                ("closed_at", models.DateTimeField(blank=True, null=True, verbose_name="stängd")),
                (
                    "closed_as",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("withdrawn", "Tillbakatagen"),
                            ("rejected", "Inte bekräftad"),
                            ("reopened", "Texten öppnades igen"),
                        ],
                        max_length=10,
                        verbose_name="varför stängd",
                    ),
                ),
                ("closed_by", models.CharField(blank=True, max_length=150, verbose_name="stängd av")),
                ("reason", models.CharField(blank=True, max_length=1000, verbose_name="skäl")),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="signed_files",
                        to="agreements.attachedfile",
                        verbose_name="fil",
                    ),
                ),
                (
                    "handed_in_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="inlämnad av",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="signed_files",
                        to="agreements.version",
                        verbose_name="version",
                    ),
                ),
            ],
            options={
                "verbose_name": "fil undertecknad utanför portalen",
                "verbose_name_plural": "filer undertecknade utanför portalen",
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="ClaimedSignature",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=150, verbose_name="undertecknarens namn")),
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
                ("signed_on", models.DateField(verbose_name="undertecknad den")),
                (
                    "party",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="agreements.party",
                        verbose_name="part",
                    ),
                ),
                (
                    "signed_file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="claims",
                        to="agreements.signedfile",
                        verbose_name="fil",
                    ),
                ),
            ],
            options={
                "verbose_name": "underskrift i en fil",
                "verbose_name_plural": "underskrifter i en fil",
                "ordering": ["party__position", "party_id"],
            },
        ),
        migrations.AddField(
            model_name="signature",
            name="signed_file",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="signatures",
                to="agreements.signedfile",
                verbose_name="undertecknad fil",
            ),
        ),
        migrations.AddConstraint(
            model_name="signature",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("signed_file__isnull", True),
                        ("user__isnull", False),
                        models.Q(("method__in", ("service", "paper")), _negated=True),
                    ),
                    models.Q(
                        ("method__in", ("service", "paper")), ("signed_file__isnull", False), ("user__isnull", True)
                    ),
                    _connector="OR",
                ),
                name="a_signature_is_of_a_user_or_in_a_file",
            ),
        ),
        migrations.AddField(
            model_name="voucher",
            name="party",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="agreements.party",
                verbose_name="part",
            ),
        ),
        migrations.AddField(
            model_name="voucher",
            name="signed_file",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="vouchers",
                to="agreements.signedfile",
                verbose_name="fil",
            ),
        ),
        migrations.AddField(
            model_name="voucher",
            name="user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="användare",
            ),
        ),
        migrations.AddConstraint(
            model_name="signedfile",
            constraint=models.UniqueConstraint(
                condition=models.Q(("closed_at__isnull", True), ("counted_at__isnull", True)),
                fields=("version",),
                name="one_signed_file_at_a_time_waits",
            ),
        ),
        migrations.AddConstraint(
            model_name="signedfile",
            constraint=models.CheckConstraint(
                condition=models.Q(("text_hash__regex", "^[0-9a-f]{64}$")), name="a_signed_file_is_of_a_fixed_text"
            ),
        ),
        migrations.AddConstraint(
            model_name="signedfile",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("closed_as", ""), ("closed_at__isnull", True)),
                    models.Q(("closed_at__isnull", False), models.Q(("closed_as", ""), _negated=True)),
                    _connector="OR",
                ),
                name="a_closed_signed_file_says_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="claimedsignature",
            constraint=models.UniqueConstraint(fields=("signed_file", "party"), name="a_party_signs_once_in_a_file"),
        ),
        migrations.AddConstraint(
            model_name="voucher",
            constraint=models.UniqueConstraint(fields=("signed_file", "party"), name="a_party_vouches_once_for_a_file"),
        ),
        migrations.AddConstraint(
            model_name="voucher",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[("signed_file", "="), ("user", "="), ("side", "<>")], name="nobody_vouches_for_both_sides"
            ),
        ),
    ]
