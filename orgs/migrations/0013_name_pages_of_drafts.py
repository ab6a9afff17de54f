from django.db import migrations


def name_the_page(apps, schema_editor):
    """Drafts of the version before, one of each form, are from a page without a name; the rows that say what was sent
    stay the form's own."""
    apps.get_model("orgs", "FormDraft").objects.filter(page="", dropped_at=None).update(page="before", count=1)


class Migration(migrations.Migration):
    dependencies = [
        ("orgs", "0012_drafts_of_pages"),
    ]

    operations = [migrations.RunPython(name_the_page, migrations.RunPython.noop)]
