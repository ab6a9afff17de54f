"""A row of the audit trail in words: what it was done to, and the details that it holds."""

import json
import re
import uuid
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db.models import QuerySet
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from childwelfare.pages.navigation import NAVIGATION
from childwelfare.text.words import Words
from orgs.accounts.models import Person
from orgs.audit.models import Audit
from orgs.audit.services import label_of
from orgs.audit.words import AUDIT_ACTS, DETAIL_WORDS, PAGES, Act
from orgs.posts.models import Appointment
from orgs.units.models import OrgUnit

NO_ACCOUNT = "login"  # what was typed for a login name, where nobody has it
HASH = re.compile("[0-9a-f]{64}")
KEY_SHOWN = 8  # letters of a long key that tell two records apart
# what the details of a row are called; of those that no act writes any more their own name stands
DETAILS = {
    "fields": gettext_lazy("字段"),
    "field": gettext_lazy("字段"),
    "rows": gettext_lazy("行数"),
    "count": gettext_lazy("数量"),
    "questions": gettext_lazy("要填的栏数"),
    "units": gettext_lazy("单位数"),
    "filters": gettext_lazy("筛选条件"),
    "list": gettext_lazy("名单"),
    "kind": gettext_lazy("种类"),
    "child": gettext_lazy("儿童档案"),
    "month": gettext_lazy("月份"),
    "period": gettext_lazy("统计期"),
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
    "numbers": gettext_lazy("显示的号码"),
    "hide": gettext_lazy("不印的内容"),
    "answer": gettext_lazy("结果"),
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
    "cells": gettext_lazy("交叉的格"),
    "of": gettext_lazy("谁的"),
    "returned": gettext_lazy("被退回"),
    "tab": gettext_lazy("分栏"),
    "where": gettext_lazy("在哪里"),
    "columns": gettext_lazy("栏目"),
    "effective_on": gettext_lazy("生效日期"),
    "snapshot": gettext_lazy("上报数据"),
    "version": gettext_lazy("版本"),
    "wanted": gettext_lazy("要不要"),
    "hash": gettext_lazy("校验码"),
    "deadlines": gettext_lazy("期限"),
    "before": gettext_lazy("原来的"),
    "finish_under_old": gettext_lazy("在办的评估按旧版办完"),
    "service": gettext_lazy("做了什么"),
    "goals": gettext_lazy("目标数"),
    "goal": gettext_lazy("第几条目标"),
    "state": gettext_lazy("状态"),
    "outcome": gettext_lazy("结果"),
}


# what narrows a list, where its name is not that of a detail too
FILTERS = {
    "second": gettext_lazy("第二人评估"),
    "span": gettext_lazy("多长一段"),
    "app": gettext_lazy("手机程序版本"),
    "device": gettext_lazy("手机"),
    "q": gettext_lazy("查找的词"),
    "state": gettext_lazy("状态"),
    "sort": gettext_lazy("排序"),
    "action": gettext_lazy("操作"),
    "record": gettext_lazy("对象"),
    "post": gettext_lazy("岗位"),
    "search": gettext_lazy("查找的词"),
    "name": gettext_lazy("名称"),
    "updated_since": gettext_lazy("改动不早于"),
    "parent": gettext_lazy("上级机构"),
    "code": gettext_lazy("行政区划代码"),
    "open": gettext_lazy("还没有结束的"),
    "year": gettext_lazy("年份"),
    "period": gettext_lazy("月份"),
    "all": gettext_lazy("全部"),
    "below": gettext_lazy("下级单位"),
    "view": gettext_lazy("分栏"),
    "only": gettext_lazy("种类"),
    "before": gettext_lazy("更早的"),
    "sibling": gettext_lazy("兄弟姐妹的档案"),
    "col": gettext_lazy("显示哪些列"),
    "wiped": gettext_lazy("已清除的手机"),
    "job": gettext_lazy("任务"),
    "next": gettext_lazy("下一页"),
    "step": gettext_lazy("步骤"),
    "first": gettext_lazy("先看"),
    "part": gettext_lazy("部分"),
    "several": gettext_lazy("选多格"),
    "sheet": gettext_lazy("表样"),
    "scale": gettext_lazy("单位"),
    "as": gettext_lazy("上报数或实时数"),
    "joined": gettext_lazy("连同并入的"),
    "holder": gettext_lazy("现在谁在办"),
    "holder_level": gettext_lazy("现在谁在办"),
    "tier": gettext_lazy("现在谁在办"),
    "whose": gettext_lazy("现在谁在办"),
    "owner": gettext_lazy("承办人"),
    "late": gettext_lazy("逾期"),
    "urgency": gettext_lazy("紧急程度"),
    "satisfaction": gettext_lazy("家庭是否满意"),
    "system": gettext_lazy("体系"),
    "age": gettext_lazy("多久了"),
    "source": gettext_lazy("从哪里发现"),
    "id": gettext_lazy("从哪里发现"),
    "need": gettext_lazy("需求"),
}
UNITS = ("village", "to", "origin", "target", "counties")  # details that hold the keys of units
POSTS = ("ordered_in",)  # of posts
RECORDS = ("stay", "transfer", "extra", "disclosure", "paper")  # of records, that are told by their file
FILES = ("child", "other")  # of files: what was done to them is a step away


