"""Drawing visits to call back about, and recording what was said."""

import datetime
import math
import random
from collections import defaultdict

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from childwelfare.text.months import after
from childwelfare.workflow.refusals import Refused, Stale
from childwelfare.workflow.writers import writers_of
from orgs.audit.services import record_act
from orgs.posts.models import Appointment
from orgs.posts.station_work import COUNTY_INSTEAD, decided_by, written_by_others
from orgs.units.models import OrgUnit
from visits.oversight.models import Happened, SpotCheck, SpotCheckQuerySet
from visits.visit import codes
from visits.visit.models import Visit, VisitState

SHARE = 0.05  # of each director's visits of the month, one at least
DAYS_OFF = 3  # a family may remember a day or two wrongly
FOR_A_COLLEAGUE = gettext_lazy("这次走访您记录或补充过，请由同事或县（市、区）回访。")


def draw_checks(post: Appointment, month: datetime.date) -> list[SpotCheck]:
    """Draw SHARE of each director's visits of ``month`` (its first day) in the township of ``post``, by chance.

    Each visit takes part in one draw: a later one is of what was sent, or sent again, since, and gives nothing where
    there is none. So nobody keeps a visit out by drawing early or sending late. Who wrote one of them draws it as any
    other; another calls back about it (``record_check``). Raises PermissionDenied.
    """
    if not post.holds("accept_visit") or post.unit.level != 3:
        raise PermissionDenied
    with transaction.atomic():
        OrgUnit.objects.select_for_update().get(pk=post.unit_id)  # two clerks: one after the other
        drawn, among = [], visits_to_draw_from(post, month)
        keys = list(among.values_list("pk", flat=True))
        for visit in _random_visits(Visit.objects.filter(pk__in=keys)):
            check = SpotCheck(visit=visit, month=month, drawn_in=post)
            check.place(visit)
            drawn.append(check)
        SpotCheck.objects.bulk_create(drawn)
        Visit.objects.filter(pk__in=keys).update(drawn_from=True)
        if drawn:
            record_act(post, "draw_checks", unit=post.unit, month=f"{month:%Y-%m}", count=len(drawn))
    return drawn


def visits_to_draw_from(post: Appointment, month: datetime.date) -> QuerySet[Visit]:
    """Visits of ``month`` in the township of ``post`` at which the child was met, and that took part in no draw yet."""
    visits = Visit.objects.visible_to(post, "accept_visit").seen()
    visits = visits.filter(method__in=MET, spot_check=None, drawn_from=False)
    return visits.filter(visited_on__gte=month, visited_on__lt=after(month))


def record_check(check: SpotCheck, *, by: Appointment, answers: dict, on: datetime.date | None = None) -> SpotCheck:
    """Write what the family said. Nobody checks a visit of which she wrote a part, be it that she sent it again, nor
    one that was sent back or taken back: what it says is being written anew. What the station wrote a part of its
    county may check as well, which also decides it. Raises PermissionDenied, Refused, Stale, or ValidationError by
    field."""
    if not _may_record(by, check):
        raise PermissionDenied
    day = on or timezone.localdate()
    problems: dict[str, list] = {}
    happened = answers.get("happened")
    if happened not in Happened.values:
        problems["happened"] = [_("请选择一项。")]
    if happened in (Happened.YES, Happened.NO) and not answers.get("asked_who"):
        problems["asked_who"] = [_("请写明问的是谁。")]
    if answers.get("said_on") and answers["said_on"] > day:
        problems["said_on"] = [_("在今天之后，请核对。")]
    if problems:
        raise ValidationError(problems)
    reached = happened != Happened.UNREACHED
    with transaction.atomic():
        # The visit's row first, as whoever moves it: what was said is laid beside what the visit says, which is not
        # taken back meanwhile.
        check.visit = Visit.objects.select_for_update().get(pk=check.visit_id)
        if by.person_id in writers_of(check.visit):
            raise Refused(FOR_A_COLLEAGUE)
        if check.visit.is_taken_back:
            raise Stale(_("这次走访已撤回修改，再送出以后才能记回访结果。"))
        if check.visit.state == VisitState.RETURNED:
            raise Stale(_("这次走访已退回，再送出以后才能记回访结果。"))
        for name in ("happened", "asked_who", "said_on", "carer", "note"):
            setattr(check, name, answers.get(name) or ("" if name != "said_on" else None))
        check.differences = differences_of(check) if reached else []
        changed = (
            SpotCheck.objects.open()
            .filter(pk=check.pk)
            .update(
                asked_on=day if reached else None,
                asked_in=by,
                happened=check.happened,
                asked_who=check.asked_who,
                said_on=check.said_on,
                carer=check.carer,
                note=check.note,
                differences=check.differences,
            )
        )
        if not changed:
            raise Stale(_("这次走访已经由同事回访过了。"))
        record_act(by, "record_check", check.visit, differences=check.differences)
    check.asked_on = day if reached else None
    return check


def checks_asked_of(post: Appointment) -> SpotCheckQuerySet:
    """Those whose result ``post`` may record by its permission, as ``_may_record`` says of one: all of its station, for
    a county those of visits that its stations wrote a part of."""
    if post.holds("accept_visit"):
        return SpotCheck.objects.visible_to(post, "accept_visit")
    written_there = decided_by(post, Visit.objects.all(), "accept_visit")
    return SpotCheck.objects.visible_to(post, "settle_station_work").filter(visit__in=written_there)


def with_who_may_ask(checks: SpotCheckQuerySet, post: Appointment) -> SpotCheckQuerySet:
    """``checks``, each with ``is_asked`` (``checks_asked_of`` the post) and ``is_others``: its person wrote no part of
    the visit."""
    asked = checks_asked_of(post).filter(pk=OuterRef("pk"))
    others = written_by_others(post, Visit.objects.filter(pk=OuterRef("visit")))
    return checks.annotate(is_asked=Exists(asked), is_others=Exists(others))


def why_not_recalled(visit: Visit) -> str:
    """Why ``visit`` is not taken back: what its family said of it was laid beside it, and would be of another visit;
    blank where nobody was asked yet."""
    if SpotCheck.objects.filter(visit=visit, asked_on__isnull=False).exists():
        return _("这次走访工作站已经回访过，不能撤回。填错了的，请告诉工作站退回。")
    return ""


def differences_of(check: SpotCheck) -> list[str]:
    """Where what was said is not what the visit says; an answer that was not given differs from nothing."""
    visit, found = check.visit, []
    if check.happened == Happened.NO:
        found.append("happened")
    if check.said_on and abs((check.said_on - visit.visited_on).days) > DAYS_OFF:
        found.append("visited_on")
    if check.carer and visit.carer and check.carer != visit.carer:
        found.append("carer")
    return found


def _may_record(post: Appointment, check: SpotCheck) -> bool:
    """Whoever accepts visits there; where the station wrote a part of this one, its county, as for deciding it."""
    if post.may("accept_visit", check):
        return True
    permission, fits = COUNTY_INSTEAD
    return post.may(permission, check) and fits(check.visit)


def _random_visits(visits: QuerySet[Visit]) -> list[Visit]:
    by_director = defaultdict(list)
    for visit in visits.only("pk", "made_in", *("city", "county", "township", "village")):
        by_director[visit.made_in_id].append(visit)
    dice, chosen = random.SystemRandom(), []  # what a director can't foresee
    for _director, made in sorted(by_director.items()):
        chosen += dice.sample(made, math.ceil(SHARE * len(made)))
    return chosen


MET = (codes.Method.HOME, codes.Method.SCHOOL)
