"""Stored figures from a list in the declared order to numbers by key; what was counted under an earlier order is counted
anew. The two columns of the list stay in the database, empty, for the version that still runs beside this one."""

from django.db import migrations, models
from django.db.models import F

SIGNATURE = "88e29f53716e"
KEYS = (
    "registered orphan de_facto difficulty left_behind migrant sex_male sex_female age_0_5 age_6_13 "
    "age_14_15 age_16_17 age_18_up guardianship_good guardianship_fair guardianship_poor "
    "guardianship_unknown school_not_enrolled school_in school_dropped_out school_not_in school_unknown "
    "disabled_all risk_watch risk_general risk_raised risk_high before joined left visits_due visits_done "
    "visits_waiting visits_overdue"
).split()
BATCH = 1000


def fill_numbers(apps, schema_editor):
    figures = apps.get_model("reports", "Figure").objects.using(schema_editor.connection.alias)
    marks = apps.get_model("orgs", "CountyMonth").objects.using(schema_editor.connection.alias)
    unreadable = figures.exclude(signature=SIGNATURE)
    for month in set(unreadable.values_list("month", flat=True)):
        marks.filter(month=month).update(wanted=F("wanted") + 1)
    batch = []
    for figure in figures.filter(signature=SIGNATURE).only("values").iterator(chunk_size=BATCH):
        figure.numbers = dict(zip(KEYS, figure.values, strict=True))
        batch.append(figure)
        if len(batch) == BATCH:
            figures.bulk_update(batch, ["numbers"])
            batch = []
    figures.bulk_update(batch, ["numbers"])


class Migration(migrations.Migration):
    dependencies = [("orgs", "0001_initial"), ("reports", "0001_initial")]
    operations = [
        migrations.AddField("figure", "numbers", models.JSONField(null=True)),
        migrations.AlterField("figure", "values", models.JSONField(null=True)),
        migrations.AlterField("figure", "signature", models.CharField(max_length=12, null=True)),
        migrations.RunPython(fill_numbers, elidable=True),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RemoveField("figure", "values"),
                migrations.RemoveField("figure", "signature"),
            ]
        ),
    ]
