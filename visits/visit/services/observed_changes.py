"""What was noticed on a visit becomes a change of the file under review, in the visit's own transaction."""

from collections.abc import Collection

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from childwelfare.text.language import kept_for_others
from childwelfare.workflow.models import last_return
from orgs.posts.models import Appointment
from registry.changes.models import Change, ChangeField
from registry.changes.services import keep_writers, propose_change, withdraw_with_visit
from registry.child.fields import display, fields
from registry.child.models import ChildFile
from registry.child.parse import read_value
from visits.visit.models import Visit
from visits.visit.observed_changes import KEY, changes_that_differ, in_words


def split_observed_changes(by: Appointment, child: ChildFile, changes: dict | None, answers: dict) -> tuple[dict, dict]:
    """What ``by`` can propose of ``changes``, and the ``answers``.

    Who may visit but not propose (a host during a stay, who had the child before) has it written into the visit in
    words, for whoever keeps the file; so it is where the file was closed meanwhile and nobody could decide a change,
    and before it is approved, when it has no changes yet. Raises ValidationError at ``family_change`` where the visit
    has no room for it.
    """
    noticed = changes_that_differ(child, changes, answers)
    if not noticed or can_propose(by, child):
        return noticed, answers
    return {}, answers | {"family_change": family_change_with(noticed, answers.get("family_change") or "")}


def can_propose(by: Appointment, child: ChildFile) -> bool:
    """Whether what ``by`` notices at ``child`` becomes a change now; else the visit says it in words."""
    return child.approved_on is not None and child.closed_on is None and by.may("propose_change", child)


def family_change_with(noticed: dict, family_change: str) -> str:
    """What was ``noticed`` in words, after what the visit says of the family already; numbers masked. Raises
    ValidationError where that is more than the visit holds: nothing is cut."""
    with kept_for_others():
        found = in_words(noticed)
    words = "；".join(filter(None, [family_change, found]))
    room = Visit._meta.get_field("family_change").max_length or 0
    if len(words) > room:
        text = _("发现的变化也写在这里，连同它最多 %(room)d 字：请把家庭变化写短到 %(left)d 字以内。")
        raise ValidationError({"family_change": [text % {"room": room, "left": room - len(found) - 1}]})
    return words


def propose_observed_changes(
    visit: Visit, noticed: dict, *, by: Appointment, taken: Collection[ChangeField] = ()
) -> Change | None:
    """One change of what was noticed; what it says as it was ``taken`` back (``fields_taken_back``) stays the work of
    who wrote it. Call it in the transaction that wrote ``visit``, which is written once however often it is sent; so
    is the change. Raises ValidationError at KEY of each field."""
    if not noticed:
        return None
    with kept_for_others():
        note = _("走访中发现")
    try:
        change = propose_change(visit.child, by=by, fields=noticed, note=note)
    except ValidationError as error:
        errors = error.message_dict.items()
        raise ValidationError({KEY.format(name): messages for name, messages in errors}) from None
    keep_writers(change, taken)
    visit.noticed.add(change)
    return change


def withdraw_observed_changes(visit: Visit, *, by: Appointment) -> None:
    """What nobody decided yet of the changes that ``visit`` noticed is taken back with it: the file would take over
    what a visit says that counts for nothing. Called inside the move's transaction, which holds the child's file."""
    for change in visit.noticed.filter(child=visit.child_id).open():
        withdraw_with_visit(change, visit.child, by=by)


def changes_taken_back(visit: Visit) -> dict[str, dict]:
    """{name: {base, value}} of what was taken back with ``visit`` and is sent again with it, as ``read_changes`` gives
    it; empty unless the visit was taken back and is not sent again yet. Its numbers are in clear: what leaves the
    server is ``shown_again`` and ``masked_again``."""
    return {name: _pair(field) for name, field in fields_taken_back(visit).items()}


def shown_again(changes: dict[str, dict]) -> dict[str, dict]:
    """Of ``changes_taken_back`` what stands in the form again."""
    return {name: pair for name, pair in changes.items() if not fields()[name].sealed}


def masked_again(changes: dict[str, dict]) -> dict[str, str]:
    """{name: masked} of the numbers among ``changes_taken_back``: none stands in the form; left blank they go along."""
    return {name: display(name, pair["value"]) for name, pair in changes.items() if fields()[name].sealed}


def with_numbers_kept(changes: dict[str, dict] | None, taken: dict[str, ChangeField]) -> dict[str, dict] | None:
    """``changes`` of a correction, and of what was ``taken`` back with its visit the numbers: those of which
    ``changes`` say nothing go along, unseen. ``{}`` says that nothing changed: then none does. They are based on what
    the file said when they were noticed: what it says otherwise since is shown to the station as a conflict."""
    if changes == {}:
        return changes
    kept = {name: _pair(taken[name]) for name in taken if fields()[name].sealed and name not in (changes or {})}
    return (changes or {}) | kept if kept else changes


def fields_taken_back(visit: Visit) -> dict[str, ChangeField]:
    """{name: field} of what was noticed on ``visit`` and taken back with it; empty unless it was taken back and is not
    sent again yet. Reads ``noticed``, their fields and events as they were fetched."""
    taken = last_return(visit) if visit.is_taken_back else None
    if taken is None:
        return {}
    found = {}
    for change in sorted(visit.noticed.all(), key=lambda change: change.made_at):
        ended = [event for event in change.events.all() if event.action == "recall_with_visit" and event.at >= taken.at]
        for field in change.fields.all() if ended else ():
            if field.name in ended[-1].names:
                found[field.name] = field
    return found


def _pair(field: ChangeField) -> dict:
    return {part: read_value(field.name, getattr(field, part)) for part in ("base", "value")}
