"""How every unit stands, followed act by act along the trail, and held against the tables."""

from collections import defaultdict
from collections.abc import Iterator

from django.utils.translation import gettext as _

from reports.periods.deadlines import DEFAULT_DAYS
from reports.periods.models import PeriodEvent, PeriodState
from reports.snapshots.models import SnapshotKind
from reports.submissions.models import SubmissionEvent
from reports.submissions.models import SubmissionState as S
from reports.submissions.trail import digest_of, in_utc
from reports.submissions.workflow import SUBMISSION
from reports.verification.accounts import Account, Telling
from reports.verification.acts import LOOK, OF_AMENDMENTS, OF_SUBMISSIONS, Act
from reports.verification.amending import Amending
from reports.verification.days import Days, fault_of_days
from reports.verification.tables import Broken, Kept, Tables, is_same_act


class Standing:
    """``faults`` yields what does not fit, the first act first; only the first one is worth reading."""

    def __init__(self, tables: Tables) -> None:
        self.tables, self.period = tables, tables.period
        self.accounts = {str(pk): Account(row, tables.events[pk], set()) for pk, row in tables.submissions.items()}
        self.days = Days(self.accounts)
        self.definitions = self.expected = ""
        self.locked = False
        self.opened_and_locked: list[Act] = []
        self.amending = Amending(self.accounts, tables)
        self.silent: dict[tuple[str, int | None], list[tuple[Account, SubmissionEvent]]] = defaultdict(list)
        for account in self.accounts.values():
            for event in account.events:
                if event.action == "report_nothing":
                    key = in_utc(event.at), account.submission.unit.county_id
                    self.silent[key].append((account, event))

    def faults(self, acts: list[Act]) -> Iterator[Broken]:
        for act in acts:
            if act.action in OF_AMENDMENTS:
                what = self.amending.take(act)
            elif act.action == "report_nothing_ledger":
                what = self._nothing(act)
            elif act.action in OF_SUBMISSIONS:
                what = self._move(act)
            elif act.action == LOOK:
                what = self.days.look(act)
            else:
                what = self._period(act)
            if what:
                yield Broken(self._where(act), f"{what}（{act.action} {act.at:%Y-%m-%d %H:%M}）")
        if what := self._period_now():
            yield Broken(str(self.period), what)
        told: dict[int, list[Telling]] = {}
        for account in self.accounts.values():
            told[account.submission.unit_id] = account.told
            if what := _fault_now(account):
                yield Broken(f"{account.submission.unit.path_label} {self.period.key}", what)
        yield from self._snapshots(told)
        yield from self.amending.faults()

    def _where(self, act: Act) -> str:
        amended = self.tables.amendments.get(act.key)
        account = self.accounts.get(str(amended.submission_id) if amended else act.key)
        return f"{account.submission.unit.path_label} {self.period.key}" if account else f"{self.period} {act.record}"

    # acts on the period

    def _period(self, act: Act) -> str:
        if act.key != str(self.period.pk):
            return _("留痕里的填报期不是这一个")
        if act.action in ("open_period", "lock_period"):
            self.opened_and_locked.append(act)
        if act.action == "open_period":
            self.definitions = act.told.get("definitions", "")
        if act.action in ("open_period", "move_deadlines"):
            if len(act.told.get("deadlines", ())) != len(DEFAULT_DAYS):
                return _("留痕里没有记下期限")
            return self.days.move(act)
        elif act.action == "expect_units":
            self.expected = act.told.get("hash", "")
        elif act.action == "lock_period":
            self.locked = True
            self._keep_what_is_summed()
        return ""

    def _keep_what_is_summed(self) -> None:
        """As the lock does: valid stays what is in the total above."""
        for row in sorted(self.tables.submissions.values(), key=lambda each: each.unit.level):
            above = self.accounts.get(str(row.parent_id))
            total = self.tables.by_hash.get(above.valid) if above and above.valid else None
            if total is None:
                continue
            account, unit = self.accounts[str(row.pk)], str(row.unit.uid)
            account.valid = next((part["hash"] for part in total.parts if part["unit"] == unit), "")
            if not account.valid and account.state == S.APPROVED:
                account.state = S.SUBMITTED

    def _period_now(self) -> str:
        period, rows = self.period, self.tables.submissions.values()
        if what := self.days.fault_of(period):
            return what
        if period.is_locked != self.locked:
            return _("填报期的状态和留痕对不上")
        if (period.as_of, period.definitions) != (period.month.last, self.definitions):
            return _("期末或口径和留痕对不上")
        events = self.tables.period_events
        if len(events) != len(self.opened_and_locked) or not all(map(_is_of_period, events, self.opened_and_locked)):
            return _("填报期的经过和留痕对不上")
        if digest_of(f"{row.unit.uid}>{row.above.uid}" for row in rows) != self.expected:
            return _("应报的单位和留痕对不上：多了、少了，或换了上级")
        parents = {row.pk: row.unit_id for row in rows}
        if any((parents.get(row.parent_id) if row.parent_id else row.unit_id) != row.above_id for row in rows):
            return _("上下级关系被改动过")
        return ""

    # acts on submissions

    def _move(self, act: Act) -> str:
        account = self.accounts.get(act.key)
        if account is None:
            return _("留痕里有这份上报，这里没有")
        move = SUBMISSION.transitions[OF_SUBMISSIONS[act.action]]
        event = account.events[account.seen] if account.seen < len(account.events) else None
        if event is None or not _is_told(event, act):
            return _("经过和留痕对不上")
        if account.state not in move.source or (self.locked and move.permission):
            return _("这一步接不上前面的经过")
        hash = act.told.get("hash", "")
        if move.action == "approve" and hash != account.current:
            return _("通过的不是报出的那一份")
        if move.action == "approve" and act.person == account.by[0]:
            return _("谁报的谁通过了")
        if what := self.days.fault_of_move(account, move.action, act.told):
            return what
        if move.action == "submit":
            if what := self._fault_of_parts(account, hash):
                return what
            self._send(account, Telling(hash, _kind(account), (act.person, act.post), event.at))
            account.by = act.person, act.post
        if move.action == "amend" and (what := _take_effect(account, hash)):
            return what
        account.seen += 1
        account.state = event.now if event.now in move.targets else ""
        account.valid, account.on_time = act.told.get("valid", ""), act.told.get("on_time")
        self.days.keep(account, move.action, act.told)
        if account.on_time is None:
            account.first = None
        return ""

    def _nothing(self, act: Act) -> str:
        """Villages of a county, in one act."""
        found = self.silent[act.told.get("at", ""), act.unit]
        hashes = digest_of(event.snapshot.hash for _account, event in found if event.snapshot)
        events = digest_of(event.hash for _account, event in found)
        if (len(found), hashes, events) != tuple(act.told.get(name) for name in ("count", "hash", "event")):
            return _("零报告的村和留痕对不上")
        for account, event in found:
            if self.locked or account.state != S.DRAFT or event.snapshot is None:
                return _("这一步接不上前面的经过")
            hash = event.snapshot.hash
            self._send(account, Telling(hash, SnapshotKind.ORIGINAL, (None, None), event.at))
            account.seen += 1
            account.state, account.valid, account.on_time = S.APPROVED, hash, True
        return ""

    @staticmethod
    def _send(account: Account, telling: Telling) -> None:
        account.current = telling.hash
        account.first = account.first or telling.at
        account.told.append(telling)

    def _fault_of_parts(self, account: Account, hash: str) -> str:
        """A sum takes in each unit below once, as it was valid at that moment, or says that it is left out."""
        kept = self.tables.by_hash.get(hash)
        if kept is None:
            return _("报出的数不见了")
        below = [self.accounts[str(row.pk)] for row in self.tables.children[account.submission.pk]]
        valid = sorted(each.valid for each in below if each.state == S.APPROVED)
        waived = {str(each.submission.unit.uid) for each in below if each.state == S.WAIVED}
        told = sorted(part["hash"] for part in kept.parts)
        if told != valid or waived != {each["unit"] for each in kept.told["waived"]}:
            return _("汇总的不是当时有效的那些数")
        return ""

    def _snapshots(self, told: dict[int, list[Telling]]) -> Iterator[Broken]:
        """Each of them is in the trail as sent, and each that was sent is there."""
        held: dict[int, list[Kept]] = defaultdict(list)
        for kept in self.tables.snapshots:
            held[kept.snapshot.unit_id].append(kept)
        for unit, tellings in told.items():
            snapshots = held.pop(unit, [])
            for number, kept in enumerate(snapshots, start=1):
                telling = tellings[number - 1] if number <= len(tellings) else None
                if telling is None or telling.hash != kept.snapshot.hash:
                    yield Broken(kept.where, _("操作留痕里没有这份上报"))
                elif not _fits(kept, telling, number):
                    yield Broken(kept.where, _("谁报的、何时报的或哪一种，和留痕对不上"))
            if len(snapshots) < len(tellings):
                yield Broken(f"{self.period.key} {tellings[len(snapshots)].hash[:8]}", _("报出的数不见了"))
        for stray in held.values():
            yield Broken(stray[0].where, _("操作留痕里没有这份上报"))


