"""What can't all be true at once. Each says what to look at; nothing is corrected or refused by itself.

A blank is not a "no": where the file doesn't tell, there is no contradiction. What families fear to have counted (the
sealed marks of a file) is not read here, nor is the region at the head of an ID number held against the place of
registration: families move, their numbers don't (registry.idnumber).
"""

from django.utils.translation import gettext_lazy as _

from registry import codes
from registry.ages import age_on, birthday
from registry.codes import Category
from registry.eligibility.conditions import ABSENT
from registry.quality.case import Case, alive, gone, noted
from registry.quality.rule import Kind, Rule, of_parents

ADULT, YOUNGEST_PARENT, YOUNGEST_GRANDPARENT, OLDEST_MOTHER = 18, 12, 26, 60
# ages (years) between which a stage is usual, with room for early entry, repeating and late children
STAGES = {
    codes.Schooling.KINDERGARTEN: (2, 7),
    codes.Schooling.PRIMARY: (5, 15),
    codes.Schooling.JUNIOR: (10, 18),
    codes.Schooling.SENIOR: (13, 18),
    codes.Schooling.VOCATIONAL: (13, 18),
}
SOURCE_SCHOOL = _("义务教育法第十一条")
SOURCE_ORPHAN = _("民发〔2009〕26号、国办发〔2010〕54号")
SOURCE_LEFT_BEHIND = _("国发〔2016〕13号")


def _says(section: str):
    """The rules of one section, in short."""

    def rule(key: str, label, reads, test, why, source="") -> Rule:
        given = {"source": source} if source else {}
        return Rule(key, section, Kind.CONTRADICTION, label, reads, test, why, **given)

    return rule


_identity, _family, _school = _says("identity"), _says("family"), _says("school")
_health, _categories = _says("health"), _says("categories")


def _of_parents(key, label, reads, test, why) -> list[Rule]:
    return of_parents(key, "family", Kind.CONTRADICTION, label, reads, test, why)


def _born_before(person, file, years: int) -> bool | None:
    """Whether ``person`` was younger than ``years`` when the child was born."""
    if person is None or not person.birth_date:
        return None
    return birthday(person.birth_date, years) > file.birth_date


def _unregistered(case: Case) -> bool:
    file = case.file
    none = file.registration == codes.Registration.NONE or file.no_id_reason == codes.NoIdReason.UNREGISTERED
    return none and bool(file.registered_at or file.registered_region)


def _guardian_young(case: Case) -> bool | None:
    birth = case.guardian.birth_date if case.guardian else None
    return age_on(birth, case.on) < ADULT if birth else None


def _guardians_overlap(case: Case) -> bool:
    spans = sorted((one.since, one.until) for one in case.guardians if one.since and one.until)
    now = case.guardian
    if now and now.since:
        spans.append((now.since, None))
    return any(last > first for (_since, last), (first, _until) in zip(spans, spans[1:], strict=False) if last)


def _phone_of_away(case: Case) -> bool | None:
    """The one to call at home is called at work far away."""
    phone = case.guardian.phone_index if case.guardian else ""
    others = [one for one in case.parents if one.away and one.relation != case.guardian.relation] if phone else []
    return any(one.phone_index == phone for one in others)


def _guardian_gone(case: Case) -> bool | None:
    return gone(case.guarding_parent)


def _guardian_away(case: Case) -> bool | None:
    parent = case.guarding_parent
    return parent.away if parent and alive(parent) else None


def _guardian_unable(case: Case) -> bool | None:
    parent = case.guarding_parent
    if parent is None or not alive(parent):
        return None
    return bool(parent.unable) or _kept_away(parent, case)


def _kept_away(parent, case: Case) -> bool:
    """In a situation that keeps a parent from the child today."""
    over = (parent.situation_until and parent.situation_until <= case.on) or (
        parent.situation_since and parent.situation_since > case.on
    )
    return parent.situation in ABSENT and not over


def _well_guarded_by_nobody(case: Case) -> bool:
    file, kind = case.file, codes.GuardianshipKind
    unfit = case.guardian and case.guardian.capacity in (codes.Capacity.NONE, codes.Capacity.WEAK)
    bad = unfit or file.guardianship_kind in (kind.NOBODY, kind.UNABLE_PARENT, kind.WEAK_CARER)
    return file.guardianship == codes.Guardianship.GOOD and bool(bad)


