"""How the visit form is laid out: steps, cards, and the answers on which each is shown. Page and phone draw the same.

A rule is what the script reads: ``name=value|value``, several divided by commas: one of them is enough. The value
``>3d`` is a day more than three days ago.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as dataclass_field

from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy as _

from childwelfare.text.words import Words
from visits.visit.flags import LATE_AFTER_DAYS
from visits.visit.outcomes import ASKED_OF_OUTCOME, DATED, NEXT_STEPS

WHEN_SEEN = "outcome=seen"
NOT_SEEN = f"outcome={'|'.join(NEXT_STEPS)}"

# key, question, names; a step without a rule is always there
STEPS = (
    ("who", _("见到谁？"), (
        "visited_on", "method", "outcome", "together", "met", "met_relation", "seen_alone", "parent_contact_on",
        "late_reason",
    )),
    ("care", _("谁在照看，过得怎样？"), (
        "carer", "carer_note", "care", "living", "attendance", "health", "mood",
    )),
    ("safety", _("安全吗，有什么变化？"), (
        "hazard", "hazards", "hazard_note", "lives_alone", "family_change", "noticed", "guardian_words",
    )),
    ("next", _("做了什么，下一步？"), (
        "whereabouts", "next_step", "needs", "help_given", "benefits", "focus", "next_on",
    )),
)  # fmt: skip
# what is asked of each child, and where: also of brothers and sisters, a line each
OWN = {
    "who": ("outcome", "seen_alone"),
    "care": ("attendance", "health", "mood"),
    "next": ("whereabouts", "next_step", "next_on"),
}
# which line of a brother or sister a step has
LINES = {"who": "together={pk}", "care": "{pk}-" + WHEN_SEEN, "next": "{pk}-" + NOT_SEEN}
RULES = {
    "seen_alone": WHEN_SEEN,
    "attendance": WHEN_SEEN,
    "health": WHEN_SEEN,
    "mood": WHEN_SEEN,
    "focus": WHEN_SEEN,
    "late_reason": f"visited_on=>{LATE_AFTER_DAYS}d",
    "carer_note": "carer=parent|other|nobody",
    "hazards": "hazard=yes",
    "hazard_note": "hazard=yes",
    "whereabouts": f"outcome={'|'.join(ASKED_OF_OUTCOME)}",
    "next_step": NOT_SEEN,
    "next_on": f"next_step={'|'.join(DATED)}|together",
}
# of the door, not of a child: asked where any of the children was seen
OF_ANY = {"parent_contact_on", "needs", "help_given", "benefits"}
STEPS_OF_ANY = {"care", "safety"}
# "as last time", never for safety
SAME = {"who": ("met", "met_relation"), "care": ("carer", "care", "living", "attendance", "health", "mood")}


@dataclass
class Card:
    """One question; ``rule``: when it is shown; ``inside``: those that it opens, in the same card."""

    field: object
    rule: str = ""
    inside: list["Card"] = dataclass_field(default_factory=list)

    @property
    def name(self) -> str:
        return self.field.name


@dataclass
class Line:
    """What is asked of one brother or sister in a step; ``rule``: while that child is ticked and it concerns it."""

    child: object
    cards: list[Card]
    rule: str = ""


@dataclass
class Step:
    """``same``: {field: last time's answer} of the whole step, where there is one."""

    key: str
    title: str
    rule: str
    cards: list[Card]
    lines: list[Line] = dataclass_field(default_factory=list)
    same: dict = dataclass_field(default_factory=dict)

    @property
    def may_repeat(self) -> bool:
        return self.key in SAME

    @property
    def same_json(self) -> str:
        return json.dumps(self.same) if self.same else ""


def said_when(texts: Mapping[str, Words]) -> str:
    """Help that depends on an answer: {rule: text} in HTML."""
    return format_html_join("", '<span data-show-when="{}">{}</span>', texts.items())


def rule_of(name: str, prefix: str = "") -> str:
    """When the question ``name`` is shown; ``prefix`` of a brother's or sister's line."""
    rule = RULES.get(name, "")
    return f"{prefix}-{rule}" if rule and prefix else rule
