"""The work of each kind of export, as jobs know it."""

from django.utils.module_loading import import_string

from childwelfare.jobs.models import Job
from childwelfare.jobs.services import Progress, job
from reports.exports.kinds import EXPORT_KINDS


def make(record: Job, progress: Progress) -> tuple[str, str]:
    """(path of the file, the name under which it is given out)."""
    made: tuple[str, str] = import_string(f"reports.exports.{EXPORT_KINDS[record.kind].work}")(record, progress)
    return made


for kind in EXPORT_KINDS:
    job(kind)(make)
