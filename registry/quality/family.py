"""What can't all be true at once about a child's family and who cares for it (registry.quality.contradictions)."""

import datetime

from django.utils.translation import gettext_lazy as _

from childwelfare.text.words import Words
from registry.child import codes
from registry.child.ages import age_on, birthday
from registry.child.models import ChildFile
from registry.eligibility.conditions import ABSENT
from registry.eligibility.logic import Reason
from registry.family.models import FamilyMember, Kin
from registry.quality.case import Case, alive, gone, is_filled
from registry.quality.rule import ParentTest, Rule, RuleKind, contradictions_in, of_parents

ADULT, YOUNGEST_PARENT, YOUNGEST_GRANDPARENT, OLDEST_MOTHER = 18, 12, 26, 60

_family = contradictions_in("family")


def _of_parents(key: str, label: Words, reads: tuple[str, ...], test: ParentTest, why: Words) -> list[Rule]:
    return of_parents(key, "family", RuleKind.CONTRADICTION, label, reads, test, why)


def _born_before(person: Kin | None, file: ChildFile, years: int) -> bool | None:
    """Whether ``person`` was younger than ``years`` when the child was born."""
    if person is None or not person.birth_date:
        return None
    return birthday(person.birth_date, years) > file.birth_date


def _guardian_young(case: Case) -> bool | None:
    birth = case.guardian.birth_date if case.guardian else None
    return age_on(birth, case.on) < ADULT if birth else None


def _guardians_overlap(case: Case) -> bool:
    spans: list[tuple[datetime.date, datetime.date | None]] = sorted(
        (one.since, one.until) for one in case.guardians if one.since and one.until
    )
    now = case.guardian
    if now and now.since:
        spans.append((now.since, None))
    return any(last > first for (_since, last), (first, _until) in zip(spans, spans[1:], strict=False) if last)


def _phone_of_away(case: Case) -> bool | None:
    """The one to call at home is called at work far away."""
    phone = case.guardian.phone_index if case.guardian else ""
    others = (
        [one for one in case.parents if one.away and one.relation != case.guardian.relation]
        if phone and case.guardian
        else []
    )
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


def _kept_away(parent: FamilyMember, case: Case) -> bool:
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
    return bool(member.away or member.away_at or member.situation or is_filled(member, "phone_index"))


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


FAMILY = [
    _family(
        "guardian_born_after_child", _("照看人比孩子还小"), ("guardian_birth_date", "birth_date"),
        lambda case: _born_before(case.guardian, case.file, 0), _("请核对照看人和孩子的出生日期。"),
    ),
    _family(
        "guardian_young", Reason(_("照看人未满 %(age)s 周岁"), {"age": ADULT}), ("guardian_birth_date",),
        _guardian_young,
        _("未成年人不能单独做监护人。请核对出生日期；属实的，请落实成年的照看人。"), _("民法典第二十七条"),
    ),
    _family(
        "guardians_overlap", _("两任照看人的时间重叠"), ("guardian_name",), _guardians_overlap,
        _("同一段时间记了两个照看人，请核对各自的起止日期。"),
    ),
    _family(
        "guardian_gone", _("照看人是已故或失踪的父母"), ("guardian_relation", "father_life", "mother_life"),
        _guardian_gone, _("请核实现在由谁照看孩子，或提出变更，改正父母的存亡。"),
    ),
    _family(
        "guardian_away", _("照看人是外出务工的父母"), ("guardian_relation", "father_away", "mother_away"),
        _guardian_away, _("请核实现在由谁照看孩子，或提出变更，改正父母是否外出。"),
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
        _nobody_guards, _("请核实孩子现在有没有人照看，提出变更，改正监护类型或照看人。"),
    ),
    _family(
        "grandparents_young", Reason(_("祖辈比孩子大不到 %(age)s 岁"), {"age": YOUNGEST_GRANDPARENT}), tuple(
            f"{who}_birth_date"
            for who in (codes.Relation.PATERNAL_GRANDFATHER, codes.Relation.PATERNAL_GRANDMOTHER,
                        codes.Relation.MATERNAL_GRANDFATHER, codes.Relation.MATERNAL_GRANDMOTHER)
        ),
        lambda case: any(_born_before(one, case.file, YOUNGEST_GRANDPARENT) for one in case.grandparents),
        _("请核对祖辈的出生日期。"),
    ),
    _family(
        "mother_old", Reason(_("生孩子时母亲已满 %(age)s 岁"), {"age": OLDEST_MOTHER}),
        ("mother_birth_date", "birth_date"),
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
]  # fmt: skip
