"""What the moves of a file require and what follows from them. The table is ``registry.child.workflow``."""

import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from childwelfare.workflow.models import Event
from childwelfare.workflow.outcomes import Attempt, Outcome
from childwelfare.workflow.refusals import Refused
from orgs.audit.services import record_act
from orgs.inbox.services import Author, notify
from orgs.stale_figures.services import mark_figures_stale
from registry.categories.services import refresh_category_codes
from registry.child.built_on import built_since
from registry.child.fields import to_json
from registry.child.models import ChildFile, ChildFileEvent, FileSerial
from registry.child.needed import needed_before_sending
from registry.child.services.files import refuse_closed_village
from registry.child.validation import check_categories, check_identity
from registry.child.workflow import FILE, Entering, Leaving
from registry.findings.services.recount import ask_findings_again, mark_findings_gone
from registry.periods.models import PastPeriod, PeriodEnd
from registry.signals import child_left, child_registered, child_returned, child_unregistered, closing_undone
from registry.stays.models import StayEnd
from registry.stays.services import end_with_file, go_on_with_file
from registry.twins.services import refuse_unanswered


@FILE.check("submit")
def _complete_enough(file: ChildFile, _payload: None) -> None:
    """What a station can't review without: a draft may have been put by with less, or before a birthday."""
    if why := why_not_eligible(file, on=timezone.localdate()):
        raise Refused(_("%(why)s日期或类别填错了的，请打开档案改正再送；没有填错的，不用再送。") % {"why": why})
    lacking = needed_before_sending(file)
    if lacking:
        raise Refused(_("还不能提交，缺：%(what)s。") % {"what": "、".join(lacking.values())})


@FILE.check("approve")
def _was_eligible_when_sent(file: ChildFile, _payload: None) -> None:
    """By the rules of the day on which it was sent: the age limits ask whether the child may be registered (未满 18
    周岁, 国发〔2016〕36号; 未满 16 周岁, 国发〔2016〕13号), and who was reported in time does not lose that to the
    station's delay: who comes of age since leaves the registry as anybody does. Each sending counts anew, as the form
    that is sent again is checked anew."""
    sent_on = timezone.localdate(file.submitted_at)
    if why := why_not_eligible(file, on=sent_on):
        words = {"why": why, "day": date_format(sent_on, "DATE_FORMAT")}
        raise Refused(_("%(why)s这是按送出那天（%(day)s）算的，不能通过；请退回。") % words)


@FILE.bar("recall")
def _can_never_be_sent_again(file: ChildFile) -> str:
    """Who was sent in time may be registered (``_was_eligible_when_sent``); taken back over a birthday the file could
    never be sent again."""
    if why := why_not_eligible(file, on=timezone.localdate()):
        words = _(
            "%(why)s撤回以后就不能再送，没有撤回。送出时符合的，请工作站照常审核，建档后再提出变更；填错的，请工作站退回。"
        )
        return words % {"why": why}
    return ""


def why_not_eligible(file: ChildFile, *, on: datetime.date) -> str:
    """Why nobody may register the child on the day ``on``, whenever its file was written; blank where one may."""
    identity = {name: getattr(file, name) for name in ("id_number", "no_id_reason", "birth_date", "sex")}
    held = file.memberships.filter(until=None).values("category", "since", "difficulty")
    try:
        check_identity(identity, on=on, unfinished=True)
        check_categories({each["category"]: dict(each) for each in held}, file.birth_date, on=on, unfinished=True)
    except ValidationError as error:
        return str(error.messages[0])
    return ""


@FILE.outcome("recall")
def _is_taken_back(_file: ChildFile, _attempt: Attempt) -> Outcome:
    return Outcome(columns={"taken_back": True})


@FILE.outcome("return")
def _is_sent_back(_file: ChildFile, _attempt: Attempt) -> Outcome:
    return Outcome(columns={"taken_back": False})


@FILE.outcome("submit", "approve")
def _is_no_twin(file: ChildFile, attempt: Attempt) -> Outcome:
    """A file that may be of the same child as another one goes on when somebody has said that it is not: asked with
    the file claimed, so that of two who send the same child at once the second sees the first."""
    refuse_unanswered(file, by=attempt.by)
    return Outcome(columns={"taken_back": False})


@FILE.outcome("reopen")
def _remember_how_it_was_closed(file: ChildFile, attempt: Attempt) -> Outcome:
    """As any file that comes into the registry it is no twin (``_is_no_twin``)."""
    refuse_unanswered(file, by=attempt.by)
    before = {name: to_json(getattr(file, name)) for name in ("closed_on", "close_reason", "counted_since")}
    return Outcome(facts={"before": before})


