"""The whole file in one document, for the child or its guardian: every column with its label, whatever it is called.

个人信息保护法 第四十五条 gives the subject a copy of what is kept; a guardian asks for the child (民法典 第三十四条).
Columns come from the models themselves, so that a new one is in the document by itself; what is left out stands in
``LEFT_OUT`` with why. ID and phone numbers of other people than the child are masked: they are those people's own.
"""

import datetime
from collections.abc import Callable
from decimal import Decimal

from django.db import models
from django.utils import timezone

from childwelfare.hooks import Registry
from registry.child import codes
from registry.child.id_number import masked, masked_phone
from registry.child.models import ChildFile
from registry.printing.pieces import in_chinese, standing_of

# concepts add what they keep of a child: part(file) → (key, title, list of rows as ``described`` makes them)
DISCLOSED: Registry[Callable] = Registry("parts of the copy of a file")

FORMAT = "child-file/1"
SEVERAL = {"incomes": codes.Income, "relief": codes.Relief, "flags_sealed": codes.Flag}
LEFT_OUT = {
    # made from another column for search
    "given_name", "pinyin", "initials", "name_order", "id_index", "phone_index", "category_codes", "family_uid",
    "id_tail", "phone_tail", "guardian_name", "guardian_pinyin", "guardian_phone_index", "guardian_phone_tail",
    # keys of this system: said in words elsewhere in the document
    "child", "record", "family", "city", "county", "township", "made_in", "post",
    # other people's accounts: staff appear by post and unit
    "made_by", "decided_by", "removed_by", "person",
    # where a sealed file lies on disk
    "file", "thumbnail", "sha256",
}  # fmt: skip
OTHERS_NUMBERS = {"id_number": masked, "phone": masked_phone, "host_phone": masked_phone}


def document(file: ChildFile) -> dict:
    """Everything kept of the child, in Chinese, ready for JSON."""
    with in_chinese():
        parts = [
            ("child", "儿童", [described(file, words=SEVERAL) | _place(file)]),
            ("family", "家庭成员", [_other(member) for member in file.family.order_by("relation", "id")]),
            ("guardians", "监护人", [_other(guardian) for guardian in file.guardians.order_by("since", "id")]),
            ("categories", "儿童类别", [described(held) for held in file.memberships.all()]),
            ("papers", "证件和照片（可另行索取复制件）", [described(paper) for paper in file.papers.newest_first()]),
            ("events", "经过", [_event(event) for event in file.events.select_related("post__unit")]),
            ("disclosures", "向谁提供过", [described(given) for given in file.disclosures.all()]),
        ]
        parts += [part(file) for part in DISCLOSED]
        return {
            "format": FORMAT,
            "made_at": timezone.localtime().isoformat(timespec="seconds"),
            "about": "依个人信息保护法第四十五条、民法典第三十四条，应申请向本人或监护人提供的档案副本。"
            "他人的证件号和电话已遮盖。" + (f"这份档案{standing}。" if (standing := standing_of(file)) else ""),
            **{key: {"title": title, "rows": rows} for key, title, rows in parts},
        }


def described(record: models.Model, left_out=frozenset(), words: dict | None = None) -> dict:
    """{column: {label, value, text}} of ``record``: ``value`` as stored, ``text`` as people read it.

    ``words`` names the choices of columns that hold several codes.
    """
    said = {
        column.name: _column(record, column)
        for column in record._meta.concrete_fields
        # a generated column says in one word what others say
        if column.name not in LEFT_OUT and column.name not in left_out and not column.generated
    }
    for name, choices in (words or {}).items():
        value = said[name]["value"]
        held = value.split(",") if isinstance(value, str) else value
        said[name]["text"] = "、".join(str(choices(code).label) for code in held if code in choices.values)
    return said


def _column(record, column) -> dict:
    if column.is_relation:
        other = getattr(record, column.name)
        return _described_value(column, str(other or ""), getattr(other, "path_label", str(other or "")))
    value = getattr(record, column.name)
    shown = f"get_{column.name}_display"
    return _described_value(
        column, to_json(value), str(getattr(record, shown)()) if hasattr(record, shown) else _text(value)
    )


def _described_value(column, value, text: str) -> dict:
    return {"label": str(column.verbose_name), "value": value, "text": text}


def to_json(value):
    """``value`` as JSON has it."""
    if isinstance(value, datetime.datetime):
        return timezone.localtime(value).isoformat(timespec="seconds")
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, bool | int | list | dict | None):
        return value
    return float(value) if isinstance(value, Decimal) else str(value)


def _text(value) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list):
        return "、".join(map(str, value))
    return "" if value is None else str(to_json(value))


def _other(person) -> dict:
    """What names a grown-up around the child: numbers masked."""
    said = described(person)
    for name, mask in OTHERS_NUMBERS.items():
        if name not in said:
            continue
        hidden = mask(getattr(person, name))
        said[name] |= {"value": hidden, "text": hidden}
    return said


def _event(event) -> dict:
    who = f"{event.post.unit.short_name} {event.post.get_role_display()}"
    return described(event) | {"by": {"label": "经办", "value": who, "text": who}}


def _place(file: ChildFile) -> dict:
    place = file.village.path_label
    return {"place": {"label": "所在地", "value": place, "text": place}}
