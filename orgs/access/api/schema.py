"""The machine-readable description of the API and its page, for people who are signed in."""

from functools import cache
from typing import Any

from csp.decorators import csp_update
from django.conf import settings
from django.utils import translation
from django.utils.decorators import method_decorator
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.permissions import BasePermission

from orgs.access.declarations import NO_CHILD


class HasPost(BasePermission):
    """Anybody signed in, in whatever post."""

    def has_permission(self, request, view):
        return getattr(request._request, "post", None) is not None


@cache
def description(language: str) -> dict:
    """The API as it describes itself in ``language``. It follows from the program alone and takes a second to put
    together: that is done once."""
    with translation.override(language):
        return SchemaGenerator().get_schema(request=None, public=True)


class KeptDescription(SchemaGenerator):
    """Answers what is kept, in the reader's language."""

    def get_schema(self, request: Any = None, public: bool = False) -> dict:
        language = translation.get_language()
        return description(language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE)


class Schema(SpectacularAPIView):
    generator_class = KeptDescription
    permission_classes = [HasPost]
    permissions = {"get": "signed in"}
    reads = {"get": NO_CHILD}


@method_decorator(csp_update({"style-src": ["'unsafe-inline'"]}), name="dispatch")
class Docs(SpectacularSwaggerSplitView):
    """The page's own styles are inline: allowed on this page alone, which shows no registry data."""

    permission_classes = [HasPost]
    permissions = {"get": "signed in"}
    reads = {"get": NO_CHILD}
