"""Every move of every workflow against the table of expectations.py: each role, in every state of the record, whoever
wrote it and wherever. The records are made once; what differs from cell to cell is set in memory, where the mechanism
reads it."""

from dataclasses import dataclass
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db.models import prefetch_related_objects

from childwelfare.workflow.refusals import Refused, Stale
from childwelfare.workflow.tables import WORKFLOWS
from childwelfare.workflow.transitions import Workflow
from orgs.units.models import Level
from registry.assessments.workflow import ASSESSMENT
from registry.changes.workflow import CHANGE
from registry.child.models import ChildFile
from registry.child.workflow import FILE
from registry.findings.workflow import FINDING
from registry.guidance.workflow import ENTRUSTMENT
from registry.instruments.workflow import INSTRUMENT
from registry.needs.workflow import NEED
from registry.plans.workflow import PLAN
from registry.stays.workflow import STAY
from registry.transfers.services import ask_transfer
from registry.transfers.workflow import TRANSFER
from reports.amendments.workflow import AMENDMENT
from reports.periods.workflow import PERIOD
from reports.requests.workflow import ANSWER, REQUEST
from reports.submissions.workflow import SUBMISSION
from tests.builders import (
    a_change,
    a_city,
    a_data_request,
    a_finding,
    a_need,
    a_plan,
    a_post,
    a_stay,
    a_submission,
    a_submitted_file,
    a_unit,
    a_visit,
    an_alert,
    an_amendment,
    an_approved_file,
    an_assessment,
    an_entrustment,
    an_instrument,
    the_answer,
)
from tests.childwelfare.workflow.expectations import WHO
from tests.roles import ROLES
from visits.alerts.workflow import ALERT
from visits.visit.workflow import VISIT

pytestmark = pytest.mark.django_db

# another's, one's own, of a village; the same of a station
WRITTEN = [(own, at_station) for at_station in (False, True) for own in (False, True)]


@dataclass(frozen=True)
class Case:
    """A record, the village whose tiers are asked, where it was written, and the states that are tried. ``written``:
    what was written, where that is not the record itself."""

    workflow: Workflow
    record: Any
    asked: Any
    written_at: Any
    states: tuple[str, ...] = ()
    written: Any = None


@pytest.fixture(scope="module")
def cases(shared_world):
    """{where: case}, in two cities."""
    here, there = (a_unit(a_unit(a_unit(a_city()))) for _ in range(2))
    file = an_approved_file(here)
    change, visit = a_change(file, address="五组"), a_visit(file)
    of_closed = a_change(an_approved_file(here), address="五组")
    of_closed.child.state = "closed"
    near = ask_transfer(ChildFile.objects.get(pk=an_approved_file(here).pk), by=a_post(here.county),
                        target=a_unit(here.township), reason="搬家", seen_version=3)  # fmt: skip
    near.state = "asked"  # one clerk would have accepted it at once
    far = ask_transfer(an_approved_file(here), by=a_post(here.township), target=there, reason="搬家", seen_version=3)
    staying = an_approved_file(here)
    stay = a_stay(staying, there, days=9)
    hosted = a_visit(staying, by=a_post(there))
    alert, elsewhere = an_alert(file=file), an_alert(file=file, by=a_post(here))
    elsewhere.place(there)
    finding = a_finding(ChildFile.objects.get(pk=file.pk))
    plan, of_high = a_plan(an_approved_file(here)), a_plan(an_approved_file(here))
    of_high.approver = Level.COUNTY
    assessment = an_assessment(file)  # by a small system, before another version is drafted
    asked = a_data_request(here.county)
    at_the_city = a_need(file)
    at_the_city.holder = here.city
    return {
        "file": Case(FILE, a_submitted_file(here), here, here),
        "change": Case(CHANGE, change, here, here),
        "change that came back after the child was handed on": Case(
            CHANGE, type(change).objects.get(pk=change.pk), here, there, states=("returned",)
        ),
        "change of a file that is not in the registry": Case(CHANGE, of_closed, here, here),
        "visit": Case(VISIT, visit, here, here),
        "visit, at the host that made it": Case(VISIT, hosted, there, there),
        "transfer, where it was asked": Case(TRANSFER, far, here, here),
        "transfer, of whom it was asked": Case(TRANSFER, far, there, here),
        "transfer within one township": Case(TRANSFER, near, here, here),
        "alert, where it was reported": Case(ALERT, alert, here, here),
        "alert, where the child's file is kept": Case(ALERT, elsewhere, here, there),
        "finding": Case(FINDING, finding, here, here, written=finding.child),
        "stay, where the file is kept": Case(STAY, stay, here, here),
        "stay, where the child stays": Case(STAY, stay, there, here),
        "submission": Case(SUBMISSION, a_submission(here), here, here),
        "amendment": Case(AMENDMENT, an_amendment(here), here, here),
        "data request": Case(REQUEST, asked, here, here),
        "data answer": Case(ANSWER, the_answer(asked, here), here, here),
        "reporting period that is over": Case(PERIOD, a_submission(here).period, here, here),
        "plan": Case(PLAN, plan, here, here),
        "plan of a child of the highest level": Case(PLAN, of_high, here, here),
        "version of the assessment system": Case(INSTRUMENT, an_instrument(here.city, state="draft"), here, here),
        "assessment": Case(ASSESSMENT, assessment, here, here),
        "agreement of entrusted care": Case(ENTRUSTMENT, an_entrustment(file), here, here),
        "need that the village holds": Case(NEED, a_need(file), here, here),
        "need that the station holds": Case(NEED, a_need(file, by=a_post(here.township)), here, here),
        "need that the city holds": Case(NEED, at_the_city, here, here),
    }


