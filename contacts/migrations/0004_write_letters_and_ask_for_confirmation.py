"""Letters to function mailboxes as rows, each written once; and the yearly question whether a contact point is right."""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("contacts", "0003_name_the_functions_that_mend"),
    ]

    operations = [
        migrations.CreateModel(
            name="Confirmation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("asked_at", models.DateTimeField(verbose_name="frågad")),
                ("reminders", models.PositiveSmallIntegerField(default=0, verbose_name="påminnelser")),
                ("reminded_at", models.DateTimeField(blank=True, null=True, verbose_name="senast påmind")),
                ("answered_at", models.DateTimeField(blank=True, null=True, verbose_name="besvarad")),
                (
                    "answer",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("confirmed", "Uppgifterna stämmer"),
                            ("changed", "Uppgifterna ändrades"),
                            ("ended", "Kontaktytan avslutades"),
                            ("none", "Inget svar på ett år"),
                        ],
                        max_length=20,
                        verbose_name="svar",
                    ),
                ),
                (
                    "contact_point",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="confirmations",
                        to="contacts.contactpoint",
                        verbose_name="kontaktyta",
                    ),
                ),
            ],
            options={
                "verbose_name": "fråga om bekräftelse",
                "verbose_name_plural": "frågor om bekräftelse",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("answered_at__isnull", True)),
                        fields=("contact_point",),
                        name="a_contact_point_has_one_open_question",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answer", ""), ("answered_at__isnull", True)),
                            models.Q(("answered_at__isnull", False), models.Q(("answer", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="an_answered_question_says_how",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reminders__lte", 3)), name="a_question_has_three_reminders_at_most"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("reminded_at__isnull", True), ("reminders", 0)),
                            models.Q(("reminded_at__isnull", False), ("reminders__gt", 0)),
                            _connector="OR",
                        ),
                        name="a_reminded_question_says_when",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Letter",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("chase", "Det som väntar på att rättas"), ("confirmation", "Stämmer uppgifterna?")],
                        max_length=20,
                        verbose_name="slag",
                    ),
                ),
                ("recipient", models.EmailField(max_length=254, verbose_name="till")),
                (
                    "occasion",
                    models.CharField(help_text='"2026-W47" or "2026-11-24".', max_length=40, verbose_name="tillfälle"),
                ),
                ("subject", models.CharField(max_length=200, verbose_name="ämne")),
                ("text", models.TextField(verbose_name="text")),
                ("html", models.TextField(verbose_name="html")),
                (
                    "questions",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(),
                        blank=True,
                        default=list,
                        help_text="The confirmations it asks for; their links are put in when it leaves.",
                        size=None,
                        verbose_name="frågor",
                    ),
                ),
                ("mark", models.CharField(editable=False, max_length=40, unique=True, verbose_name="märke")),
                ("written_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="skrivet")),
                ("attempts", models.PositiveSmallIntegerField(default=0, verbose_name="försök")),
                ("tried_at", models.DateTimeField(blank=True, null=True, verbose_name="senaste försök")),
                ("sent_at", models.DateTimeField(blank=True, null=True, verbose_name="skickat")),
                ("failed_at", models.DateTimeField(blank=True, null=True, verbose_name="uppgivet")),
                ("failure", models.CharField(blank=True, max_length=300, verbose_name="senaste felet")),
                ("bounced_at", models.DateTimeField(blank=True, null=True, verbose_name="studsade")),
                (
                    "contact_point",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="letters",
                        to="contacts.contactpoint",
                        verbose_name="kontaktytan vars brevlåda det är",
                    ),
                ),
            ],
            options={
                "verbose_name": "brev",
                "verbose_name_plural": "brev",
                "indexes": [
                    models.Index(
                        condition=models.Q(("failed_at__isnull", True), ("sent_at__isnull", True)),
                        fields=["id"],
                        name="letter_waiting",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("kind", "recipient", "occasion"), name="one_letter_to_a_mailbox_on_an_occasion"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("recipient", django.db.models.functions.text.Lower("recipient"))),
                        name="letter_recipient_is_lower_case",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("attempts", 0), ("tried_at__isnull", True)),
                            models.Q(("attempts__gt", 0), ("tried_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="a_tried_letter_says_when",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("sent_at__isnull", True),
                            models.Q(("attempts__gt", 0), ("failed_at__isnull", True)),
                            _connector="OR",
                        ),
                        name="a_letter_is_sent_or_given_up",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("failed_at__isnull", True), models.Q(("failure", ""), _negated=True), _connector="OR"
                        ),
                        name="a_letter_given_up_says_why",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("bounced_at__isnull", True), ("sent_at__isnull", False), _connector="OR"),
                        name="only_a_sent_letter_comes_back",
                    ),
                ],
            },
        ),
    ]
