"""What guidance and entrusted care add to a child's file."""

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from registry.child.models import ChildFile


def guidance_panel(request, file: ChildFile) -> dict:
    """A panel of the file's page (registry.child.sections.PANELS): the agreement in force and what it lacks."""
    if not request.post.may("view_guidance", file):
        return {}
    url, talks = reverse("guidance", args=[file.pk]), list(file.guidance.order_by("-given_on")[:10])
    agreement = file.entrustments.in_force().first()
    todos = []
    if agreement:
        agreement.child = file
        todos = [
            {
                "icon": "file-earmark-text",
                "tone": "warm",
                "title": text,
                "note": _("委托照护书"),
                "url": url,
                "action": _("打开"),
            }
            for text in agreement.lacking
        ]
    return {
        "title": _("指导监护"), "anchor": "guidance", "count_label": _("%(n)s 次") % {"n": file.guidance.count()},
        "template": "visits/guidance_panel.html", "agreement": agreement, "todos": todos, "url": url,
        "timeline": [
            {"at": talk.made_at, "when": date_format(talk.given_on, "MONTH_DAY_FORMAT"), "title": _("指导监护人"),
             "note": _("、").join(map(str, talk.topic_labels)), "tone": "", "url": url}
            for talk in talks
        ],
    }  # fmt: skip
