"""The auditor's page: who read or changed what; no content of any file."""

import re
from datetime import datetime

from django.shortcuts import render
from django.utils.timezone import localtime

from orgs.access.declarations import ReadsNothing, needs
from orgs.audit.models import Audit, AuditPending, AuditSeal
from orgs.audit.words import AUDIT_ACTS, label_of_act

PAGE = 50


@needs("view_audit", reads=ReadsNothing("names records by their keys, and no child"))
def audit_list(request):
    """Newest first; ``before`` pages by key, ``action`` and ``person`` narrow."""
    rows = Audit.objects.visible_to(request.post, "view_audit").select_related(
        "person", "unit__county", "unit__township"
    )
    action, person, before = (request.GET.get(name, "").strip() for name in ("action", "person", "before"))
    if action in AUDIT_ACTS:
        rows = rows.filter(action=action)
    if person:
        rows = rows.filter(person__name=person)
    if re.fullmatch(r"[0-9]{1,18}", before):
        rows = rows.filter(pk__lt=int(before))
    shown = list(rows.order_by("-id")[: PAGE + 1])
    last = AuditSeal.objects.order_by("-id").values("hash", "at").first()
    for row in shown:
        row.label = label_of_act(row.action)
        row.local_time = localtime(datetime.fromisoformat(row.at)).strftime("%Y-%m-%d %H:%M:%S")
    context = {
        "rows": shown[:PAGE],
        "older": shown[PAGE - 1].pk if len(shown) > PAGE else None,
        "acts": [(act.name, act.label) for act in AUDIT_ACTS.values()],
        "action": action,
        "person": person,
        "seal": last,
        "waiting": AuditPending.objects.count(),
    }
    return render(request, "orgs/audit/list.html", context)
