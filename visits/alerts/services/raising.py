"""Alerts: raised at once, signed for, the call to 110 completed. What is done about them: ``handling``.

Law: 未成年人保护法 art. 11.
"""

import datetime
import uuid
from collections.abc import Collection
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from childwelfare.text.cleaning import clean_text
from childwelfare.workflow.refusals import CHANGED_SINCE, Stale
from childwelfare.workflow.writing import claim, created_once, first_sending, has_values
from orgs.access.scope import Place
from orgs.audit.services import record_act
from orgs.posts.models import Appointment
from orgs.stale_figures.services import mark_figures_stale
from orgs.units.models import Level, OrgUnit
from registry.child.models import ChildFile
from registry.child.services.locking import lock_whole_file
from visits.alerts import codes
from visits.alerts.models import Alert, AlertState
from visits.alerts.services.messages import tell
from visits.alerts.workflow import ALERT

# longest texts, in characters
LIMITS = {"child_words": 100, "where": 100, "seen": 500, "told_by": 100, "police_unit": 60, "police_receipt": 40}
CALL_FIELDS = ("call", "called_at", "police_unit", "police_receipt")
# what a report can't do without: the form says the same before it is sent
MISSING = {
    "situations": gettext_lazy("请至少选一项，拿不准选“其他严重伤害或危险”。"),
    "call": gettext_lazy("请先打 110，再选打通了没有。"),
    "called_at": gettext_lazy("请填写报警时间。"),
    "child_words": gettext_lazy("请写明是哪个孩子：姓名、性别、大约几岁，或者谁家的孩子。"),
    "village": gettext_lazy("请选择孩子现在在哪个村（居）。"),
}
# a name taken from the list and words about somebody else: nobody may guess which child is in danger
NAMED_TWICE = gettext_lazy(
    "上面已经选了名单里的一个孩子，这里又写了一个，不知道有危险的是谁。"
    "是选的那个，请清空这里，特征写在“经过”里；不是，请把上面改成“不认识，或不在名单里”。"
)
CLOCKS_DIFFER = datetime.timedelta(minutes=10)  # a phone's clock may be ahead of ours
TIERS_THAT_SIGN: dict[int, str] = {Level.TOWNSHIP: "township_at", Level.COUNTY: "county_at"}


def raise_alert(*, by: Appointment, answers: dict, pk: uuid.UUID | None = None, screened: str = "") -> Alert:
    """Report danger to a child to township, county and city at once, and start the 24-hour clock.

    ``answers``: fields of Alert in clear; ``child`` and ``village`` by their key (UUID) or None. Without a child
    ``child_words`` says who it is, beside one it is refused; without a village it is the child's, a director's is
    always her own. ``pk`` comes from the form or the phone: a second sending gives the report of the first. Raises
    PermissionDenied, Refused, or ValidationError by field; then nothing is saved and nobody is told. ``screened``: the
    question of the urgent screen whose yes opened it.
    """
    facts = facts_in(answers)

    def says(first: Alert) -> bool:
        return _says_report(first, facts, answers)

    pk = pk or uuid.uuid4()
    earlier = Alert.objects.filter(pk=pk, made_by=by.person)
    if same := first_sending(earlier, says=says):
        return same
    if not by.holds("raise_alert"):
        raise PermissionDenied
    facts["found_at"] = answers.get("found_at") or timezone.now()
    problems: dict[str, list] = {}
    child, village = _whom_and_where(by, answers, facts, problems)
    check_report(facts, problems)
    if problems:
        raise ValidationError(problems)
    alert = Alert(pk=pk, child=child, made_by=by.person, made_in=by, screened=screened, **call_of(facts))
    with created_once(earlier, says=says, refusal=_("这份报告没有存上，请回到紧急报告页面重新打开表单。")) as sending:
        if village is child:  # moved since it was read: its station of today is told
            village = lock_whole_file(child.pk)
        alert.place(village)
        alert.save(force_insert=True)
        alert.events.create(action="raise", now=alert.state, person=by.person, post=by)
        mark_figures_stale(alert.county_id, villages=[alert.village_id])
        record_act(by, "raise_alert", alert)
        tell(alert, "raised")
    return sending.first or alert


