"""The days of a month by the audit trail: by which rule, who moved them, which day each unit has by what was done last;
and since when the tier above has its submission before it."""

import datetime
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from reports.periods.deadlines import DEFAULT_DAYS, Deadlines
from reports.periods.models import ReportingPeriod
from reports.submissions.models import OPEN_STATES
from reports.submissions.models import SubmissionState as S
from reports.submissions.trail import in_utc
from reports.verification.accounts import Account
from reports.verification.acts import Act

RETURNING = ("return", "reopen")  # moves with a day to send it again


class Days:
    """Followed act by act, and kept in the ``accounts``. An earlier version did not tell all of it: what its acts leave
    open is not held against the tables."""

    def __init__(self, accounts: Mapping[str, Account]) -> None:
        self.accounts = accounts
        self.deadlines: Deadlines | None = None
        self.rule: dict[str, int] | None = None
        self.by_hand: set[str] = set()

    def move(self, act: Act) -> str:
        """The period was opened, or its days were moved: by somebody, or by a holiday. Gives what does not fit, in
        words."""
        told = act.told
        before, self.deadlines = self.deadlines, Deadlines(*map(datetime.date.fromisoformat, told["deadlines"]))
        if act.action == "open_period":
            self.rule = told.get("days")
            for account in self.accounts.values():
                account.due = {self._of_tier(account)}
        elif "own" in told:
            return self._follow_holiday(told, before or self.deadlines)
        else:
            pairs = zip(DEFAULT_DAYS, told.get("before", ()), told["deadlines"], strict=False)
            self.by_hand |= {name for name, was, after in pairs if was != after}
            for account in self.accounts.values():
                if account.state in OPEN_STATES:
                    account.due = {max(day, self._of_tier(account)) for day in account.due}
        return ""

    def _of_tier(self, account: Account) -> datetime.date:
        assert self.deadlines
        return self.deadlines.of_level(account.submission.unit.level)

    def _follow_holiday(self, told: dict[str, Any], before: Deadlines) -> str:
        """Who has a day of its own is named; of the others that are still to send, who had its tier's day has the new
        one, but for those that are told as ``unmoved``."""
        if "nominal" not in told:
            self._follow_early_holiday(told, before)
            return ""
        own, nominal, unmoved = told["own"], told["nominal"], told.get("unmoved")
        for key, account in self.accounts.items():
            was, day = before.of_level(account.submission.unit.level), self._of_tier(account)
            if key in own or key in nominal:
                given = nominal.get(key, "")
                if not _is_given(account, given):
                    return _("原定的截止日期和留痕对不上")
                account.due = {datetime.date.fromisoformat(own[key])} if key in own else {day}
                account.nominal = given
            elif account.state in OPEN_STATES and was in account.due and was != day and not account.nominal:
                # an earlier version did not say who stayed; what it left open of the day that was given stays open
                if unmoved is None or account.nominal is None:
                    account.due = account.due | {day}
                elif key not in unmoved:
                    account.due = account.due - {was} | {day}
        return ""

    def _follow_early_holiday(self, told: dict[str, Any], before: Deadlines) -> None:
        """It named whose day is not the tier's: the others may have moved to that or not."""
        for key, account in self.accounts.items():
            if key in told["own"]:
                account.due, account.nominal = {datetime.date.fromisoformat(told["own"][key])}, None
            elif account.state in OPEN_STATES:
                if account.due != {before.of_level(account.submission.unit.level)}:
                    account.nominal = None
                account.due = account.due | {self._of_tier(account)}

    def fault_of_move(self, account: Account, action: str, told: dict[str, Any]) -> str:
        """What does not fit, in words, where the day that is told with a move does not follow from that before it: else
        who altered a row would have it sealed by the next one who sends. Nothing is asked of earlier versions."""
        if "nominal" not in told or self.deadlines is None:
            return ""
        given, locks = datetime.date.fromisoformat(told["due_on"]), self.deadlines.locks
        may_be = account.due
        is_sent_after_all = action == "submit" and account.state == S.WAIVED and account.first is None
        if is_sent_after_all or action in (*RETURNING, "withdraw", "end_waiver"):
            may_be = {min(max(day, self._of_tier(account)), locks) for day in may_be}
        is_longer = action in (*RETURNING, "end_waiver") and bool(may_be) and given >= min(may_be)
        if given not in may_be and not is_longer:
            return _("截止日期或是否按时和留痕对不上")
        if action not in RETURNING and account.nominal not in (None, told["nominal"] or ""):
            return _("原定的截止日期和留痕对不上")
        for key, later in told.get("lifted", {}).items():
            above = self.accounts.get(key)
            if above and not any(datetime.date.fromisoformat(later) >= min(day, locks) for day in above.due):
                return _("截止日期或是否按时和留痕对不上")
        return ""

    def keep(self, account: Account, action: str, told: dict[str, Any]) -> None:
        """After the move ``action``: the day that it was given, and who above has longer by it."""
        is_told = "nominal" in told
        account.due = {datetime.date.fromisoformat(told["due_on"])} if "due_on" in told else set()
        if is_told or action in RETURNING:
            account.nominal = (told["nominal"] or "") if is_told else None
        if action in (*RETURNING, "submit", "withdraw"):
            account.looked = "" if is_told or action != "submit" else None
        for key, day in told.get("lifted", {}).items():
            if above := self.accounts.get(key):
                above.due, above.nominal = {datetime.date.fromisoformat(day)}, day
        parent = self.accounts.get(str(account.submission.parent_id))
        if parent and not is_told and action in RETURNING:
            parent.due |= account.due
            parent.nominal = None

    def look(self, act: Act) -> str:
        """The tier above opened it. Gives what does not fit, in words."""
        account = self.accounts.get(act.key)
        if account is None:
            return _("留痕里有这份上报，这里没有")
        if account.state != S.SUBMITTED or account.looked:
            return _("这一步接不上前面的经过")
        account.looked = act.told.get("at", "")
        return ""

    def fault_of(self, period: ReportingPeriod) -> str:
        if self.deadlines is None:
            return _("操作留痕里没有开始填报这一期")
        if period.deadlines != self.deadlines:
            return _("期限和留痕对不上")
        if self.rule is not None and (period.days != self.rule or set(period.by_hand) != self.by_hand):
            return _("期限的规则，或哪些是人工调整的，和留痕对不上")
        return ""


def _is_given(account: Account, nominal: str) -> bool:
    """Whether it was given the day ``nominal`` before holidays moved it; blank: its tier's, which moved as it did."""
    if account.nominal is None:
        return True
    if account.nominal:
        return nominal == account.nominal
    return not nominal or datetime.date.fromisoformat(nominal) in account.due


def fault_of_days(account: Account) -> str:
    """What of the row of ``account`` does not fit, in words."""
    row = account.submission
    nominal = row.nominal_due_on.isoformat() if row.nominal_due_on else ""
    if account.nominal is not None and nominal != account.nominal:
        return _("原定的截止日期和留痕对不上")
    if account.looked is not None and (in_utc(row.looked_at) if row.looked_at else "") != account.looked:
        return _("上级何时开始审核和留痕对不上")
    return ""
