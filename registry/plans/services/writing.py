"""Writing a plan of help, sending it again, taking it back, looking it through, ending it. The moves are those of
``registry.plans.workflow``.

Facts on plans (OSCaR, Primero, DB3701): need, goal, measure, who, end date; the superior approves;
open goals carry over; child and guardian are heard; a closing list.
"""

import datetime
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from childwelfare.text.cleaning import clean_text
from childwelfare.workflow.refusals import Refused, Stale
from childwelfare.workflow.writing import created_once, first_sending
from orgs.audit.services import record_act
from orgs.posts.models import Appointment
from registry.child.models import ChildFile, FileState
from registry.child.services.locking import lock_whole_file
from registry.plans.models import Goal, Plan, PlanState
from registry.plans.moves import write_goals
from registry.plans.services.asked import asked_by_level, plan_to_continue
from registry.plans.services.checking import LONGEST, TEXT_LIMIT, content_of, posts_around
from registry.plans.workflow import PLAN, Ending, Lead, Review


def write_plan(
    child: ChildFile,
    *,
    by: Appointment,
    answers: Mapping[str, Any],
    lines: Sequence[Mapping[str, Any]],
    pk: uuid.UUID | None = None,
) -> Plan:
    """Send a plan for ``child`` to be approved: by its station, or by the county where the child's level asks it.

    ``answers`` and ``lines`` as of ``content_of``. A plan that runs goes on until this one is approved. ``pk`` comes
    from the form: sent twice, it is one plan. Raises PermissionDenied, Refused, Stale, or ValidationError by field;
    then nothing is saved.
    """
    pk = pk or uuid.uuid4()
    earlier = Plan.objects.filter(pk=pk, made_by=by.person)

    def says(first: Plan) -> bool:
        return first.child_id == child.pk and _says_plan(first, answers, lines)

    if same := first_sending(earlier, says=says):
        return same
    if not by.may("make_plan", child):
        raise PermissionDenied
    _refuse_unfit(child)
    content = content_of(child, answers, lines, plan_to_continue(child))
    with created_once(earlier, says=says, refusal=_("这份方案没有存上，请刷新页面后再填一次。")) as sending:
        here = lock_whole_file(child.pk)
        if same := first_sending(earlier, says=says):  # its other sending was first at the lock
            return same
        _refuse_unfit(here)
        before = plan_to_continue(here)
        if before:  # once more, now that nobody else ends a goal of it
            content = content_of(here, answers, lines, before)
        level, approver, assessment = asked_by_level(here)
        plan = Plan(
            pk=pk,
            child=here,
            number=_next_number(here),
            before=before,
            level=level,
            approver=approver,
            assessment=assessment,
            made_by=by.person,
            made_in=by,
            **content.columns,
        )
        plan.place(here)
        plan.save(force_insert=True)
        write_goals(plan, content.lines)
        plan.events.create(action="make", now=plan.state, person=by.person, post=by)
        record_act(by, "make_plan", plan, goals=len(content.lines))
    return sending.first or plan


def amend_plan(
    plan: Plan,
    *,
    by: Appointment,
    seen_version: int,
    answers: Mapping[str, Any],
    lines: Sequence[Mapping[str, Any]],
) -> Plan:
    """Send a plan again that came back; what it said is replaced, and the child's level says anew who approves it.
    Raises as ``write_plan``."""
    PLAN.refuse_moved_since("resubmit", plan, seen_version=seen_version)
    if objection := PLAN.objection(by, plan, "resubmit"):
        raise objection
    content = content_of(plan.child, answers, lines, plan_to_continue(plan.child))
    PLAN.apply("resubmit", plan, by=by, seen_version=seen_version, payload=content)
    return plan


def recall_plan(plan: Plan, *, by: Appointment, seen_version: int) -> Plan:
    """Who wrote it takes it back to mend it, while nobody decided."""
    PLAN.apply("recall", plan, by=by, seen_version=seen_version)
    return plan


def withdraw_plan(plan: Plan, *, by: Appointment, seen_version: int) -> Plan:
    """What came back is not made after all; it stays on the file. A plan that runs goes on."""
    PLAN.apply("withdraw", plan, by=by, seen_version=seen_version)
    return plan


def review_plan(plan: Plan, *, by: Appointment, seen_version: int, review_on: datetime.date | None, words: str) -> Plan:
    """The plan was looked through with the family: what was found, and when it is looked through again."""
    PLAN.refuse_moved_since("review", plan, seen_version=seen_version)
    words, problems, today = clean_text(words), {}, timezone.localdate()
    if not words:
        problems["words"] = [_("请写明复查的情况：哪些有进展，哪些要改。")]
    elif len(words) > TEXT_LIMIT:
        problems["words"] = [_("最多 %(most)s 字，现在有 %(n)s 字。") % {"most": TEXT_LIMIT, "n": len(words)}]
    if not review_on:
        problems["review_on"] = [_("请填写下次复查日期。")]
    elif not today < review_on <= today + LONGEST:
        problems["review_on"] = [_("应在今天之后、一年以内，请核对。")]
    if problems:
        raise ValidationError(problems)
    assert review_on  # checked
    PLAN.apply("review", plan, by=by, seen_version=seen_version, payload=Review(review_on, words))
    return plan


