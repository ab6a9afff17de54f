import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    """Of the units that are there nobody knows when they changed: they begin without a moment."""

    dependencies = [
        ("orgs", "0008_sign_out_mark"),
    ]

    operations = [
        migrations.AddField(
            model_name="orgunit",
            name="updated_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AlterField(
            model_name="orgunit",
            name="updated_at",
            field=models.DateTimeField(default=django.utils.timezone.now, editable=False, null=True),
        ),
    ]
