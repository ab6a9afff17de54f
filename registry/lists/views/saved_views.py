"""Saving the list as it stands under a name, and deleting a saved one."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from childwelfare.workflow.refusals import Refused
from orgs.access.declarations import needs
from registry.lists.models import SavedView
from registry.lists.services.saved_views import delete_view, save_view
from registry.lists.views.listing import Asked


@needs("view_child", "list_masked")
@require_POST
def view_save(request):
    """``query``: the address of the list; only what this list understands of it is kept."""
    asked = Asked.sent(request)
    try:
        view = save_view(
            by=request.post,
            name=request.POST.get("name", ""),
            query=asked.pairs(),
            shared=bool(request.POST.get("shared")),
        )
        messages.success(request, _("已存为“%(name)s”，以后点一下就能打开。") % {"name": view.name})
    except ValidationError as error:
        messages.error(request, "；".join(error.messages))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return _back(asked.address())


@needs("view_child", "list_masked")
@require_POST
def view_delete(request, pk):
    view = get_object_or_404(SavedView.objects.filter(made_in=request.post), pk=pk)
    delete_view(view, by=request.post)
    messages.success(request, _("已删除“%(name)s”。档案没有变。") % {"name": view.name})
    return _back("?" + view.query)


def _back(address: str):
    return redirect(reverse("child-list") + address)
