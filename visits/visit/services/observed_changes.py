"""What was noticed on a visit becomes a change of the file under review, in the visit's own transaction."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from childwelfare.text.language import kept_for_others
from childwelfare.workflow.models import last_return
from orgs.posts.models import Appointment
from registry.changes.models import Change
from registry.changes.services import propose_change, withdraw_with_visit
from registry.child.models import ChildFile
from registry.child.parse import read_value
from visits.visit.models import Visit
from visits.visit.observed_changes import KEY, changes_that_differ, in_words


def split_observed_changes(by: Appointment, child: ChildFile, changes: dict | None, answers: dict) -> tuple[dict, dict]:
    """What ``by`` can propose of ``changes``, and the ``answers``.

    Who may visit but not propose (a host during a stay, who had the child before) has it written into the visit in
    words, for whoever keeps the file; so it is where the file was closed meanwhile and nobody could decide a change,
    and before it is approved, when it has no changes yet.
    """
    noticed = changes_that_differ(child, changes, answers)
    decided = child.approved_on is not None and child.closed_on is None
    if not noticed or (decided and by.may("propose_change", child)):
        return noticed, answers
    return {}, answers | {"family_change": family_change_with(noticed, answers.get("family_change") or "")}


def family_change_with(noticed: dict, family_change: str) -> str:
    """What was ``noticed`` in words, after what the visit says of the family already."""
    with kept_for_others():
        words = "；".join(filter(None, [family_change, in_words(noticed)]))
    return words[: Visit._meta.get_field("family_change").max_length]


def propose_observed_changes(visit: Visit, noticed: dict, *, by: Appointment) -> Change | None:
    """One change of what was noticed. Call it in the transaction that wrote ``visit``, which is written once however
    often it is sent; so is the change. Raises ValidationError at KEY of each field."""
    if not noticed:
        return None
    with kept_for_others():
        note = _("走访中发现")
    try:
        change = propose_change(visit.child, by=by, fields=noticed, note=note)
    except ValidationError as error:
        errors = error.message_dict.items()
        raise ValidationError({KEY.format(name): messages for name, messages in errors}) from None
    visit.noticed.add(change)
    return change


def withdraw_observed_changes(visit: Visit, *, by: Appointment) -> None:
    """What nobody decided yet of the changes that ``visit`` noticed is taken back with it: the file would take over
    what a visit says that counts for nothing. Called inside the move's transaction, which holds the child's file."""
    for change in visit.noticed.filter(child=visit.child_id).open():
        withdraw_with_visit(change, visit.child, by=by)


def changes_taken_back(visit: Visit) -> dict[str, dict]:
    """{name: {base, value}} of what was taken back with ``visit`` and is sent again with it, as ``read_changes`` gives
    it; empty unless the visit was taken back and is not sent again yet. Reads ``noticed``, their fields and events as
    they were fetched."""
    taken = last_return(visit) if visit.is_taken_back else None
    if taken is None:
        return {}
    changes = {}
    for change in sorted(visit.noticed.all(), key=lambda change: change.made_at):
        ended = [event for event in change.events.all() if event.action == "recall_with_visit" and event.at >= taken.at]
        for field in change.fields.all() if ended else ():
            if field.name in ended[-1].names:
                changes[field.name] = {part: read_value(field.name, getattr(field, part)) for part in ("base", "value")}
    return changes
