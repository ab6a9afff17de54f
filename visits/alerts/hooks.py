"""What alerts add to other concepts."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from childwelfare.pages.navigation import NAVIGATION, Entry
from orgs.audit.words import AUDIT_ACTS, Act, words_of
from orgs.inbox.kinds import INBOX_KINDS
from orgs.units.models import Level
from orgs.workbench.kinds import NEWS_KINDS, TODO_KINDS
from registry.assessments.closed_alerts import CLOSED_ALERTS
from registry.child.built_on import BUILT_ON, BuiltOn
from registry.child.left_open import LEFT_OPEN
from registry.child.panels import PANELS
from registry.instruments.situations import SITUATIONS
from registry.merging.rows import MERGED, Merged
from registry.needs.sources import SOURCE_KINDS, SourceKind
from registry.timeline.lanes import LANES, NEXT
from registry.transfers.moving import NOT_MOVED
from visits.alerts import (
    receivers,  # noqa: F401  (connected when imported)
    sync,  # noqa: F401  (adds its kinds when imported)
)
from visits.alerts.codes import Situation, StepKind
from visits.alerts.inbox import ESCALATED, NEWS
from visits.alerts.lanes import alert_lane, alerts_left_open, next_of_alerts
from visits.alerts.models import Alert
from visits.alerts.panel import alerts_panel
from visits.alerts.services.closings import reports_closed
from visits.alerts.workbench import OWN_ALERTS, TO_SIGN, to_sign

NAVIGATION.add(
    Entry(
        "alert-list", pgettext_lazy("list", "紧急报告"), "shield-exclamation", ("raise_alert", "view_alert"),
        count=to_sign, phone=True, tone="danger", urgent=_("有紧急报告等着签收"),
    ),
    order=120,
)  # fmt: skip
PANELS.add(alerts_panel, order=20)
LANES.add(alert_lane, order=25)
NEXT.add(next_of_alerts, order=10)
LEFT_OPEN.add(alerts_left_open, order=10)
CLOSED_ALERTS.add(reports_closed)
SITUATIONS |= dict(Situation.choices)
MERGED.add(Merged(Alert, follows=False, sent_for="sent_for"), order=50)
NOT_MOVED["visits.Alert"] = "where it was reported; the child's own place is asked beside it (also_at)"
TABS = {"open": _("未办结"), "late": _("超时未处置"), "closed": pgettext_lazy("alert", "已办结")}
AUDIT_ACTS.add(
    Act("raise_alert", _("提出紧急报告")),
    Act("view_alert", _("查看紧急报告")),
    Act("list_alerts", _("打开紧急报告名单"), codes={"tab": TABS}),
    Act("acknowledge_alert", _("签收紧急报告")),
    Act("call_alert", _("补记报警")),
    Act("name_situations", _("选定紧急报告的情形")),
    Act("step_alert", _("记录紧急报告处置"), codes={"kind": words_of(StepKind)}),
    Act("escalate_alert", _("紧急报告无人签收，升级上报"), codes={"level": words_of(Level)}),
    Act("close_alert", _("办结紧急报告")),
    Act("undo_close_alert", _("撤销办结紧急报告")),
    Act("reopen_alert", _("重新处置紧急报告")),
    order=250,
    subject=_("紧急报告"),
)
TODO_KINDS.add(TO_SIGN, order=10)
NEWS_KINDS.add(OWN_ALERTS, order=10)
INBOX_KINDS.add(ESCALATED, NEWS, order=10)
SOURCE_KINDS.add(
    SourceKind(
        key="alert",
        label=_("紧急报告"),
        records=Alert.objects.open_to,
        url=lambda alert: reverse("alert-detail", args=[alert.pk]),
    )
)
BUILT_ON.add(BuiltOn(Alert, _("紧急报告")), order=20)
