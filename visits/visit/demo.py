"""Twelve months of made-up visits with their events and what is due, inserted as rows."""

import datetime

from django.utils import timezone

from childwelfare.demo import examples, words
from childwelfare.demo.makers import MAKERS, Demo
from childwelfare.demo.rows import insert, row
from orgs.inbox.services import Author, notify
from orgs.posts.models import Role
from registry.child.demo import EXAMPLE_CHILD, STAR_CHILDREN
from registry.child.models import ChildFile
from visits.schedule.models import VisitDue
from visits.schedule.services.dues import plan_visits
from visits.schedule.services.rules import rules_of
from visits.visit.demo_doors import make_doors
from visits.visit.demo_visits import visits_of
from visits.visit.models import Visit, VisitEvent


def make_visits(demo: Demo) -> None:
    visits: list = []
    events: list = []
    dues: list = []
    rules = rules_of()
    star_late = 0
    for number, child in enumerate(demo.children):
        file = child.file
        if not file.approved_on:
            continue
        late = demo.rng.random() < 0.07
        if number < STAR_CHILDREN:
            late = star_late < 2 and number % 3 == 2
            star_late += late
        own = visits_of(file, demo.rng, rules=rules, today=demo.today, by=file.made_in, late=late)
        if number == EXAMPLE_CHILD:
            _make_example(own[-1], demo.today - datetime.timedelta(days=1))
        for visit in own:
            _review(demo, visit, events, star=number < STAR_CHILDREN)
        visits += own
        valid = [visit for visit in own if visit.state != "returned"]
        dues += [_due(file, owed) for owed in plan_visits(file, valid, rules=rules)]
    insert(Visit, visits)
    insert(VisitEvent, events)
    insert(VisitDue, dues)
    demo.made["visits"] = len(visits)


def _review(demo: Demo, visit, events: list, *, star: bool) -> None:
    """Old visits are accepted; of the last days' some wait and a few came back."""
    age = (demo.today - visit.visited_on).days
    clerk = demo.posts[visit.township_id, Role.TOWNSHIP_CLERK]
    events.append(
        row(
            record_id=visit.id,
            action="log",
            was="",
            now="submitted",
            person_id=visit.made_by_id,
            post_id=visit.made_in_id,
            at=visit.made_at,
        )
    )
    chance = demo.rng.random()
    example = visit.id == examples.VISIT
    if age < 6 and chance < 0.75 and not example:
        return
    action, visit.state, reason = "accept", "accepted", ""
    if example or age < 14 and chance > (0.93 if star else 0.985):
        action, visit.state, reason = "return", "returned", demo.rng.choice(words.RETURNS)
    visit.version = 2
    events.append(
        row(
            record_id=visit.id,
            action=action,
            was="submitted",
            now=visit.state,
            person_id=clerk.person_id,
            post_id=clerk.pk,
            reason=reason,
            at=min(visit.made_at + datetime.timedelta(hours=20), timezone.now()),
        )
    )


def _make_example(visit, day: datetime.date) -> None:
    """The visit of the API's examples: made yesterday, sent back by the station."""
    visit.id, visit.visited_on = examples.VISIT, day
    visit.made_at = timezone.make_aware(datetime.datetime.combine(day, datetime.time(10)))


def _due(file: ChildFile, owed):
    values = owed._asdict() | {"visit_id": owed.visit.id if owed.visit else None}
    del values["place"], values["extras"]
    return row(
        child_id=file.pk,
        village_id=file.village_id,
        township_id=file.township_id,
        county_id=file.county_id,
        city_id=file.city_id,
        **values,
    )


def tell_of_visits(demo: Demo) -> None:
    """The demo director's visits that came back, as her inbox tells them."""
    returned = VisitEvent.objects.filter(
        action="return", record__state="returned", record__made_in__person__username="demo_director"
    ).select_related("record")
    for event in returned.order_by("-at")[:3]:
        author = Author(event.record.made_in_id, "log_visit")
        notify("visit_returned", event.record, to=author, key=str(event.pk), at=event.at)


MAKERS.add(make_visits, order=30)
MAKERS.add(make_doors, order=120)
MAKERS.add(tell_of_visits, order=940)
