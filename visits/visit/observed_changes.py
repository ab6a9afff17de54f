"""What a director notices at the door that the file says differently: which fields, and how it becomes a change.

Nothing that needs a document in hand: no ID number, no category, no mark that only some may read.
"""

from django.core.exceptions import ValidationError
from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _

from registry.child.fields import content_of, display, equal, fields, label_of, observable_fields, to_json
from registry.child.models import ChildFile
from registry.child.parse import read_base, read_value
from visits.visit.codes import NextStep

OBSERVABLE = observable_fields()
KEY = "changes-{}"  # a field's name in the form, and in what is said about it


def values_on_file(children: list[ChildFile]) -> dict:
    """{child's id: {name: value}} as the files say now, in JSON's values."""
    prefetch_related_objects(children, "family", "guardians")
    values = {}
    for child in children:
        content = content_of(child, OBSERVABLE)
        values[child.pk] = {name: to_json(value) for name, value in content.items()}
    return values


def read_changes(given: dict[str, dict]) -> dict[str, dict]:
    """{name: {base, value}} with cleaned values. Raises ValidationError by KEY for what is not among OBSERVABLE or no
    value of its field."""
    read, problems = {}, {}
    for name, pair in given.items():
        key = KEY.format(str(name)[:48])
        if name not in OBSERVABLE:
            problems[key] = [_("走访时不能改这一项，请在档案里提出变更。")]
            continue
        try:
            read[name] = {"base": read_base(name, pair["base"]), "value": read_value(name, pair["value"])}
        except ValidationError as error:
            problems[key] = error.messages
    if problems:
        raise ValidationError(problems)
    return read


def changes_that_differ(child: ChildFile, changes: dict[str, dict] | None, answers: dict) -> dict[str, dict]:
    """Of ``changes`` those that say something else than the director saw and than the file says by now; the right
    address among them, where that is what the visit found out."""
    changes = dict(changes or {})
    found_out = answers.get("next_step") == NextStep.CORRECT_ADDRESS and answers.get("whereabouts")
    if not (changes or found_out):
        return {}
    now = content_of(child, OBSERVABLE)
    if found_out:
        changes["address"] = {"base": now["address"], "value": answers["whereabouts"]}
    return {
        name: pair
        for name, pair in changes.items()
        if not equal(pair["value"], pair["base"]) and not equal(pair["value"], now[name])
    }


def changes_for_sibling(changes: dict[str, dict], child: ChildFile) -> dict[str, dict]:
    """What of ``changes``, noticed at the door, holds for the brother or sister ``child`` too."""
    now = content_of(child, OBSERVABLE)
    shared = {name: pair for name, pair in changes.items() if fields()[name].family_wide}
    return {name: {"base": now[name], "value": pair["value"]} for name, pair in shared.items()}


def in_words(changes: dict[str, dict]) -> str:
    """现住址：五组3号；学校：…: for where no change of the file can be proposed. A number is masked: words are read by
    everybody who reads the visit, and kept on phones. Who needs it in full asks who made the visit."""
    return "；".join(f"{label_of(name)}：{_in_words(name, pair['value'])}" for name, pair in changes.items())


def _in_words(name: str, value) -> str:
    if fields()[name].sealed and value:
        return _("%(number)s（全号请问走访的人）") % {"number": display(name, value)}
    if isinstance(value, bool):
        return _("是") if value else _("否")
    return str(value or _("没有"))
