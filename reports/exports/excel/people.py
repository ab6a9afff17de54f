"""The rows of a roster: read in batches, three queries each, in the order of villages and names."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass, replace

from django.db.models import F, QuerySet

from registry.child.codes import Life, Situation
from registry.child.models import ChildFile
from registry.family.models import FamilyMember, current_guardian

BATCH = 500
COLUMNS = (
    "name", "sex", "nation", "birth_date", "id_number", "no_id_reason", "school", "grade", "phone", "guardianship",
    "risk", "approved_on", "category_codes", "village_id", "township_id",
)  # fmt: skip
AT_HOME = (Situation.DISABLED, Situation.ILL)  # the others are nobody's business on a sheet that is passed around


@dataclass(frozen=True)
class Column:
    """One column of the roster; ``width`` in characters, ``align`` as on paper."""

    label: str
    width: float
    align: str = "center"


ROSTER = (
    Column("序号", 5), Column("姓名", 10.5), Column("性别", 4.6), Column("民族", 7), Column("出生日期", 12),
    Column("公民身份号码", 22), Column("村（居）", 13), Column("就读学校、年级", 24, "left"),
    Column("父亲务工地", 13), Column("母亲务工地", 13), Column("实际监护人", 10.5), Column("关系", 9),
    Column("联系电话", 14.5), Column("监护情况", 6.2), Column("风险", 6.2), Column("备注", 14),
)  # fmt: skip


def columns_for(*, wide: bool, categories: bool) -> tuple[Column, ...]:
    """ROSTER with room for the township's name and for the categories where they are listed."""
    widths = {"村（居）": 23 if wide else 13, "备注": 20 if categories else 14}
    return tuple(replace(each, width=widths.get(each.label, each.width)) for each in ROSTER)


def ordered_ids(files: QuerySet) -> list:
    """The files' ids as the roster lists them. Taken once, so that nobody is doubled or missed in a later batch."""
    townships, villages = (F(f"{tier}__code").asc(nulls_last=True) for tier in ("township", "village"))
    keys = files.order_by(townships, "township_id", villages, "village_id", "name_order", "id").values_list(
        "id", flat=True
    )
    return list(keys)


def roster_rows(ids: list, *, wide: bool, categories: bool, day: datetime.date) -> Iterator[tuple[ChildFile, list]]:
    """(file, cells as ROSTER without 序号). ``wide`` names the township before the village; ``categories`` says in
    the remark which ones a child holds; ``day`` decides who is new this month."""
    for start in range(0, len(ids), BATCH):
        batch = ids[start : start + BATCH]
        files = ChildFile.objects.filter(pk__in=batch).only(*COLUMNS).select_related("village", "township")
        found = {file.pk: file for file in files.prefetch_related("family", "guardians")}
        for pk in batch:
            if file := found.get(pk):
                yield file, _cells(file, wide=wide, categories=categories, day=day)


def _cells(file: ChildFile, *, wide: bool, categories: bool, day: datetime.date) -> list[str]:
    parents = {member.relation: member for member in file.family.all()}
    guardian = current_guardian(file)
    place = file.township.short_name if wide and not file.township.stand_in else ""
    return [
        file.name,
        str(file.get_sex_display()),
        file.get_nation_display(),
        f"{file.birth_date:%Y-%m-%d}",
        file.id_number,
        place + file.village.short_name,
        f"{file.school} {file.grade}".strip(),
        whereabouts(parents.get("father")),
        whereabouts(parents.get("mother")),
        guardian.name if guardian else "",
        str(guardian.get_relation_display()) if guardian else "",
        file.phone or (guardian.phone if guardian else ""),
        str(file.get_guardianship_display()),
        str(file.get_risk_display()),
        _remark(file, categories, day),
    ]


def whereabouts(parent: FamilyMember | None) -> str:
    """Where a parent works, or in short why not; the dead as “—”, as the national form of 2016 has it."""
    if parent is None:
        return ""
    if parent.life == Life.DEAD:
        return "—"
    if parent.life == Life.MISSING or parent.situation == Situation.OUT_OF_CONTACT:
        return "失踪" if parent.life == Life.MISSING else "失联"
    if parent.away:
        return parent.away_at or "外出"
    if parent.situation in AT_HOME:
        return f"在家（{parent.get_situation_display()}）"
    return "不在家" if parent.situation else "在家" if parent.away is False else ""


def _remark(file: ChildFile, categories: bool, day: datetime.date) -> str:
    parts = ["、".join(str(label).removesuffix("儿童") for label in file.category_labels)] if categories else []
    if not file.id_number and file.no_id_reason:
        parts.append(str(file.get_no_id_reason_display()))
    if file.approved_on and (file.approved_on.year, file.approved_on.month) == (day.year, day.month):
        parts.append(f"{day.month}月新增")
    return "，".join(part for part in parts if part)
