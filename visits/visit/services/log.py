"""Logging a visit, and sending it again after a return."""

import datetime
import uuid
from collections.abc import Collection

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from childwelfare.text.days import short_day
from childwelfare.uploads.pictures import Picture
from childwelfare.workflow.refusals import Refused, Stale
from childwelfare.workflow.writing import created_once, refuse_other_content
from orgs.audit.services import record_act
from orgs.posts.models import Appointment
from registry.changes.models import ChangeState
from registry.child.models import ChildFile, FileState
from registry.periods.models import periods_of
from visits.schedule.services.dues import lock_file, lock_file_to_plan, visit_changed
from visits.visit import outcomes
from visits.visit.flags import flags_of
from visits.visit.models import Visit, VisitState
from visits.visit.questions import VISIT_QUESTIONS
from visits.visit.services.observed_changes import (
    fields_taken_back,
    propose_observed_changes,
    split_observed_changes,
    with_numbers_kept,
)
from visits.visit.services.photos import add_photos, join_photos
from visits.visit.services.sendings import (
    Fingerprint,
    a_sending,
    fingerprint_of,
    first_of_same,
    is_last_correction,
    is_sent_before,
    not_proposed,
    with_sending,
)
from visits.visit.services.who_may_visit import check_may_visit, why_not_visited
from visits.visit.workflow import VISIT


def log_visit(
    child: ChildFile,
    *,
    by: Appointment,
    answers: dict,
    hazards_looked_at: bool,
    pk: uuid.UUID | None = None,
    family: uuid.UUID | None = None,
    changes: dict[str, dict] | None = None,
    photos: Collection[Picture] = (),
    on: datetime.date | None = None,
    clock_off: bool = False,
) -> Visit:
    """Record a visit to ``child``.

    ``answers`` holds cleaned fields of Visit. ``hazards_looked_at``: the safety question was answered, be it with
    none; it is never carried over. ``pk`` comes from the form: a second sending gives the visit of the first.
    ``family`` marks the visits made at one door. ``changes``, {name: {base, value}} of ``observed_changes``: what the
    file says differently goes to the station as a change. ``photos``, checked, are kept with the visit; where an
    earlier sending can't take them any more the visit is another one. ``clock_off``: written on a phone whose date was
    wrong, which the station is told. Raises PermissionDenied, Refused, or
    ValidationError by field; then nothing is saved.
    """

    pk = pk or uuid.uuid4()
    of_key = Visit.objects.filter(pk=pk, made_by=by.person)
    refusal = _("这次走访没有存上，请回到今日走访重新打开表单。")
    day, sent = on or timezone.localdate(), fingerprint_of(answers, changes)
    asked, child = child, child.survivor  # a file that was merged goes on in another
    with created_once(of_key, says=lambda first: is_sent_before(first, child, sent), refusal=refusal) as sending:
        # Under the lock from the first question on: of two sendings at once the second finds the first; moved, closed
        # or merged since it was read, the child is where it is now.
        here = _enough_of(_lock_survivor(asked), answers, changes)
        if same := first_of_same(here, by=by, pk=pk, sent=sent, answers=answers, changes=changes, photos=photos):
            return same
        check_may_visit(by, here, answers.get("visited_on"))
        # As it was read: what was on its way when the file was closed is kept.
        if not (child.is_to_visit and (here.is_to_visit or here.state == FileState.CLOSED)):
            raise Refused(why_not_visited(here))
        _check(answers, child, hazards_looked_at, day, day)
        answers = VISIT_QUESTIONS.asked_answers(answers, on=day)
        noticed, answers = split_observed_changes(by, here, changes, answers)
        visit = Visit(pk=pk, child=here, made_by=by.person, made_in=by, family=family, **answers)
        visit.sendings = [a_sending(sent, pk)]
        visit.sent_for = asked if asked.pk != here.pk else None
        visit.place(here)
        visit.flags = flags_of(visit, here, recorded_on=day, noticed=bool(noticed), clock_off=clock_off)
        visit.save(force_insert=True)
        visit.events.create(action="log", was="", now=visit.state, person=by.person, post=by)
        visit_changed(here, visit.visited_on, locked=True)
        record_act(by, "log_visit", visit, flags=visit.flags)
        propose_observed_changes(visit, noticed, by=by)
        add_photos(visit, photos)
    if sending.first:
        refuse_other_content(join_photos(sending.first, photos, by=by))
    return sending.first or visit


