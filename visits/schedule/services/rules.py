"""How often: the rules that hold, written down and ended, never rewritten."""

import datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import BigAutoField
from django.utils import timezone
from django.utils.translation import gettext as _

from childwelfare.tables.prepared import Parameter, Prepared
from childwelfare.text.cleaning import clean_text
from childwelfare.text.days import short_day
from childwelfare.workflow.refusals import Refused
from orgs.audit.services import record_act
from orgs.posts.models import Appointment, Role
from orgs.units.models import OrgUnit
from registry.child.codes import UNASSESSED, Category, Risk
from registry.child.models import ChildFile
from visits.schedule.models import VisitRule
from visits.schedule.services.recompute_order import order_recompute

# days between two visits where no rule of a county says otherwise: no public source is laxer
DEFAULT_DAYS: dict[str, int] = {Risk.HIGH: 7, Risk.RAISED: 15, Risk.GENERAL: 30, Risk.WATCH: 30}
LONGEST_DAYS = 365
DOCUMENT_LIMIT = 120  # characters
RULES = Prepared(
    lambda: VisitRule.objects.at(Parameter("county", BigAutoField())).filter(role=Role.VILLAGE_DIRECTOR).order_by("pk")
)


def rules_of(*counties: int | None) -> list[VisitRule]:
    """Every rule for directors, of whatever time, that speaks of ``counties``. One query a county."""
    found: dict[int, VisitRule] = {}
    for county in counties or (None,):
        for rule in RULES.ask(county=county):
            found[rule.pk] = rule  # the general rules come with each county, and count once
    return list(found.values())


def interval(
    child: ChildFile, *, on: datetime.date, rules: list[VisitRule] | None = None, county: int | None = None
) -> int:
    """Days between two visits to ``child`` by the director of its place, or of a place in ``county``, by the rules
    in force on ``on``."""
    county = county or child.county_id
    rules = rules_of(county) if rules is None else rules
    return days_between(child.risk, child.category_codes, on=on, rules=rules, county=county)


def days_between(risk: str, category_codes: str, *, on: datetime.date, rules: list[VisitRule], county: int) -> int:
    """As ``interval``, for all children of one risk level and the same categories (``"orphan,left_behind"``).

    The most particular rule in force wins (a county's before the general, a category's before all); among several
    categories the shortest. Without a rule the default of the risk level counts. Whose risk nobody has judged yet is
    visited as one of 一般.
    """
    risk = Risk.GENERAL if risk == UNASSESSED else risk
    held = category_codes.split(",")
    found = [
        rule
        for rule in rules
        if rule.risk == risk
        and rule.county_id in (None, county)
        and (not rule.category or rule.category in held)
        and rule.holds_on(on)
    ]
    if not found:
        return DEFAULT_DAYS[risk]
    # (of the county?, of a category?): pairs compare from the left, so a county's rule for all goes before the city's
    # for one category
    rank = max((rule.county_id is not None, bool(rule.category)) for rule in found)
    return min(rule.days for rule in found if (rule.county_id is not None, bool(rule.category)) == rank)


def place_of(post: Appointment) -> OrgUnit | None:
    """Whose rules ``post`` writes: its county's; the general ones (None) in a city."""
    return None if post.unit.level == 1 else post.unit.county


