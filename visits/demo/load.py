"""Filling an empty registry with a made-up city on the real tree. Deterministic by seed, dates counted from today."""

import datetime
import json
import random
import uuid

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone

from childwelfare.runtime.demo_accounts import demo_file
from childwelfare.runtime.demo_rows import insert, row
from childwelfare.workflow.refusals import Refused
from orgs.access.permission_rows import unit_permissions
from orgs.access.permissions import MATRIX
from orgs.accounts.models import Person
from orgs.posts.models import Appointment, Role
from orgs.stale_figures.models import CountyMonth
from orgs.stale_figures.services import month_of
from orgs.units.models import OrgUnit, UnitGrant
from registry.categories.models import CategoryMembership
from registry.changes.demo import make_changes
from registry.child import demo_words as words
from registry.child.demo import Made, Maker
from registry.child.models import ChildFile, ChildFileEvent, FileSerial
from registry.family.models import FamilyMember, Guardian
from registry.guidance.demo import make_guidance
from registry.quality.services import recount_issues
from registry.stays.demo import make_stays
from registry.transfers.demo import make_moves
from visits.alerts.demo import make_alerts
from visits.phones import examples
from visits.phones.demo import make_phones
from visits.schedule.demo import make_schedule
from visits.schedule.models import VisitDue
from visits.schedule.services.dues import lay_out
from visits.schedule.services.rules import rules_of
from visits.visit.demo import visits_of
from visits.visit.demo_doors import make_doors
from visits.visit.models import Visit, VisitEvent

STAR_VILLAGE = ("荥阳市", "高村乡", "刘沟")
STAR_CHILDREN = 21
EXAMPLE_CHILD = 3  # of those, who stands in the API's examples
# weights of the counties: about as many children as city.png shows
WEIGHTS = {"登封市": 10, "新密市": 9, "中牟县": 8, "荥阳市": 9, "巩义市": 7, "新郑市": 7, "郑东新区": 3, "金水区": 6}
BATCH = 400


