import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("agreements", "0021_keep_a_published_template_as_it_was"),
    ]

    operations = [
        migrations.CreateModel(
            name="Seal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("seal", "Förseglad"), ("renewal", "Ny tidsstämpel")],
                        max_length=10,
                        verbose_name="slag",
                    ),
                ),
                ("file", models.CharField(max_length=100, verbose_name="fil")),
                ("sha256", models.CharField(max_length=64, unique=True, verbose_name="filens SHA-256")),
                ("size", models.PositiveIntegerField(verbose_name="storlek, byte")),
                ("level", models.CharField(max_length=10, verbose_name="nivå enligt PAdES")),
                ("certificate", models.CharField(max_length=300, verbose_name="certifikatets innehavare")),
                ("certificate_issuer", models.CharField(max_length=300, verbose_name="certifikatets utfärdare")),
                ("certificate_sha256", models.CharField(max_length=64, verbose_name="certifikatets SHA-256")),
                ("certificate_until", models.DateTimeField(verbose_name="certifikatet gäller till")),
                ("sealed_at", models.DateTimeField(verbose_name="förseglad")),
                (
                    "timestamped",
                    models.BooleanField(help_text="Somebody else vouches for sealed_at.", verbose_name="tidsstämplad"),
                ),
                (
                    "protected_until",
                    models.DateTimeField(
                        help_text="Before then it has to be stamped anew.", verbose_name="skyddad till"
                    ),
                ),
                ("stored_at", models.DateTimeField(blank=True, null=True, verbose_name="lagrad")),
            ],
            options={
                "verbose_name": "försegling",
                "verbose_name_plural": "förseglingar",
            },
        ),
        migrations.CreateModel(
            name="SealWarning",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("certificate_sha256", models.CharField(max_length=64, verbose_name="certifikatets SHA-256")),
                ("certificate", models.CharField(max_length=300, verbose_name="certifikatets innehavare")),
                ("until", models.DateTimeField(verbose_name="gäller till")),
                ("threshold", models.PositiveSmallIntegerField(verbose_name="dagar innan")),
                ("warned_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="varnad")),
                ("closed_at", models.DateTimeField(blank=True, null=True, verbose_name="bytt")),
            ],
            options={
                "verbose_name": "varning om sigillets certifikat",
                "verbose_name_plural": "varningar om sigillets certifikat",
            },
        ),
        migrations.AddField(
            model_name="printedcopy",
            name="code",
            field=models.CharField(
                blank=True,
                help_text="Printed on each page of an archive copy.",
                max_length=14,
                verbose_name="verifieringskod",
            ),
        ),
        migrations.AddConstraint(
            model_name="printedcopy",
            constraint=models.UniqueConstraint(
                condition=models.Q(("code", ""), _negated=True),
                fields=("code",),
                name="a_verification_code_names_one_copy",
            ),
        ),
        migrations.AddField(
            model_name="seal",
            name="copy",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="seals",
                to="agreements.printedcopy",
                verbose_name="exemplar",
            ),
        ),
        migrations.AddConstraint(
            model_name="sealwarning",
            constraint=models.UniqueConstraint(
                fields=("certificate_sha256", "threshold"), name="a_certificate_is_warned_of_once_per_threshold"
            ),
        ),
        migrations.AddConstraint(
            model_name="seal",
            constraint=models.CheckConstraint(
                condition=models.Q(("sha256__regex", "^[0-9a-f]{64}$")), name="a_seal_knows_its_file"
            ),
        ),
        migrations.AddConstraint(
            model_name="seal",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind", "seal"), ("stored_at__isnull", False)),
                fields=("copy",),
                name="a_copy_is_sealed_once",
            ),
        ),
    ]
