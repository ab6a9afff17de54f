"""The work of ordered registers: what happened in a period, a row each, in the look of a long roster."""

import datetime
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Q
from django.utils import timezone, translation

from childwelfare.jobs.models import Job
from childwelfare.jobs.services import Progress
from childwelfare.text.days import chinese_date
from childwelfare.text.masking import masked_name
from childwelfare.text.words import Words
from orgs.posts.models import Appointment, Role
from orgs.publicity.models import Publicity
from orgs.units.models import OrgUnit
from registry.child.models import ChildFile
from reports.exports.excel.naming import file_name, full_name
from reports.exports.excel.people import Column
from reports.exports.excel.read_back import check_workbook
from reports.exports.excel.writer import LongList, write_long
from reports.exports.keeping import keep
from reports.exports.kinds import EXPORT_KINDS
from reports.exports.services import day_of, orderer, unit_of_order
from reports.rollup.periods import Period
from visits.alerts.models import Alert
from visits.visit.models import Visit

BATCH = 500
CLOSING = 2  # rows after the last one: the total, the seal line
NUMBER = Column("序号", 5)
PATH = ("city", "county", "township", "village")


@dataclass(frozen=True)
class Register:
    """``rows``: cells without the serial number, ``count`` of them."""

    columns: tuple[Column, ...]
    rows: Iterable[list]
    count: int


def write_register(
    record: Job,
    progress: Progress,
    register: Register,
    *,
    dated: datetime.date | None = None,
    standing: Words = "",
) -> tuple[str, str]:
    """Write, read again and keep ``register``; what a job returns. ``dated``: the 填报日期 of what was signed, else the
    day of the order; ``standing``: what the figures are that it lists, where they are not simply valid."""
    period, person, day = Period.of(record.params["period"]), orderer(record).person.name, day_of(record)
    unit = unit_of_order(record).as_of(period.last)
    content = io.BytesIO()
    with translation.override(settings.LANGUAGE_CODE):
        label = str(EXPORT_KINDS[record.kind].label)
        title = f"{full_name(unit)}{label}"
        line = (
            f"填报单位：{unit.centre_name}（盖章）",
            f"填报日期：{chinese_date(dated or day)}",
            f"报告期：{period.label}{f'　{standing}' if standing else ''}",
        )
        columns = (NUMBER, *register.columns)
        footer = f"{unit.centre_name} {person}导出　{period.label}"
        rows = _numbered(register, progress, len(columns), person)
        write_long(content, LongList(label, title, line, columns, rows, footer, register.count + CLOSING))
        subject = f"{title}{period.label}_"
    kept = keep(record, content, unit, rows=register.count, check=lambda: check_workbook(content, rows=register.count))
    progress(register.count, register.count)
    return kept, file_name(subject, day)


def _numbered(register: Register, progress: Progress, width: int, person: str) -> Iterator[list]:
    progress(0, register.count)
    number = 0
    for number, cells in enumerate(register.rows, start=1):
        if number % 100 == 0:
            progress(number, register.count)
        yield [number, *cells]
    blank = [""] * (width - 4)
    yield ["合计", f"共 {number} 条", "", *blank, ""]
    yield ["", f"制表人：{person}", "审核人：", *blank, "（单位盖章）"]


def export_visits(record: Job, progress: Progress) -> tuple[str, str]:
    """走访台账: the visits of the period, whatever became of them."""
    post, period = orderer(record), Period.of(record.params["period"])
    rows = Visit.objects.visible_to(post, "export_roster").within(unit_of_order(record))
    rows = rows.filter(visited_on__gte=period.first, visited_on__lte=period.last).order_by("visited_on", "id")
    columns = (
        Column("走访日期", 12), Column("姓名", 10.5), Column("乡镇、村（居）", 22, "left"), Column("方式", 8),
        Column("结果", 12), Column("见到谁", 10.5), Column("照看情况", 9), Column("吃穿住用", 9), Column("上学", 9),
        Column("情绪", 9), Column("需要什么帮助", 24, "left"), Column("走访人", 10.5), Column("审核", 8),
    )  # fmt: skip
    return write_register(record, progress, Register(columns, _visit_cells(rows, post), rows.count()))


def _visit_cells(rows, post: Appointment) -> Iterator[list]:
    """A child whose file lies elsewhere by now is named to nobody here."""
    found = rows.select_related("child", "made_by", *PATH)
    keys = list(rows.values_list("pk", flat=True))  # once, so that none is doubled or missed in a later batch
    for start in range(0, len(keys), BATCH):
        batch = {visit.pk: visit for visit in found.filter(pk__in=keys[start : start + BATCH])}
        children = [visit.child_id for visit in batch.values()]
        named = set(
            ChildFile.objects.visible_to(post, "export_roster").filter(pk__in=children).values_list("pk", flat=True)
        )
        for pk in keys[start : start + BATCH]:
            visit = batch.get(pk)
            if visit is None:
                continue
            yield [
                f"{visit.visited_on:%Y-%m-%d}",
                visit.child.name if visit.child_id in named else masked_name(visit.child.name),
                place_of(visit),
                *(str(getattr(visit, f"get_{name}_display")()) for name in ("method", "outcome")),
                visit.met,
                *(str(getattr(visit, f"get_{name}_display")()) for name in ("care", "living", "attendance", "mood")),
                visit.needs,
                visit.made_by.name,
                str(visit.get_state_display()),
            ]


