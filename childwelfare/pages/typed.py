"""What somebody typed into a form, as words to read and to copy: for pages that can't show the form any more."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

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
    given = [each for each in given if each not in (None, "", False)]
    if isinstance(bound.field, forms.ModelChoiceField):
        words = [_record_words(bound.field, each) for each in given]
    elif isinstance(bound.field, forms.ChoiceField):
        labels = _labels_of(bound.field)
        words = [labels.get(str(each)) or _no_longer_offered() for each in given]
    else:
        words = [str(each) for each in given]
    return "；".join(each.strip() for each in words)


def _record_words(field: forms.ModelChoiceField, key: Any) -> str:
    """As the page had called the record that was chosen. It alone is read: the list may be long."""
    try:
        record = field.to_python(key)
    except ValidationError:
        return _no_longer_offered()
    return field.label_from_instance(record)


def _no_longer_offered() -> str:
    """For a choice that has gone since: its key says nothing to who made it."""
    return _("您选的那一项，现在已不在可选的里面")


def _labels_of(field: forms.ChoiceField) -> dict[str, str]:
    labels: dict[str, str] = {}
    choices: Any = field.choices  # read, it is always a list of pairs; the stubs know what may be set as well
    for value, label in choices:
        if isinstance(label, list | tuple):
            labels.update((str(inner), str(words)) for inner, words in label)
        else:
            labels[str(value)] = str(label)
    return labels
