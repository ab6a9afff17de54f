"""Special rounds: arranged by county or city, taken back, and how far they are."""

import datetime
import uuid
from collections.abc import Collection
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Count, Q, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from childwelfare.text.cleaning import clean_text
from childwelfare.workflow.refusals import Stale
from childwelfare.workflow.writing import created_once, first_sending, has_values
from orgs.access.scope import TIERS
from orgs.audit.services import record_act
from orgs.posts.models import Appointment
from orgs.units.models import OrgUnit
from registry.child.codes import Category
from visits.schedule.models import RoundCount, VisitRound

LONGEST_DAYS = 120
NAME_LIMIT, DOCUMENT_LIMIT, REASON_LIMIT = 40, 120, 200  # characters


def add_round(
    *,
    by: Appointment,
    name: str,
    since: datetime.date | None,
    until: datetime.date | None,
    categories: Collection[str] = (),
    document: str = "",
    pk: uuid.UUID | None = None,
) -> VisitRound:
    """Have every child with one of ``categories`` (all, where empty) at the unit of ``by`` visited once from ``since``
    to ``until``. ``pk`` comes from the form: sent twice, the first one is returned.

    Raises PermissionDenied, Refused, or ValidationError by field; then nothing is saved.
    """
    pk = pk or uuid.uuid4()
    earlier = VisitRound.objects.filter(pk=pk, made_by=by.person)
    name, document = clean_text(name), clean_text(document)
    named = [code for code in Category.values if code in categories]
    if len(named) == len(Category.values):
        named = []  # all of them: also one that is new next year
    says = has_values(name=name, since=since, until=until, categories=named, document=document)
    if same := first_sending(earlier, says=says):
        return same
    if not by.may("manage_schedule", by.unit):
        raise PermissionDenied
    _check(name, since, until, categories, document, timezone.localdate())
    assert since and until  # checked
    made = VisitRound(
        pk=pk,
        unit=by.unit,
        name=name,
        since=since,
        until=until,
        document=document,
        categories=named,
        made_by=by.person,
    )
    with created_once(earlier, says=says, refusal=_("这次专项走访没有存上，请刷新页面后再填一次。")) as sending:
        made.save(force_insert=True)
        record_act(by, "add_visit_round", made, unit=by.unit, since=since, until=until)
    return sending.first or made


def withdraw_round(made: VisitRound, *, by: Appointment, reason: str) -> VisitRound:
    """Nobody is due in it any more. Raises PermissionDenied, Stale, or ValidationError by field."""
    if not may_withdraw(made, by):
        raise PermissionDenied
    reason = clean_text(reason)
    if not reason:
        raise ValidationError({"reason": [_("请写明为什么取消，各乡镇、村据此知道不用再去。")]})
    if len(reason) > REASON_LIMIT:
        raise ValidationError({"reason": [_("请写在 %(n)s 字以内。") % {"n": REASON_LIMIT}]})
    with transaction.atomic():
        today = timezone.localdate()
        standing = VisitRound.objects.valid().filter(pk=made.pk, settled_on=None)
        if not standing.update(withdrawn_on=today, withdraw_reason=reason):
            raise Stale(_("这次专项走访已经取消，请重新打开再看。"))
        made.withdrawn_on, made.withdraw_reason = today, reason
        record_act(by, "withdraw_visit_round", made, unit=by.unit)
    return made


def settle_rounds(on: datetime.date | None = None) -> int:
    """Count for good what is over on ``on`` (today): a row a village. Gives the number of rounds."""
    on = on or timezone.localdate()
    rounds = list(VisitRound.objects.to_settle(on).select_related("unit"))
    return sum(_settle(made, on) for made in rounds)


def _settle(made: VisitRound, on: datetime.date) -> bool:
    places = [f"{tier}_id" for tier in TIERS]
    counts = made.owed().within(made.unit).order_by().values(*places)
    counts = counts.annotate(n=Count("pk"), seen=Count("pk", Q(done=True)))
    with transaction.atomic():
        # The round is claimed first and counted then (``counts`` is lazy): of two nights' runs, or a run and a
        # withdrawal, the second finds it taken, and what was counted once is never counted otherwise.
        if not VisitRound.objects.valid().filter(pk=made.pk, settled_on=None).update(settled_on=on):
            return False  # another night's work, or taken back this moment
        rows = [RoundCount(round=made, owed=count.pop("n"), done=count.pop("seen"), **count) for count in list(counts)]
        RoundCount.objects.bulk_create(rows, batch_size=1000)
    return True


def may_withdraw(made: VisitRound, post: Appointment) -> bool:
    return made.settled_on is None and post.may("manage_schedule", post.unit) and made.unit_id == post.unit_id


@dataclass
class Progress:
    """Children of one unit in a round: all, and those visited in its days."""

    unit: OrgUnit
    owed: int = 0
    done: int = 0

    @property
    def left(self) -> int:
        return self.owed - self.done


def progress_of(made: VisitRound, unit: OrgUnit) -> tuple[Progress, list[Progress]]:
    """Of ``unit`` and of each unit below it that has children in the round, as they were settled or as they stand
    now. Two queries."""
    below = TIERS[min(unit.level, 3)]  # the tier below, of a village its own: levels begin with 1
    if made.settled_on:
        settled = made.counts.within(unit).order_by().values_list(f"{below}_id")
        counts = list(settled.annotate(Sum("owed"), Sum("done")))
    else:
        standing = made.owed().within(unit).order_by().values_list(f"{below}_id")
        counts = list(standing.annotate(owed=Count("pk"), seen=Count("pk", Q(done=True))))
    units = OrgUnit.objects.in_order().in_bulk([pk for pk, _owed, _done in counts])
    rows = [Progress(units[pk], owed, done) for pk, owed, done in counts]
    rows.sort(key=lambda row: (row.done / row.owed, row.unit.name))
    return Progress(unit, sum(row.owed for row in rows), sum(row.done for row in rows)), rows


def _check(
    name: str,
    since: datetime.date | None,
    until: datetime.date | None,
    categories: Collection[str],
    document: str,
    today: datetime.date,
) -> None:
    problems: dict[str, list] = {}
    if not name:
        problems["name"] = [_("请写名称，如“暑期走访”。")]
    elif len(name) > NAME_LIMIT:
        problems["name"] = [_("请写在 %(n)s 字以内。") % {"n": NAME_LIMIT}]
    if len(document) > DOCUMENT_LIMIT:
        problems["document"] = [_("请写在 %(n)s 字以内。") % {"n": DOCUMENT_LIMIT}]
    if since is None:
        problems["since"] = [_("请填写开始日期。")]
    if until is None:
        problems["until"] = [_("请填写截止日期。")]
    elif until < today:
        problems["until"] = [_("截止日期已过，请核对。")]
    elif since and not since <= until < since + datetime.timedelta(days=LONGEST_DAYS):
        problems["until"] = [_("截止日期应在开始之后，最长 %(n)s 天。") % {"n": LONGEST_DAYS}]
    if set(categories) - set(Category.values):
        problems["categories"] = [_("请从列出的类别里选。")]
    if problems:
        raise ValidationError(problems)
