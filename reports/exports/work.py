"""The work of each kind of export, as jobs know it. What writes spreadsheets is loaded by whoever does the work: a web
process never needs it."""

from childwelfare.jobs.models import Job
from childwelfare.jobs.services import Progress, job
from reports.exports import kinds

Made = tuple[str, str]


@job(kinds.SUMMARY)
def export_summary(record: Job, progress: Progress) -> Made:
    from reports.exports.excel.summaries import export_summary as work

    return work(record, progress)


@job(kinds.SUMMARY_PDF)
def export_summary_pdf(record: Job, progress: Progress) -> Made:
    from reports.exports.pdf.summaries import export_summary_pdf as work

    return work(record, progress)


@job(kinds.COUNTIES)
def export_counties(record: Job, progress: Progress) -> Made:
    from reports.exports.excel.summaries import export_counties as work

    return work(record, progress)


@job(kinds.ROSTER)
def export_roster(record: Job, progress: Progress) -> Made:
    from reports.exports.excel.rosters import export_roster as work

    return work(record, progress)


@job(kinds.REPORTED_ROSTER)
def export_reported_roster(record: Job, progress: Progress) -> Made:
    from reports.exports.excel.rosters import export_reported_roster as work

    return work(record, progress)


@job(kinds.VISITS)
def export_visits(record: Job, progress: Progress) -> Made:
    from reports.exports.excel.registers import export_visits as work

    return work(record, progress)


@job(kinds.ALERTS)
def export_alerts(record: Job, progress: Progress) -> Made:
    from reports.exports.excel.registers import export_alerts as work

    return work(record, progress)


@job(kinds.PUBLICITY)
def export_publicity(record: Job, progress: Progress) -> Made:
    from reports.exports.excel.registers import export_publicity as work

    return work(record, progress)


@job(kinds.STAFF)
def export_staff(record: Job, progress: Progress) -> Made:
    from reports.exports.excel.registers import export_staff as work

    return work(record, progress)


@job(kinds.PACKAGE)
def export_package(record: Job, progress: Progress) -> Made:
    from reports.exports.excel.packages import export_package as work

    return work(record, progress)
