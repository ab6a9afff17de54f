"""Files that may be of the child of a change, once it is approved: a name or a birth date that is put right may make
two files alike."""

import dataclasses
from typing import Any

from childwelfare.security.sealing import blind_index
from orgs.posts.models import Appointment
from registry.changes.models import Change, Verdict
from registry.child.models import ChildFile
from registry.child.parse import read_value
from registry.twins.services import Twins, facts_of, twins_of

# {field of a change: what is compared, and the label of its index, where it is a number}
COMPARED = {
    "name": ("name", ""),
    "sex": ("sex", ""),
    "birth_date": ("birth_date", ""),
    "id_number": ("number", "id_number"),
    "guardian_name": ("guardian_name", ""),
    "guardian_phone": ("guardian_phone", "phone"),
}


def twins_with(change: Change, post: Appointment) -> Twins:
    """The files that may be of its child if what waits of ``change`` is approved, as ``post`` may be told; those of
    which somebody said that they are another child's left out. None where nothing that is compared waits."""
    waiting = {
        field.name: read_value(field.name, field.value)
        for field in change.fields.all()
        if field.verdict == Verdict.PENDING and field.name in COMPARED
    }
    return twins_if(change.child, waiting, post)


def twins_if(file: ChildFile, values: dict[str, Any], post: Appointment) -> Twins:
    """As ``twins_with``, of ``file`` if it said ``values``, {field: value}."""
    altered: dict[str, Any] = {}
    for name in values.keys() & COMPARED.keys():
        compared, label = COMPARED[name]
        altered[compared] = blind_index(values[name] or "", label) if label else values[name]
    if not altered or not altered.get("birth_date", file.birth_date):
        return Twins()
    twins = twins_of(dataclasses.replace(facts_of(file), **altered), post)
    return Twins(twins.to_answer, twins.elsewhere)
