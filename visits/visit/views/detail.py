"""Reading one visit: beside the one before it, with what came of it; and its photos."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from orgs.access.declarations import needs, picture_of
from orgs.audit.readings import note_reading
from registry.needs.services.recording import may_be_recorded_for
from visits.visit.models import Visit, VisitPhoto
from visits.visit.presentation import visit_context
from visits.visit.services.photos import read_photo


@needs("view_visit", reads="view_visit")
def visit_detail(request, pk):
    visits = Visit.objects.open_to(request.post, "view_visit").select_related("child__village", "made_by", "village")
    visit = get_object_or_404(visits, pk=pk)
    note_reading(request, visit)
    context = visit_context(request, visit)
    context |= {"visit_case": context, "may_record_need": may_be_recorded_for(request.post, visit.child)}
    return render(request, "visits/visit/detail.html", context)


@needs("view_visit", reads=picture_of("view_visit_photo"))
def visit_photo(request, pk):
    """A photo, only to who may see its visit; never kept by a browser; who opened it is recorded."""
    visible = Visit.objects.open_to(request.post, "view_visit")
    photo = get_object_or_404(VisitPhoto.objects.select_related("visit"), pk=pk, visit__in=visible)
    content = read_photo(photo)
    note_reading(request, photo.visit)
    response = HttpResponse(content, content_type="image/jpeg")
    response["Cache-Control"] = "no-store, private"
    return response
