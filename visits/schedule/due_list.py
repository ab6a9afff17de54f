"""What a post's children are due for, with why: by the rule, in a special round, because the station asked."""

import datetime
import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import BooleanField, Case, Exists, OuterRef, Subquery, When
from django.db.models.functions import JSONObject

from orgs.holidays.services import days_off
from orgs.posts.models import Appointment
from orgs.units.models import Level, OrgUnit
from registry.child.models import ChildFile, ChildFileQuerySet
from registry.family.models import Guardian
from registry.stays.models import Stay
from visits.schedule.models import ExtraVisit, VisitDue, VisitRound
from visits.visit.map_link import map_link
from visits.visit.models import Visit, VisitState

SHOWN = 100


@dataclass
class RoundToDo:
    """A running round: how many of a post's children are in it, how many were visited, and the dues of some who were
    not; of these, the ``rest`` that a page doesn't show for another reason."""

    round: VisitRound
    owed: int
    done: int
    dues: list[VisitDue]
    rest: list[VisitDue] = field(default_factory=list)


@dataclass
class NotDueYet:
    """A child whose file waits for approval: it is visited, and nothing is due. Has what pages, paper and phones read
    of a due."""

    child: ChildFile
    last_seen_on: datetime.date | None

    extra = holiday = due_on = None
    late = 0
    years = 0
    address = map = call = ""
    carer: Guardian | None = None
    stay: Stay | None = None
    tried: Visit | None = None
    to_mend: Visit | None = None
    last: Visit | None = None
    in_rounds: list[VisitRound] = field(default_factory=list)
    family: list[str] = field(default_factory=list)
    help: Any = None  # what may be begun for the child besides (visits.help)
    noticed: dict = field(default_factory=dict)

    @property
    def child_id(self) -> uuid.UUID:
        return self.child.pk

    @property
    def village_id(self) -> int | None:
        return self.child.village_id

    @property
    def village(self) -> OrgUnit | None:
        return self.child.village

    @property
    def since(self) -> datetime.date:
        """Since when a visit that met nobody is told: the last one that met the child."""
        return self.last_seen_on or datetime.date.min


ToVisit = VisitDue | NotDueYet


def last_seen_on(child: str) -> Subquery:
    """In a query of rows that hold the key of a child as ``child``: the day on which a visit last met it, or None."""
    seen = Visit.objects.seen().filter(child=OuterRef(child)).order_by("-visited_on")
    return Subquery(seen.values("visited_on")[:1])


def not_due_yet(post: Appointment, permission: str) -> list[NotDueYet]:
    """The children of ``post`` whose files wait for approval. One query."""
    return not_due_yet_of(ChildFile.objects.visible_to(post, permission))


def not_due_yet_of(files: ChildFileQuerySet) -> list[NotDueYet]:
    """The children of those ``files`` that wait for approval. One query."""
    files = files.awaiting_approval().select_related("village")
    files = files.annotate(last_seen_on=last_seen_on("pk")).order_by("pk")
    return [NotDueYet(file, file.last_seen_on) for file in files]


def progress(post: Appointment, day: datetime.date) -> dict[str, int]:
    """Of this month: children seen, by what the server has received; children whom this place is to visit."""
    ours = VisitDue.objects.visible_to(post, "log_visit").open()  # one of each child whom this place visits now
    seen = Visit.objects.seen().filter(visited_on__gte=day.replace(day=1), child__in=ours.values("child"))
    return {"visited": seen.values("child").distinct().count(), "due_here": ours.count()}


def with_reasons(dues: list[VisitDue], rounds: list[RoundToDo]) -> None:
    """Put ``extra`` (an open ExtraVisit or None) and ``in_rounds`` (what it is left in) on each due. One query."""
    children = [due.child_id for due in dues]
    extras = {extra.child_id: extra for extra in ExtraVisit.objects.open().filter(child__in=children)}
    left_in: dict[int, list[VisitRound]] = defaultdict(list)
    for todo in rounds:
        for due in todo.dues:
            left_in[due.pk].append(todo.round)
    for due in dues:
        due.extra, due.in_rounds = extras.get(due.child_id), left_in[due.pk]


def dues_with_reasons(post: Appointment, permission: str, rounds: list[VisitRound]):
    """Open dues of ``post``, what the station asked for first, then by urgency; for ``read_reasons``. Each with
    ``asked_for``, ``last_seen_on`` (the day of the newest visit that met the child, or None) and, for the n-th of
    ``rounds``, ``round_n``: None where the child is not in it, else whether it was visited in its days."""
    asked = ExtraVisit.objects.open().filter(child=OuterRef("child")).order_by("due_on")
    dues = VisitDue.objects.visible_to(post, permission).open().select_related("child", "village")
    in_rounds = {
        f"round_{number}": Case(
            When(each.holds(), then=Exists(each.visits_of(OuterRef("child")))),
            output_field=BooleanField(null=True),
        )
        for number, each in enumerate(rounds)
    }
    return dues.annotate(
        asked_for=Subquery(asked.values(json=JSONObject(due_on="due_on", reason="reason"))[:1]),
        is_asked=Exists(asked),
        last_seen_on=last_seen_on("child"),
        **in_rounds,
    ).order_by("-is_asked", "due_on", "child_id")


