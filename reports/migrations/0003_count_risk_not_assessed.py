from django.db import migrations
from django.db.models import F, Max


def count_again(apps, schema_editor):
    """The newest figures of each county are made again: they count who was not assessed as 一般. Earlier months stay
    as they were told."""
    CountyMonth = apps.get_model("orgs", "CountyMonth")
    newest = CountyMonth.objects.aggregate(newest=Max("month"))["newest"]
    CountyMonth.objects.filter(month=newest).update(wanted=F("wanted") + 1)


class Migration(migrations.Migration):
    dependencies = [("reports", "0002_figures_by_key"), ("registry", "0012_risk_not_assessed"), ("orgs", "0001_initial")]

    run_before = [("orgs", "0014_marks_of_quarters_and_years")]  # what it writes goes by the earlier name

    operations = [migrations.RunPython(count_again, migrations.RunPython.noop)]
