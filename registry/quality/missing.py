"""What the file of a child in the registry must tell, section by section; what need not be there is not asked.

A field that is needed by itself says so in its entry of registry.child.field_table.
"""

from collections.abc import Callable

from django.utils.translation import gettext_lazy as _

from registry.child import codes
from registry.child.field_entry import CHILD, GUARDIAN, PARENTS, Entry, Requirement
from registry.child.field_table import TABLE
from registry.quality.case import Case, alive, is_filled
from registry.quality.rule import FORM, Rule, RuleKind, of_parents

SECTION_KEYS = ("identity", "family", "school", "health", "categories")


def _rules_of(entry: Entry, requirement: Requirement) -> list[Rule]:
    """The rule of a field that its entry calls needed; one for each parent of a field of both."""
    source = requirement.source or FORM
    if entry.holders == PARENTS:
        return of_parents(
            f"no_{entry.column}",
            entry.section,
            RuleKind.MISSING,
            requirement.label,
            (entry.column,),
            _parent_lacks(entry.column, requirement),
            source=source,
        )
    assert entry.holders in (CHILD, GUARDIAN), entry
    name = entry.column if entry.holders == CHILD else f"guardian_{entry.column}"
    test = _lacks(entry, requirement)
    return [Rule(f"no_{name}", entry.section, RuleKind.MISSING, requirement.label, (name,), test, source=source)]


def _lacks(entry: Entry, requirement: Requirement) -> Callable[[Case], bool]:
    """Whether the child's own field is asked for and blank, or one of a guardian who is there."""

    def test(case: Case) -> bool:
        record = case.file if entry.holders == CHILD else case.guardian
        if record is None or not _is_asked(case, requirement):
            return False
        return requirement.when(case) and not is_filled(record, entry.sealed_column or entry.column)

    return test


def _parent_lacks(column: str, requirement: Requirement) -> Callable[[Case, str], bool]:
    def test(case: Case, parent: str) -> bool:
        member = case.parent(parent)
        if member is None or not _is_asked(case, requirement):
            return False
        return requirement.when(member) and not is_filled(member, column)

    return test


def _is_asked(case: Case, requirement: Requirement) -> bool:
    return not requirement.categories or any(category in case.held for category in requirement.categories)


def _without_guardian(case: Case) -> bool:
    return case.guardian is None and case.file.guardianship_kind != codes.GuardianshipKind.NOBODY


def _parent_life_unknown(case: Case, parent: str) -> bool:
    return alive(case.parent(parent)) is None


def _without_grounds(case: Case) -> bool:
    return any(not one.grounds for one in case.held.values())


def _without_difficulty(case: Case) -> bool:
    held = case.held.get(codes.Category.DIFFICULTY)
    return held is not None and not held.difficulty


CATEGORY_NAMES = tuple(f"category_{code}" for code in codes.Category.values)
# about more than one field, or about whether somebody is there: (order among the section's rules, rules)
BY_HAND = [
    (10, [
        Rule(
            "no_id_number", "identity", RuleKind.MISSING, _("身份证号，或没有的原因"), ("id_number", "no_id_reason"),
            lambda case: not is_filled(case.file, "id_index") and not case.file.no_id_reason, source=FORM,
        ),
    ]),
    (10, [
        Rule(
            "no_guardian", "family", RuleKind.MISSING, _("实际监护人"), ("guardian_name",), _without_guardian,
            source=FORM,
        ),
    ]),
    (50, of_parents(
        "untold", "family", RuleKind.MISSING, _("%(who)s是否健在"), ("life",), _parent_life_unknown, source=FORM
    )),
    (10, [
        Rule("no_category", "categories", RuleKind.MISSING, _("儿童类别"), CATEGORY_NAMES, lambda case: not case.held),
        Rule("no_grounds", "categories", RuleKind.MISSING, _("类别的依据"), CATEGORY_NAMES, _without_grounds),
        Rule(
            "no_difficulty", "categories", RuleKind.MISSING, _("困境类型"), ("category_difficulty",),
            _without_difficulty,
        ),
    ]),
]  # fmt: skip


def _missing() -> list[Rule]:
    """All of them, section by section."""
    ordered = list(BY_HAND)
    for entry in TABLE:
        if entry.requirement:
            ordered.append((entry.requirement.order, _rules_of(entry, entry.requirement)))
    ordered.sort(key=lambda pair: (SECTION_KEYS.index(pair[1][0].section), pair[0]))
    return [rule for _order, rules in ordered for rule in rules]


MISSING = _missing()
