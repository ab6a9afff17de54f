"""The made-up city's people: a director in each village that has children, a clerk a station, an officer a county, and
the named accounts of the demo."""

import datetime
import random
import uuid

from django.contrib.auth.hashers import make_password

from childwelfare.demo import examples, words
from childwelfare.demo.makers import MAKERS, Demo
from childwelfare.demo.rows import insert, row
from childwelfare.workflow.refusals import Refused
from orgs.access.permission_rows import unit_permissions
from orgs.access.permissions import MATRIX
from orgs.accounts.models import Person
from orgs.posts.models import Appointment, Role
from orgs.units.models import OrgUnit, UnitGrant

STAR_VILLAGE = ("荥阳市", "高村乡", "刘沟")  # of the demo director
BATCH = 400


def make_staff(demo: Demo) -> None:
    demo.villages = _villages(demo)
    if not demo.villages:
        raise Refused("还没有载入行政区划：请先运行 load_units。")
    demo.accounts = _staff(demo, demo.villages)
    demo.made["people"] = Person.objects.count()


def _villages(demo: Demo) -> list[OrgUnit]:
    """The villages that have children, the one of the demo director first."""
    units = OrgUnit.objects.filter(level=4).current().with_path().order_by("code", "pk")
    by_township: dict[int, list[OrgUnit]] = {}
    for unit in units:
        by_township.setdefault(unit.township_id, []).append(unit)
    star = next((u for u in units if (u.county.name, u.township.name, u.name[:2]) == STAR_VILLAGE), None)
    chosen = [star] if star else []
    for villages in by_township.values():
        share = 0.6 if star and villages[0].township_id == star.township_id else 0.12
        some = demo.rng.sample(villages, max(1, round(len(villages) * share)))
        chosen += [unit for unit in some if unit != star]
    return chosen


def _staff(demo: Demo, villages: list[OrgUnit]) -> list[dict]:
    password = "demo-" + "".join(random.SystemRandom().choice("abcdefghjkmnpqrstuvwxyz23456789") for _ in range(6))
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
    # nobody checks what she wrote herself: where there is one person only, nothing could be tried
    rows.append(("demo_clerk2", "马建军", star.township, Role.TOWNSHIP_CLERK, True))
    rows.append(("demo_city2", "郑海涛", city, Role.CITY_OFFICER, True))
    townships = {unit.township_id: unit.township for unit in villages}
    counties = {unit.county_id: unit.county for unit in villages}
    places = [(unit, Role.VILLAGE_DIRECTOR) for unit in villages[1:]]
    places += [(unit, Role.TOWNSHIP_CLERK) for pk, unit in townships.items() if pk != star.township_id]
    places += [(unit, Role.COUNTY_OFFICER) for pk, unit in counties.items() if pk != star.county_id]
    rows += [(f"m{n:04}", _name(demo), unit, role, False) for n, (unit, role) in enumerate(places, start=1)]
    _appoint(demo, rows, make_password(password))
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


def _appoint(demo: Demo, rows: list[tuple], password_hash: str) -> None:
    people = [
        Person(
            uid=examples.ACCOUNT if login == "demo_director" else uuid.uuid4(),
            username=login,
            name=name,
            phone=f"0371-5550{n:04}",
            password=password_hash if usable else "!demo",
        )
        for n, (login, name, _unit, _role, usable) in enumerate(rows)
    ]
    Person.objects.bulk_create(people, batch_size=BATCH)
    since = demo.today - datetime.timedelta(days=500)
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
        demo.posts.setdefault((post.unit_id, post.role), post)


def _name(demo: Demo) -> str:
    return demo.rng.choice(words.SURNAMES) + demo.rng.choice(words.WOMEN if demo.rng.random() < 0.7 else words.MEN)


MAKERS.add(make_staff, order=10)
