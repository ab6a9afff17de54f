"""What a phone holds of its village: open visits and what is needed to make them, for thirty days at most.

No ID numbers, no delicate marks, no papers, no texts of former visits but of those that were sent back to be
completed: who finds the phone learns what a neighbour knows. Telephone numbers are there, for a visit begins with a
call, and what a director may notice to have changed; a number that was noticed and taken back is masked.
"""

import datetime
import hashlib
import json
import uuid
from collections import defaultdict
from dataclasses import dataclass

from django.core.cache import cache
from django.utils import timezone
from django.utils.translation import gettext as _

from childwelfare.security.envelope import public_key
from childwelfare.text.days import short_day
from childwelfare.text.pinyin import letters_to_pick_by
from childwelfare.workflow.models import last_return
from orgs.posts.models import Appointment, Role
from registry.child.fields import to_json
from registry.instruments.models import Instrument
from visits.help.held import assessing_held, instruments_held, needs_held
from visits.schedule.due_list import (
    NotDueYet,
    RoundToDo,
    ToVisit,
    not_due_yet,
    progress,
    rounds_for,
    with_contacts,
    with_holidays,
    with_reasons,
    with_visits_not_counted,
)
from visits.schedule.models import VisitDue
from visits.visit.answers import answers_in
from visits.visit.models import Visit
from visits.visit.observed_changes import values_on_file
from visits.visit.questions import VISIT_QUESTIONS
from visits.visit.services.observed_changes import changes_taken_back, masked_again, shown_again

HELD_AT_MOST = 500  # files: the largest village has some three hundred; what is left out is told
RETURNED_AT_MOST = 50  # the oldest; as these are completed the others come
ASKED_ANEW = ("hazards", "hazard_note")  # never carried over
REMEMBERED = 30 * 24 * 3600  # seconds that the server knows what a cursor stood for


@dataclass(frozen=True)
class Pull:
    """``files``: those that changed since the cursor, all of them where it isn't known; ``gone``: no longer here.
    ``instruments``: the assessment systems (visits.help.held), None where the phone has them already."""

    files: list[dict]
    gone: list[str]
    whole: bool
    cursor: str
    checksum: str
    returned: list[dict]
    progress: dict
    rounds: list[dict]
    needs: list[dict]
    instruments: list[dict] | None
    instruments_version: str


def pull(post: Appointment, cursor: str = "", instruments_version: str = "") -> Pull:
    """What the phone of ``post`` should hold today, against what ``cursor`` and ``instruments_version`` say that it
    does."""
    day = timezone.localdate()
    rounds, month = rounds_for(post, "log_visit", day), progress(post, day)
    instruments = instruments_held(post, day)
    rows, left_out = _rows(post, rounds, day, instruments.in_force)
    versions = {row["id"]: row["version"] for row in rows}
    checksum = hashlib.sha256(
        "\n".join(sorted(f"{pk}:{version}" for pk, version in versions.items())).encode()
    ).hexdigest()
    before = cache.get(_cursor_cache_key(post, cursor)) if cursor else None
    cache.set(_cursor_cache_key(post, checksum), versions, REMEMBERED)
    return Pull(
        files=[row for row in rows if before is None or before.get(row["id"]) != row["version"]],
        gone=sorted(set(before or {}) - set(versions)),
        whole=before is None,
        cursor=checksum,
        checksum=checksum,
        returned=_returned_visits(post),
        # the keys that phones know
        progress={"visited": month["visited"], "in_care": month["due_here"], "left_out": left_out},
        rounds=[_round(todo) for todo in rounds],
        needs=needs_held(post),
        instruments=None if instruments_version == instruments.version else instruments.rows,
        instruments_version=instruments.version,
    )


def head(post: Appointment) -> dict:
    """Who the phone belongs to, and the key that its items are sealed for."""
    key_id, point = public_key()
    return {
        "account": str(post.person.uid),
        "name": post.person.name,
        "post": str(post.uid),
        "unit": post.unit.short_name,
        "key": {"id": key_id, "public": point},
        "day": timezone.localdate(),
        "contact": _contact(post),
    }


def _contact(post: Appointment) -> dict[str, str] | None:
    """Whom a director calls while her report lies on the phone: her station, else the county, by their work phone."""
    unit = post.unit
    for role, place in ((Role.TOWNSHIP_CLERK, unit.township_id), (Role.COUNTY_OFFICER, unit.county_id)):
        if place is None:
            continue
        there = Appointment.objects.current().filter(role=role, unit=place).exclude(person__phone="")
        contact = there.select_related("person", "unit").order_by("pk").first()
        if contact:
            return {"name": f"{contact.unit.short_name} {contact.person.name}", "phone": contact.person.phone}
    return None


def _round(todo: RoundToDo) -> dict:
    """A running round as the day names it; ``until`` is in the reader's words."""
    until = short_day(todo.round.until)
    return {"id": todo.round.pk, "name": todo.round.name, "until": until, "owed": todo.owed, "done": todo.done}