def read_reasons(dues: list[Any], rounds: list[VisitRound]) -> list[RoundToDo]:
    """Put on each of ``dues_with_reasons`` its ``extra`` and ``in_rounds``, as ``with_reasons``; the rounds that have
    some of them, as ``rounds_for``. No query."""
    for due in dues:
        due.in_rounds, due.extra = [], None
        if due.asked_for:
            until = datetime.date.fromisoformat(due.asked_for["due_on"])
            due.extra = ExtraVisit(child_id=due.child_id, due_on=until, reason=due.asked_for["reason"])
    found = []
    for number, each in enumerate(rounds):
        owed = [due for due in dues if getattr(due, f"round_{number}") is not None]
        left = [due for due in owed if not getattr(due, f"round_{number}")]
        for due in left:
            due.in_rounds.append(each)
        if owed:
            found.append(RoundToDo(each, len(owed), len(owed) - len(left), left))
    return found


def with_holidays(dues: list[VisitDue]) -> None:
    """Put on each due the ``holiday`` it falls into, or None: then the visit is better made before. One query."""
    days = [due.due_on for due in dues]
    known = days_off(min(days), max(days)) if days else []
    for due in dues:
        due.holiday = next((off for off in known if off.since <= due.due_on <= off.until), None)


def with_contacts(dues: Sequence[ToVisit], unit: OrgUnit) -> None:
    """Put on each due where the child is and whom to call: ``stay`` (where it stays away from its village, or None),
    ``address``, ``map`` (the way from ``unit``), ``carer`` (its guardian, or None), ``call`` (a telephone number; in a
    village alone, where who visits calls first: others see it in the file, by the recorded click). Two queries."""
    guardians = Guardian.objects.filter(until=None, child__in=[due.child_id for due in dues])
    carers = {guardian.child_id: guardian for guardian in guardians}
    away = [due.child_id for due in dues if due.child.village_id != due.village_id]
    stays = {stay.child_id: stay for stay in Stay.objects.in_force().filter(child__in=away)} if away else {}
    for due in dues:
        due.carer, due.stay = carers.get(due.child_id), stays.get(due.child_id)
        due.address = due.stay.address if due.stay else due.child.address
        due.map = map_link(unit, due.address)
        if unit.level != Level.VILLAGE:
            due.call = ""
            continue
        numbers = [due.stay.host_phone if due.stay else "", due.carer.phone if due.carer else "", due.child.phone]
        due.call = next(filter(None, numbers), "")


def with_visits_not_counted(dues: Sequence[ToVisit], post: Appointment) -> None:
    """Put on each due the newest visits that left it due, each a visit or None. One query. ``tried``: one that did not
    meet the child, since what is due began. ``to_mend``: one that came back to ``post`` or was taken back there."""
    due_of = {due.child_id: due for due in dues}
    visits = Visit.objects.filter(child__in=due_of)
    back = visits.filter(pk__in=Visit.objects.returned_to(post, "log_visit").values("pk"))
    tried, to_mend = {}, {}
    for visit in (visits.not_seen() | back).order_by("visited_on", "made_at", "pk"):
        if visit.state == VisitState.RETURNED:
            to_mend[visit.child_id] = visit
        elif _after(visit, due_of[visit.child_id]):
            tried[visit.child_id] = visit
    for due in dues:
        due.tried, due.to_mend = tried.get(due.child_id), to_mend.get(due.child_id)


def _after(visit: Visit, due: ToVisit) -> bool:
    """On the day on which a visit met the child it was met, whatever else was tried."""
    return visit.visited_on > due.since or visit.visited_on == due.since == due.child.begun_on


def extras_for(post: Appointment, permission: str):
    """Open dues of the children whom the station asked to see; of who visits them now, longest waiting first."""
    asked = ExtraVisit.objects.open().values("child")
    return VisitDue.objects.visible_to(post, permission).open().filter(child__in=asked).order_by("due_on", "child_id")


def rounds_for(post: Appointment, permission: str, day: datetime.date) -> list[RoundToDo]:
    """The rounds that run on ``day`` and have children of ``post``, the one that ends first before the others."""
    found = []
    for each in VisitRound.objects.at(post.unit).running(day):
        owed = each.owed().visible_to(post, permission)
        number = owed.count()
        if number:
            left = owed.filter(done=False)
            waiting = left.count()
            dues = list(left.select_related("child", "village", "township").order_by("due_on", "child_id")[:SHOWN])
            found.append(RoundToDo(each, number, number - waiting, dues))
    return found
