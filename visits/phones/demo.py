"""Phones in the demo: most were here today, some are silent, one visit was handed over; last month was spot-checked."""

import datetime
import json
import uuid

from django.utils import timezone

from childwelfare.demo.makers import MAKERS, Demo
from childwelfare.text.months import lately
from orgs.posts.models import Appointment, Role
from registry.child.models import ChildFile
from visits.oversight.models import SpotCheck
from visits.oversight.services import draw_checks, record_check
from visits.phones.models import SyncItem, SyncPhone, SyncVerdict
from visits.visit.receipt import receipt_of

APP = "demo"
ANSWERS = [
    {"happened": "yes", "asked_who": "奶奶"},
    {"happened": "yes", "asked_who": "爷爷", "carer": "other", "note": "最近在姑姑家"},
    {"happened": "no", "asked_who": "邻居", "note": "说这个月没有见过主任"},
]


def make_phones(demo: Demo) -> None:
    """In the townships of the demo's clerk and those beside it that have directors."""
    clerk = Appointment.objects.with_unit().get(person__username="demo_clerk")
    directors = Appointment.objects.current().with_unit().filter(unit__township=clerk.unit, role=Role.VILLAGE_DIRECTOR)
    now = timezone.now()
    for number, director in enumerate(directors.order_by("unit__code", "pk")):
        quiet = number % 4 == 3
        SyncPhone.objects.create(
            post=director,
            device=f"phone-{number + 1}",
            app=APP,
            pulled_at=now - datetime.timedelta(days=11 if quiet else 0, hours=1 + number % 5),
            sent_at=now - datetime.timedelta(days=11 if quiet else 0, hours=1),
            unsent=2 if quiet else 0,
        )
    _hand_over(clerk, directors.first())
    _check(clerk)


def _hand_over(clerk: Appointment, director: Appointment | None) -> None:
    child = ChildFile.objects.filter(township=clerk.unit, state="approved").exclude(village=director.unit).first()
    if child is None:
        return
    pk = uuid.uuid4()
    said = {
        "child": str(child.pk),
        "visited_on": timezone.localdate().isoformat(),
        "outcome": "seen",
        "care": "good",
        "guardian_words": "孩子刚转学过来，还不习惯",
    }
    item = SyncItem(
        pk=pk,
        person=director.person,
        post=director,
        device="phone-1",
        app=APP,
        kind="visit",
        hash="0" * 64,
        verdict=SyncVerdict.GONE,
        receipt=receipt_of(pk),
        made_at=timezone.now(),
        payload=json.dumps(said),
        reason="这个孩子现在不由您负责",
    )
    item.place(child)
    item.save(force_insert=True)


def _check(clerk: Appointment) -> None:
    draw_checks(clerk, lately()[1])
    for check, said in zip(SpotCheck.objects.order_by("pk").select_related("visit"), ANSWERS, strict=False):
        record_check(check, by=clerk, answers=said)


MAKERS.add(make_phones, order=110)
