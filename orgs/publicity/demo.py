"""Publicity in the demo director's village, recorded by the service itself."""

import datetime

from django.utils import timezone

from childwelfare.demo.makers import MAKERS, Demo
from orgs.posts.models import Appointment
from orgs.publicity.services import log_publicity

DAY = datetime.timedelta(days=1)
ACTIVITIES = (
    ("防溺水安全讲座", "村文化广场", ["children", "guardians"], 46, "观看宣传片，签安全承诺书", 12),
    (
        "困境儿童救助政策宣讲",
        "村部会议室",
        ["villagers", "guardians"],
        31,
        "讲解孤儿、事实无人抚养儿童补贴的条件和办理",
        40,
    ),
)


def make_publicity(demo: Demo) -> None:
    director = Appointment.objects.with_unit().current().filter(person__username="demo_director").first()
    if director is None:
        return
    today = timezone.localdate()
    for topic, where, audience, people, note, days in ACTIVITIES:
        said = {"topic": topic, "where": where, "audience": audience, "people": people, "note": note}
        log_publicity(by=director, answers=said | {"held_on": today - days * DAY})


MAKERS.add(make_publicity, order=91)
