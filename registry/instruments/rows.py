"""Rows of a form that are added, taken away and moved by buttons of the same form, script or none: what was typed in
all of them goes along, whether or not it can be read yet."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import QueryDict

MOST_ROWS = 40


def rows_of(form: type[forms.Form]) -> type[forms.BaseFormSet]:
    """The set of rows of ``form``, as many as there are."""
    return forms.formset_factory(form, extra=0, max_num=MOST_ROWS, absolute_max=MOST_ROWS)


def rearranged(data: QueryDict, do: str, *, blank: Mapping[str, Mapping[str, str]]) -> QueryDict | None:
    """What was sent, with its rows as the button that was pressed wants them: ``do`` is "answers:add:0",
    "answers:remove:2", "answers:up:2" or "answers:down:2"; "when:clear.answers:1" forgets what one field of a row says.
    None for the button that saves. ``blank``: {rows: what a new one begins with}, those that the page has."""
    prefix, _colon, rest = do.partition(":")
    act, _colon, number = rest.partition(":")
    if prefix not in blank or not number.isdecimal() or len(number) > 3:
        return None
    rows = _read(data, prefix)
    n = int(number)
    if act == "add" and len(rows) < MOST_ROWS:
        rows.append({name: [value] for name, value in blank[prefix].items()})
    elif act == "remove" and n < len(rows):
        del rows[n]
    elif act in ("up", "down"):
        to = n - 1 if act == "up" else n + 1
        if n < len(rows) and 0 <= to < len(rows):
            rows[n], rows[to] = rows[to], rows[n]
    elif act.startswith("clear.") and n < len(rows):
        rows[n].pop(act.removeprefix("clear."), None)
    return _written(data, prefix, rows)


def without(data: QueryDict, prefix: str, *fields: str) -> QueryDict:
    """What was sent, less what the rows ``prefix`` say in ``fields``."""
    kept = [{name: values for name, values in row.items() if name not in fields} for row in _read(data, prefix)]
    return _written(data, prefix, kept)


def _read(data: QueryDict, prefix: str) -> list[dict[str, list[Any]]]:
    count = data.get(f"{prefix}-TOTAL_FORMS", "0")
    rows: list[dict[str, list[Any]]] = [{} for _n in range(min(int(count) if count.isdecimal() else 0, MOST_ROWS))]
    for name in data:
        number, _dash, field = name.removeprefix(f"{prefix}-").partition("-")
        if name.startswith(f"{prefix}-") and field and number.isdecimal() and int(number) < len(rows):
            rows[int(number)][field] = data.getlist(name)
    return rows


def _written(data: QueryDict, prefix: str, rows: list[dict[str, list[Any]]]) -> QueryDict:
    changed = QueryDict(mutable=True)
    for name in data:
        if not name.startswith(f"{prefix}-"):
            changed.setlist(name, data.getlist(name))
    changed[f"{prefix}-TOTAL_FORMS"] = str(len(rows))
    changed[f"{prefix}-INITIAL_FORMS"] = "0"
    for n, row in enumerate(rows):
        for field, values in row.items():
            changed.setlist(f"{prefix}-{n}-{field}", values)
    return changed