def acknowledge(alert: Alert, *, by: Appointment, seen_version: int) -> Alert:
    """Sign for a report, once for the township and once for the county: from now on it is dealt with."""
    column = TIERS_THAT_SIGN.get(by.unit.level)
    if column is None or not may_act("acknowledge_alert", by, alert):
        raise PermissionDenied
    if getattr(alert, column):
        raise Stale(_("本级已经签收过了。"))
    with transaction.atomic():
        ALERT.apply("acknowledge", alert, by=by, seen_version=seen_version)
        setattr(alert, column, timezone.now())
        alert.save(update_fields=[column])
    return alert


def complete_call(alert: Alert, *, by: Appointment, seen_version: int, answers: dict) -> Alert:
    """What was learnt of the call to 110 later: that it went through, its time, police unit, receipt number."""
    if not (raised_by(by, alert) or may_act("handle_alert", by, alert)):
        raise PermissionDenied
    if 0 < seen_version < alert.version:  # before the content, which is not to be mended where a colleague was first
        raise Stale(CHANGED_SINCE)
    facts: dict[str, Any] = {name: clean_text(answers.get(name) or "") for name in CALL_FIELDS if name != "called_at"}
    facts["called_at"] = answers.get("called_at")
    problems: dict[str, list] = {}
    _check_call(facts, problems)
    if problems:
        raise ValidationError(problems)
    with transaction.atomic():
        claim(alert, seen_version)
        alert.version = seen_version + 1
        for name, value in call_of(facts).items():
            setattr(alert, name, value)
        alert.save(update_fields=CALL_FIELDS)
        alert.events.create(action="call", was=alert.state, now=alert.state, person=by.person, post=by)
        record_act(by, "call_alert", alert)
    return alert


def name_situations(alert: Alert, *, by: Appointment, seen_version: int, situations: Collection[str]) -> Alert:
    """Which of the nine situations it is, of a report that the urgent screen of an assessment opened: nobody had said
    one. Raises PermissionDenied, Refused, Stale, or ValidationError (situations)."""
    if not may_name_situations(by, alert):
        raise PermissionDenied
    if 0 < seen_version < alert.version:
        raise Stale(CHANGED_SINCE)
    if not alert.screened or alert.state == AlertState.CLOSED:
        raise Stale(_("这份报告的情形已经选定，或报告已办结。有新情况请在“记录处置”里补充。"))
    chosen = [code for code in codes.Situation.values if code in situations]
    if not chosen:
        raise ValidationError({"situations": [MISSING["situations"]]})
    with transaction.atomic():
        claim(alert, seen_version)
        alert.version, alert.situations, alert.screened = seen_version + 1, chosen, ""
        alert.save(update_fields=["situations", "screened"])
        alert.events.create(action="situations", was=alert.state, now=alert.state, person=by.person, post=by)
        mark_figures_stale(alert.county_id, villages=[alert.village_id])
        record_act(by, "name_situations", alert)
    return alert


def may_name_situations(by: Appointment, alert: Alert) -> bool:
    return raised_by(by, alert) or may_act("handle_alert", by, alert)


def may_act(permission: str, by: Appointment, alert: Alert) -> bool:
    """Where the child was found, and where its file is kept."""
    return by.may(permission, alert) or (alert.child is not None and by.may(permission, alert.child))


def raised_by(by: Appointment, alert: Alert) -> bool:
    """Whether ``by`` is who reported it, still in a post that reports."""
    return alert.made_by_id == by.person_id and by.may("raise_alert", alert)


