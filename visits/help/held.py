"""What a phone holds so that a child can be assessed and a need recorded without a network.

Codes, days and levels; of what the file tells no more than a neighbour knows: who cares for the child and when it last
heard from its parents. Why an answer was given, and any text, stays on the server.
"""

import datetime
import hashlib
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from childwelfare.text.days import short_day
from orgs.posts.models import Appointment
from registry.assessments.models import Assessment, AssessmentDue
from registry.assessments.services.answers import from_the_file
from registry.child.models import ChildFile
from registry.instruments.facts import facts_of
from registry.instruments.models import Instrument, InstrumentState
from registry.needs.models import Need
from registry.needs.services.recording import may_be_recorded_for

TOLD_IN_WORDS = ("carer_kind", "carer_age", "parent_contact_days")  # sources of facts; of all others the answer alone
SPOKEN_OF = 30  # days before its last day that an assessment is spoken of; the phone's own page has the same
NEEDS_AT_MOST = 200  # the first that end


@dataclass(frozen=True)
class HelpHere:
    """What a director may begin at a child. ``due``: by when it is assessed, None where she does not assess it.
    ``waits``: one was sent that the station has not confirmed."""

    child_id: uuid.UUID
    due: AssessmentDue | None
    waits: bool
    may_record_need: bool

    @property
    def words(self) -> str:
        """What is to be said of the assessment: that it waits, or by when it is due where that is near."""
        if self.due is None:
            return ""
        if self.waits:
            return _("已评估，待工作站复核")
        left = (self.due.due_on - timezone.localdate()).days
        if left < 0:
            return _("评估逾期 %(n)s 天") % {"n": -left}
        return _("%(day)s前评估") % {"day": short_day(self.due.due_on)} if left <= SPOKEN_OF else ""


def help_here(post: Appointment, files: Iterable[ChildFile]) -> dict[uuid.UUID, HelpHere]:
    """{file: what ``post`` may begin}. One query."""
    files = list(files)
    waiting = Exists(Assessment.objects.first_ones().waiting().filter(child=OuterRef("child")))
    dues = AssessmentDue.objects.visible_to(post, "assess_child").filter(child__in=[file.pk for file in files])
    by_child: dict[uuid.UUID, Any] = {due.child_id: due for due in dues.annotate(waits=waiting)}
    here = {}
    for file in files:
        due = by_child.get(file.pk)
        here[file.pk] = HelpHere(file.pk, due, bool(due and due.waits), may_be_recorded_for(post, file))
    return here


@dataclass(frozen=True)
class HeldInstruments:
    """``rows``: the versions by which the village assesses, the one in force first, then what begins later.
    ``version`` changes with any of them."""

    rows: list[dict[str, Any]]
    version: str
    in_force: Instrument | None


def instruments_held(post: Appointment, day: datetime.date) -> HeldInstruments:
    """One query."""
    published = Instrument.objects.of_unit(post.unit).filter(state=InstrumentState.PUBLISHED)
    found = list(published.filter(Q(until=None) | Q(until__gt=day)).order_by("since"))
    rows = [_instrument(each) for each in found]
    text = "\n".join(f"{row['id']} {row['since']} {row['until']}" for row in rows)  # a published one is never altered
    in_force = next((each for each in found if each.since and each.since <= day), None)
    return HeldInstruments(rows, hashlib.sha256(text.encode()).hexdigest()[:16], in_force)


def _instrument(instrument: Instrument) -> dict[str, Any]:
    assert instrument.since  # it is published
    return {
        "id": str(instrument.pk),
        "name": str(instrument),
        "since": instrument.since.isoformat(),
        "until": instrument.until.isoformat() if instrument.until else None,
        "definition": instrument.definition,
    }


def assessing_held(
    post: Appointment, files: Iterable[ChildFile], instrument: Instrument | None, day: datetime.date
) -> dict[uuid.UUID, dict[str, Any]]:
    """{file: the row's part about help}: ``need`` where a need may be recorded; ``assess`` with the last answers, what
    the file tells and by when, where the child is assessed. Two queries, and those of the facts that the system names.
    """
    files = list(files)
    here = help_here(post, files)
    held: dict[uuid.UUID, dict[str, Any]] = {file.pk: {"need": here[file.pk].may_record_need} for file in files}
    to_assess = [file for file in files if here[file.pk].due]
    if instrument is None or not to_assess:
        return held
    facts, lasts = facts_of(instrument.content, to_assess, day), _last_of(to_assess)
    for file in to_assess:
        due = here[file.pk].due
        assert due
        told = from_the_file(instrument.content, facts[file.pk])
        last = lasts.get(file.pk)
        held[file.pk]["assess"] = {
            "due_on": due.due_on.isoformat(),
            "occasion": due.occasion,
            "waiting": here[file.pk].waits,
            "told": {
                indicator: _told(instrument, indicator, answer, fact) for indicator, (answer, fact) in told.items()
            },
            "last": _last(instrument, last, told) if last else None,
        }
    return held


def _last_of(files: list[ChildFile]) -> dict[uuid.UUID, Assessment]:
    """{file: the assessment that the next one is compared with (registry.assessments, ``before_of``)}. One query."""
    found = Assessment.objects.in_force().first_ones().filter(child__in=[file.pk for file in files], urgent="")
    columns = ("child_id", "assessed_on", "made_at", "answers", "level", "proposed")
    return {each.child_id: each for each in found.only(*columns).order_by("assessed_on", "made_at", "pk")}


def _told(instrument: Instrument, key: str, answer: str, fact: Any) -> list[str]:
    """[answer, words]; without words where they may say what a neighbour does not know."""
    source = next(each.source for each in instrument.content.indicators() if each.key == key)
    return [answer, fact.words] if source in TOLD_IN_WORDS and fact.words else [answer]


def _last(instrument: Instrument, last: Assessment, told: Mapping[str, Any]) -> dict[str, Any]:
    """Its answers to what is asked today: what the file tells now is not asked again."""
    asked = [each.key for each in instrument.content.indicators() if each.key not in told]
    answers = {key: last.answers[key] for key in asked if key in last.answers}
    return {"on": last.assessed_on.isoformat(), "level": last.shown_level, "answers": answers}


def needs_held(post: Appointment) -> list[dict[str, Any]]:
    """What is open and held by the village, the first last day first. One query."""
    if not post.holds("handle_need"):
        return []
    found = Need.objects.held_by(post).most_urgent_first().select_related("child")
    return [
        {
            "id": str(need.pk),
            "child": str(need.child_id),
            "name": need.child.name,
            "kind": need.kind,
            "kind_label": str(need.get_kind_display()),
            "urgency": need.urgency,
            "due_on": need.due_on.isoformat(),
        }
        for need in found[:NEEDS_AT_MOST]
    ]
