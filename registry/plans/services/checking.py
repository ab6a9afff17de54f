"""What a plan of help has to say before it is sent, and what a line of it refers to."""

import datetime
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from childwelfare.text.cleaning import clean_text
from orgs.access.permissions import MATRIX
from orgs.access.scope import TIERS
from orgs.posts.models import Appointment
from registry.child.models import ChildFile
from registry.needs.models import Need
from registry.plans.models import Goal, GoalState, Plan
from registry.plans.workflow import Content, Line

TEXT_LIMIT = 300  # characters of a goal, a measure, a result, of what was heard and of what is said at the end
WHO_LIMIT = 60  # characters, as the column has
MOST_GOALS = 12
LONGEST = datetime.timedelta(days=366)  # a goal's last day and the next review: within a year (Victoria: 12 months)
NO_GOAL = gettext_lazy("请至少写一条目标：要达到什么，用什么办法，谁来做，何时前。")
NOT_HEARD = gettext_lazy("请写下孩子的意见；没有听取的，请写明原因。")
CHOOSE_LEAD = gettext_lazy("请选择牵头人：一个孩子只有一位，其他人的任务写在各条目标里。")
MISSING = {
    "goal": gettext_lazy("请写明要达到什么。"),
    "measure": gettext_lazy("请写明用什么办法。"),
    "who": gettext_lazy("请写明谁来做。"),
    "by_on": gettext_lazy("请写明何时前完成。"),
}


def posts_around(child: ChildFile) -> Any:
    """Posts of today that see the child's plan: at its village, station and county. One query."""
    units = [getattr(child, f"{tier}_id") for tier in TIERS[1:]]
    roles = [role for role, held in MATRIX.items() if "view_plan" in held]
    posts = Appointment.objects.with_unit().current().filter(unit__in=units, role__in=roles)
    return posts.order_by("-unit__level", "pk")


def content_of(
    child: ChildFile, answers: Mapping[str, Any], lines: Sequence[Mapping[str, Any]], before: Plan | None
) -> Content:
    """The checked content of a plan. ``answers``: lead (the key of a post), review_on, child_heard, guardian_heard,
    not_heard; ``lines``: need, carried_from, goal, measure, who, owner (a post's key), by_on, blank ones left out.
    Raises ValidationError by field; those of a line are called goals.0.by_on."""
    problems: dict[str, list] = {}
    posts = {post.uid: post for post in posts_around(child)}
    columns = _columns(answers, posts, problems)
    needs = {need.pk: need for need in Need.objects.open().filter(child=child)}
    kept = {goal.pk: goal for goal in before.goals.all() if goal.state == GoalState.OPEN} if before else {}
    if not lines:
        problems["goals"] = [NO_GOAL]
    if len(lines) > MOST_GOALS:
        problems["goals"] = [_("一份方案最多 %(n)s 条目标，请合并。") % {"n": MOST_GOALS}]
    read = [_line(number, given, posts, needs, kept, problems) for number, given in enumerate(lines)]
    _refuse_forgotten(read, kept, problems)
    if problems:
        raise ValidationError(problems)
    return Content(columns, tuple(read))


def _columns(answers: Mapping[str, Any], posts: Mapping[uuid.UUID, Appointment], problems: dict) -> dict[str, Any]:
    columns: dict[str, Any] = {}
    for name, limit in (("child_heard", TEXT_LIMIT), ("guardian_heard", TEXT_LIMIT), ("not_heard", 200)):
        columns[name] = _text(answers, name, limit, problems, name)
    if not columns["child_heard"] and not columns["not_heard"]:
        problems["child_heard"] = [NOT_HEARD]
    if not columns["guardian_heard"] and not columns["not_heard"]:
        problems["guardian_heard"] = [_("请写下监护人的意见；没有听取的，请写明原因。")]
    columns["lead"] = posts.get(_key(answers.get("lead")))  # type: ignore[arg-type]
    if columns["lead"] is None:
        problems["lead"] = [CHOOSE_LEAD]
    columns["review_on"] = _day(answers, "review_on", problems, "review_on", _("请填写下次复查日期。"))
    return columns


def _line(
    number: int,
    given: Mapping[str, Any],
    posts: Mapping[uuid.UUID, Appointment],
    needs: Mapping[uuid.UUID, Need],
    kept: Mapping[uuid.UUID, Goal],
    problems: dict,
) -> Line:
    at = f"goals.{number}."
    texts = {
        name: _text(given, name, WHO_LIMIT if name == "who" else TEXT_LIMIT, problems, at + name)
        for name in ("goal", "measure", "who")
    }
    owner = posts.get(_key(given.get("owner")))  # type: ignore[arg-type]
    if given.get("owner") and owner is None:
        problems[at + "owner"] = [_("请选择这个孩子所在的村、乡、县现在在任的人。")]
    if owner and not texts["who"]:
        texts["who"] = owner.person.name
    for name in ("goal", "measure", "who"):
        if not texts[name] and at + name not in problems:
            problems[at + name] = [MISSING[name]]
    need, carried_from = _key(given.get("need")), _key(given.get("carried_from"))
    if given.get("need") and need not in needs:
        problems[at + "need"] = [_("这条需求不是这个孩子的，或已办结，请重新选择。")]
    if given.get("carried_from") and carried_from not in kept:
        problems[at + "goal"] = [_("上一方案的这条目标已有结果，不用转入。")]
    by_on = _day(given, "by_on", problems, at + "by_on", MISSING["by_on"])
    return Line(texts["goal"], texts["measure"], texts["who"], by_on, need=need, carried_from=carried_from, owner=owner)


def _refuse_forgotten(lines: Sequence[Line], kept: Mapping[uuid.UUID, Goal], problems: dict) -> None:
    """No open goal of the plan before is lost: it is carried on, or its end is written there first."""
    carried = [line.carried_from for line in lines if line.carried_from]
    if len(carried) != len(set(carried)):
        problems.setdefault("goals", []).append(_("上一方案的同一条目标转入了两次，请删去一条。"))
    if forgotten := [goal.goal for key, goal in kept.items() if key not in carried]:
        text = _("上一方案还有没完成的目标：%(goals)s。请转入这份方案，或先在上一方案写明结果。")
        problems.setdefault("goals", []).append(text % {"goals": _("；").join(forgotten)})


def _text(given: Mapping[str, Any], name: str, limit: int, problems: dict, at: str) -> str:
    text = clean_text(given.get(name) or "")
    if len(text) > limit:
        problems[at] = [_("最多 %(most)s 字，现在有 %(n)s 字。") % {"most": limit, "n": len(text)}]
    return text


def _day(given: Mapping[str, Any], name: str, problems: dict, at: str, missing: Any) -> Any:
    day, today = given.get(name), timezone.localdate()
    if not day:
        problems[at] = [missing]
    elif day <= today:
        problems[at] = [_("应在今天之后，请核对。")]
    elif day > today + LONGEST:
        problems[at] = [_("应在一年以内，请核对。")]
    return day


def _key(given: Any) -> uuid.UUID | None:
    try:
        return given if isinstance(given, uuid.UUID) else uuid.UUID(str(given)) if given else None
    except ValueError:
        return None
