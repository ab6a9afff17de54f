from django.db import migrations, models
from django.db.models import F

MAKES_VALID = ("approve", "report_nothing", "amend")


def keep_what_was_valid(apps, schema_editor):
    """What was returned after its approval keeps its valid figures until others are approved; what was amended was
    sent last."""
    submissions = apps.get_model("reports", "Submission").objects
    events = apps.get_model("reports", "SubmissionEvent").objects
    reopened = events.filter(action="reopen").order_by().values("record").distinct()
    for row in submissions.filter(pk__in=reopened, approved=None).exclude(state="waived"):
        told = events.filter(record=row, action__in=(*MAKES_VALID, "waive")).order_by("at", "id").last()
        if told and told.action in MAKES_VALID:
            submissions.filter(pk=row.pk).update(approved=told.snapshot_id)
    amended = submissions.filter(state="approved").exclude(approved=F("current"))
    amended.update(current=F("approved"))


class Migration(migrations.Migration):
    dependencies = [
        ("reports", "0007_own_ledgers"),
    ]

    operations = [
        migrations.AlterField(
            model_name="amendment",
            name="reason",
            field=models.CharField(blank=True, max_length=500, verbose_name="更正原因"),
        ),
        migrations.AlterField(
            model_name="amendment",
            name="state",
            field=models.CharField(
                choices=[
                    ("asked", "待上级同意"),
                    ("open", "更正中"),
                    ("submitted", "待审核"),
                    ("approved", "已通过，等上级更正"),
                    ("effective", "已生效"),
                    ("refused", "未同意"),
                    ("withdrawn", "已撤回"),
                ],
                default="asked",
                max_length=9,
                verbose_name="状态",
            ),
        ),
        migrations.RunPython(keep_what_was_valid, migrations.RunPython.noop),
    ]
