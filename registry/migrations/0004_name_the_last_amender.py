from django.db import migrations


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
    # apart from the column: PostgreSQL alters no table whose rows were written in the same transaction
    dependencies = [("registry", "0003_who_wrote_a_changed_field")]

    operations = [migrations.RunPython(name_the_last_amender, migrations.RunPython.noop)]
