"""A token ends with the password that it was given for. Those of today are of today's passwords."""

from django.db import migrations, models
from django.utils.crypto import salted_hmac

SALT = "django.contrib.auth.models.AbstractBaseUser.get_session_auth_hash"


def of_the_passwords_of_today(apps, schema_editor):
    tokens = apps.get_model("orgs", "ApiToken").objects
    for pk, password in tokens.values_list("pk", "post__person__password"):
        tokens.filter(pk=pk).update(auth_hash=salted_hmac(SALT, password, algorithm="sha256").hexdigest())


class Migration(migrations.Migration):

    dependencies = [
        ("orgs", "0006_acts_about_a_child"),
    ]

    operations = [
        migrations.AddField(
            model_name="apitoken",
            name="auth_hash",
            field=models.CharField(blank=True, db_default="", default="", editable=False, max_length=64),
        ),
        migrations.RunPython(of_the_passwords_of_today, migrations.RunPython.noop),
    ]