class Demo:
    """One load: people and posts, children, visits, what is due."""

    def __init__(self, children: int, seed: int):
        self.count, self.rng = children, random.Random(seed)
        self.today = timezone.localdate()
        self.rules = rules_of()
        self.posts: dict[tuple[int, str], Appointment] = {}

    def load(self) -> dict:
        """Load everything or nothing; return what was made. Raises Refused where children are registered already."""
        if ChildFile.objects.exists():
            raise Refused("这里已有儿童档案，演示数据只能载入空的系统。")
        villages = self._villages()
        if not villages:
            raise Refused("还没有载入行政区划：请先运行 load_units。")
        with transaction.atomic():
            accounts = self._staff(villages)
            made = self._children(villages)
            visits = self._visits(made)
            self._mark_months()
            make_changes()
            make_moves()
            make_stays()
            make_alerts()
            make_guidance()
            make_schedule()
            make_phones()
            make_doors()
            for county in OrgUnit.objects.filter(level=2).current():
                recount_issues(county)
        write_accounts(accounts)
        return {"children": len(made), "visits": visits, "people": Person.objects.count()}

    def _mark_months(self) -> None:
        """Twelve months of every county are to be counted: the running one at once, the others by the worker."""
        months = {month_of(self.today.replace(day=1) - datetime.timedelta(days=n)) for n in range(0, 340, 10)}
        counties = OrgUnit.objects.filter(level=2).current().values_list("pk", flat=True)
        months.add(month_of(self.today))
        marks = [CountyMonth(county_id=county, month=month) for county in counties for month in sorted(months)]
        CountyMonth.objects.bulk_create(marks, ignore_conflicts=True)

    # --- where

    def _villages(self) -> list[OrgUnit]:
        """The villages that have children, the one of the demo director first."""
        units = OrgUnit.objects.filter(level=4).current().with_path().order_by("code", "pk")
        by_township: dict[int, list[OrgUnit]] = {}
        for unit in units:
            by_township.setdefault(unit.township_id, []).append(unit)
        star = next((u for u in units if (u.county.name, u.township.name, u.name[:2]) == STAR_VILLAGE), None)
        chosen = [star] if star else []
        for villages in by_township.values():
            share = 0.6 if star and villages[0].township_id == star.township_id else 0.12
            some = self.rng.sample(villages, max(1, round(len(villages) * share)))
            chosen += [unit for unit in some if unit != star]
        return chosen

    # --- who

    def _staff(self, villages: list[OrgUnit]) -> list[dict]:
        password = "demo-" + "".join(random.SystemRandom().choice("abcdefghjkmnpqrstuvwxyz23456789") for _ in range(6))
        self.hash = make_password(password)
        star = villages[0]
        city = star.city or star.county
        named = [
            ("demo_director", "王秀兰", star, Role.VILLAGE_DIRECTOR),
            ("demo_clerk", "刘志强", star.township, Role.TOWNSHIP_CLERK),
            ("demo_county", "张红梅", star.county, Role.COUNTY_OFFICER),
            ("demo_city", "陈静", city, Role.CITY_OFFICER),
            ("demo_admin", "周敏", city, Role.CITY_ADMIN),
            ("demo_auditor", "李卫东", city, Role.AUDITOR),
        ]
        rows = [(login, name, unit, role, True) for login, name, unit, role in named]
        rows.append(("demo_clerk2", "马建军", star.township, Role.TOWNSHIP_CLERK, True))
        townships = {unit.township_id: unit.township for unit in villages}
        counties = {unit.county_id: unit.county for unit in villages}
        places = [(unit, Role.VILLAGE_DIRECTOR) for unit in villages[1:]]
        places += [(unit, Role.TOWNSHIP_CLERK) for pk, unit in townships.items() if pk != star.township_id]
        places += [(unit, Role.COUNTY_OFFICER) for pk, unit in counties.items() if pk != star.county_id]
        rows += [(f"m{n:04}", self._name(), unit, role, False) for n, (unit, role) in enumerate(places, start=1)]
        self._appoint(rows)
        return [
            {
                "role": role.value,
                "title": str(role.label),
                "username": login,
                "password": password,
                "unit": unit.path_label,
            }
            for login, _name, unit, role in named
        ]

    def _appoint(self, rows) -> None:
        people = [
            Person(
                uid=examples.ACCOUNT if login == "demo_director" else uuid.uuid4(),
                username=login,
                name=name,
                phone=f"0371-5550{n:04}",
                password=self.hash if usable else "!demo",
            )
            for n, (login, name, _unit, _role, usable) in enumerate(rows)
        ]
        Person.objects.bulk_create(people, batch_size=BATCH)
        since = self.today - datetime.timedelta(days=500)
        posts = Appointment.objects.bulk_create(
            [
                Appointment(
                    uid=examples.POST if person.uid == examples.ACCOUNT else uuid.uuid4(),
                    person=person,
                    unit=unit,
                    role=role,
                    valid_from=since,
                    document="演示",
                )
                for person, (_login, _name, unit, role, _usable) in zip(people, rows, strict=True)
            ],
            batch_size=BATCH,
        )
        permissions = {permission.codename: permission for permission in unit_permissions()}
        insert(
            UnitGrant,
            [
                row(user_id=post.person_id, content_object_id=post.unit_id, permission_id=permissions[name].pk)
                for post in posts
                for name in sorted(MATRIX[post.role])
            ],
        )
        for post in posts:
            self.posts.setdefault((post.unit_id, post.role), post)

    def _name(self) -> str:
        return self.rng.choice(words.SURNAMES) + self.rng.choice(words.WOMEN if self.rng.random() < 0.7 else words.MEN)

    # --- children

    def _children(self, villages: list[OrgUnit]) -> list[Made]:
        maker, rng = Maker(self.rng, self.today), self.rng
        weights = [WEIGHTS.get(unit.county.name, 4) * rng.uniform(0.4, 1.6) for unit in villages[1:]]
        places = [villages[0]] * min(STAR_CHILDREN, self.count)
        if len(villages) > 1:
            places += rng.choices(villages[1:], weights, k=max(0, self.count - len(places)))
        made = []
        for number, village in enumerate(places):
            director = self.posts[village.pk, Role.VILLAGE_DIRECTOR]
            # a third of the files stood before the year, the others came during it
            days = 370 if rng.random() < 0.35 or number == EXAMPLE_CHILD else rng.randrange(4, 370)
            registered_on = self.today - datetime.timedelta(days=days)
            pk = examples.CHILD if number == EXAMPLE_CHILD else None
            child = maker.child(village, made_by=director.person, made_in=director, registered_on=registered_on, pk=pk)
            self._state(child.file, number, registered_on)
            made.append(child)
        self._number(made)
        insert(ChildFile, [child.file for child in made])
        insert(CategoryMembership, [membership for child in made for membership in child.memberships])
        insert(FamilyMember, [member for child in made for member in child.family])
        insert(Guardian, [child.guardian for child in made])
        insert(ChildFileEvent, [event for child in made for event in self._file_events(child.file)])
        return made

    def _state(self, file: ChildFile, number: int, registered_on: datetime.date) -> None:
        """Nearly all are approved; a few wait, came back, are drafts or closed."""
        star = number < STAR_CHILDREN
        fate = {0: "submitted", 1: "returned"}.get(number, "approved") if star else self.rng.choices(
            ("approved", "submitted", "returned", "draft", "closed"), (948, 14, 4, 4, 30)
        )[0]  # fmt: skip
        morning = timezone.make_aware(datetime.datetime.combine(registered_on, datetime.time(9, 30)))
        recent = timezone.now() - datetime.timedelta(hours=self.rng.randrange(2, 60))
        file.state = fate
        file.created_at = file.updated_at = morning if fate in ("approved", "closed") else recent
        if fate != "draft":
            file.submitted_at = file.created_at
        if fate in ("approved", "closed"):
            file.approved_on, file.version = registered_on, 3
        if fate == "closed":
            file.closed_on = registered_on + datetime.timedelta(
                days=self.rng.randrange(1, max(2, (self.today - registered_on).days))
            )
            file.close_reason = self.rng.choice(("parents_back", "moved", "not_eligible"))
        elif fate in ("submitted", "returned"):
            file.version = 2 if fate == "submitted" else 3

    def _number(self, made: list[Made]) -> None:
        last: dict[tuple[int, int], int] = {}
        for child in sorted(made, key=lambda c: (c.file.approved_on or self.today, c.file.pk)):
            file = child.file
            if file.approved_on:
                key = (file.village_id, file.approved_on.year)
                last[key] = last.get(key, 0) + 1
                file.file_number = f"{file.village.code or f'U{file.village_id}'}-{key[1]}-{last[key]:04}"
        FileSerial.objects.bulk_create(FileSerial(village_id=v, year=y, last=n) for (v, y), n in last.items())

    def _file_events(self, file: ChildFile) -> list:
        maker, clerk = file.made_in, self.posts[file.township_id, Role.TOWNSHIP_CLERK]
        steps = [("make", "", "draft", maker, "")]
        if file.state != "draft":
            steps.append(("submit", "draft", "submitted", maker, ""))
        if file.approved_on:
            steps.append(("approve", "submitted", "approved", clerk, ""))
        if file.state == "returned":
            steps.append(("return", "submitted", "returned", clerk, self.rng.choice(words.RETURNS)))
        return [
            row(
                record_id=file.pk, action=action, was=was, now=now, person_id=by.person_id, post_id=by.pk,
                reason=reason, at=file.created_at + datetime.timedelta(minutes=40 * n),
            )
            for n, (action, was, now, by, reason) in enumerate(steps)
        ]  # fmt: skip

    # --- visits

    def _visits(self, made: list[Made]) -> int:
        visits, events, dues = [], [], []
        star_late = 0
        for number, child in enumerate(made):
            file = child.file
            if not file.approved_on:
                continue
            late = self.rng.random() < 0.07
            if number < STAR_CHILDREN:
                star_late += (late := star_late < 2 and number % 3 == 2)
            own = visits_of(file, self.rng, rules=self.rules, today=self.today, by=file.made_in, late=late)
            if number == EXAMPLE_CHILD:
                _make_example(own[-1], self.today - datetime.timedelta(days=1))
            for visit in own:
                self._review(visit, events, star=number < STAR_CHILDREN)
            visits += own
            valid = [visit for visit in own if visit.state != "returned"]
            dues += [_due(file, owed) for owed in lay_out(file, valid, rules=self.rules)]
        insert(Visit, visits)
        insert(VisitEvent, events)
        insert(VisitDue, dues)
        return len(visits)

    def _review(self, visit, events: list, *, star: bool) -> None:
        """Old visits are accepted; of the last days' some wait and a few came back."""
        age = (self.today - visit.visited_on).days
        clerk = self.posts[visit.township_id, Role.TOWNSHIP_CLERK]
        events.append(
            row(
                record_id=visit.id, action="log", was="", now="submitted", person_id=visit.made_by_id,
                post_id=visit.made_in_id, at=visit.made_at,
            )
        )  # fmt: skip
        chance = self.rng.random()
        example = visit.id == examples.VISIT
        if age < 6 and chance < 0.75 and not example:
            return
        action, visit.state, reason = "accept", "accepted", ""
        if example or age < 14 and chance > (0.93 if star else 0.985):
            action, visit.state, reason = "return", "returned", self.rng.choice(words.RETURNS)
        visit.version = 2
        events.append(
            row(
                record_id=visit.id, action=action, was="submitted", now=visit.state, person_id=clerk.person_id,
                post_id=clerk.pk, reason=reason, at=min(visit.made_at + datetime.timedelta(hours=20), timezone.now()),
            )
        )  # fmt: skip


def _make_example(visit, day: datetime.date) -> None:
    """The visit of the API's examples: made yesterday, sent back by the station."""
    visit.id, visit.visited_on = examples.VISIT, day
    visit.made_at = timezone.make_aware(datetime.datetime.combine(day, datetime.time(10)))


def _due(file: ChildFile, owed):
    values = owed._asdict() | {"visit_id": owed.visit.id if owed.visit else None}
    del values["place"], values["extras"]
    return row(
        child_id=file.pk, village_id=file.village_id, township_id=file.township_id, county_id=file.county_id,
        city_id=file.city_id, **values,
    )  # fmt: skip


def write_accounts(accounts: list[dict]) -> None:
    """The accounts' passwords lie beside the database, readable by its owner alone."""
    path = demo_file()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600, exist_ok=True)
    path.write_text(json.dumps(accounts, ensure_ascii=False, indent=1))