def _says_report(first: Alert, facts: dict, answers: dict) -> bool:
    """Whether ``first`` reports the same. What ``complete_call`` added since is no other content."""
    sent = call_of(facts | {"found_at": answers.get("found_at")})
    if sent["found_at"] is None:
        del sent["found_at"]  # the first has the moment of its own sending
    if first.events.filter(action="call").exists():
        sent = {name: value for name, value in sent.items() if name not in CALL_FIELDS}
    if not _is_about(first, str(answers.get("child") or "")):
        return False
    of_own_village = first.made_in.unit.level == Level.VILLAGE or not answers.get("village")
    return has_values(**sent)(first) and (of_own_village or str(first.village.uid) == str(answers["village"]))


def _is_about(first: Alert, child: str) -> bool:
    """Whether ``first`` names the file ``child``, or the one into which it was merged; "" for none."""
    if str(first.child_id or "") == child:
        return True
    merged = ChildFile.objects.filter(pk=child).first() if child else None
    return merged is not None and merged.survivor.pk == first.child_id


def _whom_and_where(by: Appointment, answers: dict, facts: dict, problems: dict) -> tuple:
    child: ChildFile | None = None
    village: Place | None = None
    if key := answers.get("child"):
        found = ChildFile.objects.open_to(by, "view_child").filter(pk=key).first()
        child = found.survivor if found else None  # of a phone that does not know yet that the file was merged
        if found and found != child:
            facts["sent_for"] = found
        if child is None:
            problems["child"] = [_("找不到这个孩子的档案。不在您这里的孩子，请用文字说明是谁。")]
        elif facts["child_words"]:
            problems["child_words"] = [NAMED_TWICE]
    elif not facts["child_words"]:
        problems["child_words"] = [MISSING["child_words"]]
    if by.unit.level == Level.VILLAGE:
        return child, by.unit
    if key := answers.get("village"):
        villages = OrgUnit.objects.visible_to(by, "raise_alert").current().filter(level=Level.VILLAGE)
        village = villages.filter(uid=key).first()
        if village is None:
            problems["village"] = [_("请选择您辖区内现有的村（居）。")]
    elif child is not None:
        village = child
    elif "child" not in problems:
        problems["village"] = [MISSING["village"]]
    return child, village


def facts_in(answers: dict) -> dict[str, Any]:
    """What a report says as it is kept: texts cleaned, known situations in their order."""
    facts: dict[str, Any] = {name: clean_text(answers.get(name) or "") for name in LIMITS}
    facts |= {name: answers.get(name) for name in ("call", "called_at")}
    facts["situations"] = [code for code in codes.Situation.values if code in (answers.get("situations") or [])]
    return facts


def check_report(facts: dict, problems: dict) -> None:
    """Add to ``problems`` what is wrong, by field. ``facts``: of ``facts_in``, with ``found_at``."""
    if not facts["situations"]:
        problems["situations"] = [MISSING["situations"]]
    if facts["found_at"] > timezone.now() + CLOCKS_DIFFER:
        problems["found_at"] = [_("发现时间在现在之后，请核对。")]
    for name in ("child_words", "where", "seen", "told_by"):
        _check_length(facts, name, problems)
    _check_call(facts, problems)


def _check_call(facts: dict, problems: dict) -> None:
    if facts["call"] not in codes.Call.values:
        problems["call"] = [MISSING["call"]]
    elif facts["call"] in codes.CALLED and not facts["called_at"]:
        problems["called_at"] = [MISSING["called_at"]]
    elif facts["called_at"] and facts["called_at"] > timezone.now() + CLOCKS_DIFFER:
        problems["called_at"] = [_("报警时间在现在之后，请核对。")]
    for name in ("police_unit", "police_receipt"):
        _check_length(facts, name, problems)


def _check_length(facts: dict, name: str, problems: dict) -> None:
    if len(facts[name]) > LIMITS[name]:
        text = _("最多 %(most)s 字，现在有 %(n)s 字。")
        problems[name] = [text % {"most": LIMITS[name], "n": len(facts[name])}]


def call_of(facts: dict) -> dict:
    """``facts`` without a call where none was made."""
    if facts["call"] in codes.CALLED:
        return facts
    return facts | {"called_at": None, "police_unit": "", "police_receipt": ""}
