from django.db import migrations, models


class Migration(migrations.Migration):
    """What was ``month`` is a month, a quarter or a year: only its name in the code changes, the column stays."""

    dependencies = [("orgs", "0013_name_pages_of_drafts")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RemoveConstraint("countymonth", "one_mark_per_county_and_month"),
                migrations.RenameField("countymonth", "month", "period"),
                migrations.AlterField("countymonth", "period", models.CharField(db_column="month", max_length=7)),
                migrations.AddConstraint(
                    "countymonth",
                    models.UniqueConstraint(fields=("county", "period"), name="one_mark_per_county_and_month"),
                ),
            ],
        ),
        migrations.AddField("countymonth", "villages", models.TextField(default=None, null=True)),
        migrations.AddField("countymonth", "taken", models.TextField(default=None, null=True)),
    ]
