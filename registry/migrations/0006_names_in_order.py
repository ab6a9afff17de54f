from django.db import migrations, models

from childwelfare.text.pinyin import name_order

BATCH = 1000


def put_in_order(apps, schema_editor):
    files = apps.get_model("registry", "ChildFile").objects.using(schema_editor.connection.alias)
    batch = []
    for file in files.only("id", "name").order_by("id").iterator(BATCH):
        file.name_order = name_order(file.name)
        batch.append(file)
        if len(batch) == BATCH:
            files.bulk_update(batch, ["name_order"])
            batch = []
    files.bulk_update(batch, ["name_order"])


class Migration(migrations.Migration):
    dependencies = [("registry", "0005_stays_and_agreements_move")]

    operations = [
        migrations.AddField(
            model_name="childfile",
            name="name_order",
            field=models.CharField(blank=True, db_default="", default="", editable=False, max_length=160),
        ),
        migrations.RunPython(put_in_order, migrations.RunPython.noop),
    ]
