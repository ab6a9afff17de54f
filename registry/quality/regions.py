"""Doubtful regions at the head of ID numbers: told where one file is read or written.

Not among the rules that are counted: those open nothing that is sealed (registry.quality.case).
"""

from django.utils.translation import gettext_lazy as _

from childwelfare.text.words import Words
from registry.child.field_entry import Kind
from registry.child.fields import fields_of, whose
from registry.child.regions import doubt_about
from registry.eligibility.logic import Reason
from registry.quality.case import Case
from registry.quality.rule import Rule, RuleKind

OF_CHILD, OF_OTHERS = _("身份证号的地区有疑问"), _("%(who)s身份证号的地区有疑问")


def doubtful_numbers(case: Case) -> list[Rule]:
    """One for each number of the file whose head was given to no region, the child's first."""
    people = {"child": case.file, **case.family, "guardian": case.guardian}
    found = []
    for holder, record in people.items():
        for field in fields_of(holder) if record else ():
            if field.kind == Kind.ID_NUMBER and (doubt := doubt_about(getattr(record, field.column))):
                label = OF_CHILD if holder == "child" else Reason(OF_OTHERS, {"who": whose(holder)})
                found.append(_rule(field.name, field.section, label, doubt))
    return found


def _rule(name: str, section: str, label: Reason | Words, doubt: str) -> Rule:
    return Rule(f"region_of_{name}", section, RuleKind.CONTRADICTION, label, (name,), lambda _case: True, doubt, "")
