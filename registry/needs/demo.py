"""Needs around the demo accounts, in every state and at every tier, with a past: written as rows, for what the services
write is of today, and events are only ever added. One was handed down by the city with advice, one lies at the city and
is overdue there, one went up by itself, one left the family dissatisfied. The meeting of the station is held by its
service."""

import datetime
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils import timezone

from childwelfare.demo.makers import MAKERS, Demo
from orgs.posts.models import Appointment
from orgs.units.models import OrgUnit
from registry.child.models import ChildFile
from registry.needs.codes import Kind
from registry.needs.models import Need, NeedEvent, NeedState

DAY = datetime.timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Past:
    """What was found ``ago`` days ago, and what came of it: ``moves`` as (days ago, action, tier that made it, tier
    that holds it afterwards, reason), ``steps`` as (days ago, tier, service, text). ``due`` in days from today."""

    kind: str
    words: str
    source: str
    ago: int
    due: int
    urgency: str = "normal"
    moves: tuple[tuple[int, str, str, str, str], ...] = ()
    steps: tuple[tuple[int, str, str, str], ...] = ()
    owner: str = ""
    end: dict[str, Any] = field(default_factory=dict)


PASTS = (
    Past(
        kind="mind.mood", words="父母离婚后不愿说话，夜里睡不好", source="assessment", ago=47, due=4, urgency="soon",
        moves=(
            (43, "pass_up", "village", "township", "陪孩子谈过一次，村里没有懂心理的"),
            (35, "pass_up", "township", "county", "乡里没有心理服务，请县里办"),
            (30, "pass_up", "county", "city", "县医院没有儿童心理门诊，请市里协调"),
            (24, "pass_down", "city", "county", "市八院每月派人到县里，请约最近一次"),
            (23, "take", "county", "county", ""),
        ),
        steps=((44, "village", "company", "入户陪孩子谈了一个下午"),
               (16, "county", "counselling", "第 1 次心理辅导，50 分钟，孩子愿意再来")),
        owner="county",
    ),
    Past(
        kind="health.treatment", words="近一年没有体检，看黑板看不清", source="visit", ago=32, due=-2, urgency="soon",
        steps=((20, "village", "contact", "约了乡卫生院，没有车，没去成"),), owner="village",
    ),
    Past(
        kind="education.fees", words="寄宿费和伙食费交不上", source="school", ago=22, due=21,
        moves=((18, "pass_up", "village", "township", "请站里向中学补报资助名单"),
               (18, "take", "township", "township", "")),
        steps=((12, "township", "application", "中学已收材料，等教体局批"),), owner="township",
    ),
    Past(
        kind="education.back_to_school", words="两周没有到校，爷爷叫不动", source="school", ago=14, due=1,
        urgency="urgent", moves=((5, "escalate", "", "township", ""),),
    ),
    Past(
        kind="living.papers", words="出生后没有落户，外婆不知道要什么材料", source="visit", ago=60, due=-4,
        moves=((50, "pass_up", "village", "township", "要到外省开出生证明"),
               (40, "pass_up", "township", "county", "跨省的材料站里办不了"),
               (33, "pass_up", "county", "city", "请市里与对方民政联系")),
    ),
    Past(
        kind="guardianship.parenting", words="奶奶管不住孩子玩手机，想学怎么说", source="guardian", ago=6, due=22,
        steps=((3, "village", "parenting", "教奶奶先说定时间，再给手机"),), owner="village",
    ),
    Past(
        kind="living.clothes", words="冬衣小了两号", source="visit", ago=40, due=-12, owner="village",
        moves=((3, "settle", "village", "village", ""),),
        steps=((3, "village", "settlement", "镇里送了一件棉衣，鞋子还缺"),),
        end={"state": NeedState.SETTLED, "outcome": "partly", "satisfaction": "not", "settled_on": 3,
             "outcome_words": "镇里送了一件棉衣，鞋子还缺"},
    ),
    Past(
        kind="safety.drowning", words="屋后水塘没有围栏", source="visit", ago=75, due=-50, owner="village",
        moves=((52, "settle", "village", "village", ""),), steps=((53, "village", "other", "村里装好围栏，拍了照片"),),
        end={"state": NeedState.SETTLED, "outcome": "met", "satisfaction": "satisfied", "settled_on": 52},
    ),
    Past(
        kind="living.food", words="写错孩子了", source="visit", ago=9, due=10, owner="village",
        moves=((8, "void", "township", "village", "是同村另一个孩子的"),),
        end={"state": NeedState.VOID, "outcome": "mistaken", "settled_on": 8},
    ),
)  # fmt: skip
ACCOUNTS = {
    "village": "demo_director",
    "township": "demo_clerk",
    "county": "demo_county",
    "city": "demo_city",
}


