"""All rules, and the keys under which files are counted: each rule, each section's kinds, each kind, complete files."""

from collections.abc import Collection

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registry.child.models import ChildFile, FileState
from registry.quality.case import Case
from registry.quality.contradictions import CONTRADICTIONS
from registry.quality.missing import MISSING
from registry.quality.regions import doubtful_numbers
from registry.quality.rule import Rule, RuleKind
from registry.quality.stale import STALE

RULES: dict[str, Rule] = {rule.key: rule for rule in (*MISSING, *CONTRADICTIONS, *STALE)}
# as the file's page has them
SECTIONS = {
    "identity": gettext_lazy("基本信息"),
    "family": gettext_lazy("家庭与监护"),
    "school": gettext_lazy("就学"),
    "health": gettext_lazy("健康与残疾"),
    "categories": gettext_lazy("类别与依据"),
}
# nothing is missing; every file in the registry is either complete or missing something
COMPLETE = "complete"
GROUPS = (COMPLETE, *RuleKind.values)
KEYS = {*RULES, *GROUPS, *(f"{section}:{kind}" for section in SECTIONS for kind in RuleKind.values)}


def rules_found(case: Case, kinds: Collection[str] = tuple(RuleKind.values)) -> list[Rule]:
    """The rules that hold for a file, in the order of the tables."""
    return [rule for rule in RULES.values() if rule.kind in kinds and rule.test(case)]


def rules_to_tell(case: Case, kinds: Collection[str] = tuple(RuleKind.values)) -> list[Rule]:
    """``rules_found`` for who reads or writes the one file, and what its sealed numbers say besides."""
    told = doubtful_numbers(case) if RuleKind.CONTRADICTION in kinds else []
    return [*rules_found(case, kinds), *told]


def keys_of(case: Case) -> set[str]:
    """Every key under which a file is counted; none unless it is in the registry."""
    file: ChildFile = case.file
    if file.state != FileState.APPROVED:
        return set()
    keys = set()
    for rule in rules_found(case):
        keys |= {rule.key, f"{rule.section}:{rule.kind}", rule.kind}
    return keys if RuleKind.MISSING in keys else keys | {COMPLETE}


def label_of_key(key: str) -> str:
    """The key in words: 家庭与监护：缺项, 缺：照看人电话, 父母没有人外出."""
    if key in RULES:
        label = str(RULES[key].label)
        return _("缺：%(what)s") % {"what": label} if RULES[key].kind == RuleKind.MISSING else label
    if key == COMPLETE:
        return _("完整")
    section, colon, kind = key.rpartition(":")
    return f"{SECTIONS[section]}：{RuleKind(kind).label}" if colon else str(RuleKind(kind).label)
