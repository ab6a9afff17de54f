"""When scheduled tasks run: declared beside each task in its concept's ``jobs.py``, handed to Celery's beat."""

from dataclasses import dataclass

from celery import Task
from celery.schedules import crontab

from childwelfare.hooks import KeyedRegistry


@dataclass(frozen=True)
class Scheduled:
    """``when``: seconds between two runs, or a time of the day (Asia/Shanghai)."""

    name: str
    task: str
    when: float | crontab


SCHEDULE: KeyedRegistry[Scheduled] = KeyedRegistry("scheduled tasks", key="name")


def schedule(name: str, task: Task, when: float | crontab) -> None:
    """Have ``task`` run by itself, under ``name`` in the table of Celery's beat."""
    SCHEDULE.add(Scheduled(name, task.name, when))


def beat_schedule() -> dict[str, dict]:
    """As Celery's ``beat_schedule`` setting wants it."""
    return {each.name: {"task": each.task, "schedule": each.when} for each in SCHEDULE.values()}
