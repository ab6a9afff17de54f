"""How the patrols of a month went, by village: what was due and done, what was found, what came back.

For the yearly appraisal of directors (郑民文〔2017〕64号, part 5). Fair to who came newly: what fell due before a
director's first two weeks were over is told apart and counts for nobody; what fell due on a public holiday and is
owed but monthly is in time on the first working day after. A child who was not met does not count as visited, and a
visit entered late says so.

What was done early counts in the month in which it fell due, so that each due is judged once. The ledger's 应访
(``reports.indicators``) counts it in the month in which it was done; so the column here has another name, 到期应访.
"""

import datetime
from collections import defaultdict
from dataclasses import dataclass, field

from django.db.models import Count, Exists, F, Min, OuterRef, Q
from django.utils import timezone

from childwelfare.text.days import midnight
from childwelfare.workflow.history import without_undone
from orgs.holidays.services import days_off
from orgs.posts.models import Appointment, Role
from orgs.units.models import OrgUnit
from visits.schedule.models import VisitDue, overdue_on
from visits.visit.models import Visit, VisitEvent, VisitState
from visits.visit.sent_at import SENT_AT, with_sent_at

GRACE = datetime.timedelta(days=14)  # of a new director, to take the village over
RARE = 30  # days between two visits from which on a public holiday gives time until the first working day after


@dataclass
class Work:
    """One village, or the sum of several. Counts of a month; ``waiting`` is as of now."""

    unit: OrgUnit
    posts: list[Appointment] = field(default_factory=list)
    due: int = 0
    in_time: int = 0
    late: int = 0
    overdue: int = 0
    before: int = 0  # fell due before the director's first two weeks were over
    visits: int = 0
    met: int = 0
    returned: int = 0
    found: int = 0  # visits with a hazard or a need
    entered_late: int = 0
    waiting: int = 0
    oldest: datetime.datetime | None = None
    decided: int = 0
    waited: datetime.timedelta = datetime.timedelta()

    @property
    def empty(self) -> bool:
        """Nobody in the post, and nothing to visit."""
        return not (self.posts or self.due or self.before or self.visits or self.waiting)

    @property
    def coverage(self) -> int | None:
        """Per cent of what fell due that was visited, in time or late."""
        return round(100 * (self.in_time + self.late) / self.due) if self.due else None

    @property
    def timeliness(self) -> int | None:
        return round(100 * self.in_time / self.due) if self.due else None

    @property
    def returned_share(self) -> int | None:
        return round(100 * self.returned / self.visits) if self.visits else None

    @property
    def review_days(self) -> float | None:
        """Days from the sending to the station's first decision, on average."""
        return round(self.waited / self.decided / datetime.timedelta(days=1), 1) if self.decided else None

    @property
    def oldest_days(self) -> int | None:
        return (timezone.now() - self.oldest).days if self.oldest else None


NUMBERS = ("due", "in_time", "late", "overdue", "before", "visits", "met", "returned", "found", "entered_late",
           "waiting", "decided")  # fmt: skip


def work_of(post: Appointment, permission: str, first: datetime.date, beyond: datetime.date) -> list[Work]:
    """The villages in the scope of ``post`` over [first, beyond), in the order of their codes."""
    villages = OrgUnit.objects.visible_to(post, permission).filter(level=4).current().select_related("township")
    rows = {village.pk: Work(village) for village in villages.order_by("code", "pk")}
    _add_posts(rows, first, beyond)
    scope = {"post": post, "permission": permission}
    _count_dues(rows, first, beyond, **scope)
    _count_visits(rows, first, beyond, **scope)
    _count_reviews(rows, first, beyond, **scope)
    return list(rows.values())


def sums_by_unit_above(rows: list[Work], tier: str) -> list[Work]:
    """``rows`` added up by the unit above that ``tier`` names (township)."""
    sums: dict[int, Work] = {}
    for row in rows:
        above = getattr(row.unit, tier)
        total = sums.setdefault(above.pk, Work(above))
        for name in NUMBERS:
            setattr(total, name, getattr(total, name) + getattr(row, name))
        total.posts += row.posts
        total.waited += row.waited
        total.oldest = min(filter(None, (total.oldest, row.oldest)), default=None)
    return list(sums.values())


