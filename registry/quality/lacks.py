"""What a file lacks, in the words that sender and desk read alike."""

from collections.abc import Collection
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from registry.child.fields import is_category
from registry.quality.case import Case
from registry.quality.rule import Rule, RuleKind
from registry.quality.rules import rules_to_tell

# fields of the form that are no fields of the file: what is asked of a category
ASKED_OF_CATEGORY = {"no_grounds": "grounds", "no_difficulty": "difficulty"}


@dataclass(frozen=True)
class Lacks:
    """``rules``: what the file of one child, by its categories and age, should tell and does not."""

    rules: list[Rule]

    def __bool__(self) -> bool:
        return bool(self.rules)

    @property
    def chip(self) -> str:
        n = len(self.rules)
        return ngettext("缺 %(n)s 项", "缺 %(n)s 项", n) % {"n": n} if n else _("资料齐")

    @property
    def tone(self) -> str:
        return "warm" if self.rules else "ok"

    @property
    def named(self) -> str:
        return _("、").join(str(rule.label) for rule in self.rules)

    def besides(self, keys: Collection[str]) -> "Lacks":
        """Without the rules of ``keys``."""
        return Lacks([rule for rule in self.rules if rule.key not in keys])

    @property
    def lines(self) -> list[dict]:
        """{label, field, step}: where the form asks for it."""
        return [{"label": rule.label, "field": _asked_as(rule), "step": rule.step} for rule in self.rules]


def lacks_of(case: Case) -> Lacks:
    return Lacks(rules_to_tell(case, (RuleKind.MISSING,)))


def _asked_as(rule: Rule) -> str:
    """The field of the form to go to."""
    first = rule.reads[0]
    return ASKED_OF_CATEGORY.get(rule.key, "categories" if is_category(first) else first)
