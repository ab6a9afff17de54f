"""Background jobs: children follow their villages, when an order took effect and every night."""

from celery import shared_task
from celery.schedules import crontab

from childwelfare.jobs.schedule import schedule
from childwelfare.jobs.services import job
from orgs.reorganisation.models import Succession
from registry.placing.receivers import FOLLOW
from registry.placing.services import carry_over_villages, place_followers


@job(FOLLOW)
def follow(record, progress) -> None:
    """Place the children of the villages that the order ``params["reorganisation"]`` closed, and whoever else waits."""
    order = record.params["reorganisation"]
    closed = Succession.objects.filter(reorganisation=order, predecessor__level=4)
    carry_over_villages(list(closed.values_list("predecessor", flat=True)))
    place_followers(progress)


@shared_task(name="registry.place_followers")
def place_followers_by_night() -> None:
    """Files that were opened again, or parted from another, in a village that is closed by now."""
    place_followers()


schedule("place-children", place_followers_by_night, crontab(hour=0, minute=40))
