from django.db import migrations, models


def mark_not_assessed(apps, schema_editor):
    """一般 was preset: of a file nobody has said it, unless a change wrote the level. The other levels were chosen."""
    ChildFile = apps.get_model("registry", "ChildFile")
    ChangeField = apps.get_model("registry", "ChangeField")
    judged = ChangeField.objects.filter(name="risk", verdict="approved").values("change__child")
    ChildFile.objects.filter(risk="general").exclude(pk__in=judged).update(risk="unknown")


class Migration(migrations.Migration):
    dependencies = [("registry", "0011_nothing_is_cut")]

    operations = [
        migrations.AlterField(
            model_name="childfile",
            name="risk",
            field=models.CharField(
                choices=[
                    ("high", "高"),
                    ("raised", "较高"),
                    ("general", "一般"),
                    ("watch", "关注"),
                    ("unknown", "未评估"),
                ],
                default="unknown",
                max_length=8,
                verbose_name="风险等级",
            ),
        ),
        migrations.RunPython(mark_not_assessed, migrations.RunPython.noop),
    ]
