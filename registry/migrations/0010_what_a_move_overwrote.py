from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("registry", "0009_not_the_same")]

    operations = [
        migrations.AddField(
            model_name="childfileevent",
            name="before",
            field=models.JSONField(db_default={}, default=dict),
        ),
    ]
