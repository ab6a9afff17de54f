"""What was true once and nobody has looked at since, as far as the file can tell."""

from django.utils.translation import gettext_lazy as _

from registry.child import codes
from registry.eligibility.conditions import BY_TERM, months_after
from registry.eligibility.logic import Reason
from registry.quality.case import Case
from registry.quality.rule import Rule, RuleKind, of_parents

MONTHS = 12
ID_MONTHS = 6


def _untouched(case: Case) -> bool:
    return months_after(case.looked_at, MONTHS) <= case.on


def _id_number_waits(case: Case) -> bool:
    """A newborn's number, or one that is not at hand, is there within ID_MONTHS."""
    waiting = case.file.no_id_reason in (codes.NoIdReason.NOT_YET, codes.NoIdReason.NOT_AT_HAND)
    since = case.file.approved_on or case.on
    return waiting and not case.file.id_index and months_after(since, ID_MONTHS) <= case.on


def _term_over(case: Case, parent: str) -> bool:
    member = case.parent(parent)
    return bool(member and member.situation in BY_TERM and member.situation_until and member.situation_until <= case.on)


def _entrusting_over(case: Case) -> bool:
    return bool(case.guardian and case.guardian.entrusted_to and case.guardian.entrusted_to < case.on)


STALE = [
    Rule(
        "untouched", "identity", RuleKind.STALE, Reason(_("%(n)s 个月没有改过，也没有走访记录"), {"n": MONTHS}),
        ("address",), _untouched,
        Reason(
            _("%(n)s 个月里没有变更，也没有通过审核的走访。请上门核对后更新，没有变化的也请走访一次。"), {"n": MONTHS}
        ),
    ),
    Rule(
        "id_number_waits", "identity", RuleKind.STALE, Reason(_("身份证号 %(n)s 个月还没有补上"), {"n": ID_MONTHS}),
        ("id_number",), _id_number_waits,
        Reason(
            _("登记时说尚未办理或不在身边，已过 %(n)s 个月。请补填号码，办理有困难的请帮助办理。"), {"n": ID_MONTHS}
        ),
    ),
    *of_parents(
        "term_over", "family", RuleKind.STALE, _("%(who)s的期限已满，情形还记着"), ("situation", "situation_until"),
        _term_over, _("%(who)s的刑期或戒毒期已经届满。请核实是否回家，更新特殊情形和监护情况。"),
    ),
    Rule(
        "entrusting_over", "family", RuleKind.STALE, _("委托照护书已过期"),
        ("guardian_entrusted_to",), _entrusting_over,
        _("委托照护的期限已过。请核实现在由谁照看，续签或更换照看人。"), _("未成年人保护法第二十二条"),
    ),
]  # fmt: skip
