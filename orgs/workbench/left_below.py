"""What units below began and did not finish, or have to correct: one number each of drafts and of what came back."""

from collections import Counter, defaultdict

from django.db.models import CharField, Count, F, QuerySet, Value

from childwelfare.tables.kept import kept_rows
from orgs.access.scope import TIERS
from orgs.posts.models import Appointment
from orgs.posts.station_work import units_above
from orgs.units.models import Level
from orgs.workbench.kinds import LEFT_KINDS, Lack, LeftKind, one_list


def left_unfinished(post: Appointment) -> dict[int, list[Lack]]:
    """{unit of the next tier: what waits there to be gone on with}; the city goes by figures alone. One query."""
    if post.unit.level not in (Level.COUNTY, Level.TOWNSHIP):
        return {}
    kinds = tuple(LEFT_KINDS.values())
    rows = kept_rows(("left", post.reach, kinds), lambda: one_list([_numbers(kind, post) for kind in kinds]))
    counted: dict[int, Counter[str]] = defaultdict(Counter)
    for key, unit, number in rows:
        counted[unit][str(LEFT_KINDS[key].label)] += number
    labels = list(dict.fromkeys(str(kind.label) for kind in LEFT_KINDS.values()))
    found: dict[int, list[Lack]] = defaultdict(list)
    for unit, numbers in counted.items():
        for label in labels:
            if number := numbers[label]:
                found[unit].append(Lack(text=label % {"n": number}, weight=number))
    return found


def _numbers(kind: LeftKind, post: Appointment) -> QuerySet:
    """(kind, unit, how many) of one kind. What the post's own unit wrote, or one above it, waits for that, not for a
    unit below."""
    records = kind.records(post).exclude(made_in__unit__in=[post.unit_id, *units_above(post)]).order_by()
    records = records.annotate(w_kind=Value(kind.key, CharField()), w_unit=F(f"{kind.unit}{TIERS[post.unit.level]}_id"))
    return records.filter(w_unit__isnull=False).values_list("w_kind", "w_unit").annotate(w_n=Count("pk"))


def left_at(post: Appointment) -> list[Lack]:
    """What the unit of ``post`` itself began and did not finish: its drafts, and what came back. One query."""
    kinds = tuple(LEFT_KINDS.values())
    tier = TIERS[post.unit.level - 1]
    rows = kept_rows(
        ("left at", post.reach, kinds), lambda: one_list([_own_numbers(kind, post, tier) for kind in kinds])
    )
    counted: Counter[str] = Counter()
    for key, number in rows:
        counted[str(LEFT_KINDS[key].label)] += number
    return [Lack(text=label % {"n": number}, weight=number) for label, number in counted.items() if number]


def _own_numbers(kind: LeftKind, post: Appointment, tier: str) -> QuerySet:
    records = kind.records(post).filter(**{f"{kind.unit}{tier}": post.unit_id}).order_by()
    records = records.annotate(w_kind=Value(kind.key, CharField()))
    return records.values_list("w_kind").annotate(w_n=Count("pk"))
