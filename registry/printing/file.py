"""The child's file as one A4 form."""

from django.utils import timezone

from registry.child import codes
from registry.child.models import ChildFile
from registry.family.models import current_guardian
from registry.printing.pieces import (
    Block,
    Cell,
    Numbers,
    Sheet,
    day,
    heads,
    in_chinese,
    is_dead,
    row,
    span_of,
    tick,
    unit_of,
)
from registry.stays.models import stay_of

CATEGORIES = "categories"  # what ?hide= may name


def file_sheet(file: ChildFile, *, full_numbers: bool = False, hide: frozenset[str] = frozenset()) -> Sheet:
    """``file`` as a form. With categories hidden no word of it names one, the title included: families fear labels."""
    with in_chinese():
        numbers = Numbers(full_numbers)
        guardian = current_guardian(file)
        blocks = [_child(file, numbers), _household(file), _guardian(guardian, numbers), _family(file, numbers)]
        blocks.append(_school(file))
        hidden = CATEGORIES in hide
        if not hidden:
            blocks.append(_categories(file))
        place = (file.city or file.county).name
        made = file.approved_on or timezone.localdate(file.created_at)
        title = f"{place}儿童档案" if hidden else f"{place}困境（留守）儿童档案"
        return Sheet(title, unit_of(file), day(made), file.file_number, blocks)


def _child(file, numbers) -> Block:
    identity = numbers.identity(file.id_number) or file.get_no_id_reason_display()
    disability = f"{file.get_disability_display()} {file.get_disability_grade_display()}".strip()
    illness = file.illness + ("（重病）" if file.serious_illness else "")
    return Block(
        "一、基本信息",
        [
            row(("姓名", file.name, 2), ("性别", file.get_sex_display(), 2), ("民族", file.get_nation_display(), 2)),
            row(("出生日期", day(file.birth_date), 4), ("身份证号", identity, 4)),
            row(("户口性质", file.get_registration_display(), 4), ("联系电话", numbers.phone(file.phone), 4)),
            row(("户籍地址", file.registered_at, 10)),
            row(("现住址", f"{unit_of(file)}{file.address}", 10)),
            *_stay(file, numbers),
            row(("身体情况", tick(codes.Health, file.health), 4), ("疾病", illness, 4)),
            row(("残疾类别等级", disability, 4), ("残疾证号", numbers.phone(file.disability_certificate), 4)),
            row(("医疗保险", tick(codes.Insurance, file.insurance), 10)),
        ],
    )


def _stay(file, numbers) -> list:
    """Where the child lives now, if not at home."""
    stay = stay_of(file)
    if stay is None or not stay.in_force:
        return []
    host = f"{stay.host_name} {numbers.phone(stay.host_phone)}".strip()
    words = f"{unit_of(stay)}{stay.address}，{span_of(stay.since, stay.until)}" + (f"，与{host}同住" if host else "")
    return [row(("临时居住", words, 10))]


def _household(file) -> Block:
    return Block(
        "二、家庭与监护",
        [
            row(
                ("监护情况", tick(codes.Guardianship, file.guardianship), 4),
                ("低收入情形", file.get_low_income_display(), 4),
            ),
            row(("监护类型", tick(codes.GuardianshipKind, file.guardianship_kind), 10)),
            row(("家庭经济来源", tick(codes.Income, file.incomes), 10)),
            row(("救助帮扶", tick(codes.Relief, file.relief), 10)),
        ],
    )


def _guardian(guardian, numbers) -> Block:
    if guardian is None:
        return Block("三、实际监护人", [[Cell("未登记", 12)]])
    rows = [
        row(("姓名", guardian.name, 4), ("与儿童关系", guardian.get_relation_display(), 4)),
        row(("身份证号", numbers.identity(guardian.id_number), 4), ("电话", numbers.phone(guardian.phone), 4)),
        row(("健康状况", guardian.health, 4), ("监护能力", guardian.get_capacity_display(), 4)),
        row(("居住地址", guardian.address, 10)),
        row(
            ("委托照护书", span_of(guardian.entrusted_from, guardian.entrusted_to), 4),
            ("委托事项", guardian.entrusted_terms, 4),
        ),
    ]
    return Block("三、实际监护人", rows)


def _family(file, numbers) -> Block:
    rows = [heads(("关系", 1), ("姓名", 2), ("身份证号", 3), ("存亡与情形", 2), ("务工地点", 2), ("电话", 2))]
    for member in file.family.order_by("relation"):
        texts = (numbers.identity(member.id_number), _situation(member), member.away_at, numbers.phone(member.phone))
        if is_dead(member):
            texts = ("", _situation(member), "", "")
        spans = (3, 2, 2, 2)
        cells = [Cell(text, span) for text, span in zip(texts, spans, strict=True)]
        rows.append([Cell(member.get_relation_display(), 1), Cell(member.name, 2), *cells])
    if len(rows) == 1:
        rows.append([Cell("未登记", 12)])
    return Block("四、家庭成员", rows)


def _situation(member) -> str:
    parts = [member.get_life_display()]
    if member.situation:
        parts.append(f"{member.get_situation_display()} {span_of(member.situation_since, member.situation_until)}")
    if member.away:
        parts.append(f"外出务工 {day(member.away_since)}")
    return " ".join(" ".join(parts).split())


def _school(file) -> Block:
    boarding = {True: "寄宿", False: "走读"}.get(file.boarding, "")
    rows = [
        row(("就学情况", tick(codes.Schooling, file.schooling), 10)),
        row(("学校", file.school, 4), ("年级", f"{file.grade} {boarding}".strip(), 4)),
    ]
    if file.out_of_school_since or file.out_of_school_reason:
        rows.append(row(("离校日期", day(file.out_of_school_since), 4), ("离校原因", file.out_of_school_reason, 4)))
    return Block("五、就学", rows)


def _categories(file) -> Block:
    rows = [heads(("类别", 3), ("困境类型", 2), ("起止", 4), ("依据", 3))]
    for held in file.memberships.all():
        rows.append(
            [
                Cell(held.get_category_display(), 3),
                Cell(held.get_difficulty_display(), 2),
                Cell(span_of(held.since, held.until), 4),
                Cell(held.grounds, 3),
            ]
        )
    return Block("六、儿童类别", rows)
