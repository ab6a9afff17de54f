"""What the template draws of the visit form: steps, cards, lines of brothers and sisters. Page and phone draw the same.

``rule`` is what the script reads (childwelfare.questions.conditions): ``name=value|value``, several divided by commas:
one of them is enough.
"""

import json
from dataclasses import dataclass
from dataclasses import field as dataclass_field


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
class DrawnStep:
    """``may_repeat``: some of it may be as last time; ``same``: {field: last time's answer} of the whole step, where
    there is one."""

    key: str
    title: str
    rule: str
    cards: list[Card]
    lines: list[Line] = dataclass_field(default_factory=list)
    may_repeat: bool = False
    same: dict = dataclass_field(default_factory=dict)

    @property
    def same_json(self) -> str:
        return json.dumps(self.same) if self.same else ""
