"""The national registration form of left-behind children, field for field in its order and in its words
(民发〔2016〕42号, annex 1): what it doesn't ask stands on the file's own form alone.

Its notes: relatives who have died are marked “—”; work places go down to province and city.
"""

from django.utils import timezone

from registry.child import codes
from registry.child.models import ChildFile
from registry.family.models import current_guardian
from registry.printing.pieces import (
    DEAD,
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
    standing_of,
    tick,
    to_the_city,
    unit_of,
    yes_no,
)

R = codes.Relation
GRANDPARENTS = (R.PATERNAL_GRANDFATHER, R.PATERNAL_GRANDMOTHER, R.MATERNAL_GRANDFATHER, R.MATERNAL_GRANDMOTHER)
S = codes.Schooling
STAGES = (S.KINDERGARTEN, S.NOT_ENROLLED, S.PRIMARY, S.JUNIOR, S.SENIOR, S.VOCATIONAL, S.DROPPED_OUT, S.NOT_IN_SCHOOL)
NOTES = [
    "亲属已故的填“—”；务工地点填到省、市；辍学指义务教育阶段中途退学，不在学指14至16周岁未在学校就读。",
]


def left_behind_sheet(file: ChildFile, *, full_numbers: bool = False) -> Sheet:
    """``file`` on the form of 2016; what is not known stays without a tick."""
    with in_chinese():
        numbers = Numbers(full_numbers)
        of = PaperFields("child", file, numbers)
        family = {member.relation: member for member in file.family.all()}
        blocks = [
            _child(file, of),
            _relatives(family, numbers),
            _care(file, family, numbers, of),
            Block(
                "家庭经济与帮扶",
                [
                    row(of.boxes("incomes", 10)),
                    row(of.boxes("relief", 10)),
                ],
            ),
        ]
        made = file.approved_on or timezone.localdate(file.created_at)
        return Sheet(
            "留守儿童信息采集表", unit_of(file), day(made), file.file_number, blocks, NOTES, standing=standing_of(file)
        )


def _child(file, of) -> Block:
    disability = f"{of.text('disability')} {of.text('disability_grade')}".strip()
    registered = {"": None, codes.Registration.NONE: False}.get(file.registration, True)
    stages = tick([(stage.value, stage.label) for stage in STAGES], file.schooling)
    return Block(
        "儿童基本信息",
        [
            row(of.pair("name", 2), of.pair("sex", 2), of.pair("nation", 2)),
            row(of.pair("birth_date", 4), of.pair("id_number", 4, label="公民身份号码")),
            row(("是否登记户口", yes_no(registered), 2), of.pair("registered_at", 6, label="户籍所在地")),
            row(of.pair("address", 10, f"{unit_of(file)}{file.address}", label="现居住地")),
            row(of.boxes("health", 10)),
            row(of.pair("disability", 4, disability, label="残疾类别及等级"), of.pair("illness", 4, label="患病类型")),
            row(of.pair("boarding", 10, yes_no(file.boarding), label="是否学校寄宿")),
            row(of.pair("schooling", 10, stages)),
        ],
    )


def _relatives(family, numbers) -> Block:
    rows = [heads(("关系", 2), ("姓名", 2), ("出生日期", 2), ("当前务工地点", 2), ("联系电话", 2), ("身份号码", 2))]
    for relation in GRANDPARENTS:
        name, born = _name_and_birth(family.get(relation))
        rows.append([Cell(str(relation.label), 2), Cell(name, 2), Cell(born, 2), Cell("", 6)])
    for relation, word in ((R.FATHER, "父"), (R.MOTHER, "母")):
        person = family.get(relation)
        name, born = _name_and_birth(person)
        rest = ["", "", ""]
        if is_dead(person):
            rest = [DEAD] * 3
        elif person:
            place = to_the_city(person.away_at) if person.away else ""
            rest = [place, numbers.phone(person.phone), numbers.identity(person.id_number)]
        rows.append([Cell(word, 2), Cell(name, 2), Cell(born, 2), *(Cell(text, 2) for text in rest)])
    return Block("祖父母、外祖父母和父母", rows)


def _name_and_birth(person) -> tuple[str, str]:
    if person is None:
        return "", ""
    return (DEAD, DEAD) if is_dead(person) else (person.name, day(person.birth_date))


def _care(file, family, numbers, of) -> Block:
    father, mother = family.get(R.FATHER), family.get(R.MOTHER)
    both, one, whose = _absence(father, mother)
    guardian = current_guardian(file)
    entrusted = guardian is not None and guardian.relation not in (R.FATHER, R.MOTHER)
    who = ["", "", "", "", ""]
    if guardian and entrusted:
        who = [
            guardian.name,
            numbers.phone(guardian.phone),
            numbers.identity(guardian.id_number),
            guardian.get_relation_display(),
            guardian.address,
        ]
    has = yes_no(entrusted if guardian else None, "有", "无")
    return Block(
        "外出与监护",
        [
            row(("父母双方同时外出", yes_no(both), 2), ("父母一方外出另一方无监护能力", yes_no(one), 2), label=4),
            row(("无监护能力", whose, 4)) + row(("有无委托其他监护人", has, 2), label=4),
            row(("委托监护人姓名", who[0], 4), ("电话", who[1], 4)),
            row(("身份号码", who[2], 4), ("与被监护人关系", who[3], 4)),
            row(("居住地地址", who[4], 10)),
            row(of.boxes("guardianship_kind", 10)),
        ],
    )


def _absence(father, mother) -> tuple[bool | None, bool | None, str]:
    """(both are out, one is out and the other unable, boxes of who is unable); None while a fact is missing."""
    out = [person.away if person else None for person in (father, mother)]
    unable = [_unable(person) for person in (father, mother)]
    pairs = [_both(out[0], unable[1]), _both(out[1], unable[0])]
    one = True if True in pairs else None if None in pairs else False
    boxes = [f"{'☑' if known else '□'}{word}" for known, word in zip(unable, ("父", "母"), strict=True)]
    return _both(*out), one, " ".join(boxes)


def _both(first: bool | None, second: bool | None) -> bool | None:
    if first is False or second is False:
        return False
    return True if first and second else None


def _unable(person) -> bool | None:
    """Whether a parent can't care: as judged, or by one of the situations of 民发〔2019〕62号."""
    if person is None:
        return None
    return True if person.situation else person.unable
