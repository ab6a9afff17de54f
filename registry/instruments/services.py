"""Writing an assessment system: drafted, saved, tried out, published or discarded by the city."""

import datetime
import uuid
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from childwelfare.text.cleaning import check_text
from childwelfare.workflow.refusals import Refused, Stale
from childwelfare.workflow.writing import claim, created_once, first_sending, has_values
from orgs.audit.services import record_act
from orgs.posts.models import Appointment
from orgs.units.models import OrgUnit
from registry.instruments.definition import Definition
from registry.instruments.example import EXAMPLE, EXAMPLE_NAME
from registry.instruments.models import Instrument, InstrumentState, TryOut
from registry.instruments.moves import refuse_publication, refuse_with_problems
from registry.instruments.try_out import begin_try_out, newest_try_out
from registry.instruments.workflow import INSTRUMENT, NO_DRAFT, Publication

NAME_LONGEST = 60
FROM_EXAMPLE, FROM_LAST = "example", "last"  # what a draft begins with
CHANGED = INSTRUMENT.raced


def draft_instrument(*, by: Appointment, begin_with: str = FROM_EXAMPLE, pk: uuid.UUID | None = None) -> Instrument:
    """Begin a version at the unit of ``by``: with the example, or with the version that was published last.

    Raises PermissionDenied, Refused where a draft is open already, ValidationError where there is nothing to begin
    with; then nothing is saved.
    """
    if not by.may("manage_instruments", by.unit):
        raise PermissionDenied
    pk = pk or uuid.uuid4()
    earlier, says = Instrument.objects.filter(pk=pk, made_by=by.person), has_values(unit_id=by.unit_id)
    if same := first_sending(earlier, says=says):
        return same
    refusal = _("这次没有存上，请刷新页面后再试。")
    with created_once(earlier, says=says, refusal=refusal) as sending:
        OrgUnit.objects.select_for_update(no_key=True).get(pk=by.unit_id)
        if same := first_sending(earlier, says=says):  # it was sent twice at once
            return same
        _refuse_second_draft(by.unit)
        name, definition = _beginning(by.unit, begin_with)
        last = Instrument.objects.filter(unit=by.unit).aggregate(n=Max("number"))["n"] or 0
        instrument = Instrument(
            pk=pk, unit=by.unit, number=last + 1, name=name, definition=definition, made_by=by.person, made_in=by
        )
        instrument.save(force_insert=True)
        instrument.events.create(action="make", was="", now=instrument.state, person=by.person, post=by)
        record_act(by, "draft_instrument", instrument, unit=by.unit)
    return sending.first or instrument


def save_draft(
    instrument: Instrument, *, by: Appointment, seen_version: int, name: str, definition: Definition
) -> Instrument:
    """Keep what was written, with whatever problems it still has. Raises PermissionDenied, Stale, or ValidationError by
    field; then nothing is saved."""
    _check_may(by, instrument)
    _refuse_changed(instrument, seen_version)
    name = check_text(name)
    if not name:
        raise ValidationError({"name": [_("请填写名称。")]})
    if len(name) > NAME_LONGEST:
        text = _("最多 %(most)s 字，现在有 %(n)s 字。")
        raise ValidationError({"name": [text % {"most": NAME_LONGEST, "n": len(name)}]})
    written: dict[str, Any] = {"name": name, "definition": definition.as_json()}
    with transaction.atomic():
        claim(instrument, seen_version, message=CHANGED, state=InstrumentState.DRAFT)
        Instrument.objects.filter(pk=instrument.pk).update(**written)
        record_act(by, "save_instrument", instrument, unit=instrument.unit)
    instrument.refresh_from_db()
    vars(instrument).pop("content", None)
    return instrument


def discard(instrument: Instrument, *, by: Appointment, seen_version: int) -> Instrument:
    """Give a draft up. Raises PermissionDenied or Stale."""
    INSTRUMENT.apply("discard", instrument, by=by, seen_version=seen_version)
    return instrument


def publish(
    instrument: Instrument,
    *,
    by: Appointment,
    seen_version: int,
    since: datetime.date | None,
    document: str,
    finish_under_old: bool = False,
) -> Instrument:
    """Let children be assessed by it from ``since`` on; the version before ends with that day.

    Raises PermissionDenied, Stale, or ValidationError by field: ``since``, ``document``, ``definition`` with all its
    problems, ``finish_under_old`` where assessments are in work under the version before; then nothing is changed.
    """
    _check_may(by, instrument)
    INSTRUMENT.refuse_moved_since("publish", instrument, seen_version=seen_version)
    if since is None:
        raise ValidationError({"since": [_("请填写从哪一天起启用。")]})
    publication = Publication(since, check_text(document), finish_under_old)
    if instrument.state == InstrumentState.DRAFT:
        refuse_publication(instrument, publication)
    INSTRUMENT.apply("publish", instrument, by=by, seen_version=seen_version, payload=publication)
    return instrument


def try_out(instrument: Instrument, *, by: Appointment) -> TryOut:
    """Count beside the pages what the draft would make of the children's levels; asked again while that goes on, or of
    an unchanged draft, the same count. Raises PermissionDenied, or Refused for a draft with problems."""
    _check_may(by, instrument)
    if instrument.state != InstrumentState.DRAFT:
        raise Stale(NO_DRAFT)
    refuse_with_problems(instrument)
    with transaction.atomic():
        Instrument.objects.select_for_update(no_key=True).get(pk=instrument.pk)
        last = newest_try_out(instrument)
        if last and last.version == instrument.version and last.job and not last.job.finished:
            return last
        begun = begin_try_out(instrument, by=by)
        record_act(by, "try_out_instrument", instrument, unit=instrument.unit)
    return begun


def _check_may(by: Appointment, instrument: Instrument) -> None:
    if not by.may("manage_instruments", instrument):
        raise PermissionDenied


def _refuse_changed(instrument: Instrument, seen_version: int) -> None:
    if instrument.state != InstrumentState.DRAFT:
        raise INSTRUMENT.naming_last_move(Stale(NO_DRAFT), instrument, (InstrumentState.DRAFT,))
    if 0 < seen_version < instrument.version:
        raise Stale(CHANGED)


def _refuse_second_draft(unit: OrgUnit) -> None:
    draft = Instrument.objects.filter(unit=unit, state=InstrumentState.DRAFT).select_related("made_by").first()
    if draft:
        said = {"draft": draft, "who": draft.made_by.name}
        raise Refused(_("已有一份草稿“%(draft)s”（%(who)s拟）。请在它上面改，或先作废它。") % said)


def _beginning(unit: OrgUnit, begin_with: str) -> tuple[str, dict[str, Any]]:
    """(name, definition) that a draft begins with."""
    if begin_with == FROM_EXAMPLE:
        return EXAMPLE_NAME, EXAMPLE.as_json()
    if begin_with != FROM_LAST:
        raise ValidationError({"begin_with": [_("请选择从示例开始，还是从最近发布的一版开始。")]})
    if last := Instrument.objects.published_of(unit.pk).not_replaced().order_by("-since").first():
        return last.name, last.definition
    raise ValidationError({"begin_with": [_("还没有发布过，请从示例开始。")]})
