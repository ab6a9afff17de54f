"""What an order asks, by its kind, of the unit from whose page it is given. The rules are in the services."""

import hashlib
import json
from typing import Any, ClassVar

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from childwelfare.pages.form_fields import CleanCharField, optional_day
from childwelfare.pages.forms import GrowingText, ManyAnswers, OnceForm, PickSelect
from childwelfare.text.cleaning import clean_name
from orgs.reorganisation.models import Kind
from orgs.reorganisation.rules import CODE_LIMIT, NAME_LIMIT, Part, root_of
from orgs.reorganisation.services import DOCUMENT_LIMIT, REASON_LIMIT
from orgs.units.models import Level, OrgUnit

MOST_PARTS = 20


class OrderForm(OnceForm):
    """``FIELDS`` of a kind come before those of every order. ``previewed``: what was shown before it was confirmed."""

    KIND: ClassVar[str] = ""
    FIELDS: ClassVar[tuple[str, ...]] = ()
    NEEDED: ClassVar = {"effective_on": None, "document": None}

    parent = forms.ChoiceField(label=_("调整到哪里"), required=False, widget=PickSelect)
    others = forms.MultipleChoiceField(label=_("一起调整的同级机构"), required=False, widget=ManyAnswers)
    into = forms.ChoiceField(label=_("并入现有的机构"), required=False, widget=PickSelect)
    name = CleanCharField(label=_("名称"), required=False, max_length=NAME_LIMIT)
    code = CleanCharField(label=_("行政区划代码"), required=False, max_length=CODE_LIMIT)
    names = CleanCharField(
        label=_("拆成哪几个"), required=False, widget=GrowingText(),
        help_text=_("每行一个名称；有代码的写在名称后面，用空格隔开"),
    )  # fmt: skip
    effective_on = optional_day(_("生效日期"), initial=timezone.localdate)
    document = CleanCharField(label=_("批文文号"), required=False, max_length=DOCUMENT_LIMIT)
    reason = CleanCharField(label=_("说明"), required=False, max_length=REASON_LIMIT, widget=GrowingText())
    posts_follow = forms.BooleanField(
        label=_("岗位转到接续的单位"), required=False, initial=True,
        help_text=_("不选，原单位的岗位从生效那天起结束，另行任命"),
    )  # fmt: skip
    previewed = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, unit: OrgUnit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.unit = unit
        common = ("effective_on", "document", "reason", "previewed", "pk")
        follow = ("posts_follow",) if self.KIND in (Kind.MOVE, Kind.MERGE, Kind.SPLIT) else ()
        self.fields = {key: self.fields[key] for key in (*self.FIELDS, *follow, *common)}
        self.units: dict[str, OrgUnit] = {str(unit.uid): unit}
        self._fill()

    def _fill(self) -> None:
        for field in ("others", "into"):
            if field in self.fields:
                siblings = OrgUnit.objects.current().filter(parent=self.unit.parent_id, stand_in=False)
                self._offer(field, siblings.exclude(pk=self.unit.pk), of_one_parent=True)

    def _offer(self, field: str, units: Any, *, of_one_parent: bool = False) -> None:
        found = list(units.with_path().in_order())
        self.units |= {str(unit.uid): unit for unit in found}
        choices = [(str(unit.uid), unit.name if of_one_parent else unit.path_label) for unit in found]
        blank = [] if field == "others" else [("", _("请选择"))]
        self.fields[field].choices = [*blank, *choices]

    def parts(self) -> list[Part]:
        """What is ordered, of a form that was read."""
        raise NotImplementedError

    def chosen(self) -> list[OrgUnit]:
        """The unit of the page and those chosen beside it."""
        return [self.unit, *(self.units[uid] for uid in self.cleaned_data.get("others") or ())]

    def arguments(self) -> dict:
        said = {key: self.cleaned_data[key] for key in ("effective_on", "document", "reason", "pk")}
        said["posts_follow"] = self.cleaned_data.get("posts_follow", True)
        return said | {"kind": self.KIND, "parts": self.parts()}

    @property
    def fingerprint(self) -> str:
        """Of what was filled in: an order is confirmed as it was previewed."""
        told = {key: str(value) for key, value in self.cleaned_data.items() if key not in ("previewed", "pk")}
        return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()

    def field_at(self, name: str) -> str | None:
        return name if name in self.fields else None