@dataclass(frozen=True)
class Told:
    """One detail of a row: what it is called, how it reads, and the record that it names, as the trail does."""

    name: Words
    what: str
    record: str = ""

    @property
    def head(self) -> str:
        """名单："""
        return _("%(name)s：%(what)s") % {"name": self.name, "what": ""}

    def __str__(self) -> str:
        return _("%(name)s：%(what)s") % {"name": self.name, "what": self.what}


@dataclass(frozen=True)
class Names:
    """What some rows hold only the keys of. A child has no name here: an auditor reads no files."""

    units: Mapping[int, OrgUnit]
    posts: Mapping[int, Appointment]
    records: Mapping[str, str]  # {as the trail names it: a person's name, a post and who holds it, a unit}

    def of_unit(self, key: Any) -> str:
        return self.units[key].path_label if key in self.units else str(key)

    def of_post(self, key: Any) -> str:
        if key not in self.posts:
            return str(key)
        return f"{self.posts[key].unit.path_label} {self.posts[key].role_label}"


def name_of_record(record: str, names: Names | None = None) -> str:
    """``registry.childfile:0de80567-…`` as 儿童档案 0de80567; people, posts and units by name (``names``: of names_in);
    a login name that nobody has by its digest."""
    if names and record in names.records:
        return names.records[record]
    label, _colon, key = record.partition(":")
    if label == NO_ACCOUNT:
        return _("没有这个登录名（%(key)s）") % {"key": key[:KEY_SHOWN]}
    try:
        model = apps.get_model(label)
    except (LookupError, ValueError):
        return record
    return f"{capfirst(model._meta.verbose_name)} {key[:KEY_SHOWN]}"


def names_in(rows: Collection[Audit]) -> Names:
    """The names of what ``rows`` and their details hold the keys of, in a query for each kind."""
    told = [_details(row) or {} for row in rows]

    def keys_of(details: Iterable[str]) -> set[int]:
        return {key for each in told for name in details for key in _as_list(each.get(name)) if isinstance(key, int)}

    units, posts = keys_of(UNITS), keys_of(POSTS)
    return Names(
        units=OrgUnit.objects.with_path().in_bulk(units) if units else {},
        posts=Appointment.objects.with_unit().in_bulk(posts) if posts else {},
        # what lies nowhere every city sees: whom it is about is no business of all of them
        records=_names_of_records({row.record for row in rows if row.unit_id}),
    )


def _names_of_records(records: Iterable[str]) -> dict[str, str]:
    """Of people, posts and units; of one that is not there any more, and of other records, none."""
    kinds: dict[str, tuple[QuerySet[Any], Callable[[Any], str]]] = {
        "orgs.person": (Person.objects.all(), lambda person: person.name),
        "orgs.appointment": (
            Appointment.objects.with_unit(),
            lambda post: f"{post.person.name} {post.unit.path_label} {post.role_label}",
        ),
        "orgs.orgunit": (OrgUnit.objects.with_path(), lambda unit: unit.path_label),
    }
    keys: dict[str, list[uuid.UUID]] = defaultdict(list)
    for record in records:
        label, _colon, key = record.partition(":")
        with suppress(ValueError):
            keys[label].append(uuid.UUID(key))
    return {
        label_of(found): name(found)
        for label, (found_in, name) in kinds.items()
        if keys[label]
        for found in found_in.filter(uid__in=keys[label])
    }


def details_of(row: Audit, names: Names) -> list[Told]:
    """字段：address、phone；行数：30. ``names``: of names_in. What can't be read stands as it is."""
    told = _details(row)
    if told is None:
        return [Told(_("说明"), row.data)]
    act = AUDIT_ACTS.get(row.action, Act(row.action, row.action))
    return [
        Told(act.names.get(name, DETAILS.get(name, name)), *_told(name, value, act.codes.get(name, {}), names))
        for name, value in told.items()
    ]


def as_text(details: Iterable[Told]) -> str:
    return _("；").join(str(each) for each in details)


def _told(name: str, value: Any, codes: Mapping[str, Any], names: Names) -> tuple[str, str]:
    """How it reads, and the record that it names."""
    record = ""
    if name in UNITS:
        what = _("、").join(names.of_unit(key) for key in _as_list(value)) or "—"
    elif name in POSTS:
        what = _("、").join(names.of_post(key) for key in _as_list(value)) or "—"
    elif name in (*RECORDS, *FILES):
        what = _("、").join(str(key)[:KEY_SHOWN] for key in _as_list(value)) or "—"
        record = f"registry.childfile:{value}" if name in FILES else ""
    else:
        what = _words(name, value, codes)
    return what, record


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
    if isinstance(value, str) and HASH.fullmatch(value):
        return f"{value[:4]} {value[4:8]}"  # as it is printed and read out
    return str(codes.get(str(value), "")) or _known_words(name, str(value)) or str(value)


def _known_words(name: str, value: str) -> str:
    """A page by the entry of the menu that leads to it, else by the one of its kind (alert-new: 紧急报告)."""
    if name in ("list", "where"):
        kind = value.removeprefix("api-").split("-")[0]
        of_kind = [entry for entry in NAVIGATION.values() if entry.url_name.split("-")[0] == kind]
        entry = NAVIGATION.get(value) or next(iter(of_kind), None)
        return str(entry.label if entry else PAGES.get(kind, ""))
    if name == "filters" and (label := FILTERS.get(value) or DETAILS.get(value)):
        return str(label)
    return next((said for words in DETAIL_WORDS if (said := words(name, value))), "")