def _rows(
    post: Appointment, rounds: list[RoundToDo], day: datetime.date, instrument: Instrument | None
) -> tuple[list[dict], int]:
    """The most urgent, and how many children that are visited are not among them. Only a village's own: the phones of
    higher tiers hold nothing."""
    if post.unit.level != 4:
        return [], 0
    owed = VisitDue.objects.visible_to(post, "log_visit").open().select_related("child", "village")
    owed_dues = list(owed.order_by("due_on", "child_id")[:HELD_AT_MOST])
    with_reasons(owed_dues, rounds)
    with_holidays(owed_dues)
    unapproved = not_due_yet(post, "log_visit")
    dues: list[ToVisit] = [*owed_dues, *unapproved[: HELD_AT_MOST - len(owed_dues)]]
    owed_here = owed.count() if len(owed_dues) == HELD_AT_MOST else len(owed_dues)
    children = [due.child_id for due in dues]
    with_contacts(dues, post.unit)
    with_visits_not_counted(dues, post)
    last, noticed = {}, values_on_file([due.child for due in dues])
    for visit in Visit.objects.seen().filter(child__in=children).order_by("visited_on", "made_at", "pk"):
        last[visit.child_id] = visit
    at_home = _brothers_and_sisters(dues)
    help_held = assessing_held(post, [due.child for due in dues], instrument, day)
    for due in dues:
        due.last, due.family, due.noticed = last.get(due.child_id), at_home[due.child_id], noticed[due.child_id]
    return [_row(due, day, help_held[due.child_id]) for due in dues], owed_here + len(unapproved) - len(dues)


def _brothers_and_sisters(dues: list[ToVisit]) -> dict[uuid.UUID, list[str]]:
    """Of each child the others of its family whom this village visits too: they may be met at one door."""
    families: dict[uuid.UUID | None, list[str]] = defaultdict(list)
    for due in dues:
        if due.child.family_uid:
            families[due.child.family_uid].append(str(due.child_id))
    others = {}
    for due in dues:
        family = set(families[due.child.family_uid])
        others[due.child_id] = sorted(family - {str(due.child_id)})
    return others


def _row(due: ToVisit, day: datetime.date, help_held: dict) -> dict:
    """Of ``due`` with what ``_rows`` put on it; ``help_held``: of its child (visits.help.held)."""
    child, carer = due.child, due.carer
    row = {
        "id": str(child.pk),
        "name": child.name,
        "order": child.name_order,
        "letters": letters_to_pick_by(f"{child.name} {due.address}"),
        "age": child.age(day),
        "sex": child.get_sex_display(),
        "risk": child.risk,
        "risk_label": child.get_risk_display(),
        "categories": list(map(str, child.category_labels)),
        "address": due.address,
        "map": due.map,
        "carer": {"name": carer.name, "relation": str(carer.get_relation_display())} if carer else None,
        "call": due.call,
        "due": _due(due),
        "last": _last_answers(due.last),
        "noticed": due.noticed,
        "family": due.family,
        **help_held,
    }
    if isinstance(due, NotDueYet):  # how far its file is; beside a due it is approved
        row["state"] = {"label": str(child.get_state_display()), "tone": child.STATE_TONES[child.state]}
    return row | {"version": _version_of(row)}


def _due(due: ToVisit) -> dict | None:
    if isinstance(due, NotDueYet):
        return None
    return {
        "since": due.since.isoformat(),
        "due_on": due.due_on.isoformat(),
        "days": due.days,
        "why": _reasons(due),
        "asked": due.extra is not None,
        "rounds": [each.pk for each in due.in_rounds],
    }


def _reasons(due: VisitDue) -> list[str]:
    """What asks for the visit besides the rule and the rounds; the station's own words stay on the server."""
    asked = [due.to_mend.to_mend_words] if due.to_mend else []
    if due.tried:
        asked.append(_("未见到孩子：%(what)s") % {"what": due.tried.not_seen_words})
    if due.extra:
        day = short_day(due.extra.due_on)
        asked.append(_("工作站要求%(day)s前加访") % {"day": day})
    if due.holiday:
        asked.append(_("应访日在%(name)s假期里，请节前去") % {"name": due.holiday.name})
    return asked


def _last_answers(visit: Visit | None) -> dict | None:
    if visit is None:
        return None
    answers = {"visited_on": visit.visited_on.isoformat()}
    for question in VISIT_QUESTIONS.questions:
        if question.named_last:
            answers[question.name] = getattr(visit, question.name)
    return answers


def _version_of(row: dict) -> str:
    """Changes with anything that the phone shows."""
    return hashlib.sha256(json.dumps(row, ensure_ascii=False, sort_keys=True, default=str).encode()).hexdigest()[:16]


def _returned_visits(post: Appointment) -> list[dict]:
    fetched = ("events", "photos", "noticed__fields", "noticed__events")
    visits = Visit.objects.returned_to(post, "log_visit").select_related("child").prefetch_related(*fetched)
    rows = []
    for visit in visits.order_by("visited_on")[:RETURNED_AT_MOST]:
        sent_back, changes = last_return(visit), changes_taken_back(visit)
        answers = {name: value for name, value in answers_in(visit).items() if name not in ASKED_ANEW}
        if shown := shown_again(changes):
            answers["changes"] = {name: {part: to_json(pair[part]) for part in pair} for name, pair in shown.items()}
        rows.append(
            {
                "visit": str(visit.pk),
                "child": str(visit.child_id),
                "name": visit.child.name,
                "visited_on": visit.visited_on.isoformat(),
                "reason": sent_back.reason_in_words if sent_back else "",
                "version": visit.version,
                "made_on": visit.recorded_on.isoformat(),
                "taken_back": visit.taken_back,
                "photos": len(visit.photos.all()),
                "answers": answers,
                "kept": masked_again(changes),
            }
        )
    return rows


def _cursor_cache_key(post: Appointment, cursor: str) -> str:
    return f"sync:{post.pk}:{hashlib.sha256(cursor.encode()).hexdigest()}"