def correct_visit(
    visit: Visit,
    *,
    by: Appointment,
    seen_version: int,
    answers: dict,
    hazards_looked_at: bool,
    changes: dict[str, dict] | None = None,
    clock_off: bool = False,
) -> Visit:
    """Write a returned visit anew and send it to the station again.

    What is asked of the answers is asked as of the day on which the visit was recorded: the first day, once the
    station has sent it back; today, where who made it took it back before that (``Visit.recorded_on``). It counts
    again for what is due, on the day that it says now: ``workflow.VISIT`` sees to that. Numbers that were taken back
    with it go along unless ``changes`` say otherwise (``with_numbers_kept``). ``clock_off`` as for ``log_visit``.
    Raises PermissionDenied, Stale, Refused, or ValidationError by field; then nothing is saved.
    """
    sent = fingerprint_of(answers, changes)
    if visit.state != VisitState.RETURNED:  # before who may: a second sending hears that the first arrived
        return _corrected_before(visit, sent, by)
    if not (by.may("log_visit", visit) or (visit.asked_elsewhere and by.may("log_visit", visit.asked_elsewhere))):
        raise PermissionDenied
    VISIT.refuse_moved_since("resubmit", visit, seen_version=seen_version)
    recorded_on = visit.recorded_on
    same_day = answers.get("visited_on") == visit.visited_on  # as it was taken then, whatever became of the file
    _check(answers, visit.child, hazards_looked_at, recorded_on, timezone.localdate(), day_taken=same_day)
    answers = VISIT_QUESTIONS.asked_answers(answers, on=recorded_on)
    taken = fields_taken_back(visit)
    changes = with_numbers_kept(changes, taken)
    with transaction.atomic():
        # before the visit, as in every move of it
        visit.child = _enough_of(lock_file_to_plan(visit), answers, changes)
        here = Visit.objects.only("state", "sendings", "child").get(pk=visit.pk)
        if here.state != VisitState.RETURNED:  # the same was sent twice at once
            return _corrected_before(here, sent, by)
        noticed, answers = split_observed_changes(by, visit.child, changes, answers)
        noticed = not_proposed(visit, noticed)
        answers["sendings"] = with_sending(here, sent, visit.pk)
        answers["drawn_from"] = False  # written anew, it takes part in a draw of spot checks again
        for name, value in answers.items():
            setattr(visit, name, value)
        family_changed = bool(noticed) or visit.noticed.exclude(state=ChangeState.WITHDRAWN).exists()
        visit.flags = flags_of(visit, visit.child, recorded_on=recorded_on, noticed=family_changed, clock_off=clock_off)
        # The answers first: the move plans anew what is due, from the day that the visit says now. Where somebody
        # else moved the visit meanwhile the move raises Stale, and the answers are rolled back with it.
        visit.save(update_fields=[*answers, "flags"])
        VISIT.apply("resubmit", visit, by=by, seen_version=seen_version)
        propose_observed_changes(visit, noticed, by=by, taken=taken.values())
    return visit


def recall_visit(visit: Visit, *, by: Appointment, seen_version: int) -> Visit:
    """Take back what the station has not decided yet, to mend it and send it again (``correct_visit``), with what is
    undecided of the changes that it noticed (``changes_taken_back``). Raises as a move does."""
    VISIT.apply("recall", visit, by=by, seen_version=seen_version)
    return visit


