"""What may narrow a list of files: declared once, read by the page, the API and saved views.

Fields of the file say so in their entry (registry.child.field_table), other concepts add theirs with
``FILTERS.add(Filter(…), order=…)``. A filter is asked for by its name in the address, so that a
narrowed list can be handed on as a link; what can't be read narrows nothing, and is named.
"""

import datetime
import re
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from childwelfare.hooks import KeyedRegistry
from childwelfare.text.cleaning import clean_date
from childwelfare.text.months import after, lately
from childwelfare.text.words import Words
from orgs.posts.models import Appointment
from orgs.units.models import OrgUnit
from registry.child import codes
from registry.child.ages import born_after
from registry.child.field_entry import Kind, ListFilter
from registry.child.fields import Field, fields
from registry.child.models import FileState
from registry.quality import label_of_key
from registry.quality.rules import KEYS


@dataclass(frozen=True)
class Filter:
    """``choices(post, asked)``: (value, label) of what the form offers. ``read(post, text)``: (value, label) of what
    was asked, None if it can't be read; left out, the text is one of the choices. ``narrow(files, value)``.

    ``kind``: choice (a select), date, flag (a tick, value "1"), or hidden (only by an address). ``first``: stands
    beside the search, the others under 更多条件. ``masked``: open to who sees masked rows, because it asks for nothing
    that these don't show.
    """

    name: str
    label: Words
    narrow: Callable[[QuerySet, Any], QuerySet]
    choices: Callable[[Appointment | None, dict], Iterable[tuple[str, str]]] = lambda post, asked: ()
    read: Callable[[Appointment, str], tuple[object, str] | None] | None = None
    kind: str = "choice"
    first: bool = False
    masked: bool = False

    def understand(self, post: Appointment, text: str, asked: dict) -> tuple[object, str] | None:
        if self.read:
            return self.read(post, text)
        label = dict(self.choices(post, asked)).get(text)
        return None if label is None else (text, str(label))


@dataclass(frozen=True)
class Chosen:
    """A filter that narrows the list: the text in the address, the value, and its words for a reader."""

    filter: Filter
    text: str
    value: Any
    label: Words


@dataclass
class Narrowing:
    """What was asked of a list, as far as it can be read; ``untold`` says what can't."""

    chosen: list[Chosen] = field(default_factory=list)
    untold: list[str] = field(default_factory=list)

    def apply(self, files: QuerySet) -> QuerySet:
        for each in self.chosen:
            files = each.filter.narrow(files, each.value)
        return files

    def query(self) -> dict[str, str]:
        return {each.filter.name: each.text for each in self.chosen}


FILTERS: KeyedRegistry[Filter] = KeyedRegistry("filters of lists", key="name")


def filters_for(post: Appointment) -> list[Filter]:
    return [each for each in FILTERS.values() if each.masked or post.holds("view_child")]


def read_filters(post: Appointment, asked: dict[str, str]) -> Narrowing:
    """``asked``: what stands in the address."""
    narrowing = Narrowing()
    for each in filters_for(post):
        text = asked.get(each.name, "").strip()[:60]
        if not text:
            continue
        understood = each.understand(post, text, asked)
        if understood is None:
            text_of_problem = _(
                "“%(label)s”不能按“%(text)s”筛选，这一条没有起作用。请从列表中选择，日期写成 2026-03-01 这样。"
            )
            narrowing.untold.append(text_of_problem % {"label": each.label, "text": text})
        else:
            narrowing.chosen.append(Chosen(each, text, *understood))
    return narrowing


def _column(name: str, column: str = "") -> Callable:
    return lambda files, value: files.filter(**{column or name: value})


def _of(choices) -> Callable:
    return lambda post, asked: choices.choices


# ages in whole years: the first one and the first one beyond; the law's own borders (preschool, school, 14, 16, 18)
AGE_BANDS = {"0-5": (0, 6), "6-13": (6, 14), "14-15": (14, 16), "16-17": (16, 18), "18-": (18, None)}


def _age_choices(post, asked) -> list[tuple[str, str]]:
    labels = [_("%(from)s 至 %(to)s 岁") % {"from": a, "to": b - 1} for a, b in AGE_BANDS.values() if b]
    return list(zip(AGE_BANDS, [*labels, _("18 岁以上")], strict=True))


def _in_age_band(files, band: str):
    first, beyond = AGE_BANDS[band]
    today = timezone.localdate()
    files = files.filter(birth_date__lte=born_after(today, first))
    return files.filter(birth_date__gt=born_after(today, beyond)) if beyond else files


def _units(level: int) -> Callable:
    """The units of ``level`` in scope that a form can offer: the next tier below the post, or below what is chosen."""

    def choices(post: Appointment, asked: dict) -> list[tuple[str, str]]:
        above = post.unit
        if level == above.level + 2:
            chosen = _read_unit(post, asked.get({3: "county", 4: "township"}[level], ""))
            above = chosen[0] if chosen else above
        if level != above.level + 1:
            return []
        units = OrgUnit.objects.visible_to(post, "view_unit").filter(parent=above).order_by("code", "id")
        return [(str(unit.uid), unit.short_name) for unit in units]

    return choices


