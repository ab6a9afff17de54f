"""Pages on which a stay elsewhere begins and ends."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from childwelfare.pages.only_posted import belongs_to
from childwelfare.text.days import short_day
from childwelfare.workflow.refusals import Refused
from childwelfare.workflow.transitions import seen_version
from orgs.access.declarations import needs
from orgs.drafts.services import tell_unsent
from registry.child.models import ChildFile
from registry.child.views.act import (
    file_for_act,
    refuse_to_open,
    render_act,
    submit_act,
    to_village_form,
    turn_away,
    villages_asked_for,
)
from registry.stays.forms import EndStayForm, StayForm
from registry.stays.models import Stay, StayState, may_open, stay_of
from registry.stays.rows import JOINS, of_both_sides
from registry.stays.services import begin_stay, end_stay, undo_end
from registry.stays.workflow import STAY


@needs("stay_child", reads="view_file")
def child_stay(request, pk):
    file = file_for_act(request, pk, "stay_child")
    if back := refuse_to_open(request, file, _("临时居住")) or _turn_away_while_open(request, file):
        return back
    villages = villages_asked_for(request, file)
    form = to_village_form(StayForm, request, file, villages)
    if request.method == "POST" and (stay := submit_act(request, form, begin_stay, file)):
        said = {"name": file.name, "place": stay.village.path_label, "day": short_day(stay.since)}
        if stay.in_force:
            messages.success(request, _("%(name)s在%(place)s暂住，走访从今天起由那里负责；档案仍由这里管理。") % said)
        else:
            messages.success(request, _("%(name)s从 %(day)s 起在%(place)s暂住，到那天走访由那里负责。") % said)
        return redirect("child-file", file.pk)
    form.fields["pk"].initial = uuid.uuid4()
    return render_act(
        request,
        form,
        file,
        title=_("临时居住"),
        button=_("登记"),
        note=_(
            "孩子到别处住一段时间：档案留在这里，也只在这里计数；走访由那里的儿童福利主任负责，他们暂住期间可以打开档案。"
        ),
        **villages,
    )


def _turn_away_while_open(request, file: ChildFile) -> HttpResponse | None:
    """To the page of ``file``, which shows the stay that is registered and its end; None where none is. What was sent
    meanwhile is shown again, with what the service says."""
    stay = None if request.method == "POST" else stay_of(file)
    if stay is None:
        return None
    text = _("%(name)s已登记在%(place)s暂住，%(day)s起。要另登记的，请先结束这一次。")
    if stay.host_name:
        text = _("%(name)s已登记在%(place)s暂住，%(day)s起，与%(host)s同住。要另登记的，请先结束这一次。")
    words = {"name": file.name, "place": stay.village.path_label, "day": short_day(stay.since), "host": stay.host_name}
    return turn_away(request, text % words, to="child-file", pk=file.pk)


@needs(*STAY.permissions("end"), reads="view_file")
def stay_end(request, pk):
    """For the station of either side: the child is back, or is not there."""
    stay = get_object_or_404(of_both_sides(request.post, "stay_child").select_related(*JOINS), pk=pk)
    file, post = stay.child, request.post
    if stay.ended_on and request.method != "POST":  # what was typed meanwhile is shown again
        messages.info(request, _("这次临时居住已于 %(day)s 结束。") % {"day": short_day(stay.ended_on)})
        tell_unsent(request)
        return redirect("transfer-list")
    form, had_begun = EndStayForm(request.POST or None, file=stay), stay.begun_on is not None
    if request.method == "POST" and submit_act(request, form, end_stay, stay):
        text = _("临时居住已取消，走访仍由%(place)s负责。")
        if had_begun:
            text = _("临时居住已结束，走访从今天起由%(place)s负责。")
        messages.success(request, text % {"place": file.village.path_label})
        return redirect("child-file", file.pk) if post.may("view_child", file) else redirect("transfer-list")
    return render_act(
        request,
        form,
        file,
        title=_("结束临时居住"),
        button=_("结束"),
        note=_("%(place)s，%(day)s起。结束后走访由档案所在地负责，暂住地不再能打开档案。")
        % {"place": stay.village.path_label, "day": short_day(stay.since)},
    )


def _file_of(request, pk):
    """The child's file, or the list where it is not open to the post."""
    stay = of_both_sides(request.post, "stay_child").select_related("child").filter(pk=pk).first()
    if stay is None:
        return None
    if may_open(request.post, "view_child", stay.child):
        return reverse("child-file", args=[stay.child_id])
    return reverse("transfer-list")


def _as_undone(stay: Stay) -> str:
    """What holds after the undo: the day may have changed between the end and its taking back."""
    if stay.state == StayState.ANNOUNCED:
        text = _("已撤销，临时居住照旧，从 %(day)s 起走访由%(place)s负责。")
        return text % {"day": short_day(stay.since), "place": stay.village.path_label}
    if stay.state == StayState.RUNNING:
        return _("已撤销，临时居住照旧，走访由%(place)s负责。") % {"place": stay.village.path_label}
    assert stay.until  # it has ended with it
    return _("已撤销；约定的返回日期 %(day)s 已到，临时居住到那天为止。") % {"day": short_day(stay.until)}


@needs(*STAY.permissions("end"))
@require_POST
@belongs_to(_file_of)
def stay_undo(request, pk):
    """Take back the end of a stay that one wrote just now."""
    stay = get_object_or_404(of_both_sides(request.post, "stay_child").select_related(*JOINS), pk=pk)
    try:
        undo_end(stay, by=request.post, seen_version=seen_version(request.POST.get("version")))
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _as_undone(stay))
    if may_open(request.post, "view_child", stay.child):
        return redirect("child-file", stay.child_id)
    return redirect("transfer-list")
