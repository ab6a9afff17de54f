"""Submitting several ticked drafts: asked once with their names, then done, each refusal named."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from childwelfare.workflow.refusals import Refused
from childwelfare.workflow.transitions import seen_versions
from orgs.access.declarations import needs
from registry.child.models import ChildFile
from registry.child.needed import needed_before_sending
from registry.lists.services.bulk import MAX_FILES, BulkOutcome, submit_many
from registry.lists.views.listing import Asked
from registry.quality import Case, lacks_of


@needs("submit_child")
@require_POST
def submit_ticked(request):
    """``file``: key:version of each ticked row. First the question, with all names; with ``sure`` the act."""
    ticked = seen_versions(request.POST.getlist("file"))
    back = _back(request)
    if not ticked or len(ticked) > MAX_FILES or request.POST.get("sure"):
        try:
            _say_outcome(request, submit_many(ticked, by=request.post))
        except Refused as refusal:
            messages.error(request, str(refusal))
        return redirect(back)
    found = ChildFile.objects.visible_to(request.post, "submit_child").filter(pk__in=ticked)
    files = list(
        found.select_related("village", "township", "county")
        .prefetch_related("family", "guardians", "memberships")
        .newest_first()
    )
    for file in files:
        needed = needed_before_sending(file)
        file.needed = list(needed.values())
        file.lacks = lacks_of(Case(file, timezone.localdate())).besides(needed)
        file.seen_version = ticked[file.pk]
    context = {
        "files": files,
        "to_send": sum(not file.needed for file in files),
        "missing": len(ticked) - len(files),
        "back": back,
        "query": request.POST.get("query", ""),
    }
    return render(request, "registry/lists/submit.html", context)


def _back(request) -> str:
    return reverse("child-list") + Asked.sent(request).address()


def _say_outcome(request, outcome: BulkOutcome) -> None:
    if done := len(outcome.done):
        words = ngettext("已送出 %(n)s 份，等工作站审核。", "已送出 %(n)s 份，等工作站审核。", done)
        messages.success(request, words % {"n": done})
    for name, reason in outcome.refused:
        messages.warning(request, _("%(name)s没有送出：%(reason)s") % {"name": name, "reason": reason})
    if outcome.missing:
        words = ngettext(
            "有 %(n)s 份已不在您的管辖范围，没有送出。", "有 %(n)s 份已不在您的管辖范围，没有送出。", outcome.missing
        )
        messages.warning(request, words % {"n": outcome.missing})
