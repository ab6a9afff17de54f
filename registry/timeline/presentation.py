"""How what is next reads: 还剩 10 天 · 县 张红梅，10月20日起 35 天."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from childwelfare.text.days import days_left, short_day
from registry.timeline.lanes import Next


@dataclass(frozen=True)
class NextRow:
    step: Next
    left: str
    tone: str
    held: str


def next_rows(steps: Iterable[Next], today: datetime.date) -> list[NextRow]:
    rows = []
    for step in steps:
        left, tone = days_left(step.due_on, today) if step.due_on else ("", "")
        rows.append(NextRow(step, left, tone, _held(step, today)))
    return rows


def _held(step: Next, today: datetime.date) -> str:
    if step.since is None:
        return str(step.holder)
    days = (today - step.since).days
    if days == 0:
        return _("%(who)s，今天起") % {"who": step.holder}
    said = {"who": step.holder, "day": short_day(step.since), "n": days}
    return ngettext("%(who)s，%(day)s起 %(n)s 天", "%(who)s，%(day)s起 %(n)s 天", days) % said
