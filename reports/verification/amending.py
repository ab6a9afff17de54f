"""Amendments by the trail: which figures were granted when, and how each amendment stands now."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from reports.amendments.models import AmendmentEvent
from reports.amendments.models import AmendmentState as S
from reports.amendments.trail import said_in
from reports.amendments.workflow import AMENDMENT
from reports.snapshots.models import SnapshotKind
from reports.submissions.models import SubmissionState
from reports.verification.accounts import Account, Telling
from reports.verification.acts import OF_AMENDMENTS, Act
from reports.verification.tables import Broken, Tables, is_same_act


@dataclass
class Course:
    """``acts``: of one amendment; ``sent``: the hash that was sent last; ``by``: who asked for it or sent it last."""

    acts: list[Act] = field(default_factory=list)
    sent: str = ""
    by: tuple[int | None, int | None] = (None, None)
    states: tuple[str, ...] = ()


class Amending:
    """Followed beside the submissions (``accounts``) that are amended."""

    def __init__(self, accounts: Mapping[str, Account], tables: Tables) -> None:
        self.accounts, self.tables = accounts, tables
        self.courses: dict[str, Course] = defaultdict(Course)

    def take(self, act: Act) -> str:
        """What does not fit in ``act``, in words, or blank."""
        amendment = self.tables.amendments.get(act.key)
        if amendment is None:
            return _("留痕里有这份更正，这里没有")
        account = self.accounts[str(amendment.submission_id)]
        if act.unit != account.submission.unit_id:
            return _("更正换了单位")
        course = self.courses[act.key]
        move = AMENDMENT.transitions.get(act.action)
        fits = set(course.states).intersection(move.source) if move else not course.acts
        if not fits:
            return _("这一步接不上前面的经过")
        if act.action == "approve_amendment" and act.person == course.by[0]:
            return _("谁报的谁通过了")
        if move is None or act.action == "submit_amendment":
            course.by = act.person, act.post
        course.acts.append(act)
        course.states = OF_AMENDMENTS[act.action]
        return self._send(account, course, act) if act.action == "submit_amendment" else ""

    def _send(self, account: Account, course: Course, act: Act) -> str:
        hash = course.sent = act.told.get("hash", "")
        telling = Telling(hash, SnapshotKind.AMENDMENT, (act.person, act.post), act.at, supersedes=account.valid)
        account.told.append(telling)
        kept = self.tables.by_hash.get(hash)
        if kept is None:
            return _("报出的数不见了")
        parts = {part["hash"] for part in kept.parts}
        for row in self.tables.children[account.submission.pk]:
            below = self.accounts[str(row.pk)]
            # granted already, though not valid before every tier above has amended its own
            taken = {below.valid, *self._granted(row.pk)}.intersection(parts)
            if below.state == SubmissionState.APPROVED and not taken:
                return _("汇总的不是当时有效的那些数")
            parts -= taken
        return _("汇总的不是当时有效的那些数") if parts else ""

    def _granted(self, submission: object) -> list[str]:
        return [
            course.sent
            for key, course in self.courses.items()
            if self.tables.amendments[key].submission_id == submission and S.APPROVED in course.states
        ]

    def faults(self) -> Iterator[Broken]:
        """What the table says otherwise than the trail."""
        for key, amendment in self.tables.amendments.items():
            if what := self._fault_now(key, self.courses[key]):
                yield Broken(f"{amendment.submission.unit.path_label} {amendment.document}", what)

    def _fault_now(self, key: str, course: Course) -> str:
        amendment = self.tables.amendments[key]
        events = self.tables.amendment_events[key]
        if len(events) != len(course.acts) or not all(map(_is_told, events, course.acts)):
            return _("更正的经过和留痕对不上")
        if (amendment.made_by_id, amendment.made_in_id) != course.by:
            return _("谁报的更正和留痕对不上")
        if amendment.state not in course.states:
            return _("更正的状态和留痕对不上")
        current = amendment.current.hash if amendment.current else ""
        if current != course.sent:
            return _("更正的数和留痕对不上")
        effects = [act.at for act in course.acts if act.action == "take_effect"]
        effective_at = amendment.effective_at
        if bool(effective_at) != bool(effects) or (effective_at and not is_same_act(effective_at, effects[-1])):
            return _("更正生效的时间和留痕对不上")
        if course.acts[0].told.get("said", "") != said_in(amendment, amendment.reason):
            return _("更正的原因和留痕对不上")
        if not is_same_act(amendment.made_at, course.acts[0].at):
            return _("请求更正的时间和留痕对不上")
        documents = {act.told["document"] for act in course.acts if "document" in act.told}
        return _("更正的文号和留痕对不上") if documents - {amendment.document} else ""


def _is_told(event: AmendmentEvent, act: Act) -> bool:
    """Whether ``event`` says what the trail says of the same move."""
    who = (event.action, event.person_id, event.post_id) == (act.action, act.person, act.post)
    hash = event.snapshot.hash if event.snapshot else ""
    said = (hash, said_in(event.record, event.reason)) == (act.told.get("hash", ""), act.told.get("said", ""))
    return who and said and event.now in OF_AMENDMENTS[act.action] and is_same_act(event.at, act.at)
