"""The moves of a finding: what a person decides about it. That it is found, found no more and found again is the rules'
work, many rows at a time (``registry.findings.services.recount``), and no move. What follows from a decision:
``registry.findings.moves``."""

import datetime
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from childwelfare.workflow.transitions import Transition, Workflow
from registry.changes.writers import writers_of_content
from registry.findings.models import Finding, FindingKind
from registry.findings.models import FindingDecision as D
from registry.findings.models import FindingState as S


@dataclass(frozen=True)
class Agreement:
    """From which day the category is held, or is held no more and why; in a category in difficulty of which kind."""

    on: datetime.date
    exit_reason: str = ""
    difficulty: str = ""


@dataclass(frozen=True)
class Later:
    """On which day it is asked again."""

    on: datetime.date


def changes_no_category(finding: Finding) -> bool:
    """An unclaimed benefit is only noted as to be applied for."""
    return finding.kind == FindingKind.UNCLAIMED


def comes_early(finding: Finding) -> bool:
    """The day on which the child is too old has not come: there is nothing to agree to yet."""
    return finding.due_on is not None and finding.due_on > timezone.localdate()


SETTLED = _("这一条已有决定，或情况已变，请重新打开再看。")

FINDING = Workflow(
    # What she agrees to is held by the child: as a change of the file she could not approve it alone, nor what she
    # wrote into the file, from which it was found, be it by a change that another approved. A colleague of hers may,
    # or her county, which decides as well.
    Transition(
        D.AGREE.value, D.AGREE.label, (S.OPEN,), S.DECIDED, "decide_category",
        needs_reason=True, payload=Agreement, wrong_state=SETTLED, undoable=True,
        decides=True, written="child", writers=writers_of_content, writer_too=changes_no_category,
    ),
    Transition(
        D.KEEP.value, D.KEEP.label, (S.OPEN,), S.DECIDED, "decide_category", needs_reason=True, wrong_state=SETTLED,
        undoable=True,
    ),
    Transition(
        D.LATER.value, D.LATER.label, (S.OPEN,), S.DECIDED, "decide_category",
        needs_reason=True, payload=Later, wrong_state=SETTLED, undoable=True, writes=False,
    ),
    model="registry.Finding",
    moves="registry.findings.moves",
    raced=SETTLED,
)  # fmt: skip
