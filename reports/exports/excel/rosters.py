"""The work of ordered rosters: of the children in the registry now, and of those whom a unit reported."""

import io
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.utils import timezone, translation

from childwelfare.jobs.models import Job
from childwelfare.jobs.services import Progress
from childwelfare.text.masking import masked_name
from childwelfare.text.words import Words
from orgs.posts.models import Appointment
from registry.child import codes
from registry.child.models import ChildFile
from registry.lists.search import narrow
from registry.status.models import CATEGORY_BITS
from reports.exports.excel.naming import file_name
from reports.exports.excel.people import Column
from reports.exports.excel.read_back import check_workbook
from reports.exports.excel.registers import BATCH, Register, write_register
from reports.exports.excel.roster import Roster
from reports.exports.keeping import keep
from reports.exports.reported import reported_at
from reports.exports.services import day_of, orderer, unit_of_order
from reports.snapshots.models import Snapshot
from reports.snapshots.rosters import open_roster
from reports.submissions.sheets import leaves_of

NOT_TOLD = "未填"
FROZEN: dict[str, dict[str, Words]] = {  # dimensions of a roster, as they are told
    "d_sex": dict(codes.Sex.choices),
    "d_guardianship": dict(codes.Guardianship.choices),
    "d_schooling": dict(codes.Schooling.choices),
    "d_disability": dict(codes.Disability.choices) | {"": "无"},
    "d_risk": dict(codes.CHILD_RISKS),
}


def export_roster(record: Job, progress: Progress) -> tuple[str, str]:
    """The work of an ordered 花名册: the children who are in the registry when it runs."""
    unit, category = unit_of_order(record), record.params["category"]
    files = ChildFile.objects.visible_to(record.post, "export_roster").within(unit).in_registry()
    content, day = io.BytesIO(), day_of(record)
    with translation.override(settings.LANGUAGE_CODE):
        files = narrow(files, category=category)
        roster = Roster(files, unit=unit, category=category, day=day, person=orderer(record).person.name)
        progress(0, roster.count)
        roster.write(content, progress)
    progress(roster.count, roster.count)
    kept = keep(record, content, unit, rows=roster.count, check=lambda: check_workbook(content, rows=roster.count))
    return kept, file_name(roster.title, day)


def export_reported_roster(record: Job, progress: Progress) -> tuple[str, str]:
    """上报名单: whom the reported figures count, with what they were counted by, from the sealed rosters of the
    villages. Names and numbers stand in the files and are told to who may have them today; others read a
    masked name."""
    unit, post = unit_of_order(record), orderer(record)
    signed = reported_at(unit, record.params["period"])
    villages = leaves_of([signed])
    columns = (
        Column("姓名", 10.5), Column("公民身份号码", 22), Column("村（居）", 22, "left"), Column("性别", 6),
        Column("年龄段", 8), Column("类别", 26, "left"), Column("监护", 8), Column("就学", 10), Column("残疾", 10),
        Column("风险", 8),
    )  # fmt: skip
    listed = [(snapshot, row) for snapshot in villages for row in _children_of(snapshot)]
    register = Register(columns, _cells(listed, post), len(listed))
    dated, standing = timezone.localdate(signed.made_at), signed.standing
    return write_register(record, progress, register, dated=dated, standing=standing)


def _children_of(snapshot: Snapshot) -> list[dict[str, Any]]:
    columns, rows = open_roster(snapshot).groups.get("child", (["child"], []))
    return [dict(zip(columns, row, strict=True)) for row in rows]


def _cells(listed: list[tuple[Snapshot, dict[str, Any]]], post: Appointment) -> Iterator[list]:
    for start in range(0, len(listed), BATCH):
        batch = listed[start : start + BATCH]
        keys = [row["child"] for _snapshot, row in batch]
        files = {str(pk): name for pk, name in ChildFile.objects.filter(pk__in=keys).values_list("pk", "name")}
        open_here = ChildFile.objects.visible_to(post, "export_roster").filter(pk__in=keys)
        numbers = {str(file.pk): file.id_number for file in open_here.only("pk", "id_number")}
        for snapshot, row in batch:
            name, number = files.get(row["child"], ""), numbers.get(row["child"])
            yield [
                masked_name(name) if number is None else name,
                number or "",
                snapshot.unit.short_name,
                _told(row, "d_sex"),
                row.get("d_age", ""),
                _categories(row.get("d_category", 0)),
                *(_told(row, each) for each in ("d_guardianship", "d_schooling", "d_disability", "d_risk")),
            ]


def _told(row: dict[str, Any], dimension: str) -> str:
    value = row.get(dimension, "")
    return str(FROZEN[dimension].get(value, NOT_TOLD))


def _categories(held: int) -> str:
    names = [str(label).removesuffix("儿童") for value, label in codes.Category.choices if held & CATEGORY_BITS[value]]
    return "、".join(names)