def change_lead(plan: Plan, *, by: Appointment, seen_version: int, lead: Any) -> Plan:
    """Somebody else leads from now on. ``lead``: the key (uid) of a post around the child."""
    PLAN.refuse_moved_since("change_lead", plan, seen_version=seen_version)
    post = next((post for post in posts_around(plan.child) if str(post.uid) == str(lead)), None)
    if post is None:
        raise ValidationError({"lead": [_("请选择这个孩子所在的村、乡、县现在在任的人。")]})
    if post.pk == plan.lead_id:
        raise ValidationError({"lead": [_("现在就是这位牵头。")]})
    PLAN.apply("change_lead", plan, by=by, seen_version=seen_version, payload=Lead(post))
    return plan


def close_plan(plan: Plan, *, by: Appointment, seen_version: int, words: str) -> Plan:
    """End a plan of which every goal has its result. Open needs stay open: they are told on the page."""
    PLAN.refuse_moved_since("close", plan, seen_version=seen_version)
    words = clean_text(words)
    if not words:
        raise ValidationError({"words": [_("请写明怎样结束：达到了什么，还要留意什么。")]})
    if len(words) > TEXT_LIMIT:
        text = _("最多 %(most)s 字，现在有 %(n)s 字。")
        raise ValidationError({"words": [text % {"most": TEXT_LIMIT, "n": len(words)}]})
    PLAN.apply("close", plan, by=by, seen_version=seen_version, payload=Ending(words))
    return plan


def end_plans_with_file(file: ChildFile, *, by: Appointment) -> None:
    """What is open of ``file`` ends with its closing, in that act's transaction, which holds the file."""
    for plan in Plan.objects.select_for_update().open().filter(child=file).order_by("pk"):
        plan.child = file
        PLAN.follow("end_with_file", plan, by=by)


def go_on_with_file(file: ChildFile, *, by: Appointment, since: datetime.datetime) -> None:
    """What ended with the closing of ``file`` at ``since`` goes on: in the transaction that takes the closing back. Of
    plans that run, and of those that wait, a child has one."""
    ended = Plan.objects.select_for_update().filter(child=file, state__in=(PlanState.CLOSED, PlanState.WITHDRAWN))
    for plan in ended.order_by("pk"):
        last = plan.events.last()
        if last and last.action == "end_with_file" and last.at >= since:
            ran = last.was == PlanState.APPROVED
            open_ones = Plan.objects.filter(child=file)
            if (open_ones.running() if ran else open_ones.waiting()).exists():
                continue
            plan.child = file
            PLAN.follow_undo("end_with_file", plan, by=by)


def _refuse_unfit(child: ChildFile) -> None:
    if child.state != FileState.APPROVED:
        raise Refused(_("%(name)s的档案不在册，不能制定方案。") % {"name": child.name})
    waiting = Plan.objects.waiting().filter(child=child).first()
    if waiting:
        text = _("%(name)s已有一份方案（%(number)s）%(state)s，请先办完那一份。")
        said = {"name": child.name, "number": waiting.number, "state": waiting.get_state_display()}
        raise Stale(text % said)


def _next_number(child: ChildFile) -> str:
    """Year and serial within the file, which the caller holds."""
    year = timezone.localdate().year
    used = Plan.objects.filter(child=child, number__startswith=f"{year}-").values_list("number", flat=True)
    serial = max((int(number[5:]) for number in used), default=0) + 1
    return f"{year}-{serial:02d}"


def _says_plan(first: Plan, answers: Mapping[str, Any], lines: Sequence[Mapping[str, Any]]) -> bool:
    """Whether ``first``, as it was sent first, says the same."""
    told = {name: clean_text(answers.get(name) or "") for name in ("child_heard", "guardian_heard", "not_heard")}
    if any(getattr(first, name) != text for name, text in told.items()):
        return False
    if first.review_on != answers.get("review_on") or str(first.lead.uid) != str(answers.get("lead")):
        return False
    goals = list(first.goals.select_related("owner__person"))
    return len(goals) == len(lines) and all(_says_goal(*pair) for pair in zip(goals, lines, strict=True))


def _says_goal(goal: Goal, line: Mapping[str, Any]) -> bool:
    texts = all(getattr(goal, name) == clean_text(line.get(name) or "") for name in ("goal", "measure"))
    owner, who = str(goal.owner.uid) if goal.owner else "", clean_text(line.get("who") or "")
    is_done_by_same = owner == str(line.get("owner") or "") and (
        goal.who == who or (not who and goal.owner is not None and goal.who == goal.owner.person.name)
    )
    keys = all(str(getattr(goal, f"{name}_id") or "") == str(line.get(name) or "") for name in ("need", "carried_from"))
    return texts and is_done_by_same and keys and goal.by_on == line.get("by_on")