def make_needs(demo: Demo) -> None:
    """In the village of the demo director, as far as there are children and posts."""
    current = Appointment.objects.with_unit().current()
    people = {post.person.username: post for post in current.filter(person__username__in=ACCOUNTS.values())}
    if len(people) < len(ACCOUNTS):
        return
    line = {tier: people[name] for tier, name in ACCOUNTS.items()}
    own = ChildFile.objects.in_registry().filter(village=line["village"].unit_id).order_by("-file_number")
    files = list(own[: len(PASTS)])
    if not files:
        return
    with transaction.atomic():
        for number, past in enumerate(PASTS):
            _need(files[number % len(files)], past, line)


def _need(file: ChildFile, past: Past, line: dict[str, Appointment]) -> Need:
    today, director = timezone.localdate(), line["village"]
    holder = past.moves[-1][3] if past.moves else "village"
    since = past.moves[-1][0] if past.moves else past.ago
    end = dict(past.end)
    if "settled_on" in end:
        end["settled_on"] = today - end["settled_on"] * DAY
    need = Need(
        child=file, kind=past.kind, system=Kind(past.kind).system, urgency=past.urgency, words=past.words,
        source=past.source, found_on=today - past.ago * DAY, holder=line[holder].unit, held_since=_ago(since),
        owner=line[past.owner] if past.owner else None, due_on=today + past.due * DAY, made_by=director.person,
        made_in=director, made_at=_ago(past.ago), **end,
    )  # fmt: skip
    need.version = 1 + len(past.moves)
    need.place(file)
    need.save(force_insert=True)
    _tell(need, past, line)
    for ago, tier, service, text in past.steps:
        by = line[tier]
        need.steps.create(service=service, text=text, done_on=today - ago * DAY, made_by=by.person, made_in=by,
                          made_at=_ago(ago))  # fmt: skip
    return need


def _tell(need: Need, past: Past, line: dict[str, Appointment]) -> None:
    """The events, each of its day; the last one says what the row says."""
    director, unit = line["village"], line["village"].unit
    rows = [_event(need, "record", "", director, unit, director, past.ago, need.found_on + 14 * DAY)]
    for number, (ago, action, tier, holder, reason) in enumerate(past.moves):
        is_last = number == len(past.moves) - 1
        by, unit = line.get(tier), line[holder].unit
        owner = by if action == "take" else None
        due_on = need.due_on if is_last else timezone.localdate() - (ago - 10) * DAY
        row = _event(need, action, reason, by, unit, owner, ago, due_on)
        if is_last:
            row.now, row.outcome, row.satisfaction = need.state, need.outcome, need.satisfaction
        rows.append(row)
    NeedEvent.objects.bulk_create(rows)


def _event(
    need: Need, action: str, reason: str, by: Appointment | None, unit: OrgUnit, owner: Any, ago: int, due_on: Any
) -> NeedEvent:
    was = "" if action == "record" else NeedState.OPEN
    return NeedEvent(
        record=need, action=action, was=was, now=NeedState.OPEN, person=by and by.person, post=by, reason=reason,
        at=_ago(ago), holder=unit, owner=owner, due_on=due_on,
    )  # fmt: skip


def _ago(days: int) -> datetime.datetime:
    return timezone.now() - days * DAY


MAKERS.add(make_needs, order=95)
