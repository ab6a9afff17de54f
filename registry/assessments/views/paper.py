"""An assessment on paper: the report, and the letters to the family, as a page to print; the report as a PDF too."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header

from childwelfare.typesetting.services import NoTypesetting
from orgs.access.declarations import needs
from orgs.audit.readings import note_reading
from registry.assessments.models import Assessment
from registry.assessments.paper import letter_after, letter_before, report_sheet
from registry.child.models import ChildFile
from registry.printing.pdf import as_pdf


@needs("view_assessment", reads="print_assessment")
def assessment_print(request, pk):
    """The report on screen as it comes out of the printer."""
    assessment = _assessment(request, pk)
    note_reading(request, assessment)
    context = {"assessment": assessment, "file": assessment.child, "sheet": report_sheet(assessment)}
    return render(request, "registry/assessments/print.html", context)


@needs("view_assessment", reads="print_assessment")
def assessment_pdf(request, pk):
    """The same report as a PDF; where the machine can't make one, back to the page with the way by the browser."""
    assessment = _assessment(request, pk)
    try:
        content = as_pdf(report_sheet(assessment))
    except NoTypesetting as error:
        messages.error(request, error.advice)
        return redirect("assessment-print", assessment.pk)
    note_reading(request, assessment)
    response = HttpResponse(content, content_type="application/pdf")
    name = f"{assessment.child.file_number}-{assessment.assessed_on:%Y%m%d}.pdf"
    response["Content-Disposition"] = content_disposition_header(True, name)
    response["Cache-Control"] = "no-store, private"
    return response


@needs("view_assessment", reads="print_assessment")
def assessment_letter(request, pk):
    """The letter to the family that tells what came of it."""
    assessment = _assessment(request, pk)
    note_reading(request, assessment)
    letter = letter_after(assessment, on=timezone.localdate())
    return render(request, "registry/assessments/letter.html", {"letter": letter, "assessment": assessment})


@needs("assess_child", reads="print_assessment")
def child_assess_letter(request, pk):
    """The letter to the family that an assessment will take place."""
    files = ChildFile.objects.visible_to(request.post, "assess_child")
    file = get_object_or_404(files.select_related("village__county", "village__township"), pk=pk)
    note_reading(request, file)
    letter = letter_before(file, on=timezone.localdate())
    return render(request, "registry/assessments/letter.html", {"letter": letter, "file": file})


def _assessment(request, pk) -> Assessment:
    found = Assessment.objects.visible_to(request.post, "view_assessment")
    related = ("child__village__township", "child__village__county", "instrument", "made_by", "city", "county")
    return get_object_or_404(found.select_related(*related).prefetch_related("events__post__unit"), pk=pk)
