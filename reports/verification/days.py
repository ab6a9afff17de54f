"""The days of a month by the audit trail: by which rule, who moved them, which a unit has for itself; and since when
the tier above has its submission before it."""

import datetime
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from reports.periods.deadlines import DEFAULT_DAYS, Deadlines
from reports.periods.models import ReportingPeriod
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

    def move(self, act: Act) -> None:
        """The period was opened, or its days were moved: by somebody, or by a holiday."""
        self.deadlines = Deadlines(*map(datetime.date.fromisoformat, act.told["deadlines"]))
        for account in self.accounts.values():
            account.due.add(self.deadlines.of_level(account.submission.unit.level))
        if act.action == "open_period":
            self.rule = act.told.get("days")
        elif "own" in act.told:
            self._follow_holiday(act.told)
        else:
            pairs = zip(DEFAULT_DAYS, act.told.get("before", ()), act.told["deadlines"], strict=False)
            self.by_hand |= {name for name, before, after in pairs if before != after}

    def _follow_holiday(self, told: dict[str, Any]) -> None:
        nominal = told.get("nominal")
        for key, day in told["own"].items():
            if account := self.accounts.get(key):
                account.due.add(datetime.date.fromisoformat(day))
                account.nominal = "" if nominal is not None else None
        for key, day in (nominal or {}).items():
            if account := self.accounts.get(key):
                account.nominal = day

    def keep(self, account: Account, action: str, told: dict[str, Any]) -> None:
        """After the move ``action``: the day that it was given, and who above has longer by it."""
        is_told = "nominal" in told
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


def fault_of_days(account: Account) -> str:
    """What of the row of ``account`` does not fit, in words."""
    row = account.submission
    nominal = row.nominal_due_on.isoformat() if row.nominal_due_on else ""
    if account.nominal is not None and nominal != account.nominal:
        return _("原定的截止日期和留痕对不上")
    if account.looked is not None and (in_utc(row.looked_at) if row.looked_at else "") != account.looked:
        return _("上级何时开始审核和留痕对不上")
    return ""