def place_of(record) -> str:
    return f"{'' if record.township.stand_in else record.township.short_name}{record.village.short_name}"


def export_alerts(record: Job, progress: Progress) -> tuple[str, str]:
    """紧急报告台账: by number alone, for a sheet is passed around."""
    post, period = orderer(record), Period.of(record.params["period"])
    begin, end = _moment(period.first), after(period.last)
    rows = Alert.objects.visible_to(post, "view_alert").within(unit_of_order(record))
    rows = rows.filter(made_at__gte=begin, made_at__lt=end).order_by("made_at", "id").select_related(*PATH)
    columns = (
        Column("编号", 16), Column("报告时间", 17), Column("乡镇、村（居）", 22, "left"), Column("情形", 34, "left"),
        Column("报警", 12), Column("乡镇签收", 17), Column("县级签收", 17), Column("首次处置", 17),
        Column("办结", 17), Column("结果", 16), Column("状态", 9),
    )  # fmt: skip

    def cells() -> Iterator[list]:
        for alert in rows.iterator(chunk_size=BATCH):
            yield [
                alert.number,
                _time(alert.made_at),
                place_of(alert),
                "、".join(map(str, alert.situation_labels)),
                str(alert.get_call_display()),
                *(_time(getattr(alert, name)) for name in ("township_at", "county_at", "handled_at", "closed_at")),
                str(alert.get_outcome_display()),
                str(alert.get_state_display()),
            ]

    return write_register(record, progress, Register(columns, cells(), rows.count()))


def export_publicity(record: Job, progress: Progress) -> tuple[str, str]:
    """宣传台账: of villages and stations."""
    post, period = orderer(record), Period.of(record.params["period"])
    rows = Publicity.objects.visible_to(post, "view_publicity").within(unit_of_order(record))
    rows = rows.filter(held_on__gte=period.first, held_on__lte=period.last).order_by("held_on", "id")
    rows = rows.select_related("made_by", "unit", *_of_unit())
    columns = (
        Column("日期", 12), Column("单位", 24, "left"), Column("主题", 30, "left"), Column("地点", 22, "left"),
        Column("对象", 20), Column("人数", 7), Column("内容", 34, "left"), Column("记录人", 10.5),
    )  # fmt: skip

    def cells() -> Iterator[list]:
        for each in rows.iterator(chunk_size=BATCH):
            audience = "、".join(map(str, each.audience_labels))
            yield [
                f"{each.held_on:%Y-%m-%d}", each.unit.path_label, each.topic, each.where, audience, each.people,
                each.note, each.made_by.name,
            ]  # fmt: skip

    return write_register(record, progress, Register(columns, cells(), rows.count()))


def export_staff(record: Job, progress: Progress) -> tuple[str, str]:
    """队伍台账: who held a post on the period's last day, and which villages had nobody."""
    period = Period.of(record.params["period"])
    unit, day = unit_of_order(record), period.as_of
    held = Q(valid_to=None) | Q(valid_to__gt=day)
    posts = Appointment.objects.within(unit).filter(held, valid_from__lte=day, role__in=_WORKING)
    posts = posts.order_by("unit__level", "unit__code", "unit_id", "valid_from", "pk")
    posts = posts.select_related("person", "unit", *_of_unit())
    directors = posts.filter(role=Role.VILLAGE_DIRECTOR).order_by().values("unit")
    villages = OrgUnit.objects.within(unit).stood_on(day).filter(level=4, stand_in=False)
    vacant = villages.exclude(pk__in=directors)
    columns = (
        Column("单位", 28, "left"), Column("姓名", 10.5), Column("岗位", 22), Column("负责人", 8),
        Column("任职日期", 12), Column("离任日期", 12), Column("任免文号", 24, "left"),
        Column("工作电话", 16), Column("备注", 10),
    )  # fmt: skip

    def cells() -> Iterator[list]:
        for post in posts.iterator(chunk_size=BATCH):
            until = f"{post.valid_to:%Y-%m-%d}" if post.valid_to else ""
            yield [
                post.unit.path_label, post.person.name, str(post.get_role_display()), "是" if post.lead else "",
                f"{post.valid_from:%Y-%m-%d}", until, post.document, post.person.phone, "",
            ]  # fmt: skip
        for each in vacant.with_path().in_order():
            yield [each.path_label, "", str(Role.VILLAGE_DIRECTOR.label), "", "", "", "", "", "空缺"]

    return write_register(record, progress, Register(columns, cells(), posts.count() + vacant.count()))


_WORKING = (Role.VILLAGE_DIRECTOR, Role.TOWNSHIP_CLERK, Role.COUNTY_OFFICER, Role.CITY_OFFICER)


def _of_unit() -> tuple[str, ...]:
    return tuple(f"unit__{tier}" for tier in PATH[:3])


def _moment(day: datetime.date) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time()))


def after(day: datetime.date) -> datetime.datetime:
    """The first moment after ``day``."""
    return _moment(day + datetime.timedelta(days=1))


def _time(moment: datetime.datetime | None) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M}" if moment else ""