def _nobody_guards(case: Case) -> bool:
    able = case.guardian and case.guardian.capacity in (codes.Capacity.FAIR, codes.Capacity.GOOD)
    return case.file.guardianship_kind == codes.GuardianshipKind.NOBODY and bool(able)


def _gone_but_active(case: Case, parent: str) -> bool:
    member = case.parent(parent)
    if member is None or member.life != codes.Life.DEAD:
        return False
    return bool(member.away or member.away_at or member.situation or noted(member, "phone_index"))


def _kept_away_but_able(case: Case, parent: str) -> bool:
    member = case.parent(parent)
    return bool(member and alive(member) and member.unable is False and _kept_away(member, case))


def _kept_away_and_at_work(case: Case, parent: str) -> bool:
    """Held in custody and away for work at once."""
    member = case.parent(parent)
    held = (codes.Situation.IMPRISONED, codes.Situation.DRUG_ISOLATION, codes.Situation.DETAINED)
    return bool(member and member.away and member.situation in held and _kept_away(member, case))


def _situation_turned(case: Case, parent: str) -> bool:
    member = case.parent(parent)
    return bool(
        member and member.situation_since and member.situation_until and member.situation_until < member.situation_since
    )


def _relief_without_need(case: Case) -> bool:
    return case.file.low_income == codes.LowIncome.NONE and codes.Relief.MINIMUM_LIVING in case.file.relief


def _too_early(case: Case) -> bool:
    stage = STAGES.get(case.file.schooling)
    return bool(stage) and case.age < stage[0]


def _too_late(case: Case) -> bool:
    stage = STAGES.get(case.file.schooling)
    return bool(stage) and case.age > stage[1]


def _dropped_out_too_young(case: Case) -> bool:
    return case.file.schooling == codes.Schooling.DROPPED_OUT and case.age < 6


def _in_school_but_left(case: Case) -> bool:
    return case.file.schooling in codes.IN_SCHOOL and bool(case.file.out_of_school_since)


def _boards_nowhere(case: Case) -> bool | None:
    return case.file.boarding if case.file.schooling and case.file.schooling not in codes.IN_SCHOOL else None


def _healthy_but(case: Case, *noted_there) -> bool:
    return case.file.health == codes.Health.HEALTHY and any(noted_there)


def _orphan_of_the_living(case: Case) -> bool:
    return Category.ORPHAN in case.held and any(alive(parent) for parent in case.parents)


def _nobody_away(case: Case) -> bool | None:
    """Left behind, and each parent is known to be at home, dead or missing."""
    if Category.LEFT_BEHIND not in case.held or len(case.parents) < 2:
        return None
    return all(gone(parent) or parent.away is False for parent in case.parents)


def _migrant_at_home(case: Case) -> bool | None:
    return None if case.from_elsewhere is None else Category.MIGRANT in case.held and not case.from_elsewhere


def _difficulty(case: Case) -> str:
    held = case.held.get(Category.DIFFICULTY)
    return held.difficulty if held else ""


def _poor_without_need(case: Case) -> bool:
    return _difficulty(case) == codes.Difficulty.POVERTY and case.file.low_income == codes.LowIncome.NONE


def _well_in_own_difficulty(case: Case) -> bool:
    file = case.file
    well = file.health == codes.Health.HEALTHY and not (file.disability or file.serious_illness)
    return _difficulty(case) == codes.Difficulty.OWN and well


