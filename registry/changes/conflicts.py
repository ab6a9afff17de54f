"""Fields of a change whose old value is no longer what the file says: a reviewer settles them with her eyes on both."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from childwelfare.workflow.refusals import Stale
from registry.changes.models import ChangeField
from registry.child.fields import equal, label_of


class ChangeConflict(Stale):
    """The file holds neither the old nor the new value of some fields: ``names``. Nothing was written."""

    def __init__(self, names: list[str]) -> None:
        self.names = names
        text = _("“%(what)s”在这份变更提出之后又被改过。要用新值，请勾选“用新值”再通过；不用，请退回。")
        super().__init__(text % {"what": "、".join(label_of(name) for name in names)})


def refuse_conflicts(chosen: list[ChangeField], content: dict, settle: Mapping[str, Any]) -> None:
    """Raises ChangeConflict where ``content`` of the file stands against fields that ``settle`` does not name with the
    value that the file has."""
    left = [
        field.name
        for field in chosen
        if _in_conflict(field, content)
        and not (field.name in settle and equal(settle[field.name], content[field.name]))
    ]
    if left:
        raise ChangeConflict(left)


def _in_conflict(field: ChangeField, content: dict) -> bool:
    now = content.get(field.name)
    return not equal(now, field.base) and not equal(now, field.value)
