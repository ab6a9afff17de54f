"""Which fields of a form must be answered: marked beside the label, and asked for at the field before the form is sent.

``templates/forms/field.html`` writes it down, ``static/js/fields.js`` reads it; the server checks everything again.
"""

from dataclasses import dataclass, replace

from django import forms
from django.utils.translation import gettext

from childwelfare.text.words import Words


@dataclass(frozen=True)
class Needed:
    """A field must be answered wherever it is shown. ``missing``: what is said where it is not. ``rule``: on these
    answers only, as ``data-show-when`` has it (childwelfare.questions.conditions)."""

    missing: Words
    rule: str = ""


def mark_needed(field: forms.Field, missing: Words = "", *, rule: str = "") -> None:
    """Ask for ``field`` before sending, though the form itself takes it blank. Without ``missing`` it is asked for by
    its label."""
    field.needed = Needed(missing, rule)  # type: ignore[attr-defined]  # Django's fields take what is put on them
    if not rule and field.widget.use_required_attribute(None):
        field.widget.attrs["required"] = True  # static/js/fields.js sets it where it depends on an answer


def clear_needed(field: forms.Field) -> None:
    """``field`` may be left blank, whatever the table says."""
    field.needed = None  # type: ignore[attr-defined]  # as above
    field.widget.attrs.pop("required", None)


def needed_of(field: forms.Field) -> Needed | None:
    """What ``field`` says of itself, else what Django requires; None for one that may be left blank."""
    declared: Needed | None = getattr(field, "needed", None)
    if declared is None and field.required:
        return Needed(_missing_words(field))
    if declared and not declared.missing:
        return replace(declared, missing=_missing_words(field))
    return declared


def _missing_words(field: forms.Field) -> str:
    """With the field's name, unless its label is a question or there is none."""
    label = str(field.label or "")
    if not label or label.endswith(("？", "?")):
        return gettext("这一项要填。")
    if isinstance(field, forms.ChoiceField | forms.ModelChoiceField):
        return gettext("请选择：%(what)s。") % {"what": label}
    return gettext("请填写：%(what)s。") % {"what": label}
