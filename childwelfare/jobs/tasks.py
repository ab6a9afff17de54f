"""Shells around the jobs: messages carry ids only."""

from celery import shared_task

from childwelfare import jobs


@shared_task
def run_job(pk: str) -> None:
    jobs.run(pk)


@shared_task
def sweep_jobs() -> None:
    jobs.sweep()
