"""Logging a visit, and sending it again after a return."""

import datetime
import uuid
from collections.abc import Collection
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import BigAutoField, DateField, DateTimeField, UUIDField
from django.utils import timezone
from django.utils.translation import gettext as _

from childwelfare.tables.prepared import Parameter, Prepared
from childwelfare.uploads.pictures import Picture
from childwelfare.workflow.refusals import Refused, Stale
from childwelfare.workflow.writing import count_version, created_once, refuse_other_content
from orgs.audit.services import record_act
from orgs.posts.models import Appointment
from registry.child.fields import content_of, equal, to_json
from registry.child.models import ChildFile, FileState
from registry.periods.models import periods_of
from visits.schedule.services.dues import lock_file, visit_changed
from visits.visit import outcomes
from visits.visit.flags import flags_of
from visits.visit.models import Visit, VisitState
from visits.visit.questions import VISIT_QUESTIONS
from visits.visit.services.observed_changes import family_change_with, propose_observed_changes, split_observed_changes
from visits.visit.services.photos import add_photos, join_photos
from visits.visit.services.who_may_visit import check_may_visit
from visits.visit.workflow import VISIT

AGAIN_WITHIN = datetime.timedelta(minutes=10)
VISITS_BY_KEY_OR_DAY = Prepared(
    lambda: Visit.objects.of_key_or_day(
        Parameter("pk", UUIDField()),
        child=Parameter("child", UUIDField()),
        person=Parameter("person", BigAutoField()),
        day=Parameter("day", DateField()),
        after=Parameter("lately", DateTimeField()),
    )
)


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
) -> Visit:
    """Record a visit to ``child``.

    ``answers`` holds cleaned fields of Visit. ``hazards_looked_at``: the safety question was answered, be it with
    none; it is never carried over. ``pk`` comes from the form: a second sending gives the visit of the first.
    ``family`` marks the visits made at one door. ``changes``, {name: {base, value}} of ``observed_changes``: what the
    file says differently goes to the station as a change. ``photos``, checked, are kept with the visit; where an
    earlier sending can't take them any more the visit is another one. Raises PermissionDenied, Refused, or
    ValidationError by field; then nothing is saved.
    """

    def says(first: Visit) -> bool:
        return _says(first, answers, changes)

    earlier_sendings = _earlier_sendings(child, by, pk, answers.get("visited_on"))
    for earlier in earlier_sendings:
        if earlier.pk == pk:
            refuse_other_content(says(earlier) and join_photos(earlier, photos, by=by))
            return earlier
    check_may_visit(by, child, answers.get("visited_on"))
    if child.state != FileState.APPROVED:
        raise Refused(_("%(name)s的档案不在册，不能记录走访。") % {"name": child.name})
    day = on or timezone.localdate()
    _check(answers, child, hazards_looked_at, day, day)
    noticed, answers = split_observed_changes(by, child, changes, answers)
    same = [earlier for earlier in earlier_sendings if _has_answers(earlier, answers)]
    for earlier in sorted(same, key=lambda visit: visit.state == VisitState.RETURNED):  # what may still take it first
        if _joined(earlier, photos, noticed, by=by):
            return earlier
    visit = Visit(pk=pk or uuid.uuid4(), child=child, made_by=by.person, made_in=by, family=family, **answers)
    visit.flags = flags_of(visit, child, recorded_on=day, noticed=bool(noticed))
    of_key = Visit.objects.filter(pk=visit.pk, made_by=by.person, child=child)
    refusal = _("这次走访没有存上，请回到今日走访重新打开表单。")
    with created_once(of_key, says=says, refusal=refusal) as sending:
        here = lock_file(child)  # moved or closed since it was read: it goes where the child is now
        visit.place(here)
        if here.closed_on is not None:  # nobody could decide a change of it any more
            visit.family_change, noticed = family_change_with(noticed, visit.family_change), {}
        visit.save(force_insert=True)
        visit.events.create(action="log", was="", now=visit.state, person=by.person, post=by)
        visit_changed(here, visit.visited_on, locked=True)
        record_act(by, "log_visit", visit, child=str(child.pk), flags=visit.flags)
        propose_observed_changes(visit, noticed, by=by)
        add_photos(visit, photos)
    if sending.first:
        refuse_other_content(join_photos(sending.first, photos, by=by))
    return sending.first or visit


def _joined(earlier: Visit, photos: Collection[Picture], noticed: dict[str, dict], *, by: Appointment) -> bool:
    """Whether a visit with the same answers, sent minutes ago under another key, is the one that is sent now: what
    comes with it this time is kept with that one. Raises Refused where that one came back: it is to be completed."""
    with transaction.atomic():
        lock_file(earlier.child)  # before the visit, as every move of a visit takes them
        earlier.refresh_from_db(fields=["state"])
        if earlier.state == VisitState.RETURNED:
            raise Refused(_("这一天的走访已被退回，请打开那一条补充后再送。"))
        decided = earlier.state != VisitState.SUBMITTED
        new = _not_proposed(earlier, noticed)
        # to one that was decided nothing is added: what it did not notice comes with a visit of its own
        if (decided and new) or not join_photos(earlier, photos, by=by):
            return False
        if new:
            propose_observed_changes(earlier, new, by=by)
            recorded_on = timezone.localdate(earlier.made_at)
            earlier.flags = flags_of(earlier, earlier.child, recorded_on=recorded_on, noticed=True)
            earlier.save(update_fields=["flags"])
            count_version(earlier)  # who reads it on the desk decides only what she has seen
    return True


