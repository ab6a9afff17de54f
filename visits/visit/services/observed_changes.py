"""What was noticed on a visit becomes a change of the file under review, in the visit's own transaction."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from orgs.posts.models import Appointment
from registry.changes.models import Change
from registry.changes.services import propose_change
from registry.child.models import ChildFile
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
    words = "；".join(filter(None, [family_change, in_words(noticed)]))
    return words[: Visit._meta.get_field("family_change").max_length]


def propose_observed_changes(visit: Visit, noticed: dict, *, by: Appointment) -> Change | None:
    """One change of what was noticed. Call it in the transaction that wrote ``visit``, which is written once however
    often it is sent; so is the change. Raises ValidationError at KEY of each field."""
    if not noticed:
        return None
    try:
        change = propose_change(visit.child, by=by, fields=noticed, note=_("走访中发现"))
    except ValidationError as error:
        errors = error.message_dict.items()
        raise ValidationError({KEY.format(name): messages for name, messages in errors}) from None
    visit.noticed.add(change)
    return change
