"""What is asked when a file is handed on to another village. The rules are in the service."""

from typing import ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from childwelfare.pages.form_fields import CleanCharField
from childwelfare.pages.forms import Answers, GrowingText, ServiceErrors
from childwelfare.text.words import Words
from orgs.units.models import OrgUnit
from registry.closing.forms import ActForm
from registry.transfers.services import REASON_LIMIT


class ToVillageForm(ActForm):
    """An act that leads to another village: any may be sent, those that were ``found`` are offered."""

    one_at_a_time = True

    pk = forms.UUIDField(widget=forms.HiddenInput, required=False)
    village = forms.ModelChoiceField(
        queryset=OrgUnit.objects.none(), to_field_name="uid", required=False,
        empty_label=None, widget=Answers(across=2),
        error_messages={"invalid_choice": _("没有这个村（居），请重新查找。")},
    )  # fmt: skip
    village_label: Words = ""

    def __init__(self, *args, found, **kwargs):
        super().__init__(*args, **kwargs)
        village = self.fields["village"]
        village.label, village.queryset = self.village_label, OrgUnit.objects.filter(level=4).with_path()
        village.label_from_instance = lambda unit: unit.path_label
        village.widget.choices = [(str(unit.uid), unit.path_label) for unit in found]


class TransferForm(ToVillageForm):
    NEEDED: ClassVar = {"village": None, "reason": None}

    village_label = _("转到哪个村（居）")
    reason = CleanCharField(
        label=_("转出原因"), required=False, max_length=REASON_LIMIT, widget=GrowingText(),
        help_text=_("接收方在接收之前能看到：如随父母迁居、户籍迁移"),
    )  # fmt: skip

    @property
    def is_over(self) -> bool:
        """Also while another transfer waits for its answer: asking for one leaves the file's version where it was."""
        return super().is_over or (self.stale and self.file.transfers.open().exists())

    def arguments(self) -> dict:
        data = super().arguments()
        return {"target": data["village"], "reason": data["reason"], "pk": data["pk"]}


class AnswerForm(ServiceErrors, forms.Form):
    """What an answer says besides itself: only a refusal has a reason, and the table of moves demands it."""

    NEEDED: ClassVar = {"reason": None}

    reason = CleanCharField(
        label=_("退回原因，对方会看到"), required=False, max_length=REASON_LIMIT, widget=GrowingText()
    )
