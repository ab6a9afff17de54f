"""A child goes to live elsewhere for a while, and comes back. The file stays where it is; who visits changes.

The host side is told, not asked: a child must not go unvisited while a paper waits for an answer. A host station that
finds that the child is not there ends the stay with a reason, and the home village visits again (docs/decisions/0015).
"""

import datetime
import uuid

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from childwelfare.text.cleaning import check_people, check_phone, clean_name, clean_phone, clean_text
from childwelfare.text.language import kept_for_others
from childwelfare.workflow.refusals import Refused, Stale
from childwelfare.workflow.writing import created_once, first_sending, has_values
from orgs.audit.services import record_act
from orgs.posts.models import Appointment
from orgs.units.models import OrgUnit
from registry.child.models import ChildFile, FileState
from registry.child.services.locking import lock_whole_file
from registry.child.services.seen import refuse_changed_since
from registry.stays.models import Stay, StayEnd, StayState
from registry.stays.moves import add_file_event, first_day, follow_the_calendar, hand_over_visits
from registry.stays.workflow import STAY, FileGone

AHEAD = datetime.timedelta(days=30)
LONGEST_YEARS = 3
REASON_LIMIT = 200  # characters


def begin_stay(
    file: ChildFile,
    *,
    by: Appointment,
    village: OrgUnit | None,
    since: datetime.date | None,
    until: datetime.date | None = None,
    reason: str = "",
    address: str = "",
    host_name: str = "",
    host_phone: str = "",
    seen_version: int,
    pk: uuid.UUID | None = None,
) -> Stay:
    """Let the child live in ``village`` from ``since``, to be back on ``until`` if that is known.

    From that day (from today, if it is past) the host village owes the visits and may open the file. ``pk`` comes
    from the form: sent twice, the stay of the first sending is returned. Raises PermissionDenied, Refused, Stale, or
    ValidationError by field; then nothing is changed.
    """
    pk = pk or uuid.uuid4()
    earlier = Stay.objects.filter(pk=pk, made_by=by.person)
    texts = {"reason": clean_text(reason), "address": clean_text(address), "host_name": clean_name(host_name)}
    phone = clean_phone(host_phone or "")  # whether it is right is asked below, of what was not sent before
    says = has_values(child_id=file.pk, village=village, since=since, until=until, host_phone=phone, **texts)
    if same := first_sending(earlier, says=says):
        return same
    if not by.may("stay_child", file):
        raise PermissionDenied
    _refuse_unfit(file, seen_version or file.version)  # sent without one, it is told what is wrong in it
    today = timezone.localdate()
    _check(file, village, since, until, texts | {"host_phone": host_phone}, today)
    assert village and since  # checked
    with created_once(earlier, says=says, refusal=_("这次没有存上，请刷新页面后再填一次。")):
        here = lock_whole_file(file.pk)
        # again, now that the file is ours: the same form may have come in beside us
        if same := first_sending(earlier, says=says):
            return same
        _refuse_unfit(here, seen_version)  # again, for a colleague's act may have come in beside us
        stay = Stay(
            pk=pk,
            child=here,
            since=since,
            until=until,
            host_phone=check_phone(host_phone or ""),
            made_by=by.person,
            made_in=by,
            **texts,
        )
        stay.place(village)
        if since <= today:
            stay.begun_on = first_day(stay, today)
        stay.save(force_insert=True)
        made = stay.events.create(action="make", was="", now=stay.state, person=by.person, post=by, reason=stay.reason)
        with kept_for_others():  # with its year
            begins = {"place": village.path_label, "day": date_format(since, "DATE_FORMAT")}
            said = _("%(place)s，%(day)s起") % begins
        add_file_event(stay, "stay", by, said)
        record_act(by, "begin_stay", here, stay=str(stay.pk), village=village.pk)
        if stay.begun_on:
            hand_over_visits(stay, made, None)
    return stay


def end_stay(stay: Stay, *, by: Appointment, reason: str, seen_version: int) -> Stay:
    """The child is back, or not there: from today the home village visits. By the station of either side.

    Raises PermissionDenied, Refused, Stale, or ValidationError by field; then nothing is changed.
    """
    if not (by.may("stay_child", stay) or by.may("stay_child", stay.child)):
        raise PermissionDenied
    STAY.refuse_moved_since("end", stay, seen_version=seen_version)
    reason = clean_text(reason)
    if not reason:
        raise ValidationError({"reason": [_("请写明怎样结束：回家了，还是孩子不在那里，另一方据此核对。")]})
    if len(reason) > REASON_LIMIT:
        raise ValidationError({"reason": [_("请写在 %(n)s 字以内。") % {"n": REASON_LIMIT}]})
    STAY.apply("end", stay, by=by, seen_version=seen_version, reason=reason)
    return stay


def undo_end(stay: Stay, *, by: Appointment, seen_version: int) -> Stay:
    """The end that ``by`` wrote just now was a mistake: the stay goes on, and what is due is what it was.

    Within UNDO_WITHIN, while nobody did anything with the child since. Raises PermissionDenied, Refused or Stale; then
    nothing is changed.
    """
    if not (by.may("stay_child", stay) or by.may("stay_child", stay.child)):
        raise PermissionDenied
    last = stay.events.last()
    if last is None or last.action != "end":  # what ended with a closing is taken back with the closing
        raise Refused(_("这一步不能撤销。"))
    STAY.undo(stay, by=by, seen_version=seen_version)
    return stay


