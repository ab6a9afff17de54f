"""Giving the whole file to the child or its guardian on request."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from childwelfare.pages.form_action import status_of
from orgs.access.declarations import needs
from orgs.audit.readings import note_reading
from orgs.drafts.services import drop_draft
from registry.child.models import ChildFile
from registry.disclosure.forms import DisclosureForm
from registry.disclosure.services import disclose


@needs("disclose_child", reads="view_file")
def child_disclosure(request, pk):
    """The form, and to whom the file was given before; sent, it answers with the document as a download."""
    files = ChildFile.objects.visible_to(request.post, "disclose_child")
    file = get_object_or_404(files.select_related("village__county", "village__township"), pk=pk)
    form = DisclosureForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        content = form.attempt(disclose, file, by=request.post, **form.cleaned_data)
        if content:
            drop_draft(request)
            return _download(file, content)
    note_reading(request, file)
    context = {
        "file": file,
        "form": form,
        "guardian": file.guardians.current().first(),
        "given": file.disclosures.select_related("person"),
    }
    return render(request, "registry/disclosure/form.html", context, status=status_of(form))


def _download(file: ChildFile, content: bytes) -> HttpResponse:
    response = HttpResponse(content, content_type="application/json; charset=utf-8")
    name = file.file_number or _("草稿")
    response["Content-Disposition"] = content_disposition_header(True, f"{name}.json")
    response["Cache-Control"] = "no-store, private"
    return response