def _not_proposed(visit: Visit, changes: dict[str, dict] | None) -> dict[str, dict]:
    """Those of ``changes`` that ``visit`` did not propose and that the file does not say already."""
    proposed: dict[str, Any] = {}
    for change in visit.noticed.all():
        proposed |= {field.name: field.value for field in change.fields.all()}
    new = {name: pair for name, pair in (changes or {}).items() if not equal(pair["value"], pair.get("base"))}
    left = {name: pair for name, pair in new.items() if not equal(to_json(pair["value"]), proposed.get(name))}
    content = content_of(visit.child, left) if left else {}  # what the file said by then was left out
    return {name: pair for name, pair in left.items() if not equal(to_json(pair["value"]), to_json(content.get(name)))}


def correct_visit(
    visit: Visit,
    *,
    by: Appointment,
    seen_version: int,
    answers: dict,
    hazards_looked_at: bool,
    changes: dict[str, dict] | None = None,
) -> Visit:
    """Write a returned visit anew and send it to the station again.

    What is asked of the answers is asked as of the day on which the visit was first recorded. It counts again for
    what is due, on the day that it says now: ``workflow.VISIT`` sees to that. Raises PermissionDenied, Stale, Refused,
    or ValidationError by field; then nothing is saved.
    """
    if visit.state != VisitState.RETURNED:  # before who may: a second sending hears that the first arrived
        raise Stale(_("这条走访不在退回状态，不能修改。"))
    if not (by.may("log_visit", visit) or (visit.host and by.may("log_visit", visit.host))):
        raise PermissionDenied
    recorded_on = timezone.localdate(visit.made_at)
    _check(answers, visit.child, hazards_looked_at, recorded_on, timezone.localdate())
    noticed, answers = split_observed_changes(by, visit.child, changes, answers)
    with transaction.atomic():
        lock_file(visit.child)  # before the visit, as in every move of it
        for name, value in answers.items():
            setattr(visit, name, value)
        family_changed = bool(noticed) or visit.noticed.exists()
        visit.flags = flags_of(visit, visit.child, recorded_on=recorded_on, noticed=family_changed)
        # The answers first: the move plans anew what is due, from the day that the visit says now. Where somebody
        # else moved the visit meanwhile the move raises Stale, and the answers are rolled back with it.
        visit.save(update_fields=[*answers, "flags"])
        VISIT.apply("resubmit", visit, by=by, seen_version=seen_version)
        propose_observed_changes(visit, noticed, by=by)
    return visit


def _earlier_sendings(
    child: ChildFile, by: Appointment, pk: uuid.UUID | None, visited_on: datetime.date | None
) -> list[Visit]:
    """What the same person sent within minutes of a visit of that day: back, and sent again from a new copy of the
    form. With it the visit ``pk``, whenever it was sent."""
    lately = timezone.now() - AGAIN_WITHIN
    return VISITS_BY_KEY_OR_DAY.ask(pk=pk, day=visited_on, lately=lately, child=child.pk, person=by.person_id)


def _has_answers(visit: Visit, answers: dict) -> bool:
    return all(getattr(visit, name) == value for name, value in answers.items())


def _says(visit: Visit, answers: dict, changes: dict[str, dict] | None) -> bool:
    """Whether ``visit`` says what is sent with its key once more, and proposed the same ``changes`` of the file."""
    # who may not propose has the changes written after her own words
    untyped = ("family_change", "latitude", "longitude", "accuracy_m")
    rest = {name: said for name, said in answers.items() if name not in untyped}
    words = answers.get("family_change") or ""
    if not visit.family_change.startswith(words) or not _has_answers(visit, rest):
        return False
    return visit.family_change != words or not _not_proposed(visit, changes)


def _in_registry(child: ChildFile, day: datetime.date) -> bool:
    if child.closed_on is None and child.begun_on and child.begun_on <= day:
        return True  # nearly always, and known without asking
    return any(since <= day and (until is None or day <= until) for since, until, _place in periods_of(child))


def _check(
    answers: dict, child: ChildFile, hazards_looked_at: bool, recorded_on: datetime.date, today: datetime.date
) -> None:
    """``recorded_on``: when the visit was first recorded; ``today``, unless it is a correction."""
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
        problems["visited_on"] = [text % {"day": recorded_on}]
    elif child.approved_on and visited_on < child.approved_on:
        problems["visited_on"] = [_("走访日期早于建档日期 %(day)s，请核对。") % {"day": child.approved_on}]
    elif not _in_registry(child, visited_on):
        problems["visited_on"] = [_("孩子那天不在册（已结案、还没有重新在册），请核对日期。")]
    elif "late_reason" in problems:
        days = (recorded_on - visited_on).days
        problems["late_reason"] = [_("走访已过去 %(n)s 天，请写明补录原因。") % {"n": days}]
    if "visited_on" in problems:
        problems.pop("late_reason", None)  # of a day that is to be mended first
    if problems:
        raise ValidationError(problems)
