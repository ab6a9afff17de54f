"""A small country for figures: children, categories and visits with any dates, written straight to the tables."""

import datetime
from collections import Counter
from dataclasses import dataclass

from orgs.access.scope import TIERS
from orgs.posts.models import Appointment
from orgs.units.models import OrgUnit
from registry.categories.models import CategoryMembership
from registry.child.ages import age_on
from registry.child.models import ChildFile
from reports.rollup.periods import Period
from tests.builders import a_city, a_county, a_post, a_township, a_village, write_statuses
from visits.schedule.models import VisitDue
from visits.visit.models import Visit

IN_SCHOOL = {"kindergarten", "primary", "junior", "senior", "vocational"}


@dataclass
class Country:
    """A city of two counties, each with two townships of two villages, and one director who makes the files.

    ``elsewhere``: a village of another city, with a child and a visit that is due: in no figure of ``city``.
    """

    city: OrgUnit
    villages: list[OrgUnit]
    director: Appointment
    elsewhere: OrgUnit

    @property
    def county(self) -> OrgUnit:
        return self.villages[0].county

    @property
    def units(self) -> list[OrgUnit]:
        return list(OrgUnit.objects.filter(city=self.city).with_path())

    def child(self, place: int | None = 0, **facts) -> ChildFile:
        """A child of the village number ``place`` (None: elsewhere), registered for a year unless told."""
        child = ChildFile(
            **{
                "name": "张子涵", "sex": "female", "birth_date": datetime.date(2017, 3, 15), "risk": "general",
                "guardianship": "fair", "schooling": "primary", "state": "approved",
                "approved_on": datetime.date(2025, 11, 1),
            } | facts,
            made_by=self.director.person, made_in=self.director,
        )  # fmt: skip
        child.place(self.villages[place] if place is not None else self.elsewhere)
        ChildFile.objects.bulk_create([child])  # no history, no search keys: quick
        write_statuses(child)
        return child

    def category(self, child: ChildFile, category: str, since, until=None, difficulty="") -> CategoryMembership:
        held = CategoryMembership(child=child, category=category, since=since, until=until, difficulty=difficulty)
        held.place(child)
        held.save()
        write_statuses(child)
        return held

    def due(self, child: ChildFile, due_on, ended_on=None, *, visited: bool = True) -> VisitDue:
        """A visit owed by ``due_on``, made on ``ended_on``; not ``visited``: it ended because the child left."""
        visit = None
        if ended_on and visited:
            visit = Visit(child=child, visited_on=ended_on, made_by=self.director.person, made_in=self.director)
            visit.place(child)
            visit.save()
        due = VisitDue(child=child, since=due_on, days=30, due_on=due_on, ended_on=ended_on, visit=visit)
        due.place(child)
        due.save()
        return due


def a_country() -> Country:
    city = a_city()
    townships = [a_township(county) for county in (a_county(city), a_county(city)) for _ in range(2)]
    villages = [a_village(township) for township in townships for _ in range(2)]
    country = Country(city, villages, a_post(villages[0]), a_village(a_township(a_county(a_city()))))
    child = country.child(None)
    country.category(child, "left_behind", datetime.date(2025, 11, 1))
    country.due(child, datetime.date(2025, 12, 1))
    return country


def counted_by_hand(month: Period) -> Counter:
    """{(unit id, indicator): figure}, row by row in plain Python: shares nothing with what it is compared to."""
    figures: Counter = Counter()

    def note(record, *keys):
        for tier in TIERS:
            figures.update((getattr(record, f"{tier}_id"), key) for key in keys)

    children = {child.pk: child for child in ChildFile.objects.all()}
    for child in children.values():
        note(child, *_keys_of_child(child, month))
    for held in CategoryMembership.objects.all():
        over = held.until is not None and held.until <= month.as_of
        child = children[held.child_id]
        if _in_registry(child, month.as_of) and held.since <= month.as_of and not over:
            note(held, held.category, *_keys_of_category(held, child, month))
    met = set()
    for due in VisitDue.objects.all():
        keys = _keys_of_due(due, month)
        note(due, *keys)
        if "visits_done" in keys:
            met.add(due.child_id)
    for due in VisitDue.objects.exclude(child__in=met):
        if {"visits_waiting", "visits_overdue"} & set(_keys_of_due(due, month)):
            note(due, "unmet")
    _note_posts(note, month)
    return figures


def _keys_of_category(held: CategoryMembership, child: ChildFile, month: Period) -> list[str]:
    """What a category is split into; of a left-behind child only under 16."""
    if held.category in ("orphan", "de_facto"):
        return [f"{held.category}_{child.sex}"]
    if held.category == "difficulty":
        return [f"difficulty_{held.difficulty or 'unspecified'}"]
    age = age_on(child.birth_date, month.as_of)
    if held.category != "left_behind" or age >= 16:
        return []
    band = "0_5" if age < 6 else "6_13" if age < 14 else "14_15"
    return [
        "lb_total", f"lb_age_{band}", f"lb_age_{band}_{child.sex}", f"lb_school_{child.schooling or 'unknown'}",
        f"lb_guardianship_{child.guardianship or 'unknown'}",
    ]  # fmt: skip


def _note_posts(note, month: Period) -> None:
    directors = Counter()
    for post in Appointment.objects.filter(role="village_director").select_related("unit"):
        if post.valid_from <= month.as_of and (post.valid_to is None or post.valid_to > month.as_of):
            directors[post.unit_id] += 1
    for village in OrgUnit.objects.filter(level=4):
        for _ in range(directors[village.pk]):
            note(village, "directors")
        if not directors[village.pk]:
            note(village, "directors_vacant")


def _in_registry(child: ChildFile, day: datetime.date) -> bool:
    if child.approved_on is None or child.approved_on > day:
        return False
    return child.closed_on is None or child.closed_on > day


def _keys_of_child(child: ChildFile, month: Period) -> list[str]:
    keys = ["before"] if _in_registry(child, month.first - datetime.timedelta(days=1)) else []
    if child.approved_on and month.first <= child.approved_on <= month.as_of:
        keys.append("joined")
    if child.closed_on and month.first <= child.closed_on <= month.as_of:
        keys.append("left")
    if not _in_registry(child, month.as_of):
        return keys
    keys += ["registered", f"sex_{child.sex}", f"risk_{child.risk}", f"guardianship_{child.guardianship or 'unknown'}"]
    age = age_on(child.birth_date, month.as_of)
    bands = ((18, "age_18_up"), (16, "age_16_17"), (14, "age_14_15"), (6, "age_6_13"), (-99, "age_0_5"))
    keys.append(next(key for least, key in bands if age >= least))
    school = "in" if child.schooling in IN_SCHOOL else child.schooling or "unknown"
    keys.append(f"school_{'not_in' if school == 'not_in_school' else school}")
    # nobody in these worlds was assessed or needs anything: tests/reports/indicators/test_help.py recounts those
    return [*keys, "disabled_all" if child.disability else "disabled_none", "assessment_never", "needing_none"]


def _keys_of_due(due: VisitDue, month: Period) -> list[str]:
    """Owed: fallen due by the end of the month and still open, or made in it; a made one counts in that month alone."""
    ended = due.ended_on is not None and due.ended_on <= month.as_of
    if ended:
        return ["visits_due", "visits_done"] if due.visit_id and due.ended_on >= month.first else []
    if due.due_on > month.last:
        return []
    still_runs = due.due_on == month.as_of and month.running
    return ["visits_due", "visits_waiting" if due.due_on > month.as_of or still_runs else "visits_overdue"]
