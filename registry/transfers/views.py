"""Transfers on both sides: what was asked of me, what I asked; the notice, and its answer."""

import uuid

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from childwelfare.pages.form_action import status_of
from childwelfare.tables.beginning import Beginning, beginning_of
from childwelfare.workflow.transitions import seen_version
from orgs.access.declarations import Reads, needs
from orgs.audit.readings import note_reading
from orgs.drafts.services import drop_draft
from registry.child.views.act import (
    file_for_act,
    refuse_to_open,
    render_act,
    submit_act,
    to_village_form,
    villages_asked_for,
)
from registry.stays.rows import of_both_sides, stay_rows
from registry.transfers.forms import AnswerForm, TransferForm
from registry.transfers.models import Transfer
from registry.transfers.rows import JOINS, both_sides, describe
from registry.transfers.services import ask_transfer
from registry.transfers.turned_away import turn_away_while_asked
from registry.transfers.workflow import TRANSFER
from registry.twins.presentation import elsewhere_lines
from registry.twins.readings import TWINS_READ, note_twins
from registry.twins.services import Twins, twins_of_file

SHOWN = 50


@needs("accept_transfer", "transfer_child", reads="read_list")
def transfer_list(request):
    arriving = Transfer.arriving.visible_to(request.post, "accept_transfer")
    leaving = Transfer.objects.visible_to(request.post, "transfer_child")
    stays = of_both_sides(request.post, "view_child")
    sides: dict[str, list] = {
        "staying": stay_rows(request.post, stays.open()),
        "back": stay_rows(request.post, stays.exclude(ended_on=None)),
        "arriving": _rows(request.post, arriving.open()),
        "leaving": _rows(request.post, leaving.open()),
        "answered": _rows(request.post, both_sides(request.post).exclude(state="asked")),
    }
    note_reading(request, rows=sum(len(rows) for rows in sides.values()))
    return render(request, "registry/transfers/list.html", sides)


@needs("accept_transfer", "transfer_child", reads=Reads(("view_transfer", *TWINS_READ)))
def transfer_detail(request, pk):
    """The notice: enough to know whether the child is one's own, nothing of the file before it is accepted."""
    return _notice(request, pk, AnswerForm())


def _notice(request, pk, form: AnswerForm):
    transfer = get_object_or_404(both_sides(request.post).select_related(*JOINS), pk=pk)
    note_reading(request, transfer)
    describe(request.post, transfer)
    moves = TRANSFER.open_to(request.post, transfer)
    twins = _twins_here(request.post, transfer)
    note_twins(request, twins, where="transfer")
    context = {
        "twins": twins.named,
        "elsewhere": elsewhere_lines(twins, transfer.target),
        "transfer": transfer,
        "moves": moves,
        "form": form,
        "asks_reason": any(move.needs_reason for move in moves),
        "events": list(transfer.events.select_related("person")),
    }
    return render(request, "registry/transfers/detail.html", context, status=status_of(form))


def _twins_here(post, transfer: Transfer) -> Twins:
    """The files that may be of the same child where it is to come to, for who is to take it in."""
    if not TRANSFER.is_open_to(post, transfer, "accept"):
        return Twins()
    return twins_of_file(transfer.child, post, village=transfer.target)


@needs("accept_transfer", "transfer_child", reads=Reads(("view_transfer", *TWINS_READ)))
@require_POST
def transfer_answer(request, pk, action):
    if action not in TRANSFER.transitions:
        raise Http404
    transfer = get_object_or_404(both_sides(request.post).select_related(*JOINS), pk=pk)
    form, stays = AnswerForm(request.POST), transfer.child.stays.open().exists()
    if not form.is_valid() or not form.attempt(
        TRANSFER.apply,
        action,
        transfer,
        by=request.post,
        seen_version=seen_version(request.POST.get("version")),
        reason=form.cleaned_data["reason"],
    ):
        return _notice(request, pk, form)
    drop_draft(request)
    if action == "accept":
        messages.success(request, _("已接收%(name)s，走访从今天起由这里安排。") % {"name": transfer.child.name})
        _say_what_follows(request, stays=stays)
        if twins_of_file(transfer.child, request.post).to_answer:
            messages.warning(request, _("这里已有相似的档案，请核对：是同一个孩子的办理合并，不是的写明原因。"))
            return redirect("child-twins", transfer.child_id)
        return redirect("child-file", transfer.child_id)
    messages.success(
        request, _("已退回，对方会看到原因。") if action == "refuse" else _("已撤回，档案仍由您这里管理。")
    )
    return redirect("transfer-list")


def _say_what_follows(request, *, stays: bool) -> None:
    """After a child was taken in; ``stays``: a stay elsewhere was open and has ended with it."""
    if stays:
        messages.info(request, _("孩子的临时居住已随转出结束。"))
    messages.warning(request, _("原住址已留在档案经过里，现住址空着：请问清孩子现在住哪里，在档案里提出变更。"))


def _rows(post, transfers) -> Beginning[Transfer]:
    rows = beginning_of(transfers.select_related(*JOINS).newest_first(), SHOWN)
    for transfer in rows:
        describe(post, transfer)
    return rows


@needs("transfer_child", reads="view_file")
def child_transfer(request, pk):
    file = file_for_act(request, pk, "transfer_child")
    if back := refuse_to_open(request, file, _("转出")) or turn_away_while_asked(request, file):
        return back
    villages = villages_asked_for(request, file)
    stays = file.stays.open().exists()
    form = to_village_form(TransferForm, request, file, villages)
    if request.method == "POST" and (transfer := submit_act(request, form, ask_transfer, file)):
        place = {"name": file.name, "place": transfer.target.path_label}
        if transfer.state == "accepted":
            messages.success(request, _("%(name)s已转到%(place)s。") % place)
            _say_what_follows(request, stays=stays)
        else:
            messages.success(request, _("已请%(place)s接收%(name)s。对方接收之前，档案和走访仍由您这里负责。") % place)
        return redirect("child-file", file.pk)
    form.fields["pk"].initial = uuid.uuid4()
    return render_act(
        request,
        form,
        file,
        title=_("转出"),
        button=_("提出转出"),
        note=_("同一乡镇（街道）内直接转；转到别处的，由对方工作站或县级指导中心接收后生效。")
        + (_("孩子登记了临时居住，转出生效时随之结束。") if stays else ""),
        **villages,
    )
