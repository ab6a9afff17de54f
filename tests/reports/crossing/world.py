"""A country whose children differ in everything that can be crossed, and what of it is counted by hand."""

import datetime
import random
from collections import Counter

from registry.child import codes
from tests.reports.world import Country, a_country

TODAY = datetime.date(2026, 11, 15)
NOON = datetime.datetime(2026, 11, 15, 4, tzinfo=datetime.UTC)
CHILDREN = 72
STATES = ("visited", "overdue", "due", "not_due")


def a_mixed_country() -> Country:
    """Every code is there, every blank too; visits made, due, overdue, twice in a month, and none."""
    country, dice = a_country(), random.Random(7)
    choices = {
        "sex": codes.Sex.values, "risk": [*codes.Risk.values, codes.UNASSESSED],
        "guardianship": ["", *codes.Guardianship.values], "schooling": ["", *codes.Schooling.values],
        "disability": ["", *codes.Disability.values],
    }  # fmt: skip
    for number in range(CHILDREN):
        facts = {name: values[(number + place) % len(values)] for place, (name, values) in enumerate(choices.items())}
        born = TODAY - datetime.timedelta(days=dice.randrange(365 * 19))
        closed = TODAY - datetime.timedelta(days=dice.randrange(60)) if number % 10 == 9 else None
        facts |= {"birth_date": born, "state": "closed" if closed else "approved", "closed_on": closed}
        child = country.child(number % len(country.villages), **facts)
        held = {name for name, every in (("left_behind", 3), ("difficulty", 2), ("migrant", 5)) if number % every}
        for category in sorted(held - {dice.choice(codes.Category.values)} if number % 7 else {}):
            country.category(child, category, TODAY - datetime.timedelta(days=dice.randrange(400)))
        _visits(country, child, number // len(country.villages), closed)
    return country


def _visits(country: Country, child, number: int, closed) -> None:
    day = datetime.date
    if closed:
        return
    if number % 3 == 0:
        country.due(child, day(2026, 10, 25), day(2026, 10, 20))
        country.due(child, day(2026, 11, 12), day(2026, 11, 3))
    if number % 4 == 0:
        country.due(child, day(2026, 11, 10))
    elif number % 4 == 1:
        country.due(child, day(2026, 11, 15 + number % 15))
    elif number % 4 == 2:
        country.due(child, day(2026, 12, 24))


def visit_states(unit_column: str, unit, month) -> Counter:
    """{state: children of ``unit``} by the plain rows, child by child."""
    from registry.child.models import ChildFile
    from visits.schedule.models import VisitDue

    counted: Counter = Counter()
    for child in ChildFile.objects.filter(**{unit_column: unit}):
        if child.approved_on > month.as_of or (child.closed_on and child.closed_on <= month.as_of):
            continue
        found = {_state(due, month) for due in VisitDue.objects.filter(child=child)}
        counted[next(state for state in STATES if state in found | {"not_due"})] += 1
    return counted


def _state(due, month) -> str:
    if due.ended_on and due.ended_on <= month.as_of:
        return "visited" if due.visit_id and due.ended_on >= month.first else "not_due"
    if due.due_on > month.last:
        return "not_due"
    return "overdue" if due.due_on < month.overdue_before else "due"
