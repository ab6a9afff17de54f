"""What the moves of an assessment system require and what follows from them. The table is
``registry.instruments.workflow``."""

import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Count, F, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from childwelfare.text.days import short_day
from childwelfare.workflow.outcomes import Attempt, Outcome
from childwelfare.workflow.refusals import Refused
from orgs.audit.services import record_act
from orgs.units.models import OrgUnit
from registry.assessments.models import Assessment, AssessmentState
from registry.instruments.models import Instrument, InstrumentEvent, InstrumentQuerySet
from registry.instruments.problems import problems_of
from registry.instruments.try_out import begin_try_out
from registry.instruments.workflow import INSTRUMENT, Publication

DOCUMENT_LONGEST = 60
AHEAD = datetime.timedelta(days=366)  # that a version may be published before it begins
IN_WORK = (AssessmentState.SUBMITTED, AssessmentState.RETURNED)
NAMED = 5  # places with assessments in work that a message names


@INSTRUMENT.lock
def _lock(instrument: Instrument) -> None:
    """One at a time in a unit: which version comes after which is decided by who is first."""
    OrgUnit.objects.select_for_update(no_key=True).get(pk=instrument.unit_id)


@INSTRUMENT.outcome("publish")
def _publish(instrument: Instrument, attempt: Attempt) -> Outcome:
    publication: Publication = attempt.payload
    # claimed at the version that was read: what is judged is what is stored
    instrument.refresh_from_db(fields=["definition"])
    vars(instrument).pop("content", None)
    refuse_publication(instrument, publication)
    return Outcome(columns={"since": publication.since, "document": publication.document})


@INSTRUMENT.effect("publish")
def _follow_publication(instrument: Instrument, event: InstrumentEvent, publication: Publication) -> None:
    since, others = publication.since, _others_published(instrument)
    others.filter(since__gte=since).update(until=F("since"))  # they had not begun: it takes their place
    others.filter(Q(until=None) | Q(until__gt=since), since__lt=since).update(until=since)
    begin_try_out(instrument, by=event.post, is_final=True)
    record_act(
        event.post, "publish_instrument", instrument, unit=instrument.unit,
        since=publication.since, document=publication.document, finish_under_old=publication.finish_under_old,
    )  # fmt: skip


@INSTRUMENT.effect("discard")
def _follow_discarding(instrument: Instrument, event: InstrumentEvent, _payload: Any) -> None:
    record_act(event.post, "discard_instrument", instrument, unit=instrument.unit)


def in_force_before(instrument: Instrument) -> Instrument | None:
    """The other version of its unit by which children are assessed today."""
    return _others_published(instrument).in_force().first()


def to_come_before(instrument: Instrument) -> list[Instrument]:
    """Other versions of its unit that are published and have not begun, the next one first."""
    others = _others_published(instrument).filter(since__gt=timezone.localdate()).order_by("since")
    return [other for other in others if other.is_to_come]


def _others_published(instrument: Instrument) -> InstrumentQuerySet:
    return Instrument.objects.published_of(instrument.unit_id).exclude(pk=instrument.pk)


def refuse_publication(instrument: Instrument, publication: Publication) -> None:
    """Raises ValidationError by field, with everything that speaks against it."""
    problems: dict[str, list[str]] = {}
    tomorrow, latest = timezone.localdate() + datetime.timedelta(days=1), timezone.localdate() + AHEAD
    before = in_force_before(instrument)
    if publication.since < tomorrow:
        text = _("启用日期最早是明天（%(day)s）：今天的评估已按现行版在做。")
        problems["since"] = [text % {"day": short_day(tomorrow)}]
    elif publication.since > latest:
        text = _("启用日期最晚是 %(day)s，年份是不是写错了？")
        problems["since"] = [text % {"day": short_day(latest)}]
    if not publication.document:
        problems["document"] = [_("请填写文号或文件名称。")]
    elif len(publication.document) > DOCUMENT_LONGEST:
        said = {"most": DOCUMENT_LONGEST, "n": len(publication.document)}
        problems["document"] = [_("最多 %(most)s 字，现在有 %(n)s 字。") % said]
    if wrong := problems_of(instrument.content):
        problems["definition"] = [str(problem) for problem in wrong]
    if before and not publication.finish_under_old and (words := in_work_words(before)):
        problems["finish_under_old"] = [words]
    if problems:
        raise ValidationError(problems)


def in_work_words(instrument: Instrument) -> str:
    """How many assessments under a version wait or were sent back, and where; blank where there are none."""
    found = Assessment.objects.filter(instrument=instrument, state__in=IN_WORK).order_by()
    places = list(found.values_list("county__name", "township__name").annotate(n=Count("pk")).order_by("-n"))
    if not places:
        return ""
    total = sum(n for _county, _township, n in places)
    named = _("、").join(f"{county} {township} {n}" for county, township, n in places[:NAMED])
    if len(places) > NAMED:
        named = _("%(named)s 等 %(n)s 处") % {"named": named, "n": len(places)}
    text = ngettext(
        "还有 %(n)s 份评估按“%(version)s”在办：%(where)s。请等它办完，或选择“按旧版办完”。",
        "还有 %(n)s 份评估按“%(version)s”在办：%(where)s。请等它们办完，或选择“按旧版办完”。",
        total,
    )
    return text % {"n": total, "version": instrument, "where": named}


def refuse_with_problems(instrument: Instrument) -> None:
    """Raises Refused for a draft that can't be counted by: what is wrong with it is said."""
    if wrong := problems_of(instrument.content):
        said = {"n": len(wrong), "first": wrong[0]}
        raise Refused(_("这一版还有 %(n)s 处要改，改好后再试算。第一处：%(first)s") % said)
