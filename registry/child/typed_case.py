"""A file that is only typed so far, as the rules of data quality look at it."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone

from registry.categories.models import CategoryMembership
from registry.child.fields import RELATIVES, columns_of
from registry.child.forms import ChildForm
from registry.child.id_number import read_id_number
from registry.child.models import ChildFile
from registry.family.models import FamilyMember, Guardian
from registry.quality import Case


def typed_case(form: ChildForm) -> Case | None:
    """What of the child stands in the cleaned ``form`` so far, wrong answers left out; nothing is saved. None before
    category, village and birth date are known: until then nobody can say what is asked of the child."""
    data = form.cleaned_data
    born, village = data.get("birth_date") or _born_by_number(data.get("id_number") or ""), data.get("village")
    if not (data.get("categories") and born and village):
        return None
    file = ChildFile(**_filled("", "child", data) | {"birth_date": born})
    file.place(village)
    file.id_index = "typed" if data.get("id_number") else ""  # made of the number when the file is saved
    case = Case(file, timezone.localdate())
    case.family = {}
    for relation in RELATIVES:
        person = _filled(f"{relation}_", relation, data)
        if person:
            case.family[relation] = FamilyMember(relation=relation, **person)
    guardian = _filled("guardian_", "guardian", data)
    case.guardians = [Guardian(**guardian)] if guardian.get("name") else []
    case.held = {code: _membership(code, data) for code in data["categories"]}
    return case


def _born_by_number(number: str):
    try:
        return read_id_number(number).birth_date if number else None
    except ValidationError:
        return None


def _filled(prefix: str, holder: str, data: dict) -> dict[str, Any]:
    """The columns of a person of which something was typed."""
    values = {name: data.get(f"{prefix}{name}") for name in columns_of(holder)}
    return {name: value for name, value in values.items() if value not in (None, "", [])}


def _membership(code: str, data: dict) -> CategoryMembership:
    return CategoryMembership(
        category=code,
        since=data.get("since") or timezone.localdate(),
        grounds=data.get("grounds") or "",
        difficulty=data.get("difficulty") or "",
    )
