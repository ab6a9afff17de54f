"""What somebody typed into a form, as words to read and to copy: for pages that can't show the form any more."""

from typing import Any

from django import forms

from childwelfare.text.words import Words


def typed_words(form: forms.BaseForm) -> list[tuple[Words, str]]:
    """(label, words) of the visible fields of a bound ``form`` that hold something, choices by their labels."""
    lines: list[tuple[Words, str]] = []
    for bound in form.visible_fields():
        if words := _words_of(bound):
            lines.append((bound.label, words))
    return lines


def _words_of(bound: forms.BoundField) -> str:
    if isinstance(bound.field, forms.FileField):
        return ""  # browsers send its name for nothing: the file itself has to be chosen again
    value = bound.value()
    given = value if isinstance(value, list | tuple) else [value]
    labels = _labels_of(bound.field)
    return "；".join(labels.get(str(each), str(each)).strip() for each in given if each not in (None, "", False))


def _labels_of(field: forms.Field) -> dict[str, str]:
    """{value: label}; of a long list of records none, for each would be read."""
    if isinstance(field, forms.ModelChoiceField) or not isinstance(field, forms.ChoiceField):
        return {}
    labels: dict[str, str] = {}
    choices: Any = field.choices  # read, it is always a list of pairs; the stubs know what may be set as well
    for value, label in choices:
        if isinstance(label, list | tuple):
            labels.update((str(inner), str(words)) for inner, words in label)
        else:
            labels[str(value)] = str(label)
    return labels
