import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def name_the_last_amender(apps, _schema_editor):
    """Of a change that was sent again before, no more is known than who sent which fields last: as it was shown so far."""
    event, field = apps.get_model("registry", "ChangeEvent"), apps.get_model("registry", "ChangeField")
    last = {}
    for sent in event.objects.filter(action="resubmit").select_related("record").order_by("at", "id").iterator():
        for name in sent.names:
            last[sent.record_id, name] = None if sent.person_id == sent.record.made_by_id else sent.person_id
    for (change, name), person in last.items():
        if person:
            field.objects.filter(change=change, name=name).update(written_by=person)


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0002_residence_permit"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="changefield",
            name="written_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.RunPython(name_the_last_amender, migrations.RunPython.noop),
    ]
