from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("registry", "0006_names_in_order")]

    operations = [
        migrations.RemoveIndex(model_name="childfile", name="file_county_by_letters"),
        migrations.AddIndex(
            model_name="childfile",
            index=models.Index(fields=["county", "name_order", "id", "township"], name="file_county_by_order"),
        ),
    ]