def new_rule(
    *,
    by: Appointment,
    risk: str,
    days: int | None,
    since: datetime.date | None,
    category: str = "",
    until: datetime.date | None = None,
    document: str = "",
) -> VisitRule:
    """The rule that ``add_rule`` would write, unsaved: to see what it would move.

    Raises PermissionDenied, or ValidationError by field.
    """
    if not by.may("manage_schedule", by.unit):
        raise PermissionDenied
    problems: dict[str, list] = {}
    if risk not in Risk.values:
        problems["risk"] = [_("请选择风险等级。")]
    if category and category not in Category.values:
        problems["category"] = [_("请选择一项。")]
    if not days or not 1 <= days <= LONGEST_DAYS:
        problems["days"] = [_("请填 1 到 %(n)s 之间的天数。") % {"n": LONGEST_DAYS}]
    if since is None:
        problems["since"] = [_("请填写施行日期。")]
    elif until and until <= since:
        problems["until"] = [_("废止日期应晚于施行日期。")]
    document = clean_text(document)
    if not document:
        problems["document"] = [_("请写明文件名称或文号，以后才查得清为什么这样安排。")]
    elif len(document) > DOCUMENT_LIMIT:
        problems["document"] = [_("请写在 %(n)s 字以内。") % {"n": DOCUMENT_LIMIT}]
    if problems:
        raise ValidationError(problems)
    assert days and since  # checked
    rule = VisitRule(
        county=place_of(by), risk=risk, category=category, days=days, since=since, until=until, document=document
    )
    _refuse_contradicting_rule(rule)
    return rule


def add_rule(*, by: Appointment, **given: Any) -> VisitRule:
    """Let children be visited every ``days`` days from ``since`` to before ``until``; ``given`` as for ``new_rule``.
    Open dues follow by a job, or on the day it begins. Raises as ``new_rule``; then nothing is saved."""
    with transaction.atomic():
        OrgUnit.objects.select_for_update().get(pk=by.unit_id)  # one at a time: two may not say different things
        rule = new_rule(by=by, **given)
        rule.save()
        record_act(by, "add_visit_rule", rule, unit=by.unit, risk=rule.risk, category=rule.category, days=rule.days)
        order_recompute(by=by, county=rule.county)
    return rule


def end_rule(rule: VisitRule, *, by: Appointment, until: datetime.date | None) -> VisitRule:
    """Let it hold no longer from ``until`` on. Raises PermissionDenied, Refused, or ValidationError by field."""
    with transaction.atomic():
        rule = VisitRule.objects.select_for_update(of=("self",)).get(pk=rule.pk)
        check_end(rule, by=by, until=until)
        rule.until = until
        rule.save(update_fields=["until"])
        record_act(by, "end_visit_rule", rule, unit=by.unit, until=until)
        order_recompute(by=by, county=rule.county)
    return rule


def check_end(rule: VisitRule, *, by: Appointment, until: datetime.date | None) -> None:
    """Raise what ``end_rule`` would raise."""
    if not _may_write(by, rule):
        raise PermissionDenied
    today = timezone.localdate()
    if rule.until and rule.until <= today:
        raise Refused(_("这条规则已经停止施行。"))
    if until is None:
        raise ValidationError({"until": [_("请填从哪天起停止施行。")]})
    if until < rule.since:  # on the day itself: written by mistake, it never holds
        text = _("停止的日期不能早于施行日期 %(day)s。")
        raise ValidationError({"until": [text % {"day": short_day(rule.since)}]})
    if until < today:
        raise ValidationError({"until": [_("最早从今天起停止；已过去的日子按当时的规则。")]})


def may_end(rule: VisitRule, post: Appointment) -> bool:
    return _may_write(post, rule) and (rule.until is None or rule.until > timezone.localdate())


def _may_write(post: Appointment, rule: VisitRule) -> bool:
    here = place_of(post)
    return post.may("manage_schedule", post.unit) and rule.county_id == (here.pk if here else None)


def _refuse_contradicting_rule(rule: VisitRule) -> None:
    """At one time, one place says one thing about a level and category."""
    others = VisitRule.objects.filter(county=rule.county, risk=rule.risk, category=rule.category, role=rule.role)
    others = others.not_over(rule.since)
    if rule.until:
        others = others.filter(since__lt=rule.until)
    if other := others.first():
        text = _("“%(document)s”（%(day)s 起，每 %(n)s 天）已经规定。请先写明它从哪天起停止。")
        said = {"document": other.document or _("已有规则"), "day": short_day(other.since), "n": other.days}
        raise ValidationError({"since": [text % said]})
