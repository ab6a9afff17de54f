"""The child's file as one A4 form."""

from django.utils import timezone

from registry.child.models import ChildFile
from registry.family.models import current_guardian
from registry.guidance.models import agreement_of
from registry.printing.pieces import (
    Block,
    Cell,
    Numbers,
    PaperFields,
    Sheet,
    day,
    heads,
    in_chinese,
    is_dead,
    row,
    span_of,
    standing_of,
    unit_of,
)
from registry.stays.models import stay_of

CATEGORIES = "categories"  # what ?hide= may name


def file_sheet(file: ChildFile, *, full_numbers: bool = False, hide: frozenset[str] = frozenset()) -> Sheet:
    """``file`` as a form. With categories hidden no word of it names one, the title included: families fear labels."""
    with in_chinese():
        numbers = Numbers(full_numbers)
        guardian = current_guardian(file)
        blocks = [_child(file, numbers), _household(file, numbers), _guardian(file, guardian, numbers)]
        blocks += [_family(file, numbers), _school(file, numbers)]
        hidden = CATEGORIES in hide
        if not hidden:
            blocks.append(_categories(file))
        place = (file.city or file.county).name
        made = file.approved_on or timezone.localdate(file.created_at)
        title = f"{place}儿童档案" if hidden else f"{place}困境（留守）儿童档案"
        return Sheet(title, unit_of(file), day(made), file.file_number, blocks, standing=standing_of(file))


def _child(file, numbers) -> Block:
    of = PaperFields("child", file, numbers)
    identity = of.text("id_number") or of.text("no_id_reason")
    disability = f"{of.text('disability')} {of.text('disability_grade')}".strip()
    illness = file.illness + ("（重病）" if file.serious_illness else "")
    of.cover("no_id_reason", "serious_illness")
    return Block(
        "一、基本信息",
        [
            row(of.pair("name", 2), of.pair("sex", 2), of.pair("nation", 2)),
            row(of.pair("birth_date", 4), of.pair("id_number", 4, identity)),
            row(of.pair("registration", 4), of.pair("phone", 4)),
            row(of.pair("registered_at", 10)),
            row(of.pair("address", 10, f"{unit_of(file)}{file.address}")),
            *_stay(file, numbers),
            row(of.boxes("health", 4), of.pair("illness", 4, illness)),
            row(of.pair("disability", 4, disability, label="残疾类别等级"), of.pair("disability_certificate", 4)),
            row(of.boxes("insurance", 10)),
            *of.other_rows("child"),
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


def _household(file, numbers) -> Block:
    of = PaperFields("child", file, numbers)
    return Block(
        "二、家庭与监护",
        [
            row(of.boxes("guardianship", 4), of.pair("low_income", 4)),
            row(of.boxes("guardianship_kind", 10)),
            row(of.boxes("incomes", 10)),
            row(of.boxes("relief", 10)),
            *of.other_rows("household"),
        ],
    )


def _guardian(file, guardian, numbers) -> Block:
    if guardian is None:
        return Block("三、实际监护人", [[Cell("未登记", 12)]])
    of = PaperFields("guardian", guardian, numbers)
    of.cover("entrusted_to")
    agreement = agreement_of(file)
    named = (agreement.since, agreement.last_day) if agreement else (guardian.entrusted_from, guardian.entrusted_to)
    entrusted = span_of(*named)
    rows = [
        row(of.pair("name", 4), of.pair("relation", 4)),
        row(of.pair("id_number", 4), of.pair("phone", 4)),
        row(of.pair("health", 4), of.pair("capacity", 4)),
        row(of.pair("address", 10)),
        row(of.pair("entrusted_from", 4, entrusted, label="委托照护书"), of.pair("entrusted_terms", 4)),
        *of.other_rows("guardian"),
    ]
    return Block("三、实际监护人", rows)


def _family(file, numbers) -> Block:
    rows = [heads(("关系", 1), ("姓名", 2), ("身份证号", 3), ("存亡与情形", 2), ("务工地点", 2), ("电话", 2))]
    for member in file.family.order_by("relation"):
        of = PaperFields(member.relation, member, numbers)
        of.cover("name", "id_number", "away_at", "phone", *SITUATION)
        texts = (numbers.identity(member.id_number), _situation(member), member.away_at, numbers.phone(member.phone))
        if is_dead(member):
            texts = ("", _situation(member), "", "")
        spans = (3, 2, 2, 2)
        cells = [Cell(text, span) for text, span in zip(texts, spans, strict=True)]
        rows.append([Cell(member.get_relation_display(), 1), Cell(member.name, 2), *cells])
        rows += of.other_rows("family", filled=True, whose=member.get_relation_display())
    if len(rows) == 1:
        rows.append([Cell("未登记", 12)])
    return Block("四、家庭成员", rows)


SITUATION = ("life", "situation", "situation_since", "situation_until", "away", "away_since")


def _situation(member) -> str:
    parts = [member.get_life_display()]
    if member.situation:
        parts.append(f"{member.get_situation_display()} {span_of(member.situation_since, member.situation_until)}")
    if member.away:
        parts.append(f"外出务工 {day(member.away_since)}")
    return " ".join(" ".join(parts).split())


def _school(file, numbers) -> Block:
    of = PaperFields("child", file, numbers)
    of.cover("boarding", "out_of_school_since", "out_of_school_reason")
    boarding = {True: "寄宿", False: "走读"}.get(file.boarding, "")
    rows = [
        row(of.boxes("schooling", 10)),
        row(of.pair("school", 4), of.pair("grade", 4, f"{file.grade} {boarding}".strip())),
    ]
    if file.out_of_school_since or file.out_of_school_reason:
        rows.append(row(of.pair("out_of_school_since", 4), of.pair("out_of_school_reason", 4)))
    return Block("五、就学", rows + of.other_rows("school"))


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
