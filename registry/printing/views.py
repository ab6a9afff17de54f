"""The file on paper: as a page to print, and as a PDF."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header, urlencode
from django.utils.translation import gettext as _

from childwelfare.typesetting.services import NoTypesetting
from orgs.access.declarations import Reads, needs
from orgs.audit.readings import note_reading
from registry.child.models import ChildFile
from registry.printing.file import CATEGORIES, file_sheet
from registry.printing.left_behind import left_behind_sheet
from registry.printing.pdf import as_pdf

FILE, LEFT_BEHIND = "file", "left_behind"
PRINTED = Reads(("print_file", "reveal"))
ADDRESSES = {FILE: ("print-file", "print-file-pdf"), LEFT_BEHIND: ("print-left-behind", "print-left-behind-pdf")}


@needs("view_child", reads=PRINTED)
def print_page(request, pk, form=FILE):
    """The form on screen as it comes out of the printer. ``?hide=categories``; ``?numbers=full`` is recorded."""
    file, asked = _requested_parts(request, pk)
    context = {
        "file": file,
        "sheet": _sheet(request, file, form, asked),
        "forms": _forms(file, form),
        "options": _options(request, file, form, asked),
        "pdf_url": _address(ADDRESSES[form][1], file, asked),
    }
    return render(request, "registry/printing/page.html", context)


@needs("view_child", reads=PRINTED)
def print_pdf(request, pk, form=FILE):
    """The same form as a PDF; where the machine can't make one, back to the page with the way by the browser."""
    file, asked = _requested_parts(request, pk)
    try:
        content = as_pdf(_sheet(request, file, form, asked))
    except NoTypesetting as error:
        messages.error(request, error.advice)
        return redirect(_address(ADDRESSES[form][0], file, asked))
    response = HttpResponse(content, content_type="application/pdf")
    name = file.file_number or _("草稿")
    response["Content-Disposition"] = content_disposition_header(True, f"{name}.pdf")
    response["Cache-Control"] = "no-store, private"
    return response


def _requested_parts(request, pk) -> tuple[ChildFile, dict]:
    """The file, and what of its form was asked for. Raises PermissionDenied for numbers that the post can't see."""
    files = ChildFile.objects.visible_to(request.post, "view_child")
    files = files.select_related("village__city", "village__county", "village__township", "city", "county")
    file = get_object_or_404(files, pk=pk)
    asked = {}
    if request.GET.get("hide") == CATEGORIES:
        asked["hide"] = CATEGORIES
    if request.GET.get("numbers") == "full":
        if not request.post.may("reveal_child", file):
            raise PermissionDenied
        asked["numbers"] = "full"
    return file, asked


def _sheet(request, file: ChildFile, form: str, asked: dict):
    full = "numbers" in asked
    if full:
        note_reading(request, file, act="reveal", field="all", of="print")
    note_reading(request, file, form=form, **asked)
    if form == LEFT_BEHIND:
        return left_behind_sheet(file, full_numbers=full)
    return file_sheet(file, full_numbers=full, hide=frozenset(filter(None, [asked.get("hide")])))


def _address(name: str, file: ChildFile, asked: dict) -> str:
    query = urlencode(asked)
    return reverse(name, args=[file.pk]) + (f"?{query}" if query else "")


def _forms(file: ChildFile, form: str) -> list[dict]:
    labels = ((FILE, _("档案表")), (LEFT_BEHIND, _("留守儿童信息采集表")))
    return [
        {"label": label, "url": reverse(ADDRESSES[key][0], args=[file.pk]), "current": key == form}
        for key, label in labels
    ]


def _options(request, file: ChildFile, form: str, asked: dict) -> list[dict]:
    """Switches of the form, each with the address where it is the other way."""
    switches = [("hide", CATEGORIES, _("隐藏儿童类别"))] if form == FILE else []
    if request.post.may("reveal_child", file):
        switches.append(("numbers", "full", _("完整号码（会留下记录）")))
    options = []
    for name, value, label in switches:
        other = {key: given for key, given in asked.items() if key != name}
        if name not in asked:
            other[name] = value
        url = _address(ADDRESSES[form][0], file, other)
        options.append({"label": label, "url": url, "on": name in asked})
    return options
