"""The default frequencies, 7 / 15 / 30 / 30 days over four risk levels: no public source is laxer."""

import datetime

from django.db import migrations

DAYS = {"high": 7, "raised": 15, "general": 30, "watch": 30}


def add(apps, schema_editor):
    rules = apps.get_model("visits", "VisitRule").objects
    for risk, days in DAYS.items():
        rules.get_or_create(
            county=None, category="", risk=risk, role="village_director",
            defaults={"days": days, "since": datetime.date(2017, 5, 8)},
        )


class Migration(migrations.Migration):
    dependencies = [("visits", "0001_initial")]
    operations = [migrations.RunPython(add, migrations.RunPython.noop, elidable=False)]