CONTRADICTIONS = [
    _identity(
        "number_and_reason", _("有身份证号，又填了没有的原因"), ("no_id_reason", "id_number"),
        lambda case: noted(case.file, "id_index") and bool(case.file.no_id_reason),
        _("号码和“没有身份证号的原因”只能有一项，请核对证件。"),
    ),
    _identity(
        "unregistered_but_placed", _("记为无户籍，又填了户籍地"), ("registered_at", "registration", "no_id_reason"),
        _unregistered, _("请看户口簿：有户口的改户口性质，没有的清空户籍地址和户籍所在县。"),
    ),
    _identity(
        "here_before_birth", _("来现住地的日期早于出生"), ("here_since", "birth_date"),
        lambda case: bool(case.file.here_since) and case.file.here_since < case.file.birth_date,
        _("在本地出生的填出生那天，后来搬来的填搬来那天。"),
    ),
    _family(
        "guardian_born_after_child", _("照看人比孩子还小"), ("guardian_birth_date", "birth_date"),
        lambda case: _born_before(case.guardian, case.file, 0), _("请核对照看人和孩子的出生日期。"),
    ),
    _family(
        "guardian_young", _("照看人未满 18 周岁"), ("guardian_birth_date",), _guardian_young,
        _("未成年人不能单独做监护人。请核对出生日期；属实的，请落实成年的照看人。"), _("民法典第二十七条"),
    ),
    _family(
        "guardians_overlap", _("两任照看人的时间重叠"), ("guardian_name",), _guardians_overlap,
        _("同一段时间记了两个照看人，请核对各自的起止日期。"),
    ),
    _family(
        "guardian_gone", _("照看人是已故或失踪的父母"), ("guardian_relation", "father_life", "mother_life"),
        _guardian_gone, _("请核实现在由谁照看孩子，或更正父母的存亡。"),
    ),
    _family(
        "guardian_away", _("照看人是外出务工的父母"), ("guardian_relation", "father_away", "mother_away"),
        _guardian_away, _("请核实现在由谁照看孩子，或更正父母是否外出。"),
    ),
    _family(
        "guardian_unable", _("照看人是无法监护的父母"), ("guardian_relation", "father_unable", "mother_unable"),
        _guardian_unable, _("这位父母记为无监护能力，或正在服刑、失联等。请核实由谁照看。"),
    ),
    _family(
        "phone_of_away_parent", _("照看人电话就是外出父母的电话"), ("guardian_phone", "father_phone", "mother_phone"),
        _phone_of_away, _("在家照看孩子的人要能直接联系上，请补问照看人自己的电话。"),
    ),
    _family(
        "good_but_unfit", _("监护情况较好，照看人却无力监护"),
        ("guardianship", "guardianship_kind", "guardian_capacity"), _well_guarded_by_nobody,
        _("监护情况、监护类型和照看人的监护能力说法不一，请按实际填写。"),
    ),
    _family(
        "nobody_but_able", _("记为无人监护，又有能监护的照看人"), ("guardianship_kind", "guardian_capacity"),
        _nobody_guards, _("请核实孩子现在有没有人照看，更正监护类型或照看人。"),
    ),
    _family(
        "grandparents_young", _("祖辈比孩子大不到 26 岁"), tuple(
            f"{who}_birth_date"
            for who in (codes.Relation.PATERNAL_GRANDFATHER, codes.Relation.PATERNAL_GRANDMOTHER,
                        codes.Relation.MATERNAL_GRANDFATHER, codes.Relation.MATERNAL_GRANDMOTHER)
        ),
        lambda case: any(_born_before(one, case.file, YOUNGEST_GRANDPARENT) for one in case.grandparents),
        _("请核对祖辈的出生日期。"),
    ),
    _family(
        "mother_old", _("生孩子时母亲已满 60 岁"), ("mother_birth_date", "birth_date"),
        lambda case: _born_before(case.parent("mother"), case.file, OLDEST_MOTHER + 1) is False,
        _("请核对母亲的出生日期；是祖辈的，请填到祖辈一栏。"),
    ),
    _family(
        "relief_without_need", _("享受低保，低收入情形却是“无”"), ("low_income", "relief"), _relief_without_need,
        _("正在领低保的，低收入情形应选“低保”。"),
    ),
    *_of_parents(
        "young", _("孩子出生时%(who)s不满 12 岁"), ("birth_date", ".birth_date"),
        lambda case, parent: _born_before(case.parent(parent), case.file, YOUNGEST_PARENT),
        _("请核对%(who)s和孩子的出生日期。"),
    ),
    *_of_parents(
        "dead_but_active", _("%(who)s已故，又记着务工、电话或特殊情形"),
        ("life", "away", "away_at", "phone", "situation"), _gone_but_active,
        _("请核实%(who)s是否在世；已故的，清空务工、电话和特殊情形。"),
    ),
    *_of_parents(
        "kept_away_but_able", _("%(who)s服刑、失联等，又记为有监护能力"), ("unable", "situation"),
        _kept_away_but_able, _("不在孩子身边的人不能履行监护职责，请核对“无监护能力”一项。"),
    ),
    *_of_parents(
        "held_and_at_work", _("%(who)s在押或戒毒，又记为外出务工"), ("away", "situation"), _kept_away_and_at_work,
        _("两项只能有一项，请核实%(who)s现在在哪里。"),
    ),
    *_of_parents(
        "situation_turned", _("%(who)s的情形结束早于开始"), ("situation_until", "situation_since"), _situation_turned,
        _("请对照文书核对起始和届满日期。"),
    ),
    _school(
        "school_too_early", _("年龄还小，就学阶段偏高"), ("schooling", "birth_date"), _too_early,
        _("请核对就学情况和出生日期。"), SOURCE_SCHOOL,
    ),
    _school(
        "school_too_late", _("年龄已大，就学阶段偏低"), ("schooling", "birth_date"), _too_late,
        _("可能升学后没有更新，请核对就学情况。"), SOURCE_SCHOOL,
    ),
    _school(
        "dropped_out_too_young", _("未到入学年龄，却记为辍学"), ("schooling", "birth_date"), _dropped_out_too_young,
        _("不满 6 周岁的应选未入园或幼儿园。"), SOURCE_SCHOOL,
    ),
    _school(
        "in_school_but_left", _("在学，又填了离校日期"), ("out_of_school_since", "schooling"), _in_school_but_left,
        _("已返校的请清空离校日期和原因，没有返校的请改就学情况。"),
    ),
    _school(
        "boards_nowhere", _("不在学，又记为寄宿"), ("boarding", "schooling"), _boards_nowhere,
        _("请核对就学情况和是否寄宿。"),
    ),
    _health(
        "grade_without_kind", _("有残疾等级，没有残疾类别"), ("disability", "disability_grade"),
        lambda case: bool(case.file.disability_grade) and not case.file.disability, _("请对照残疾证补填类别。"),
    ),
    _health(
        "healthy_but_disabled", _("身体健康，又填了残疾"), ("health", "disability"),
        lambda case: _healthy_but(case, case.file.disability), _("有残疾的，身体情况应选“残疾”。"),
    ),
    _health(
        "healthy_but_ill", _("身体健康，又填了疾病或重病"), ("health", "illness", "serious_illness"),
        lambda case: _healthy_but(case, case.file.illness, case.file.serious_illness),
        _("正在患病的，身体情况应选“患病”；已经治好的，清空疾病名称。"),
    ),
    _categories(
        "orphan_of_the_living", _("登记为孤儿，父母有人健在"), ("category_orphan", "father_life", "mother_life"),
        _orphan_of_the_living,
        _("孤儿是失去父母或查找不到生父母的。请核实父母存亡，或改登记为其他类别。"), SOURCE_ORPHAN,
    ),
    _categories(
        "orphan_and_de_facto", _("同时登记为孤儿和事实无人抚养"), ("category_de_facto", "category_orphan"),
        lambda case: {Category.ORPHAN, Category.DE_FACTO} <= case.held.keys(),
        _("两类的保障不能同时享受，请退出其中一类。"), SOURCE_ORPHAN,
    ),
    _categories(
        "nobody_away", _("登记为留守，父母没有人外出"), ("category_left_behind", "father_away", "mother_away"),
        _nobody_away, _("请核实父母是否外出务工；已返乡的，请退出留守类别。"), SOURCE_LEFT_BEHIND,
    ),
    _categories(
        "migrant_at_home", _("登记为流动，户籍就在本县"), ("category_migrant", "registered_region"), _migrant_at_home,
        _("请核对户籍所在县；户口已迁来的，请退出流动类别。"),
    ),
    _categories(
        "poor_without_need", _("困境类型是家庭贫困，低收入情形却是“无”"), ("category_difficulty", "low_income"),
        _poor_without_need, _("请核对困境类型和低收入情形。"), _("国发〔2016〕36号"),
    ),
    _categories(
        "well_in_own_difficulty", _("困境类型是自身困境，孩子却健康"), ("category_difficulty", "health"),
        _well_in_own_difficulty, _("自身困境指残疾、患重病等。请核对身体情况或困境类型。"), _("国发〔2016〕36号"),
    ),
    _categories(
        "category_before_birth", _("类别的起始早于出生"), (
            "category_orphan", "category_de_facto", "category_difficulty", "category_left_behind", "category_migrant",
            "birth_date",
        ),
        lambda case: any(one.since < case.file.birth_date for one in case.held.values()),
        _("请核对类别的起始日期和孩子的出生日期。"),
    ),
]  # fmt: skip
