"""What must always hold in the tree and its copies, each as a sentence when it does not."""

from collections.abc import Iterator

from django.db.models import Count, F, Q
from django.utils import timezone

from orgs.access.permissions import MATRIX
from orgs.posts.models import Appointment
from orgs.units.models import OrgUnit, UnitGrant
from orgs.units.services.tree import misplaced, placed_models, wrong_units


def problems() -> Iterator[str]:
    """Every inconsistency found, in words."""
    units = OrgUnit.objects.select_related("parent")
    for unit in units.filter(parent=None, level__gt=2):
        yield f"{unit}（{unit.pk}）没有上级，却不是市或县。"
    for unit in units.filter(parent__isnull=False).exclude(level=F("parent__level") + 1):
        above = unit.parent
        assert above
        yield f"{unit}（{unit.pk}）的层级 {unit.level} 与上级 {above} 的层级 {above.level} 不相接。"
    for unit in wrong_units():
        yield f"{unit}（{unit.pk}）记下的上级与机构树不符。"
    for unit in units.filter(valid_to__lt=F("valid_from")):
        yield f"{unit}（{unit.pk}）的停用日期早于启用日期。"
    for model in placed_models():
        for record in misplaced(model).values_list("pk", flat=True)[:20]:
            yield f"{model._meta.verbose_name} {record} 记下的所在地与村（居）的上级不符。"
        for record in model._base_manager.exclude(village__level=4).values_list("pk", flat=True)[:20]:
            yield f"{model._meta.verbose_name} {record} 不在村（居）里。"
    yield from _grant_problems()
    yield from _succession_problems()


def _succession_problems() -> Iterator[str]:
    """Who took over from a closed unit is told by both, by the last where that one closed as well, and by the orders:
    whoever wrote it into these columns alone would see another unit's children."""
    last: dict[int, int | None] = dict(OrgUnit.objects.exclude(taken_over_by=None).values_list("pk", "taken_over_by"))
    ordered = _taken_over_by_orders()
    named = {pk: set(keys) for pk, keys in OrgUnit.objects.values_list("pk", "took_over") if keys}
    for before, after in last.items():
        if after and before not in ordered.get(after, ()):
            yield f"机构 {before} 记下由 {after} 接续，没有这样的机构调整。"
        if after and before not in named.get(after, ()):
            yield f"机构 {before} 记下由 {after} 接续，{after} 却没有记下接续了它。"
    for after, keys in named.items():
        for before in keys:
            if last.get(before) not in (after, last.get(after)):
                yield f"机构 {after} 记下接续了 {before}，{before} 却没有记下由谁接续。"


def _taken_over_by_orders() -> dict[int, set[int]]:
    """{unit: all that it took over from, directly or by way of others}, as the orders tell."""
    before: dict[int, set[int]] = {}
    pairs = OrgUnit.objects.exclude(took_over_from=None).values_list("pk", "took_over_from__predecessor")
    for unit, predecessor in pairs:
        before.setdefault(unit, set()).add(predecessor)
    found: dict[int, set[int]] = {}
    for unit in before:
        here, left = set(), set(before[unit])
        while left:
            here |= left
            left = set().union(*(before.get(each, set()) for each in left)) - here
        found[unit] = here
    return found


def _grant_problems() -> Iterator[str]:
    """Grants are what the open appointments of the person at the unit declare, no more and no less."""
    today = timezone.localdate()
    wanted: dict[tuple[int, int], set[str]] = {}
    still_open = Appointment.objects.filter(Q(valid_to=None) | Q(valid_to__gt=today))
    for person, unit, role in still_open.values_list("person", "unit", "role"):
        wanted.setdefault((person, unit), set()).update(MATRIX[role])
    held: dict[tuple[int, int], set[str]] = {}
    for person, unit, name in UnitGrant.objects.values_list("user", "content_object", "permission__codename"):
        held.setdefault((person, unit), set()).add(name)
    known = set(Appointment.objects.values_list("person", "unit"))
    for key in wanted.keys() | held.keys():
        person, unit = key
        if key not in known:
            yield f"人员 {person} 在机构 {unit} 有授权，却没有任职。"
        elif (extra := held.get(key, set()) - wanted.get(key, set())) and (excess := extra - _ever_declared(key)):
            yield f"人员 {person} 在机构 {unit} 多出授权：{'、'.join(sorted(excess))}。"
        if lacking := wanted.get(key, set()) - held.get(key, set()):
            yield f"人员 {person} 在机构 {unit} 缺少授权：{'、'.join(sorted(lacking))}。"
    doubled = Appointment.objects.filter(valid_to=None).values("person", "unit", "role").annotate(n=Count("pk"))
    for row in doubled.filter(n__gt=1):
        yield f"人员 {row['person']} 在机构 {row['unit']} 重复任职 {row['role']}。"


def _ever_declared(key: tuple[int, int]) -> set[str]:
    """An appointment whose last day has passed may keep its grant rows: reading grants checks the dates."""
    person, unit = key
    roles = Appointment.objects.filter(person=person, unit=unit).values_list("role", flat=True)
    return set().union(*(MATRIX[role] for role in roles))
