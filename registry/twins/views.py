"""Files that may be of one child: told while a form is filled in, put side by side, answered."""

import dataclasses

from django.contrib import messages
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from childwelfare.pages.form_action import status_of
from childwelfare.security.sealing import blind_index
from orgs.access.declarations import Reads, needs
from orgs.audit.readings import note_reading
from orgs.drafts.services import drop_draft
from orgs.posts.models import Appointment
from orgs.units.models import OrgUnit
from registry.child.forms import ChildForm
from registry.child.id_number import read_id_number
from registry.child.models import ChildFile
from registry.child.workflow import FILE
from registry.twins.forms import REASONS, NotTheSameForm, TakeBackForm
from registry.twins.likeness import ChildFacts
from registry.twins.presentation import elsewhere_lines, shown
from registry.twins.readings import TWINS_READ, note_twins
from registry.twins.services import (
    SAYS,
    may_say,
    may_take_back,
    say_not_the_same,
    take_back_not_the_same,
    twins_of,
    twins_of_file,
)

NUMBERS_AN_HOUR = 60  # of one person, typed into forms


@needs("create_child", reads=Reads((*TWINS_READ, "check_number")))
@require_POST
def twin_check(request):
    """The piece below name and birth date on the form of a new file: whom it may be, and which ID number has a head
    that no region was given. What is wrong in the form is not said here: it is when the form is sent; then the piece
    is empty."""
    form = ChildForm(request.POST, post=request.post)
    form.is_valid()  # what is right of it is in cleaned_data
    context: dict = {"doubts": form.doubts()}
    if (typed := _typed(form)) and typed[0].number and not _may_check_a_number(request):
        context["doubts"] = [*context["doubts"], _("核对得太频繁，先不核对证件号；送出时仍会核对。")]
    elif typed:
        child, village = typed
        if child.number:
            note_reading(request, act="check_number", where="form")
        twins = twins_of(child, request.post)
        note_twins(request, twins, where="form")
        context |= {"twins": twins.named, "elsewhere": elsewhere_lines(twins, village)}
    elif not context["doubts"]:
        return HttpResponse()
    return render(request, "registry/twins/_while_typing.html", context)


def _may_check_a_number(request) -> bool:
    """Not number after number until one is known: a clerk who registers all day checks fewer."""
    key = f"twins:numbers:{request.post.person_id}"
    cache.add(key, 0, 3600)
    try:
        return cache.incr(key) <= NUMBERS_AN_HOUR
    except ValueError:  # it ended in between, or there is no cache
        return True


def _typed(form: ChildForm) -> tuple[ChildFacts, OrgUnit] | None:
    """What of the child stands in the form so far, and the village; None before name, birth date and village do."""
    data = form.cleaned_data
    number, village = data.get("id_number") or "", data.get("village")
    birth_date = data.get("birth_date")
    if number and not birth_date:
        try:
            birth_date = read_id_number(number).birth_date
        except ValidationError:
            number = ""
    if not (data.get("name") and birth_date and village):
        return None
    child = ChildFacts(
        name=data["name"],
        sex=data.get("sex") or "",
        birth_date=birth_date,
        county=village.county_id,
        township=village.township_id,
        village=village.pk,
        number=blind_index(number, "id_number"),
        guardian_name=data.get("guardian_name") or "",
        guardian_phone=blind_index(data.get("guardian_phone") or "", "phone"),
        guardian_number=blind_index(data.get("guardian_id_number") or "", "id_number"),
        pk=data.get("pk"),
    )
    return child, village


@needs(*SAYS, reads=Reads(("view_file", *TWINS_READ)))
def child_twins(request, pk):
    """One file beside those that may be of the same child. Sent: that the two are not, with the reason."""
    files = ChildFile.objects.open_to(request.post, "view_child")
    file = get_object_or_404(files.select_related("village__city", "village__county", "village__township"), pk=pk)
    form = NotTheSameForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        other = get_object_or_404(files, pk=form.cleaned_data["other"])
        reason = form.cleaned_data["reason"]
        if form.attempt(say_not_the_same, file, other, by=request.post, reason=reason):
            drop_draft(request, f"child-twins-{file.pk}-{other.pk}")
            messages.success(
                request, _("已记下：%(name)s和这份档案不是同一个孩子，以后不再问。") % {"name": other.name}
            )
            if form.cleaned_data["back"] == "review":
                return redirect("review-case", "file", file.pk)
            return redirect("child-twins", file.pk)
    return _page(request, file, form)


@needs(*SAYS, reads=Reads(("view_file", *TWINS_READ)))
@require_POST
def child_twins_take_back(request, pk):
    """That another file is of another child was a mistake: the pair is asked about again."""
    files = ChildFile.objects.open_to(request.post, "view_child")
    file = get_object_or_404(files.select_related("village__city", "village__county", "village__township"), pk=pk)
    form = TakeBackForm(request.POST)
    if form.is_valid():
        other = get_object_or_404(files, pk=form.cleaned_data["other"])
        reason = form.cleaned_data["reason"]
        if form.attempt(take_back_not_the_same, file, other, by=request.post, reason=reason):
            drop_draft(request, f"child-twins-take-back-{file.pk}-{other.pk}")
            text = _("已收回：%(name)s和这份档案是不是同一个孩子，请再核对。")
            messages.success(request, text % {"name": other.name})
            return redirect("child-twins", file.pk)
    return _page(request, file, form)


def _page(request, file: ChildFile, form: NotTheSameForm | TakeBackForm):
    twins = twins_of_file(file, request.post)
    note_reading(request, file)
    note_twins(request, twins, where="pair")
    rows, answered = shown(file, twins.to_answer), shown(file, twins.answered)
    answered = [
        dataclasses.replace(row, may_take_back=may_take_back(row.twin.said, file, row.twin.file, by=request.post))
        for row in answered
    ]
    if form.errors:  # at the pair that was answered, with what was typed
        sent = {
            "problem": " ".join(str(words) for found in form.errors.values() for words in found),
            "typed": request.POST.get("reason", ""),
        }
        other = request.POST.get("other", "")
        rows, answered = (
            [dataclasses.replace(row, **sent) if str(row.twin.file.pk) == other else row for row in each]
            for each in (rows, answered)
        )
    context = {
        "file": file,
        "rows": rows,
        "answered": answered,
        "elsewhere": elsewhere_lines(twins, file.village),
        "reasons": REASONS,
        "form": form,
        "may_submit": not rows and FILE.is_open_to(request.post, file, "submit"),
        "may_merge": file.state == "approved" and request.post.may("merge_child", file),
        "may_answer": _may_answer(request.post, file),
    }
    return render(request, "registry/twins/twins.html", context, status=status_of(form))


def _may_answer(post: Appointment, file: ChildFile) -> bool:
    return may_say(file, file, by=post)
