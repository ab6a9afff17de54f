"""Background jobs: old exports are deleted."""

from celery import shared_task

from childwelfare.jobs.schedule import schedule
from reports.exports import services as exports


@shared_task(name="reports.delete_old_exports")
def delete_old_exports() -> None:
    exports.delete_old_exports()


schedule("delete-old-exports", delete_old_exports, 3600.0)
