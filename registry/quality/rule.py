"""One rule, and the words that several have in common."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _

from childwelfare.text.words import Words
from registry.child.field_entry import PARENTS
from registry.child.fields import fields, is_category
from registry.eligibility.facts import WHOSE
from registry.eligibility.logic import Reason
from registry.quality.case import Case

ParentTest = Callable[[Case, str], bool | None]


class RuleKind(models.TextChoices):
    MISSING = "missing", _("缺项")
    CONTRADICTION = "contradiction", _("前后矛盾")
    STALE = "stale", _("久未更新")

    @property
    def tone(self) -> str:
        return "danger" if self == RuleKind.CONTRADICTION else "warm"

    @property
    def icon(self) -> str:
        return {"missing": "dash-circle", "contradiction": "exclamation-triangle"}.get(self.value, "clock-history")


# the annex of 民发〔2016〕42号 sets what a left-behind child's form asks; the registry's own form follows it
FORM = _("民发〔2016〕42号附件1")
SENSE = _("档案各栏之间")


@dataclass(frozen=True)
class Rule:
    """``test(case)`` says True, False, or None where the file doesn't tell; only True is an issue.

    ``reads``: flat names (``registry.child.fields``) of what it looks at, the one to correct first. ``label`` names
    what is missing, or says the contradiction in a line; ``why`` tells what to look at.
    """

    key: str
    section: str
    kind: str
    label: Reason | Words
    reads: tuple[str, ...]
    test: Callable[[Case], bool | None]
    why: Reason | Words = ""
    source: Reason | Words = SENSE

    @property
    def step(self) -> str:
        """The step of the form that asks for its first field."""
        return step_of(self.reads[0])


def step_of(name: str) -> str:
    """The step (registry.child.forms.ChildForm.STEPS) that asks for the field ``name``."""
    return "category" if is_category(name) else fields()[name].entry.question.step


def of_parents(
    key: str,
    section: str,
    kind: str,
    label: Words,
    reads: tuple[str, ...],
    test: ParentTest,
    why: Words = "",
    source: Words = SENSE,
) -> list[Rule]:
    """The same rule for father and mother. ``reads`` names a parent's columns, or with a dot in front whole names;
    ``test`` takes the case and the parent's relation."""
    rules = []
    for parent in PARENTS:
        who = {"who": WHOSE[parent]}
        rules.append(
            Rule(
                key=f"{parent}_{key}",
                section=section,
                kind=kind,
                label=Reason(label, who),
                reads=tuple(_column_of(parent, name) for name in reads),
                test=_test_of(parent, test),
                why=Reason(why, who) if why else "",
                source=source,
            )
        )
    return rules


def _column_of(parent: str, name: str) -> str:
    return name[1:] if name.startswith(".") else f"{parent}_{name}"


def _test_of(parent: str, test: ParentTest) -> Callable[[Case], bool | None]:
    """A function of its own: a lambda in the loop above would ask about the last parent each time."""
    return lambda case: test(case, parent)


def contradictions_in(section: str) -> Callable[..., Rule]:
    """Makes the contradictions of one section."""

    def rule(
        key: str,
        label: Reason | Words,
        reads: tuple[str, ...],
        test: Callable[[Case], bool | None],
        why: Words,
        source: Words = "",
    ) -> Rule:
        return Rule(key, section, RuleKind.CONTRADICTION, label, reads, test, why, source or SENSE)

    return rule
