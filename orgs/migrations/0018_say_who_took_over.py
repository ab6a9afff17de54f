"""Of each closed unit the one that alone took over from it; where that was taken over in its turn, the last."""

from django.db import migrations


def say_who_took_over(apps, _schema_editor):
    units = apps.get_model("orgs", "OrgUnit").objects
    after = [(len(keys), pk, keys) for pk, keys in units.values_list("pk", "took_over") if keys]
    for _number, pk, keys in sorted(after):  # who took over from another names all that this one had named
        units.filter(pk__in=keys).update(taken_over_by=pk)


class Migration(migrations.Migration):
    dependencies = [
        ("orgs", "0017_unit_taken_over_by"),
    ]

    operations = [
        migrations.RunPython(say_who_took_over, migrations.RunPython.noop),
    ]
