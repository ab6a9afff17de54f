from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("orgs", "0011_give_drafts_to_posts"),
    ]

    operations = [
        migrations.AddField(
            model_name="formdraft",
            name="page",
            field=models.CharField(blank=True, db_default="", default="", max_length=40),
        ),
        migrations.AddField(
            model_name="formdraft",
            name="count",
            field=models.PositiveBigIntegerField(db_default=0, default=0),
        ),
        migrations.RemoveConstraint(
            model_name="formdraft",
            name="one_draft_per_form_and_post",
        ),
        migrations.AddConstraint(
            model_name="formdraft",
            constraint=models.UniqueConstraint(fields=("post", "key", "page"), name="one_draft_per_page"),
        ),
    ]
