"""What is asked when a child goes to stay elsewhere, and when the stay ends. The rules are in the service."""

from typing import ClassVar

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from childwelfare.pages.form_fields import CleanCharField, CleanDateField, PhoneField
from childwelfare.pages.forms import GrowingText
from registry.closing.forms import ActForm
from registry.stays.services import AHEAD, REASON_LIMIT
from registry.transfers.forms import ToVillageForm


class StayForm(ToVillageForm):
    NEEDED: ClassVar = {"village": None, "since": None, "reason": None}

    village_label = _("去哪个村（居）住")
    since = CleanDateField(
        label=_("从哪一天起"),
        required=False,
        help_text=format_lazy(_("可提前 {n} 天登记；走访从这一天起由那里负责"), n=AHEAD.days),
    )
    until = CleanDateField(
        label=_("预计返回日期"), required=False, help_text=_("到这一天自动结束；说不准可不填，回来时再结束")
    )
    reason = CleanCharField(
        label=_("为什么去那里住"), required=False, max_length=REASON_LIMIT, widget=GrowingText(),
        help_text=_("如祖母住院，由姑姑照看；那里的儿童福利主任能看到"),
    )  # fmt: skip
    host_name = CleanCharField(label=_("与谁同住"), required=False, max_length=50)
    host_phone = PhoneField(label=_("同住人电话"), required=False)
    address = CleanCharField(label=_("那里的住址"), required=False, max_length=120)

    @property
    def is_over(self) -> bool:
        """Also while another stay runs: its beginning leaves the file's version where it was."""
        return super().is_over or (self.stale and self.file.stays.open().exists())


class EndStayForm(ActForm):
    """``file`` is the stay here: its version is what the reader saw."""

    NEEDED: ClassVar = {"reason": None}

    reason = CleanCharField(
        label=_("怎样结束"), required=False, max_length=REASON_LIMIT, widget=GrowingText(),
        help_text=_("如已回家；或孩子不在这里、去了哪里"),
    )  # fmt: skip
