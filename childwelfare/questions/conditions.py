"""When something holds, said as data: read by the server, by the phone and by the script that shows and hides."""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

ANSWERED = "*"  # among the values of a condition: whatever was answered


@dataclass(frozen=True)
class Condition:
    """The answer to ``question`` is one of ``values``: codes, "yes", "no", ANSWERED; of a date ">3d": over three days
    ago."""

    question: str
    values: tuple[str, ...]

    def holds(self, answers: Mapping[str, Any], *, on: datetime.date) -> bool:
        """``on``: the day from which a date's age is counted."""
        said = as_texts(answers.get(self.question))
        return any(_matches(one, wanted, on) for one in said for wanted in self.values)

    def text(self, prefix: str = "") -> str:
        """The rule of ``data-show-when`` (static/js/fields.js); ``prefix``: of the form that the question stands in."""
        before = f"{prefix}-" if prefix else ""
        return f"{before}{self.question}={'|'.join(self.values)}"

    def as_json(self) -> dict[str, Any]:
        return {"question": self.question, "values": list(self.values)}


Conditions = tuple[Condition, ...]  # one that holds is enough


def any_holds(conditions: Iterable[Condition], answers: Mapping[str, Any], *, on: datetime.date) -> bool:
    return any(condition.holds(answers, on=on) for condition in conditions)


def as_texts(value: Any) -> list[str]:
    """An answer as the texts that conditions are written in; none where nothing was answered."""
    if value is None or value == "":
        return []
    if isinstance(value, bool):
        return ["yes" if value else "no"]
    if isinstance(value, datetime.date):
        return [value.isoformat()]
    if isinstance(value, list | tuple | set):
        return [str(one) for one in value]
    return [str(value)]


def _matches(said: str, wanted: str, on: datetime.date) -> bool:
    if wanted == ANSWERED:
        return True
    if not wanted.startswith(">"):
        return said == wanted
    days = int(wanted.removeprefix(">").removesuffix("d"))
    return (on - datetime.date.fromisoformat(said)).days > days
