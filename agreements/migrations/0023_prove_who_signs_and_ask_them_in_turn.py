import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.comparison
import django.db.models.lookups
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("agreements", "0022_keep_seals_and_codes"),
        ("contacts", "0009_write_to_those_who_sign"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="AskedToSign",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("called_at", models.DateTimeField(verbose_name="kan underteckna sedan")),
                ("step", models.PositiveSmallIntegerField(verbose_name="dagar")),
            ],
            options={
                "verbose_name": "begäran om underskrift",
                "verbose_name_plural": "begäranden om underskrift",
            },
        ),
        migrations.CreateModel(
            name="OpenedText",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text_hash", models.CharField(max_length=64, verbose_name="textens SHA-256")),
                (
                    "how",
                    models.CharField(
                        choices=[("page", "Sidan där den undertecknas"), ("file", "PDF")],
                        max_length=10,
                        verbose_name="visad som",
                    ),
                ),
                ("opened_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="öppnad")),
            ],
            options={
                "verbose_name": "öppnad text",
                "verbose_name_plural": "öppnade texter",
            },
        ),
        migrations.AddField(
            model_name="party",
            name="called_at",
            field=models.DateTimeField(
                blank=True,
                help_text="When the party was asked to sign.",
                null=True,
                verbose_name="kan underteckna sedan",
            ),
        ),
        migrations.AddField(
            model_name="party",
            name="turn",
            field=models.PositiveSmallIntegerField(
                default=0,
                help_text="Those with the same number sign in any order.",
                verbose_name="undertecknar som nummer",
            ),
        ),
        migrations.AddField(
            model_name="signature",
            name="behalf_decision",
            field=models.CharField(blank=True, max_length=200, verbose_name="beslut om uppdraget"),
        ),
        migrations.AddField(
            model_name="signature",
            name="behalf_function",
            field=models.CharField(blank=True, max_length=120, verbose_name="uppdragsgivarens funktion"),
        ),
        migrations.AddField(
            model_name="signature",
            name="behalf_name",
            field=models.CharField(blank=True, max_length=150, verbose_name="på uppdrag av"),
        ),
        migrations.AddField(
            model_name="signature",
            name="evidence",
            field=models.JSONField(blank=True, default=dict, verbose_name="bevis om inloggningen"),
        ),
        migrations.AddField(
            model_name="signature",
            name="opened_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="öppnade texten"),
        ),
        migrations.AddField(
            model_name="signature",
            name="proof_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="bekräftad"),
        ),
        migrations.AddField(
            model_name="signature",
            name="proof_level",
            field=models.CharField(blank=True, max_length=20, verbose_name="tillitsnivå"),
        ),
        migrations.AddField(
            model_name="signature",
            name="proof_method",
            field=models.CharField(blank=True, max_length=40, verbose_name="bekräftad med"),
        ),
        migrations.AddConstraint(
            model_name="signature",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("behalf_decision", ""), ("behalf_name", "")),
                    models.Q(("behalf_name", ""), ("behalf_decision", ""), _connector="OR", _negated=True),
                    _connector="OR",
                ),
                name="a_commission_names_who_gave_it_and_the_decision",
            ),
        ),
        migrations.AddConstraint(
            model_name="signature",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("proof_at__isnull", True), ("proof_level", ""), ("proof_method", "")),
                    models.Q(
                        ("proof_at__isnull", False),
                        models.Q(("proof_method", ""), _negated=True),
                        models.Q(("proof_level", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="a_proof_of_identity_says_how_and_when",
            ),
        ),
        migrations.AddConstraint(
            model_name="signature",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("proof_at__isnull", True), ("proof_at__lte", models.F("signed_at")), _connector="OR"
                ),
                name="identity_is_proven_before_signing",
            ),
        ),
        migrations.AddConstraint(
            model_name="signature",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("opened_at__isnull", True), ("opened_at__lte", models.F("signed_at")), _connector="OR"
                ),
                name="a_text_is_opened_before_it_is_signed",
            ),
        ),
        migrations.AddConstraint(
            model_name="signature",
            constraint=models.CheckConstraint(
                condition=django.db.models.expressions.NegatedExpression(
                    django.db.models.lookups.Regex(
                        django.db.models.functions.comparison.Cast("evidence", models.TextField()),
                        models.Value(
                            "(^|[^0-9A-Za-z])(18|19|20)?[0-9]{2}(0[1-9]|1[0-2])([0-2][0-9]|3[01]|[678][0-9]|9[01])[-+]?[0-9]{4}([^0-9A-Za-z]|$)"
                        ),
                    )
                ),
                name="evidence_of_login_holds_no_identity_number",
            ),
        ),
        migrations.AddField(
            model_name="askedtosign",
            name="letter",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="asked_to_sign",
                to="contacts.letter",
                verbose_name="brev",
            ),
        ),
        migrations.AddField(
            model_name="askedtosign",
            name="party",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="asked",
                to="agreements.party",
                verbose_name="part",
            ),
        ),
        migrations.AddField(
            model_name="askedtosign",
            name="user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="asked_to_sign",
                to=settings.AUTH_USER_MODEL,
                verbose_name="användare",
            ),
        ),
        migrations.AddField(
            model_name="openedtext",
            name="user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="opened_texts",
                to=settings.AUTH_USER_MODEL,
                verbose_name="användare",
            ),
        ),
        migrations.AddField(
            model_name="openedtext",
            name="version",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="openings",
                to="agreements.version",
                verbose_name="version",
            ),
        ),
        migrations.AddConstraint(
            model_name="askedtosign",
            constraint=models.UniqueConstraint(
                fields=("party", "user", "called_at", "step"), name="a_user_is_asked_to_sign_once_a_step"
            ),
        ),
        migrations.AddConstraint(
            model_name="openedtext",
            constraint=models.UniqueConstraint(
                fields=("user", "version", "text_hash"), name="that_a_user_opened_a_text_is_kept_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="openedtext",
            constraint=models.CheckConstraint(
                condition=models.Q(("text_hash__regex", "^[0-9a-f]{64}$")), name="an_opened_text_has_its_hash"
            ),
        ),
    ]