def _lock_survivor(child: ChildFile) -> ChildFile:
    """``lock_file``; of a file that was merged the one in which its records lie. Both are held: the merge is not undone
    meanwhile."""
    here = lock_file(child)
    while here.merged_into:
        here = lock_file(here.merged_into)
    return here


def _enough_of(here: ChildFile, answers: dict, changes: dict[str, dict] | None) -> ChildFile:
    """The locked file, with all that it says where what was noticed is compared with it."""
    return ChildFile.objects.get(pk=here.pk) if changes or answers.get("whereabouts") else here


def _corrected_before(visit: Visit, sent: Fingerprint, by: Appointment) -> Visit:
    """``visit``, where the same correction of the same person is what it says; raises Stale, which names the last
    move, where it is not."""
    last = visit.events.filter(action="resubmit").last()
    if last and last.person_id == by.person_id and is_last_correction(visit, sent):
        return visit
    stale = Stale(_("这条走访已不在退回或撤回修改，这次改的没有存上，请打开它核对。"))
    raise VISIT.naming_last_move(stale, visit, (VisitState.RETURNED,))


def _is_visited_on(child: ChildFile, day: datetime.date) -> bool:
    if child.closed_on is None and child.begun_on and child.begun_on <= day:
        return True  # nearly always, and known without asking
    # the visits of a file that was merged lie in this one: they were made while it was in the registry
    files = child.with_merged()
    periods = [period for file in files for period in periods_of(file)]
    if any(since <= day and (until is None or day <= until) for since, until, *_place in periods):
        return True
    return any(_waited_for_approval(file, day) for file in files)


def _waited_for_approval(file: ChildFile, day: datetime.date) -> bool:
    """Whether the station had the file on ``day`` and nobody had approved it yet: the child is visited meanwhile."""
    since = file.first_sent_on
    return since is not None and since <= day and (file.approved_on is None or day <= file.approved_on)


def _check(
    answers: dict,
    child: ChildFile,
    hazards_looked_at: bool,
    recorded_on: datetime.date,
    today: datetime.date,
    *,
    day_taken: bool = False,
) -> None:
    """``recorded_on``: when the visit was recorded; ``today``, unless it is a correction. ``day_taken``: the day
    was taken over before, when the child was in the registry."""
    hazards = answers.get("hazards") or []
    looked = answers | {"hazards": hazards if hazards_looked_at else None}
    problems: dict[str, list] = VISIT_QUESTIONS.check(looked, on=recorded_on) | outcomes.address_problems(answers)
    visited_on = answers.get("visited_on")
    if visited_on is None:
        pass  # said already
    elif visited_on > today:
        problems["visited_on"] = [_("走访日期在今天之后，请核对。")]
    elif visited_on > recorded_on:
        # A correction tells better what happened at the visit that was recorded. Who went again since then made
        # another visit: written over the first one, that would be lost, and a late one would pass for one in time.
        text = _("这条走访是 %(day)s 记录的，走访日期不能在那之后。之后又去过的，请另记一次走访。")
        problems["visited_on"] = [text % {"day": short_day(recorded_on)}]
    elif not day_taken and not _is_visited_on(child, visited_on):
        text = _("孩子那天不在册（已结案、还没有重新在册），请核对日期。")
        if child.approved_on is None and (sent_on := child.first_sent_on):
            text = _("走访日期早于档案送到工作站的日期 %(day)s，请核对。") % {"day": short_day(sent_on)}
        elif child.approved_on and visited_on < child.approved_on:
            text = _("走访日期早于建档日期 %(day)s，请核对。") % {"day": short_day(child.approved_on)}
        problems["visited_on"] = [text]
    elif "late_reason" in problems:
        days = (recorded_on - visited_on).days
        problems["late_reason"] = [_("走访已过去 %(n)s 天，请写明补录原因。") % {"n": days}]
    if "visited_on" in problems:
        problems.pop("late_reason", None)  # of a day that is to be mended first
    if problems:
        raise ValidationError(problems)