def _is_of_period(event: PeriodEvent, act: Act) -> bool:
    states = ("", PeriodState.OPEN) if act.action == "open_period" else (PeriodState.OPEN, PeriodState.LOCKED)
    who = (event.person_id, event.post_id) == (act.person, act.post)
    return who and (event.was, event.now) == states and not event.reason and is_same_act(event.at, act.at)


def _kind(account: Account) -> SnapshotKind:
    return SnapshotKind.RESUBMISSION if account.current else SnapshotKind.ORIGINAL


def _take_effect(account: Account, hash: str) -> str:
    """Amended figures stand as sent last, by who sent them."""
    telling = next((each for each in reversed(account.told) if each.hash == hash), None)
    if telling is None or telling.kind != SnapshotKind.AMENDMENT:
        return _("生效的不是报送的更正")
    account.current, account.by = hash, telling.by
    account.first = account.first or telling.at
    return ""


def _is_told(event: SubmissionEvent, act: Act) -> bool:
    hash = event.snapshot.hash if event.snapshot else ""
    event_says = (event.action, event.person_id, event.post_id, hash, event.hash)
    told = act.told
    return event_says == (OF_SUBMISSIONS[act.action], act.person, act.post, told.get("hash", ""), told.get("event"))


def _fits(kept: Kept, telling: Telling, number: int) -> bool:
    snapshot = kept.snapshot
    superseded = snapshot.supersedes.hash if snapshot.supersedes else ""
    says = snapshot.seq, snapshot.kind, (snapshot.made_by_id, snapshot.made_in_id), superseded
    return says == (number, telling.kind, telling.by, telling.supersedes) and is_same_act(snapshot.made_at, telling.at)


