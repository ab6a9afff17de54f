"""Background jobs: children who came under an assessment system since they were registered are due for a first one."""

from celery import shared_task
from celery.schedules import crontab

from childwelfare.jobs.schedule import schedule
from registry.assessments.services.dues import fill_dues


@shared_task(name="registry.assessments.jobs.write_lacking_dues")
def write_lacking_dues() -> int:
    return fill_dues()


schedule("write-lacking-assessment-dues", write_lacking_dues, crontab(hour=3, minute=40))
