from django.db import migrations, models


class Migration(migrations.Migration):
    """What was ``month`` is a month, a quarter or a year: only its name in the code changes, the column stays."""

    dependencies = [("reports", "0003_count_risk_not_assessed"), ("orgs", "0014_marks_of_quarters_and_years")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RemoveConstraint("figure", "one_figure_row_per_unit_and_month"),
                migrations.RenameField("figure", "month", "period"),
                migrations.AlterField("figure", "period", models.CharField(db_column="month", max_length=7)),
                migrations.AddConstraint(
                    "figure",
                    models.UniqueConstraint(fields=("unit", "period"), name="one_figure_row_per_unit_and_month"),
                ),
            ],
        ),
    ]