def _fault_now(account: Account) -> str:
    row = account.submission
    if what := _fault_of_chain(account.events):
        return what
    if account.seen < len(account.events):
        return _("操作留痕里没有这一步：%(action)s") % {"action": account.events[account.seen].action}
    if row.state != account.state:
        return _("状态和留痕对不上")
    if (row.approved.hash if row.approved else "") != account.valid:
        return _("有效的数和留痕对不上")
    if (row.current.hash if row.current else "") != account.current:
        return _("报出的数和留痕对不上")
    if (row.made_by_id, row.made_in_id) != account.by:
        return _("谁报的和留痕对不上")
    if row.due_on not in account.due or row.on_time != account.on_time:
        return _("截止日期或是否按时和留痕对不上")
    if what := fault_of_days(account):
        return what
    if row.first_submitted_at and not (account.first and is_same_act(row.first_submitted_at, account.first)):
        return _("首次上报的时间和留痕对不上")
    return _("首次上报的时间不见了") if account.on_time is not None and not row.first_submitted_at else ""


def _fault_of_chain(events: list[SubmissionEvent]) -> str:
    previous = ""
    for event in events:
        if event.previous != previous or event.computed_hash() != event.hash:
            return _("经过（%(action)s）被改动过") % {"action": event.action}
        previous = event.hash
    return ""
