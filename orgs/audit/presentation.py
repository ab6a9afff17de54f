"""A row of the audit trail in words: what it was done to, and the details that it holds."""

import json
from typing import Any

from django.apps import apps
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from childwelfare.pages.navigation import NAVIGATION
from orgs.audit.models import Audit
from orgs.audit.words import DETAIL_WORDS

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
    pairs = [{"name": DETAILS.get(name, name), "what": _words(name, value)} for name, value in told.items()]
    return _("；").join(_("%(name)s：%(what)s") % pair for pair in pairs)


def _words(name: str, value: Any) -> str:
    if isinstance(value, list):
        return _("、").join(_words(name, one) for one in value) or "—"
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, bool):
        return _("是") if value else _("否")
    return "—" if value is None else _known_words(name, str(value)) or str(value)


def _known_words(name: str, value: str) -> str:
    """A page by the entry of the menu that leads to it, else by the one of its kind (alert-new: 紧急报告)."""
    if name in ("list", "where"):
        kind = value.split("-")[0]
        of_kind = [entry for entry in NAVIGATION.values() if entry.url_name.split("-")[0] == kind]
        entry = NAVIGATION.get(value) or next(iter(of_kind), None)
        return str(entry.label) if entry else ""
    return next((said for words in DETAIL_WORDS if (said := words(name, value))), "")
