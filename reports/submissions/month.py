"""A unit's month as its page and the API show it: who below is behind, the sheet as it will be sent, what does not fit,
what still keeps it from being sent."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from childwelfare.hooks import Registry
from orgs.posts.models import Appointment
from reports.figures.queries import figures_of
from reports.indicators.cross_checks import CHECKS
from reports.indicators.indicator import Numbers
from reports.indicators.table import BY_KEY, nothing_happened, numbers_of
from reports.periods.models import ReportingPeriod
from reports.rollup.late import effect_of
from reports.rollup.storing import sum_of_rows
from reports.snapshots.content import Sheet, waived_below
from reports.snapshots.models import Snapshot
from reports.submissions.before import Before, befores_of
from reports.submissions.models import OPEN_STATES, Submission, SubmissionEvent
from reports.submissions.models import SubmissionState as S
from reports.submissions.month_rows import Relation, Row
from reports.submissions.people import people_at
from reports.submissions.sheets import below_of, sheet_of, twice_in, words_of_twice


@dataclass
class MonthPage:
    """What the page of ``submission`` says to ``post``."""

    submission: Submission
    post: Appointment
    rows: list[Row]
    sheet: Sheet | None
    before: Before

    @property
    def period(self) -> ReportingPeriod:
        return self.submission.period

    @property
    def is_own(self) -> bool:
        return self.submission.unit_id in self.post.unit.own_keys

    @property
    def last_submission(self) -> Submission | None:
        return self.before.submission

    @property
    def shown(self) -> Snapshot | None:
        """What was sent, while it is not to be sent again."""
        return None if self.sheet else self.submission.shown

    @cached_property
    def numbers(self) -> Numbers:
        """Of the unit as it is shown: what was sent, or would be; of one that missed the lock, the sum of what is valid
        below."""
        if self.sheet is not None:
            return numbers_of(dict(self.sheet.numbers))
        if self.shown is not None:
            return self.shown.numbers
        valid = [row.submission.approved.told["values"] for row in self.passed if row.submission.approved]
        return numbers_of(sum_of_rows(valid)) if valid else dict.fromkeys(BY_KEY)

    @property
    def left_out_below(self) -> list[dict]:
        """Whom the sheets below leave out in their turn; its own stand in its table."""
        if self.shown is not None:
            found: list[dict] = self.shown.told.get("waived_below", [])
            return found
        return waived_below([row.submission.approved for row in self.passed if row.submission.approved])

    def relations(self) -> list[Relation]:
        """None where nothing was reported that could be compared."""
        numbers, last = self.numbers, self.before.last
        found: list[Relation] = []
        if not any(number is not None for number in numbers.values()):
            return found
        for check in CHECKS:
            # of a part of the units there is nothing to compare with the whole of the month before
            sides = check.sides(numbers, last)
            if check.of_last and (sides is None or self.behind or self.waiting or self.missed):
                continue
            rows = [(row, gap) for row in self.rows for each, gap in row.off if each is check]
            compared = self.before.words if check.carried else ""
            found.append(Relation(check, check.difference(numbers, last), sides, rows, compared=compared))
        return found

    @cached_property
    def twice(self) -> str:
        """In words that children are counted twice, asked once nothing else keeps it from being sent: it opens the
        rosters below. Blank where none is."""
        if self.sheet is None or self.hindrances:
            return ""
        number = twice_in(self.sheet)
        return words_of_twice(number) if number else ""

    def to_explain(self) -> list[Relation]:
        """What its sender has to explain: relations of the sum itself."""
        return [each for each in self.relations() if each.gap] if self.sheet else []

    @property
    def behind(self) -> list[Row]:
        """Those not sent, the longest overdue first; what was returned before what never came."""
        rows = [row for row in self.rows if row.is_behind]
        return sorted(rows, key=lambda row: (row.submission.due_on, row.submission.state != S.RETURNED))

    @property
    def waiting(self) -> list[Row]:
        return [row for row in self.rows if row.waits]

    @property
    def passed(self) -> list[Row]:
        return [row for row in self.rows if row.counts]

    @property
    def passed_with_children(self) -> list[Row]:
        return [row for row in self.passed if not nothing_happened(row.numbers or {})]

    @property
    def passed_without(self) -> list[Row]:
        return [row for row in self.passed if nothing_happened(row.numbers or {})]

    @property
    def waived(self) -> list[Row]:
        return [row for row in self.rows if row.is_waived]

    @property
    def missed(self) -> list[Row]:
        return [row for row in self.rows if row.missed_the_lock]

    @property
    def clean(self) -> list[Row]:
        """Waiting, with nothing to read first, sent by somebody else: they may be approved together."""
        return [row for row in self.waiting if not (row.unexplained or row.marks or self.is_own_work(row))]

    def is_own_work(self, row: Row) -> bool:
        """Whether who looks sent it for the village, and so does not decide it."""
        return row.submission.made_by_id == self.post.person_id

    @property
    def hindrances(self) -> list[str]:
        """Why it can't be sent yet, for who may send it, each without a full stop; empty where it can."""
        said = []
        if self.period.is_locked:
            return [_("%(period)s已经锁定，不能再改") % {"period": self.period}]
        if not self.period.is_over:
            said.append(_("%(period)s还没有过完，过完以后才能上报") % {"period": self.period})
        if self.submission.unit.level < 4 and not self.rows:
            said.append(_("下面没有单位，没有可以汇总的数"))
        missing = [row for row in self.rows if row.submission.state == S.DRAFT]
        returned = [row for row in self.rows if row.submission.state == S.RETURNED]
        for rows, words in (
            (missing, ngettext("%(n)s 个单位未报", "%(n)s 个单位未报", len(missing))),
            (returned, _("%(n)s 个退回未重报")),
            (self.waiting, _("%(n)s 个待审核")),
        ):
            if rows:
                said.append(words % {"n": len(rows)})
        return said

    @property
    def official(self) -> int | None:
        """How many children the valid figures speak of: its own, else of those below that were approved."""
        if self.submission.approved:
            return self.submission.approved.numbers["registered"]
        if self.submission.unit.level == 4:
            return None
        return sum((row.numbers or {}).get("registered") or 0 for row in self.passed)

    def live(self) -> int | None:
        """How many there are as is known at this moment, of the period's last day."""
        month = self.period.month
        figures = figures_of(self.submission.unit, month.key)
        if figures is None or figures["registered"] is None:
            return None
        return figures["registered"] + effect_of(self.submission.unit, month, of=BY_KEY["registered"]).get(
            "registered", 0
        )


