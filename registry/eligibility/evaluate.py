"""Facts in, verdicts out: one for each category, with what decided it, what is missing, and where it is written."""

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext as _

from childwelfare.text.words import Words
from orgs.access.scope import Place
from registry.child.codes import Category, Difficulty
from registry.eligibility.facts import Facts, label_of_fact
from registry.eligibility.logic import Answer, Circumstances, Condition
from registry.eligibility.rules import Rule, rules_on
from registry.variants.models import RuleVariant

MEETS, NO, UNKNOWN = "meets", "no", "unknown"
WORD = {True: MEETS, False: NO, None: UNKNOWN}


@dataclass
class Verdict:
    """``parts_of()``: the sub-types of 困境儿童, or the other definition of 留守儿童, with verdicts of their own.

    ``decides`` is False for a definition that is only shown beside the one in force.
    """

    category: str
    version: str
    title: Words
    text: str | Promise
    answer: Answer
    own_source: str | Promise
    variants: tuple[str, ...] = ()
    reads: tuple[str, ...] = ()
    key: str = ""
    decides: bool = True
    parts_of: Callable[[], list["Verdict"]] = field(default=list, repr=False, compare=False)

    @cached_property
    def parts(self) -> list["Verdict"]:
        """Tested only when somebody reads them: a count of many children asks for the verdict alone."""
        return self.parts_of()

    @property
    def verdict(self) -> str:
        """``meets``, ``no`` or ``unknown``."""
        return WORD[self.answer.value]

    @cached_property
    def source(self) -> str:
        """Documents and articles, a local variant's document last."""
        return "；".join([str(self.own_source), *self.variants])

    @cached_property
    def reasons(self) -> list[str]:
        """Sentences in the reader's language, each with its document and article."""
        told = (
            _("%(reason)s（%(source)s）") % {"reason": said, "source": said.source or self.source}
            for said in self.answer.said
        )
        return list(dict.fromkeys(told))

    @cached_property
    def missing(self) -> tuple[str, ...]:
        """Paths of the facts whose answers would decide."""
        return tuple(dict.fromkeys(self.answer.missing))

    @cached_property
    def questions(self) -> list[dict]:
        """The missing facts with their words."""
        return [{"fact": path, "label": label_of_fact(path)} for path in self.missing]


def evaluate(
    facts: Facts,
    on: datetime.date,
    unit: Place | None = None,
    *,
    variants: Iterable | None = None,
    categories: Iterable[str] = Category.values,
) -> list[Verdict]:
    """A verdict for every category that had a rule on ``on``, in the order of the code list.

    ``unit`` brings the variants of its county and city; a caller with many children hands them over as ``variants``
    (RuleVariant rows, the wider unit first).
    """
    if variants is None:
        variants = variants_at(unit) if unit else ()
    found = (_category(category, facts, on, list(variants)) for category in categories)
    return [verdict for verdict in found if verdict]


def variants_at(unit: Place) -> list:
    """The variants that may hold at ``unit``, the city's before the county's. One query."""
    units = [pk for pk in (unit.city_id, unit.county_id) if pk]
    variants = RuleVariant.objects.filter(unit__in=units).select_related("unit")
    return list(variants.order_by("unit__level", "since", "pk"))


def _category(category: str, facts: Facts, on: datetime.date, variants: list) -> Verdict | None:
    rule, known = rules_on(on, category)
    if rule is None:
        return None
    verdict = _by(rule, facts, on, variants)
    if len(known) > 1 and category == Category.LEFT_BEHIND:
        made = [other for other in known if other.valid_from <= on]
        verdict.parts_of = lambda: [
            _by(other, facts, on, variants if other is rule else [], decides=other is rule) for other in made
        ]
    return verdict


def _by(rule: Rule, facts: Facts, on: datetime.date, variants: list, *, decides: bool = True) -> Verdict:
    given, documents = dict(rule.parameters), []
    for variant in variants:
        own = {name: value for name, value in variant.parameters.items() if name in rule.parameters}
        if own and variant.category == rule.category and variant.holds_on(on):
            given |= own
            documents.append(variant.document)
    case = Circumstances(facts, on, given)

    def verdict(test: Condition, title: Words, **more: Any) -> Verdict:
        return Verdict(
            category=rule.category,
            version=rule.version,
            title=title,
            text=rule.text,
            answer=test.test(case),
            own_source=rule.source,
            variants=tuple(documents),
            reads=test.reads,
            **more,
        )

    def parts() -> list[Verdict]:
        return [verdict(test, Difficulty(key).label, key=key) for key, test in rule.parts.items()]

    return verdict(rule.test, rule.title, decides=decides, parts_of=parts)