def may_undo_end(post: Appointment, stay: Stay) -> bool:
    """Whether ``post`` may take the end of ``stay`` back now. Asks nothing of a stay that ended some time ago."""
    if stay.ended_on is None or timezone.localdate() - stay.ended_on > datetime.timedelta(days=1):
        return False
    last = stay.events.last()
    return last is not None and last.action == "end" and STAY.may_undo(post, stay)


def end_with_file(file: ChildFile, *, by: Appointment, how: StayEnd, on: datetime.date) -> None:
    """An open stay ends because the file is closed, handed on or merged: called inside that act's transaction, which
    tells the concepts above itself."""
    stay = file.stays.select_for_update().open().first()
    if stay is None:
        return
    stay.child = file
    STAY.follow("end_with_file", stay, by=by, payload=FileGone(how, on))


def go_on_with_file(file: ChildFile, *, by: Appointment) -> None:
    """What ended with the closing of ``file`` goes on: called inside the transaction that takes the closing back."""
    stay = file.stays.select_for_update().order_by("made_at").last()
    if stay is None or stay.state != StayState.ENDED or stay.ended_by != StayEnd.CLOSED:
        return
    stay.child = file
    STAY.follow_undo("end_with_file", stay, by=by)


def settle_stays(on: datetime.date | None = None) -> int:
    """Begin the stays whose day has come, end those whose day of return has. Returns how many.

    Idempotent; a night that was missed is made up for in the next, with the days that were agreed.
    """
    day, done = on or timezone.localdate(), 0
    ending = Stay.objects.open().filter(until__lte=day)
    beginning = Stay.objects.open().filter(begun_on=None, since__lte=day)
    for pk in {*ending.values_list("pk", flat=True), *beginning.values_list("pk", flat=True)}:
        done += _settle(pk, day)
    return done


def _settle(pk: uuid.UUID, day: datetime.date) -> bool:
    with transaction.atomic():
        file = ChildFile.objects.select_for_update().get(stays=pk)
        stay = Stay.objects.select_for_update(of=("self",)).select_related("made_in").get(pk=pk)
        if stay.state == StayState.ENDED:
            return False
        stay.child = file
        follow_the_calendar(stay, day)
    return True


def _refuse_unfit(file: ChildFile, seen_version: int) -> None:
    """Of what the form says nothing is judged where a colleague was first. Raises Stale or Refused."""
    refuse_changed_since(file, seen_version)
    if file.state != FileState.APPROVED:
        raise Refused(_("只有在册的孩子可以登记临时居住。"))
    if file.stays.open().exists():
        raise Stale(_("这个孩子已登记了一次临时居住，请先结束那一次。"))


def _check(
    file: ChildFile,
    village: OrgUnit | None,
    since: datetime.date | None,
    until: datetime.date | None,
    texts: dict,
    today: datetime.date,
) -> None:
    problems: dict[str, list] = {}
    if village is None or village.level != 4:
        problems["village"] = [_("请选择孩子去了哪个村（居）。")]
    elif village.valid_to:
        problems["village"] = [_("“%(village)s”已停用，请选择现在的村（居）。") % {"village": village.path_label}]
    elif village.pk == file.village_id:
        problems["village"] = [_("档案就在这个村（居）。同村换了住处，请提出变更，改现住址。")]
    if since is None:
        problems["since"] = [_("请填写从哪一天起住在那里。")]
    elif since > today + AHEAD:
        problems["since"] = [_("最多提前 %(n)s 天登记，请核对日期。") % {"n": AHEAD.days}]
    elif since < years_later(today, -LONGEST_YEARS) or since < file.birth_date:
        problems["since"] = [_("这个日期太早，请核对。住了 %(n)s 年以上的，请办理转出。") % {"n": LONGEST_YEARS}]
    elif until and until <= max(since, today):
        problems["until"] = [_("预计返回日期应在今天和暂住开始之后；已经回来的不用登记。")]
    elif until and until > years_later(since, LONGEST_YEARS):
        problems["until"] = [_("最长登记 %(n)s 年；长住不回的，请办理转出。") % {"n": LONGEST_YEARS}]
    if not texts["reason"]:
        problems["reason"] = [_("请写明为什么去那里住，对方据此了解情况。")]
    for name, limit in (("reason", REASON_LIMIT), ("address", 120), ("host_name", 50)):
        if len(texts[name]) > limit:
            problems[name] = [_("请写在 %(n)s 字以内。") % {"n": limit}]
    for name, check in (("host_name", check_people), ("host_phone", check_phone)):
        try:
            check(texts[name] or "")
        except ValidationError as error:
            problems[name] = error.messages
    if problems:
        raise ValidationError(problems)


def years_later(day: datetime.date, years: int) -> datetime.date:
    """The same day of another year; 29 February becomes 1 March."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return datetime.date(day.year + years, 3, 1)
