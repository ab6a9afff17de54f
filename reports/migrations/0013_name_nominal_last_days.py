from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('reports', '0012_crossings_kept'),
    ]

    operations = [
        migrations.RenameField('submission', 'own_due_on', 'nominal_due_on'),
        migrations.RenameField('dataanswer', 'moved_from', 'nominal_due_on'),
        migrations.RenameField('datarequest', 'moved_from', 'nominal_due_on'),
    ]
