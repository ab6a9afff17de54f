"""The made-up children with their files, families and events, inserted as rows."""

import datetime
from dataclasses import dataclass

from django.utils import timezone

from childwelfare.demo import examples, words
from childwelfare.demo.makers import MAKERS, Demo
from childwelfare.demo.rows import insert, row
from childwelfare.workflow.refusals import Refused
from orgs.inbox.services import Author, notify
from orgs.posts.models import Appointment, Role
from orgs.units.models import OrgUnit
from registry.categories.models import CategoryMembership
from registry.child.demo_children import Made, Maker
from registry.child.models import ChildFile, ChildFileEvent, FileSerial
from registry.child.spellings import NameSpelling, spellings_of
from registry.family.models import FamilyMember, Guardian

STAR_CHILDREN = 21  # in the demo director's village
FILES = 3  # of the director's, that papers, transfers and merging take
EXAMPLE_CHILD = 3  # of those, who stands in the API's examples
# weights of the counties: about as many children as city.png shows
WEIGHTS = {"登封市": 10, "新密市": 9, "中牟县": 8, "荥阳市": 9, "巩义市": 7, "新郑市": 7, "郑东新区": 3, "金水区": 6}


@dataclass(frozen=True)
class Station:
    """The demo's station, whose people the later makers let act."""

    director: Appointment
    clerk: Appointment
    second: Appointment

    def files(self, count: int) -> list[ChildFile]:
        """The ``count`` newest files in the director's care; fewer where there are fewer."""
        return list(
            ChildFile.objects.visible_to(self.director, "view_child").in_registry().order_by("-file_number")[:count]
        )


def demo_station() -> Station | None:
    """None where the demo has no director or fewer than two clerks."""
    names = ("demo_director", "demo_clerk", "demo_clerk2")
    posts = Appointment.objects.with_unit().filter(person__username__in=names)
    found = {post.person.username: post for post in posts}
    return Station(*(found[name] for name in names)) if len(found) == len(names) else None


def refuse_a_registry_in_use(demo: Demo) -> None:
    if ChildFile.objects.exists():
        raise Refused("这里已有儿童档案，演示数据只能载入空的系统。")


def make_children(demo: Demo) -> None:
    demo.children = _children(demo, demo.villages)
    demo.made["children"] = len(demo.children)


def _children(demo: Demo, villages: list[OrgUnit]) -> list[Made]:
    maker, rng = Maker(demo.rng, demo.today), demo.rng
    weights = [WEIGHTS.get(unit.county.name, 4) * rng.uniform(0.4, 1.6) for unit in villages[1:]]
    places = [villages[0]] * min(STAR_CHILDREN, demo.count)
    if len(villages) > 1:
        places += rng.choices(villages[1:], weights, k=max(0, demo.count - len(places)))
    made = []
    for number, village in enumerate(places):
        director = demo.posts[village.pk, Role.VILLAGE_DIRECTOR]
        # a third of the files stood before the year, the others came during it
        days = 370 if rng.random() < 0.35 or number == EXAMPLE_CHILD else rng.randrange(4, 370)
        registered_on = demo.today - datetime.timedelta(days=days)
        pk = examples.CHILD if number == EXAMPLE_CHILD else None
        child = maker.child(village, made_by=director.person, made_in=director, registered_on=registered_on, pk=pk)
        _state(demo, child.file, number, registered_on)
        _end_memberships(child)
        made.append(child)
    _number(demo, made)
    insert(ChildFile, [child.file for child in made])
    insert(CategoryMembership, [membership for child in made for membership in child.memberships])
    insert(FamilyMember, [member for child in made for member in child.family])
    insert(Guardian, [child.guardian for child in made])
    insert(NameSpelling, [spelling for child in made for spelling in _spellings(child.file)])
    insert(ChildFileEvent, [event for child in made for event in _file_events(demo, child.file)])
    return made


