from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("registry", "0010_what_a_move_overwrote")]

    operations = [
        migrations.AlterField(
            model_name="categorymembership",
            name="grounds",
            field=models.CharField(blank=True, max_length=500, verbose_name="依据"),
        ),
        migrations.AlterField(
            model_name="changefield",
            name="reason",
            field=models.CharField(blank=True, max_length=500),
        ),
    ]