# functions (submission, post) → what other concepts say of a submission on its page: {name: value} for the template
MONTH_PARTS: Registry[Callable[[Submission, Appointment], dict]] = Registry("what a month's page says besides")


def month_page(submission: Submission, post: Appointment) -> MonthPage:
    """Of a submission read ``with_all``. Some ten queries, however many units there are below."""
    below = below_of(submission)
    people = people_at(each.unit_id for each in below)
    befores = befores_of(submission.period, [submission.unit, *(each.unit for each in below)])
    rows = [_row(each, people.get(each.unit_id, []), befores[each.unit_id]) for each in below]
    reasons = _reasons_of_waivers(below)
    for row in rows:
        row.reason = reasons.get(row.submission.pk, "")
    open_here = submission.state in (*OPEN_STATES, S.WAIVED) and not submission.is_locked
    return MonthPage(
        submission=submission,
        post=post,
        rows=rows,
        sheet=sheet_of(submission) if open_here else None,
        before=befores[submission.unit_id],
    )


def _row(submission: Submission, people: list[Appointment], before: Before) -> Row:
    row = Row(submission, people, before=before)
    sent = submission.approved if row.counts else submission.current if row.waits else None
    if sent is not None:
        row.numbers = sent.numbers
        row.off = [(check, gap) for check in CHECKS if (gap := check.difference(row.numbers, before.last))]
    return row


def _reasons_of_waivers(below: list[Submission]) -> dict:
    waived = [each.pk for each in below if each.state == S.WAIVED]
    if not waived:
        return {}
    events = SubmissionEvent.objects.filter(record__in=waived, action="waive").order_by("at", "id")
    return dict(events.values_list("record_id", "reason"))
