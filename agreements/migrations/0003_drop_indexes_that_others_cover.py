"""Drop indexes that another index covers, or that nobody asks: every written section paid for four of them."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("agreements", "0002_keep_signed_text_as_it_was"),
        ("municipalities", "0001_lay_the_ground"),
    ]

    operations = [
        migrations.AlterField(
            model_name="agreementcontact",
            name="version",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="contacts",
                to="agreements.version",
                verbose_name="version",
            ),
        ),
        migrations.AlterField(
            model_name="flag",
            name="rule",
            field=models.SlugField(db_index=False, max_length=40, verbose_name="regel"),
        ),
        migrations.AlterField(
            model_name="flag",
            name="section_key",
            field=models.SlugField(db_index=False, max_length=40, verbose_name="avsnitt"),
        ),
        migrations.AlterField(
            model_name="party",
            name="organisation",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="agreement_parties",
                to="municipalities.organisation",
                verbose_name="organisation",
            ),
        ),
        migrations.AlterField(
            model_name="party",
            name="version",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="parties",
                to="agreements.version",
                verbose_name="version",
            ),
        ),
        migrations.AlterField(
            model_name="printedcopy",
            name="version",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="copies",
                to="agreements.version",
                verbose_name="version",
            ),
        ),
        migrations.AlterField(
            model_name="section",
            name="key",
            field=models.SlugField(db_index=False, max_length=40),
        ),
        migrations.AlterField(
            model_name="section",
            name="template_section",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="agreements.templatesection",
                verbose_name="avsnitt i mallen",
            ),
        ),
        migrations.AlterField(
            model_name="section",
            name="version",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="sections",
                to="agreements.version",
                verbose_name="version",
            ),
        ),
        migrations.AlterField(
            model_name="version",
            name="agreement",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="versions",
                to="agreements.agreement",
                verbose_name="överenskommelse",
            ),
        ),
    ]
