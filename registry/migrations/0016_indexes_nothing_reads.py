from django.db import migrations, models


class Migration(migrations.Migration):
    """Figures are counted from ChildStatus: what they once read of files, categories and periods, nothing reads."""

    dependencies = [("registry", "0015_child_status")]

    operations = [
        migrations.AddIndex(
            "childfile",
            models.Index(
                fields=[
                    "county",
                    "township",
                    "village",
                    "state",
                    "approved_on",
                    "closed_on",
                    "sex",
                    "birth_date",
                    "risk",
                ],
                name="file_filtered",
            ),
        ),
        migrations.RemoveIndex("childfile", "file_figures"),
        migrations.RemoveIndex("childfile", "file_in_registry"),
        migrations.RemoveIndex("categorymembership", "membership_figures"),
        migrations.RemoveIndex("pastperiod", "period_figures"),
    ]
