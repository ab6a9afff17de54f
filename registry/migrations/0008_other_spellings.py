import django.db.models.deletion
from django.db import migrations, models

from childwelfare.text.pinyin import other_spellings

BATCH = 1000


def keep_spellings(apps, schema_editor):
    alias = schema_editor.connection.alias
    files = apps.get_model("registry", "ChildFile").objects.using(alias)
    NameSpelling = apps.get_model("registry", "NameSpelling")
    batch = []
    for file in files.only("id", "name", "guardian_name").order_by("id").iterator(BATCH):
        for name, of_carer in ((file.name, False), (file.guardian_name, True)):
            for spelling in sorted(other_spellings(name)):
                batch.append(NameSpelling(child_id=file.pk, of_carer=of_carer, spelling=spelling))
        if len(batch) >= BATCH:
            NameSpelling.objects.using(alias).bulk_create(batch)
            batch = []
    NameSpelling.objects.using(alias).bulk_create(batch)


class Migration(migrations.Migration):
    dependencies = [("registry", "0007_index_names_in_order")]

    operations = [
        migrations.CreateModel(
            name="NameSpelling",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("of_carer", models.BooleanField(default=False)),
                ("spelling", models.CharField(max_length=100)),
                (
                    "child",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="spellings",
                        to="registry.childfile",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["spelling", "child"],
                        name="spelling_beginning",
                        opclasses=["text_pattern_ops", "uuid_ops"],
                    )
                ],
            },
        ),
        migrations.RunPython(keep_spellings, migrations.RunPython.noop),
    ]
