"""A row of the audit trail in words: what it was done to, and the details that it holds."""

import json
from typing import Any

from django.apps import apps
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from orgs.audit.models import Audit

KEY_SHOWN = 8  # letters of a long key that tell two records apart
# what the details of a row are called; of others their own name stands
DETAILS = {
    "fields": gettext_lazy("字段"),
    "field": gettext_lazy("字段"),
    "rows": gettext_lazy("行数"),
    "count": gettext_lazy("数量"),
    "filters": gettext_lazy("筛选条件"),
    "list": gettext_lazy("名单"),
    "kind": gettext_lazy("种类"),
    "child": gettext_lazy("儿童档案"),
    "month": gettext_lazy("月份"),
    "form": gettext_lazy("表格"),
    "number": gettext_lazy("编号"),
    "category": gettext_lazy("类别"),
    "reason": gettext_lazy("原因"),
    "since": gettext_lazy("从"),
    "until": gettext_lazy("到"),
    "days": gettext_lazy("天数"),
    "path": gettext_lazy("网址"),
}


def name_of_record(record: str) -> str:
    """``registry.childfile:0de80567-…`` as 儿童档案 0de80567; what is no record of the database as it is."""
    label, _colon, key = record.partition(":")
    try:
        model = apps.get_model(label)
    except (LookupError, ValueError):
        return record
    return f"{capfirst(model._meta.verbose_name)} {key[:KEY_SHOWN]}"


def details_of(row: Audit) -> str:
    """字段：address、phone；行数：30."""
    try:
        told = json.loads(row.data or "{}")
    except ValueError:
        return row.data
    pairs = [{"name": DETAILS.get(name, name), "what": _words(value)} for name, value in told.items()]
    return _("；").join(_("%(name)s：%(what)s") % pair for pair in pairs)


def _words(value: Any) -> str:
    if isinstance(value, list):
        return _("、").join(map(_words, value)) or "—"
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, bool):
        return _("是") if value else _("否")
    return "—" if value is None else str(value)
