"""One field's value as it comes in (JSON, or a sealed text): cleaned to the one stored form, or refused."""

import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from childwelfare.text.cleaning import (
    check_length,
    check_name,
    check_phone,
    check_text,
    clean_date,
    clean_digits,
    clean_text,
)
from childwelfare.workflow.refusals import Stale
from registry.child import codes
from registry.child.field_entry import Kind
from registry.child.fields import Field, choices_of, display, fields, is_category, label_of
from registry.child.id_number import read_id_number


def read_value(name: str, given: Any) -> Any:
    """The Python value of field ``name``. Raises ValidationError by field: unknown field, wrong kind, too long."""
    try:
        if is_category(name):
            return _category(given)
        if name not in fields():
            raise ValidationError(_("没有“%(name)s”这一项。"), params={"name": str(name)[:40]})
        return _column(fields()[name], given)
    except ValidationError as error:
        raise ValidationError({name: error.messages}) from None


def read_base(name: str, given: Any) -> Any:
    """As ``read_value``, of what a program saw in a file: a number stays masked, as it was shown (``as_seen``)."""
    return given if _is_masked(name, given) else read_value(name, given)


def as_seen(name: str, base: Any, content: dict[str, Any]) -> Any:
    """The value that was seen as ``base`` in a file of this ``content``: a number that was shown masked is the one that
    the file has. Raises Stale where it has another one by now."""
    if not _is_masked(name, base):
        return base
    if base != display(name, content[name]):
        text = _("“%(what)s”在您读过以后又变了，请重新读取档案再提。")
        raise Stale(text % {"what": label_of(name)})
    return content[name]


def _is_masked(name: str, given: Any) -> bool:
    """No number has the mark of ``registry.child.id_number.masked``."""
    return isinstance(given, str) and "*" in given and name in fields() and fields()[name].sealed


def _column(field: Field, given: Any) -> Any:
    if field.kind == Kind.SEVERAL:
        return _several(choices_of(field), given)
    column = field.stored_column
    if field.kind == Kind.DATE:
        return clean_date(_text(given, kinds=(str, datetime.date)) or None)
    if field.kind == Kind.YES_NO:
        return _boolean(given, column.null)
    text = clean_text(_text(given)) if column.choices else _text(given)
    if column.choices and text and text not in dict(column.flatchoices):
        raise ValidationError(_("“%(text)s”不在选项里。"), params={"text": text[:30]})
    if column.choices and not text and not column.blank:
        raise ValidationError(_("这一项必须选择。"))
    text = _clean(field, text)
    longest = column.max_length or 100
    if len(text) > longest:
        raise ValidationError(_("最多 %(n)s 个字，现在 %(has)s 个。"), params={"n": longest, "has": len(text)})
    return text


def _clean(field: Field, text: str) -> str:
    if field.kind == Kind.ID_NUMBER:
        return read_id_number(text).number if clean_digits(text) else ""
    if field.kind == Kind.PHONE:
        return check_phone(text)
    if field.kind == Kind.NAME:
        return check_name(text) if text else ""
    return check_text(text)


def _text(given: Any, kinds: tuple[type, ...] = (str,)) -> Any:
    if given is None:
        return ""
    if not isinstance(given, kinds):
        raise ValidationError(_("这一项应是文字。"))
    return given


def _boolean(given: Any, may_be_blank: bool) -> bool | None:
    if given in (None, "") and may_be_blank:
        return None
    if not isinstance(given, bool):
        raise ValidationError(_("这一项应是“是”或“否”。"))
    return given


def _several(choices: Any, given: Any) -> list[str]:
    if not isinstance(given, (list, tuple)):
        raise ValidationError(_("这一项应是若干选项。"))
    if bad := [str(code)[:30] for code in given if code not in choices.values]:
        raise ValidationError(_("“%(text)s”不在选项里。"), params={"text": "、".join(bad)})
    return sorted(set(given))


def _category(given: Any) -> dict | None:
    """{since, difficulty, grounds} or, to end it, with {until, exit_reason}."""
    if given is None:
        return None
    if not isinstance(given, dict) or given.keys() - {"since", "until", "difficulty", "grounds", "exit_reason"}:
        raise ValidationError(_("类别应写成起始日期、依据，退出时加结束日期和原因。"))
    value = {
        "since": clean_date(_text(given.get("since"), kinds=(str, datetime.date)) or None),
        "difficulty": _text(given.get("difficulty")),
        "grounds": check_length(check_text(_text(given.get("grounds"))), codes.GROUNDS_LONGEST),
    }
    if value["since"] is None:
        raise ValidationError(_("请填写起始日期。"))
    if value["difficulty"] and value["difficulty"] not in codes.Difficulty.values:
        raise ValidationError(_("“%(text)s”不在选项里。"), params={"text": value["difficulty"][:30]})
    if until := clean_date(_text(given.get("until"), kinds=(str, datetime.date)) or None):
        value |= {"until": until, "exit_reason": _text(given.get("exit_reason"))}
    return value