def _spellings(file: ChildFile) -> list[NameSpelling]:
    return [*spellings_of(file.pk, file.name), *spellings_of(file.pk, file.guardian_name, of_carer=True)]


def _state(demo: Demo, file: ChildFile, number: int, registered_on: datetime.date) -> None:
    """Nearly all are approved; a few wait, came back, are drafts or closed."""
    star = number < STAR_CHILDREN
    fate = (
        {0: "submitted", 1: "returned"}.get(number, "approved")
        if star
        else demo.rng.choices(("approved", "submitted", "returned", "draft", "closed"), (948, 14, 4, 4, 30))[0]
    )
    morning = timezone.make_aware(datetime.datetime.combine(registered_on, datetime.time(9, 30)))
    recent = timezone.now() - datetime.timedelta(hours=demo.rng.randrange(2, 60))
    file.state = fate
    file.created_at = file.updated_at = morning if fate in ("approved", "closed") else recent
    if fate != "draft":
        file.submitted_at = file.created_at
    if fate in ("approved", "closed"):
        file.approved_on, file.version = registered_on, 3
    if fate == "closed":
        file.closed_on = registered_on + datetime.timedelta(
            days=demo.rng.randrange(1, max(2, (demo.today - registered_on).days))
        )
        file.close_reason = demo.rng.choice(("parents_back", "moved", "not_eligible"))
    elif fate in ("submitted", "returned"):
        file.version = 2 if fate == "submitted" else 3


def _end_memberships(child: Made) -> None:
    """A closed file holds no category any more."""
    file = child.file
    if not file.closed_on:
        return
    for membership in child.memberships:
        membership.until, membership.exit_reason = max(file.closed_on, membership.since), file.close_reason
    file.category_codes = ""


def _number(demo: Demo, made: list[Made]) -> None:
    last: dict[tuple[int, int], int] = {}
    for child in sorted(made, key=lambda c: (c.file.approved_on or demo.today, c.file.pk)):
        file = child.file
        if file.approved_on:
            key = (file.village_id, file.approved_on.year)
            last[key] = last.get(key, 0) + 1
            file.file_number = f"{file.village.code or f'U{file.village_id}'}-{key[1]}-{last[key]:04}"
    FileSerial.objects.bulk_create(FileSerial(village_id=v, year=y, last=n) for (v, y), n in last.items())


def _file_events(demo: Demo, file: ChildFile) -> list:
    maker, clerk = file.made_in, demo.posts[file.township_id, Role.TOWNSHIP_CLERK]
    steps = [("make", "", "draft", maker, "")]
    if file.state != "draft":
        steps.append(("submit", "draft", "submitted", maker, ""))
    if file.approved_on:
        steps.append(("approve", "submitted", "approved", clerk, ""))
    if file.state == "returned":
        steps.append(("return", "submitted", "returned", clerk, demo.rng.choice(words.RETURNS)))
    return [
        row(
            record_id=file.pk,
            action=action,
            was=was,
            now=now,
            person_id=by.person_id,
            post_id=by.pk,
            reason=reason,
            at=file.created_at + datetime.timedelta(minutes=40 * n),
        )
        for n, (action, was, now, by, reason) in enumerate(steps)
    ]


TOLD = {"approve": "file_approved", "return": "file_returned"}


def tell_of_files(demo: Demo) -> None:
    """What was decided last of the demo director's files, as her inbox tells it."""
    decided = ChildFileEvent.objects.filter(
        action__in=tuple(TOLD), record__made_in__person__username="demo_director"
    ).select_related("record")
    for event in decided.order_by("-at")[:5]:
        author = Author(event.record.made_in_id, "create_child")
        notify(TOLD[event.action], event.record, to=author, key=str(event.pk), at=event.at)


MAKERS.add(refuse_a_registry_in_use, order=0)
MAKERS.add(make_children, order=20)
MAKERS.add(tell_of_files, order=940)