@FILE.outcome("close")
def _remember_what_ends(file: ChildFile, _attempt: Attempt) -> Outcome:
    """The categories that the closing ends, with who decided each, and the findings that nobody decides any more."""
    held = file.memberships.filter(until=None).values_list("pk", "decided_by")
    findings = file.findings.open().values_list("pk", flat=True)
    before = {"memberships": {str(pk): person for pk, person in held}, "findings": [str(pk) for pk in findings]}
    return Outcome(facts={"before": before})


@FILE.effect("submit")
def _record_submission(file: ChildFile, event: Event, _payload: None) -> None:
    _stamp(file, submitted_at=event.at, updated_at=event.at)
    record_act(event.post, "submit_file", file)


@FILE.effect("approve")
def _register(file: ChildFile, event: Event, _payload: None) -> None:
    """Give the number, begin the child's time in the registry, tell the concepts above."""
    day = timezone.localdate(event.at)
    number = file.file_number or next_file_number(file, day.year)
    _stamp(file, file_number=number, approved_on=day, updated_at=event.at)
    record_act(event.post, "approve_file", file, number=file.file_number)
    notify("file_approved", file, to=Author(file.made_in_id, "create_child"), key=str(event.pk), by=event.post)
    child_registered.send(ChildFile, child=file, on=day)
    first = file.memberships.order_by("since").values_list("since", flat=True).first()
    mark_figures_stale(file.county_id, min(day, first or day), villages=[file.village_id])


@FILE.undo_check("approve")
def _nothing_built(file: ChildFile, event: Event) -> None:
    """What others made of an approved file would hang on one that is none: it would wait for ever."""
    if built := built_since(file, event.at):
        what = "、".join(built)
        raise Refused(_("通过之后已有%(what)s，不能再撤销。档案建错了，请办理结案。") % {"what": what})


@FILE.undo_effect("approve")
def _take_approval_back(file: ChildFile, event: Event) -> None:
    """As if it had never been approved; its number stays kept for it."""
    day = file.approved_on
    assert day  # it was approved
    _stamp(file, approved_on=None, updated_at=event.at)
    end_with_file(file, by=event.post, how=StayEnd.CLOSED, on=timezone.localdate(event.at))
    record_act(event.post, "undo", file, number=file.file_number)
    child_unregistered.send(ChildFile, child=file)
    first = file.memberships.order_by("since").values_list("since", flat=True).first()
    mark_figures_stale(file.county_id, min(day, first or day))


@FILE.effect("return")
def _record_return(file: ChildFile, event: Event, _payload: None) -> None:
    _stamp(file, updated_at=event.at)
    record_act(event.post, "return_file", file)
    notify("file_returned", file, to=Author(file.made_in_id, "create_child"), key=str(event.pk), by=event.post)


@FILE.effect("recall")
def _record_recall(file: ChildFile, event: Event, _payload: None) -> None:
    _stamp(file, updated_at=event.at)
    record_act(event.post, "recall_file", file)


@FILE.undo_effect("return")
def _take_return_back(file: ChildFile, event: Event) -> None:
    _stamp(file, updated_at=event.at)
    record_act(event.post, "undo", file)


@FILE.check("close")
def _may_close(file: ChildFile, leaving: Leaving | None) -> None:
    """``registry.closing.services`` says when and why; a file that somebody is to take over can't end meanwhile."""
    if leaving is None:
        raise Refused(_("结案要写明原因和日期，请在结案页办理。"))
    if file.transfers.filter(state="asked").exists():  # asked anew: is_being_handed_on is of the page's beginning
        raise Refused(_("这份档案正在转出，等对方接收。请先撤回转出，再结案。"))


@FILE.effect("close")
def _leave_registry(file: ChildFile, event: Event, leaving: Leaving) -> None:
    """End what runs with the file: its categories, and what the concepts above owe it."""
    _may_close(file, leaving)  # again, now that the file is ours: a transfer may have been asked for beside us
    day, why = leaving.on, leaving.reason
    _stamp(file, closed_on=day, close_reason=why, updated_at=event.at)
    for membership in file.memberships.filter(until=None):
        membership.until, membership.exit_reason = max(day, membership.since), why
        membership.decided_by = event.person
        membership.save()
    end_with_file(file, by=event.post, how=StayEnd.CLOSED, on=day)
    refresh_category_codes(file)
    mark_findings_gone(file.findings)
    record_act(event.post, "close_file", file, reason=why, on=day)
    child_left.send(ChildFile, child=file, on=day, by=event.post)
    mark_figures_stale(file.county_id, day)