class RenameForm(OrderForm):
    KIND = Kind.RENAME
    FIELDS = ("name", "code")
    NEEDED: ClassVar = {**OrderForm.NEEDED, "name": None}

    def parts(self) -> list[Part]:
        return [Part(self.unit, name=clean_name(self.cleaned_data["name"]), code=self.cleaned_data["code"])]


class MoveForm(OrderForm):
    KIND = Kind.MOVE
    FIELDS = ("parent", "others")
    NEEDED: ClassVar = {**OrderForm.NEEDED, "parent": None}

    def _fill(self) -> None:
        super()._fill()
        above = OrgUnit.objects.within(root_of(self.unit)).current().filter(level=self.unit.level - 1)
        self._offer("parent", above.exclude(pk=self.unit.parent_id))

    def parts(self) -> list[Part]:
        parent = self.units.get(self.cleaned_data["parent"])
        return [Part(unit, parent=parent) for unit in self.chosen()]


class MergeForm(OrderForm):
    KIND = Kind.MERGE
    FIELDS = ("into", "others", "name", "code")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("合并后的新名称")
        self.fields["name"].help_text = _("并入现有机构的不用填")

    def parts(self) -> list[Part]:
        into = self.units.get(self.cleaned_data["into"])
        name, code = ("", "") if into else (clean_name(self.cleaned_data["name"]), self.cleaned_data["code"])
        return [Part(unit, into, name=name, code=code) for unit in self.chosen()]


class SplitForm(OrderForm):
    KIND = Kind.SPLIT
    FIELDS = ("names",)
    NEEDED: ClassVar = {**OrderForm.NEEDED, "names": None}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["posts_follow"].label = _("岗位转到写在第一行的单位")

    def parts(self) -> list[Part]:
        lines = [line.split() for line in self.cleaned_data["names"].splitlines() if line.strip()]
        found = []
        for words in lines[: MOST_PARTS + 1]:
            code = words.pop() if len(words) > 1 and words[-1].isdigit() else ""
            found.append(Part(self.unit, name=clean_name("".join(words)), code=code))
        return found

    def clean_names(self) -> str:
        names: str = self.cleaned_data["names"]
        if len([line for line in names.splitlines() if line.strip()]) > MOST_PARTS:
            raise forms.ValidationError(_("最多拆成 %(n)s 个。") % {"n": MOST_PARTS})
        return names


class OpenForm(OrderForm):
    KIND = Kind.OPEN
    FIELDS = ("name", "code")
    NEEDED: ClassVar = {**OrderForm.NEEDED, "name": None}

    def parts(self) -> list[Part]:
        return [Part(parent=self.unit, name=clean_name(self.cleaned_data["name"]), code=self.cleaned_data["code"])]


class CloseForm(OrderForm):
    KIND = Kind.CLOSE

    def parts(self) -> list[Part]:
        return [Part(self.unit)]


FORMS: dict[str, type[OrderForm]] = {
    form.KIND: form for form in (RenameForm, MoveForm, MergeForm, SplitForm, OpenForm, CloseForm)
}


def kinds_of(unit: OrgUnit) -> list[Kind]:
    """What can be ordered from the page of ``unit``."""
    if unit.valid_to or unit.stand_in:
        return []
    kinds = [Kind.RENAME]
    if unit.parent_id:
        kinds += [Kind.MOVE, Kind.MERGE]
    if unit.level == Level.VILLAGE:
        kinds.append(Kind.SPLIT)
    else:
        kinds.append(Kind.OPEN)
    return [*kinds, Kind.CLOSE] if unit.parent_id and not unit.children.current().exists() else kinds


class CancelForm(OnceForm):
    NEEDED: ClassVar = {"reason": None}

    reason = CleanCharField(label=_("为什么取消"), required=False, max_length=REASON_LIMIT)

    def arguments(self) -> dict:
        return {"reason": self.cleaned_data["reason"]}
