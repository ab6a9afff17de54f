"""What a post may order: a kind of table, a unit, a month, quarter or year, or a category."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from orgs.stale_figures.keys import Kind
from orgs.units.models import OrgUnit
from registry.child.codes import Category
from reports.exports.kinds import EXPORT_KINDS, LIVE, SOURCES, kinds_for
from reports.indicators.templates import SUMMARY, TEMPLATES, Scale
from reports.ledgers.services import templates_at
from reports.rollup.periods import Period


class ExportForm(forms.Form):
    """``unit`` offers the post's own unit, those right below it, and ``asked``, from whose page the reader comes.

    The choices are a help only: ``order_export`` decides.
    """

    kind = forms.ChoiceField(label=_("表"), error_messages={"invalid_choice": _("您的岗位不能导出这种表。")})
    unit = forms.ChoiceField(
        label=_("单位"), error_messages={"invalid_choice": _("没有这个单位，或它不在您的管辖范围内。")}
    )
    period = forms.ChoiceField(
        label=_("统计期"), required=False, error_messages={"invalid_choice": _("请从列表中选择统计期。")}
    )
    sheet = forms.ChoiceField(
        label=_("表样"),
        required=False,
        error_messages={"invalid_choice": _("没有这种表样，请从列表中选择。")},
    )
    source = forms.ChoiceField(
        label=_("用哪种数"),
        required=False,
        choices=SOURCES,
        initial=LIVE,
        error_messages={"invalid_choice": _("请选实时数或上报数。")},
    )
    scale = forms.ChoiceField(
        label=_("数的单位"),
        required=False,
        choices=Scale.choices,
        error_messages={"invalid_choice": _("请选人或万人。")},
    )
    below = forms.BooleanField(label=_("下一级各单位各附一张表"), required=False)
    category = forms.ChoiceField(
        label=_("类别"),
        required=False,
        choices=[("", _("全部在册儿童")), *Category.choices],
        error_messages={"invalid_choice": _("没有这个类别，请从列表中选择。")},
    )

    def __init__(self, *args, post, asked: OrgUnit | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = kinds_for(post)
        self.fields["period"].choices = [
            (str(kind.label), [(key, Period.of(key).label) for key in running.lately()])
            for kind, running in zip(Kind, Period.running_now(), strict=True)
        ]
        self.fields["unit"].choices = _units(post, asked)
        offered = templates_at(asked or post.unit)
        self.fields["sheet"].choices = [("", SUMMARY.label), *(
            (each.key, each.label) for each in offered.values() if each.key != SUMMARY.key
        )]  # fmt: skip
        if not any("category" in EXPORT_KINDS[key].asks for key, _label in self.fields["kind"].choices):
            self.fields.pop("category")  # figures only

    @property
    def kinds_with_period(self) -> str:
        return _asking("period")

    @property
    def kinds_with_sheet(self) -> str:
        return _asking("sheet")

    @property
    def kinds_with_below(self) -> str:
        return _asking("below")

    @property
    def sheets_with_scale(self) -> str:
        return "|".join(key for key, each in TEMPLATES.items() if len(each.scales) > 1)

    @property
    def order(self) -> dict[str, Any]:
        """Arguments of ``order_export``."""
        said = {name: self.cleaned_data.get(name, "") for name in ("kind", "unit", "period", "category", "sheet")}
        scale = self.cleaned_data.get("scale", "")
        return said | {
            "source": self.cleaned_data.get("source") or LIVE,
            "scale": "" if scale == Scale.ONES else scale,
            "below": self.cleaned_data.get("below", False),
        }

    def explain(self, error) -> None:
        """Show what the service refused, beside its field where it names one."""
        for field, texts in getattr(error, "message_dict", {None: getattr(error, "messages", [str(error)])}).items():
            self.add_error(field if field in self.fields else None, texts)


def _asking(name: str) -> str:
    """Keys of the kinds whose orders say ``name``, as data-show-when has them."""
    return "|".join(key for key, kind in EXPORT_KINDS.items() if name in kind.asks)


def _units(post, asked: OrgUnit | None) -> list[tuple[str, str]]:
    own = post.unit
    units = [own, *own.children.current().with_path().in_order()] if own.level < 4 else [own]
    if asked and asked not in units:
        units.insert(1, asked)
    return [(str(unit.uid), unit.name if unit == own else unit.path_label) for unit in units]