@FILE.undo_check("close")
def _may_come_back(file: ChildFile, event: ChildFileEvent) -> None:
    if not event.before:  # closed by an earlier version of the program, or by a merge
        raise Refused(_("这一步不能撤销。"))
    refuse_closed_village(file)


@FILE.undo_effect("close")
def _take_closing_back(file: ChildFile, event: ChildFileEvent) -> None:
    """As if it had never been closed: categories, stay, findings, changes and what is due are what they were."""
    day, held = file.closed_on, event.before["memberships"]
    assert day  # it was closed
    closing = file.events.filter(action="close").latest("at")
    _stamp(file, closed_on=None, close_reason="", updated_at=event.at)
    for membership in file.memberships.filter(pk__in=held):
        membership.until, membership.exit_reason = None, ""
        membership.decided_by_id = held[str(membership.pk)]
        membership.save()
    refresh_category_codes(file)
    ask_findings_again(file.findings.filter(pk__in=event.before["findings"]))
    go_on_with_file(file, by=event.post)
    closing_undone.send(ChildFile, child=file, by=event.post, since=closing.at)
    record_act(event.post, "undo_close", file)
    child_returned.send(ChildFile, child=file, on=day)
    mark_figures_stale(file.county_id, day)


@FILE.check("reopen")
def _may_reopen(file: ChildFile, entering: Entering | None) -> None:
    if entering is None:
        raise Refused(_("重新在册要写明儿童类别和起始日期，请在重新在册页办理。"))


@FILE.effect("reopen")
def _enter_again(file: ChildFile, event: Event, entering: Entering) -> None:
    """The earlier time in the registry stays as it was; another one begins today."""
    day = entering.on
    assert file.begun_on and file.closed_on  # it was closed
    past = PastPeriod(child=file, since=file.begun_on, until=file.closed_on, ended_by=PeriodEnd.CLOSED)
    past.place(file)
    past.save()
    _stamp(file, closed_on=None, close_reason="", counted_since=day, updated_at=event.at)
    record_act(event.post, "reopen_file", file, on=day)
    child_returned.send(ChildFile, child=file, on=day)
    mark_figures_stale(file.county_id, day)


@FILE.undo_check("reopen")
def _nothing_built_on_reopening(file: ChildFile, event: ChildFileEvent) -> None:
    if built := built_since(file, event.at):
        raise Refused(_("重新在册之后已有%(what)s，不能再撤销。") % {"what": "、".join(built)})
    if not event.before:  # reopened by an earlier version of the program
        raise Refused(_("这一步不能撤销。"))


@FILE.undo_effect("reopen")
def _take_reopening_back(file: ChildFile, event: ChildFileEvent) -> None:
    """As if it had stayed closed: what began with the reopening never was, and counted nowhere."""
    closed_on = datetime.date.fromisoformat(event.before["closed_on"])
    counted = event.before["counted_since"]
    begun = min([file.counted_since or closed_on, *file.memberships.filter(until=None).values_list("since", flat=True)])
    file.past_periods.filter(ended_by=PeriodEnd.CLOSED).latest("until", "since").delete()
    file.memberships.filter(until=None).delete()
    _stamp(
        file,
        closed_on=closed_on,
        close_reason=event.before["close_reason"],
        counted_since=datetime.date.fromisoformat(counted) if counted else None,
        updated_at=event.at,
    )
    refresh_category_codes(file)
    mark_findings_gone(file.findings)
    record_act(event.post, "undo_reopen", file)
    child_left.send(ChildFile, child=file, on=closed_on, by=event.post)
    mark_figures_stale(file.county_id, begun)


def next_file_number(file: ChildFile, year: int) -> str:
    """Unit code, year and serial: 410182106203-2026-0017. Given once and never again."""
    with transaction.atomic():
        FileSerial.objects.get_or_create(village_id=file.village_id, year=year)
        serial = FileSerial.objects.filter(village_id=file.village_id, year=year)
        serial.update(last=F("last") + 1)
        last = serial.values_list("last", flat=True).get()
    # a village without an official code is named by its own id, which no code looks like
    return f"{file.village.code or f'U{file.village_id}'}-{year}-{last:04}"


def _stamp(file: ChildFile, **columns: Any) -> None:
    """Write columns of the record itself, past its checks."""
    ChildFile.objects.filter(pk=file.pk).update(**columns)
    for name, value in columns.items():
        setattr(file, name, value)
