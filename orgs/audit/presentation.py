"""A row of the audit trail in words: what it was done to, and the details that it holds."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from django.apps import apps
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from childwelfare.pages.navigation import NAVIGATION
from orgs.audit.models import Audit
from orgs.audit.words import AUDIT_ACTS, DETAIL_WORDS
from orgs.units.models import OrgUnit

KEY_SHOWN = 8  # letters of a long key that tell two records apart
# what the details of a row are called; of those that no act writes any more their own name stands
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
    "decision": gettext_lazy("决定"),
    "method": gettext_lazy("方式"),
    "numbers": gettext_lazy("电话号码数"),
    "unit": gettext_lazy("单位"),
    "role": gettext_lazy("岗位"),
    "person": gettext_lazy("人员"),
    "stay": gettext_lazy("暂住"),
    "side": gettext_lazy("由哪一方"),
    "other": gettext_lazy("另一份"),
    "paper": gettext_lazy("材料"),
    "papers": gettext_lazy("材料"),
    "on": gettext_lazy("日期"),
    "extra": gettext_lazy("加访"),
    "village": gettext_lazy("村（居）"),
    "transfer": gettext_lazy("转出转入"),
    "to": gettext_lazy("至"),
    "target": gettext_lazy("转往"),
    "taken": gettext_lazy("接收"),
    "seal": gettext_lazy("封存"),
    "risk": gettext_lazy("风险"),
    "relation": gettext_lazy("关系"),
    "origin": gettext_lazy("来源"),
    "ordered_in": gettext_lazy("要求的岗位"),
    "level": gettext_lazy("层级"),
    "label": gettext_lazy("名称"),
    "kept": gettext_lazy("保留的档案"),
    "flags": gettext_lazy("异常"),
    "due_on": gettext_lazy("应访日期"),
    "document": gettext_lazy("文件"),
    "disclosure": gettext_lazy("提供"),
    "differences": gettext_lazy("不同之处"),
    "checked": gettext_lazy("核对数"),
    "counties": gettext_lazy("县（市、区）"),
    "history": gettext_lazy("变更记录"),
    "indicator": gettext_lazy("指标"),
    "of": gettext_lazy("谁的"),
    "returned": gettext_lazy("被退回"),
    "tab": gettext_lazy("分栏"),
    "where": gettext_lazy("在哪里"),
}


# what narrows a list, where its name is not that of a detail too
FILTERS = {
    "app": gettext_lazy("手机程序版本"),
    "device": gettext_lazy("手机"),
    "q": gettext_lazy("查找的词"),
    "state": gettext_lazy("状态"),
    "sort": gettext_lazy("排序"),
    "action": gettext_lazy("操作"),
    "record": gettext_lazy("对象"),
}
UNITS = ("village", "to", "origin", "target", "counties")  # details that hold the keys of units
RECORDS = ("child", "other", "stay", "transfer", "extra", "disclosure")  # and those that hold the key of a record


def name_of_record(record: str) -> str:
    """``registry.childfile:0de80567-…`` as 儿童档案 0de80567; what is no record of the database as it is."""
    label, _colon, key = record.partition(":")
    try:
        model = apps.get_model(label)
    except (LookupError, ValueError):
        return record
    return f"{capfirst(model._meta.verbose_name)} {key[:KEY_SHOWN]}"


def units_named_in(rows: Iterable[Audit]) -> dict[int, OrgUnit]:
    """The units that the details of ``rows`` hold the keys of, in one query."""
    told = [_details(row) or {} for row in rows]
    keys = {key for details in told for name in UNITS for key in _as_list(details.get(name)) if isinstance(key, int)}
    return OrgUnit.objects.select_related("city", "county", "township").in_bulk(keys) if keys else {}


def details_of(row: Audit, units: Mapping[int, OrgUnit]) -> str:
    """字段：address、phone；行数：30. ``units``: of units_named_in."""
    told = _details(row)
    if told is None:
        return row.data
    act = AUDIT_ACTS.get(row.action)
    codes = act.codes if act else {}
    pairs = []
    for name, value in told.items():
        if name in UNITS:
            what = _("、").join(units[key].path_label if key in units else str(key) for key in _as_list(value)) or "—"
        elif name in RECORDS:
            what = _("、").join(str(key)[:KEY_SHOWN] for key in _as_list(value)) or "—"
        else:
            what = _words(name, value, codes.get(name, {}))
        pairs.append({"name": DETAILS.get(name, name), "what": what})
    return _("；").join(_("%(name)s：%(what)s") % pair for pair in pairs)


def _details(row: Audit) -> dict[str, Any] | None:
    """None where they can't be read."""
    try:
        told = json.loads(row.data or "{}")
    except ValueError:
        return None
    return told if isinstance(told, dict) else None


def _as_list(value: Any) -> list:
    return value if isinstance(value, list) else [] if value is None else [value]


def _words(name: str, value: Any, codes: Mapping[str, Any]) -> str:
    if isinstance(value, list):
        return _("、").join(_words(name, one, codes) for one in value) or "—"
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if value in (None, ""):
        return "—"
    return str(codes.get(str(value), "")) or _known_words(name, str(value)) or str(value)


def _known_words(name: str, value: str) -> str:
    """A page by the entry of the menu that leads to it, else by the one of its kind (alert-new: 紧急报告)."""
    if name in ("list", "where"):
        kind = value.removeprefix("api-").split("-")[0]
        of_kind = [entry for entry in NAVIGATION.values() if entry.url_name.split("-")[0] == kind]
        entry = NAVIGATION.get(value) or next(iter(of_kind), None)
        return str(entry.label) if entry else ""
    if name == "filters" and (label := FILTERS.get(value) or DETAILS.get(value)):
        return str(label)
    return next((said for words in DETAIL_WORDS if (said := words(name, value))), "")
