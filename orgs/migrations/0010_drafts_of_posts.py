import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("orgs", "0009_when_units_changed"),
    ]

    operations = [
        migrations.AddField(
            model_name="formdraft",
            name="dropped_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="formdraft",
            name="post",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="orgs.appointment"
            ),
        ),
        migrations.RemoveConstraint(
            model_name="formdraft",
            name="one_draft_per_form_and_person",
        ),
        migrations.AddConstraint(
            model_name="formdraft",
            constraint=models.UniqueConstraint(fields=("post", "key"), name="one_draft_per_form_and_post"),
        ),
    ]
