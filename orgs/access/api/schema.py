"""The machine-readable description of the API and its page, for people who are signed in."""

from csp.decorators import csp_update
from django.utils.decorators import method_decorator
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.permissions import BasePermission

from orgs.access.declarations import NO_CHILD


class HasPost(BasePermission):
    """Anybody signed in, in whatever post."""

    def has_permission(self, request, view):
        return getattr(request._request, "post", None) is not None


class Schema(SpectacularAPIView):
    permission_classes = [HasPost]
    permissions = {"get": "signed in"}
    reads = {"get": NO_CHILD}


@method_decorator(csp_update({"style-src": ["'unsafe-inline'"]}), name="dispatch")
class Docs(SpectacularSwaggerSplitView):
    """The page's own styles are inline: allowed on this page alone, which shows no registry data."""

    permission_classes = [HasPost]
    permissions = {"get": "signed in"}
    reads = {"get": NO_CHILD}
