"""What the audit trail tells of reporting: the witness that whoever owns the database alone can't rewrite."""

import datetime
import json
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from orgs.audit.anchors import problems_of_trail
from orgs.units.models import OrgUnit
from reports.amendments.workflow import AMENDMENT
from reports.submissions.workflow import SUBMISSION

OF_PERIODS = ("open_period", "expect_units", "move_deadlines", "lock_period")
# {act: the move of a submission that it records}
OF_SUBMISSIONS = {f"{action}_ledger": action for action in SUBMISSION.transitions}
# {act: the state in which it leaves the amendment}: how it comes into being, then its moves
BEGINNINGS = {"ask_amendment": ("asked",), "carry_up": ("open",)}
OF_AMENDMENTS = BEGINNINGS | {action: move.targets for action, move in AMENDMENT.transitions.items()}
LOOK = "look_ledger"  # that the tier above has a submission before it
ACTIONS = {LOOK, *OF_PERIODS, *OF_SUBMISSIONS, *OF_AMENDMENTS}


@dataclass(frozen=True, slots=True)
class Act:
    """A row of the trail; ``record`` as the trail names it, ``told`` its details."""

    at: datetime.datetime
    person: int | None
    post: int | None
    unit: int | None
    action: str
    record: str
    told: dict[str, Any]

    @property
    def key(self) -> str:
        """Of the record."""
        return self.record.partition(":")[2]


@dataclass
class Trail:
    """``problems``: what is wrong with the trail itself, in words; then nothing that it tells is worth anything.
    ``acts``: {(root, key of a period): what was done, in the order in which it was sealed}."""

    problems: list[str] = field(default_factory=list)
    acts: dict[tuple[int, str], list[Act]] = field(default_factory=lambda: defaultdict(list))


def read_trail(*, key: str = "") -> Trail:
    """All that it tells of reporting, or of one month (``key``), once every seal is verified: nothing is taken from a
    row whose seal does not hold. Rows that wait for their seal come last: whoever can write one could as well have
    waited for the seal of the next seconds."""
    trail = Trail()
    roots = {pk: city or county for pk, city, county in OrgUnit.objects.values_list("pk", "city", "county")}

    def see(row: dict[str, Any]) -> None:
        if row["action"] not in ACTIONS:
            return
        told = json.loads(row["data"] or "{}")
        period, root = told.get("period", ""), roots.get(row["unit_id"])
        if root and (not key or period == key):
            at = datetime.datetime.fromisoformat(row["at"])
            who = row["person_id"], row["post_id"], row["unit_id"]
            trail.acts[root, period].append(Act(at, *who, row["action"], row["record"], told))

    trail.problems = problems_of_trail(see=see, anchor_expected=False)
    return trail
