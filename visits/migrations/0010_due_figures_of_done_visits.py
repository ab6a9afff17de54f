from django.db import migrations, models


class Migration(migrations.Migration):
    """Whether a visit did it stands in the index too: what a period counts of dues is answered from it alone."""

    dependencies = [("visits", "0009_dues_as_known")]

    operations = [
        migrations.AddIndex(
            "visitdue",
            models.Index(
                fields=["county", "ended_on", "due_on", "village", "known_from", "visit"], name="due_figures_done"
            ),
        ),
        migrations.RemoveIndex("visitdue", "due_figures_ended"),
    ]
