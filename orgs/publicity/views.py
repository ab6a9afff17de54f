"""Publicity activities: the list of one's scope, and the form of a village or station."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from childwelfare.pages.form_action import act, status_of
from childwelfare.tables.keyset import capped_count, page_of
from childwelfare.uploads.photos import MAX_PHOTOS
from orgs.access.declarations import NO_CHILD, ReadsNothing, needs
from orgs.drafts.services import drop_draft
from orgs.publicity.forms import PublicityForm
from orgs.publicity.models import Publicity, PublicityPhoto
from orgs.publicity.services import log_publicity, read_photo


@needs("view_publicity", reads=NO_CHILD)
def publicity_list(request):
    found = Publicity.objects.visible_to(request.post, "view_publicity")
    context = {"may_log": request.post.holds("log_publicity")}
    context["count"], context["more"] = capped_count(found)
    rows = found.select_related("unit__county", "unit__township", "unit__city", "made_by").prefetch_related("photos")
    context["page"] = page_of(rows, ("held_on", "id"), request.GET.get("page", ""))
    return render(request, "orgs/publicity/list.html", context)


@needs("log_publicity", reads=NO_CHILD)
def publicity_new(request):
    form = PublicityForm(request.POST or None)
    photos = request.FILES.getlist("photos")
    if request.method == "POST" and act(request, form, log_publicity, photos=photos):
        drop_draft(request)
        messages.success(request, _("已记录宣传活动。"))
        return redirect("publicity-list")
    context = {"form": form, "photos_most": MAX_PHOTOS}
    return render(request, "orgs/publicity/form.html", context, status=status_of(form))


@needs("view_publicity", reads=ReadsNothing("a photo of an activity, of no child's file"))
def publicity_photo(request, pk):
    """A photo, only to who may see its activity; never kept by a browser."""
    visible = Publicity.objects.visible_to(request.post, "view_publicity")
    photo = get_object_or_404(PublicityPhoto, pk=pk, publicity__in=visible)
    response = HttpResponse(read_photo(photo), content_type="image/jpeg")
    response["Cache-Control"] = "no-store, private"
    return response