def _add_posts(rows: dict[int, Work], first, beyond) -> None:
    held = Q(valid_to=None) | Q(valid_to__gt=first)
    posts = Appointment.objects.filter(held, unit__in=rows, role=Role.VILLAGE_DIRECTOR, valid_from__lt=beyond)
    for appointed in posts.select_related("person").order_by("valid_from", "pk"):
        rows[appointed.unit_id].posts.append(appointed)


def _count_dues(rows: dict[int, Work], first, beyond, *, post, permission) -> None:
    """What fell due in the month and by today, by whether it was visited. What ended unvisited is nobody's debt; what
    falls due today and is not done yet is not told: the day still runs."""
    today = timezone.localdate()
    until = min(beyond, today + datetime.timedelta(days=1))
    dues = VisitDue.objects.visible_to(post, permission).filter(due_on__gte=first, due_on__lt=until)
    done, good = Q(visit__isnull=False), Q(ended_on__lte=F("due_on"))
    counted = dues.filter(done | overdue_on(today))
    # What fell due on a holiday, and is owed but monthly, is in time until the first working day after it is over.
    for off in days_off(first, until):
        inside = Q(due_on__range=(off.since, off.until), days__gte=RARE)
        good |= inside & Q(ended_on__lte=off.back)
        if off.back >= today:
            counted = counted.exclude(inside & ~done)  # there is time until the first working day is over
    by_day = counted.values("village", "due_on").annotate(
        n=Count("pk"), good=Count("pk", filter=done & good), done=Count("pk", filter=done)
    )
    for line in by_day.order_by():
        row = rows.get(line["village"] or 0)
        if row is None:
            continue
        if not any(appointed.valid_from + GRACE <= line["due_on"] for appointed in row.posts):
            row.before += line["n"]
            continue
        row.due += line["n"]
        row.in_time += line["good"]
        row.late += line["done"] - line["good"]
        row.overdue += line["n"] - line["done"]


def _count_visits(rows: dict[int, Work], first, beyond, *, post, permission) -> None:
    visits = Visit.objects.visible_to(post, permission).filter(visited_on__gte=first, visited_on__lt=beyond)
    # one that was taken back at once does not count against who recorded the visit
    returned = without_undone(VisitEvent.objects.filter(record=OuterRef("pk"), action="return"))
    visits = visits.filter(made_in__role=Role.VILLAGE_DIRECTOR).annotate(sent_back=Exists(returned))
    # no work yet: its director is mending it; but that the station had sent it back stays true
    visits = visits.exclude(state=VisitState.RETURNED, taken_back=True, sent_back=False)
    counted = visits.values("village").annotate(
        visits=Count("pk"),
        met=Count("pk", filter=Q(outcome="seen") & ~Q(state=VisitState.RETURNED)),
        returned=Count("pk", filter=Q(sent_back=True)),
        found=Count("pk", filter=~Q(needs="") | ~Q(hazards=[])),
        entered_late=Count("pk", filter=~Q(late_reason="")),
    )
    _put_counts(rows, counted)


def _count_reviews(rows: dict[int, Work], first, beyond, *, post, permission) -> None:
    """How long records waited for the station's first decision in the month since they were sent, and what waits now
    since when (``visits.visit.sent_at``)."""
    here = Visit.objects.visible_to(post, permission)
    waiting = here.filter(state=VisitState.SUBMITTED).annotate(sent_at=SENT_AT)
    _put_counts(rows, waiting.values("village").annotate(waiting=Count("pk"), oldest=Min("sent_at")))
    decisions = VisitEvent.objects.filter(action__in=("accept", "return"), record__in=here.values("pk"))
    decisions = without_undone(decisions)  # taken back it decided nothing: the visit went on waiting
    # between two moments, not by the date of each: no date is worked out of every decision there ever was
    decisions = decisions.filter(at__gte=midnight(first), at__lt=midnight(beyond), was=VisitState.SUBMITTED)
    waits: dict[int | None, list[datetime.timedelta]] = defaultdict(list)
    decided = set()
    in_order = with_sent_at(decisions).order_by("at", "pk").values_list("record", "record__village", "at", "sent_at")
    for record, village, at, sent_at in in_order:
        if record not in decided:
            decided.add(record)
            waits[village].append(at - sent_at)
    for village, times in waits.items():
        row = rows.get(village or 0)
        if row:
            row.decided, row.waited = len(times), sum(times, datetime.timedelta())


def _put_counts(rows: dict[int, Work], counted) -> None:
    for line in counted.order_by():
        row = rows.get(line.pop("village"))
        if row:
            for name, value in line.items():
                setattr(row, name, value)