def _read_unit(post: Appointment, text: str) -> tuple[OrgUnit, str] | None:
    """A unit in scope; its village, township, county and city are on its row."""
    try:
        uid = uuid.UUID(text)
    except ValueError:
        return None
    unit = OrgUnit.objects.visible_to(post, "view_unit").with_path().filter(uid=uid).first()
    return (unit, unit.path_label) if unit else None


def _within(files, unit: OrgUnit):
    return files.within(unit)


def _read_date(post, text: str) -> tuple[datetime.date, str] | None:
    try:
        day = clean_date(text)
    except ValidationError:
        return None
    return (day, day.isoformat()) if day else None


PERIOD = re.compile(r"(\d{4})(?:-(\d{2}))?")


def _period_choices(post, asked) -> list[tuple[str, str]]:
    today = timezone.localdate()
    texts = [f"{today.year}", f"{today.year - 1}", *(f"{day:%Y-%m}" for day in lately())]
    return [(text, read[1]) for text in texts if (read := _read_period(post, text))]


def _read_period(post, text: str) -> tuple[tuple[datetime.date, datetime.date], str] | None:
    """(first day, first day beyond) of 2026 or 2026-11."""
    match = PERIOD.fullmatch(text)
    if match is None:
        return None
    try:
        year, month = int(match[1]), int(match[2] or 1)
        first = datetime.date(year, month, 1)
        beyond = after(first) if match[2] else first.replace(year=year + 1)
    except (ValueError, OverflowError):
        return None
    words = _("%(year)s年%(month)s月") if match[2] else _("%(year)s年")
    return (first, beyond), words % {"year": year, "month": month}


def _closed_in(files, period):
    return files.filter(closed_on__gte=period[0], closed_on__lt=period[1])


def _has_category(files, category: str):
    """By the file's own copy of its open categories: every list of codes that has this one, which an index serves
    where a join over the memberships would visit each child."""
    codes_in_order, lists = codes.Category.values, []
    for number in range(1, len(codes_in_order) + 1):
        lists += [",".join(held) for held in combinations(codes_in_order, number) if category in held]
    return files.filter(category_codes__in=lists)


def _has_issue(files, key: str):
    return files.filter(issues__rule=key)


def _read_issue(post, key: str) -> tuple[str, str] | None:
    """A key of the data quality page (registry.quality.rules.KEYS)."""
    return (key, str(label_of_key(key))) if key in KEYS else None


def _yes(post, asked) -> list[tuple[str, str]]:
    return [("1", _("是"))]


def _field_filter(field: Field, declared: ListFilter) -> Filter:
    """A filter by a choice, or by yes and no, of the child's own row."""
    assert field.holder == "child" and field.kind in (Kind.CHOICE, Kind.YES_NO), field.name
    label = declared.label or field.short_label
    if field.kind == Kind.YES_NO:
        return Filter(
            field.name, label, _answered(field.name), _yes_or_no, first=declared.first, masked=declared.masked
        )
    return Filter(
        field.name, label, _column(field.name), _choices_of_column(field), first=declared.first, masked=declared.masked
    )


def _choices_of_column(field: Field) -> Callable:
    return lambda post, asked: field.stored_column.flatchoices


def _answered(name: str) -> Callable:
    return lambda files, value: files.filter(**{name: value == "1"})


def _yes_or_no(post, asked) -> list[tuple[str, str]]:
    return [("1", _("是")), ("0", _("否"))]


for _filtered in fields().values():
    if _filtered.entry.list_filter:
        FILTERS.add(_field_filter(_filtered, _filtered.entry.list_filter), order=_filtered.entry.list_filter.order)
FILTERS.add(
    Filter("category", gettext_lazy("类别"), _has_category, _of(codes.Category), first=True, masked=True), order=10
)
FILTERS.add(Filter("state", gettext_lazy("状态"), _column("state"), _of(FileState), first=True), order=30)
FILTERS.add(
    Filter("age", gettext_lazy("年龄"), _in_age_band, _age_choices, masked=True),
    Filter("county", gettext_lazy("县（市、区）"), _within, _units(2), _read_unit, masked=True),
    Filter("township", gettext_lazy("乡镇（街道）"), _within, _units(3), _read_unit, masked=True),
    Filter("village", gettext_lazy("村（居）"), _within, _units(4), _read_unit, masked=True),
    Filter("unit", gettext_lazy("机构"), _within, read=_read_unit, kind="hidden", masked=True),
    order=50,
)
FILTERS.add(
    Filter("from", gettext_lazy("建档不早于"), _column("from", "approved_on__gte"), read=_read_date, kind="date"),
    Filter("to", gettext_lazy("建档不晚于"), _column("to", "approved_on__lte"), read=_read_date, kind="date"),
    Filter("no_id", gettext_lazy("还没有身份证号"), lambda files, value: files.filter(id_index=""), _yes, kind="flag"),
    Filter("issue", gettext_lazy("数据质量"), _has_issue, read=_read_issue, kind="hidden", masked=True),
    Filter("closed", gettext_lazy("结案时间"), _closed_in, _period_choices, _read_period),
    order=200,
)