def states_of(case: Case) -> tuple[str, ...]:
    field = type(case.record)._meta.get_field("state")
    return case.states or tuple(value for value, _label in field.choices)


class Written:
    """Sets in memory who wrote a record, where, and in which state it is."""

    def __init__(self, case: Case):
        self.record, village = case.record, case.written_at
        self.written = case.written or case.record
        self.writers = {False: a_post(village), True: a_post(village.township)}
        prefetch_related_objects([self.written], "events__post__unit")

    def set(self, state: str, post, own: bool, at_station: bool):
        writer = self.writers[at_station]
        self.record.state, self.written.made_in = state, writer
        self.written.made_by_id = post.person_id if own else writer.person_id


def answer(case: Case, post, action: str) -> str:
    """``y``, ``n``, ``w`` as in the expectations; ``s`` for a state from which the move is not made."""
    objection = case.workflow.objection(post, case.record, action)
    if objection is None:
        return "y"
    kinds = {PermissionDenied: "n", Stale: "s", Refused: "w"}
    return kinds[type(objection)]


def test_every_workflow_is_expected(cases):
    """A new workflow or move: write down who may, by hand. A new role makes no move, unless a cell says so."""
    apart = cases.keys() ^ WHO.keys()
    assert not apart, f"{sorted(apart)} stands in `cases` or in WHO of expectations.py, not in both"
    missing = WORKFLOWS.keys() - {case.workflow.model for case in cases.values()}
    assert not missing, f"{sorted(missing)}: a record in `cases`, and in WHO of expectations.py who may make each move"
    for where, case in cases.items():
        moves = WHO[where].keys() ^ case.workflow.transitions.keys()
        assert not moves, f"WHO[{where!r}] of expectations.py: {sorted(moves)}"
        for action, (_states, cells) in WHO[where].items():
            unknown = sorted(cells.keys() - ROLES.keys())
            assert not unknown, f"WHO[{where!r}][{action!r}] of expectations.py: {unknown} is no role"
            wrong = [cell for cell in cells.values() if len(cell) not in (1, len(WRITTEN)) or set(cell) - set("ynw")]
            assert not wrong, f"WHO[{where!r}][{action!r}] of expectations.py: {wrong}: one letter or four, of y, n, w"


@pytest.mark.parametrize("where", WHO)
def test_each_cell_is_as_expected(cases, where):
    case, wrong = cases[where], []
    written = Written(case)
    for role, tier in ROLES.items():
        post = a_post(getattr(case.asked, tier), role)
        for state in states_of(case):
            for number, (own, at_station) in enumerate(WRITTEN):
                written.set(state, post, own, at_station)
                buttons = {move.action for move in case.workflow.open_to(post, case.record)}
                for action, (sources, cells) in WHO[where].items():
                    cell = cells.get(role, "n")
                    expected = cell if len(cell) == 1 else cell[number]
                    if expected != "n" and state not in sources:
                        expected = "s"
                    found = answer(case, post, action)
                    if found != expected or (action in buttons) != (expected == "y"):
                        wrong.append(f"{action} by {role} in {state}, {own=} {at_station=}: {found}, not {expected}")
    assert not wrong, f"WHO[{where!r}] of expectations.py:\n" + "\n".join(wrong)


@pytest.mark.parametrize("where", WHO)
def test_a_stranger_makes_no_move(cases, where):
    case, far = cases[where], a_unit(a_unit(a_unit(a_city())))
    written = Written(case)
    for role, tier in ROLES.items():
        post = a_post(getattr(far, tier), role)
        for state in states_of(case):
            written.set(state, post, own=False, at_station=True)
            assert case.workflow.open_to(post, case.record) == [], f"{role} in {state}"
