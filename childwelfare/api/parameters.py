"""What a list of the API is asked by its address: a parameter that it does not know is refused, and so is a value that
its filter can't read, or one that is given twice. Left unread, the caller would get everything and think that it was
narrowed."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.core.validators import EMPTY_VALUES
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django_filters.rest_framework import DjangoFilterBackend
from django_filters.utils import translate_validation
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.settings import api_settings

from childwelfare.api.bodies import first_told


class KnownParameters:
    """A viewset whose lists refuse parameters that they don't know. They know their filters, those of their pages, and
    what ``parameters`` names: {action: names}."""

    parameters: ClassVar[Mapping[str, tuple[str, ...]]] = {}

    def initial(self: Any, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)  # type: ignore[misc]  # who asks, and whether she may
        if not kwargs:
            self.check_parameters(request)

    def filter_queryset(self: Any, queryset: QuerySet) -> QuerySet:
        """Of an address that names a record it is asked here: where that is kept from the reader the answer is that it
        is not there, whatever stands behind it, and the trail tells of the try."""
        if self.kwargs:
            self.check_parameters(self.request)
        return super().filter_queryset(queryset)  # type: ignore[misc]

    def check_parameters(self: Any, request: Request) -> None:
        """Raises ValidationError by parameter."""
        if not is_list(self):
            return
        sent, known = request.query_params, known_parameters(self)
        problems = {name: _("这个接口没有这个参数。") for name in sent if name not in known}
        # no filter of ours takes several: the last would be taken, an empty one among them
        problems |= {
            name: _("这个参数写了不止一次。") for name in sent if name in known and len(sent.getlist(name)) > 1
        }
        if problems:
            raise ValidationError(first_told(problems))


def is_list(view: Any) -> bool:
    """Whether the view's action answers with a list: read, or searched by words in the body."""
    return not view.detail and (view.request.method in ("GET", "HEAD") or view.action == "search")


def known_parameters(view: Any) -> set[str]:
    paging = getattr(view, "pagination_class", None)
    names = {*view.parameters.get(view.action, ()), *getattr(paging, "parameters", ())}
    for backend in getattr(view, "filter_backends", ()):
        filterset = backend().get_filterset_class(view, view.queryset)
        names |= set(filterset.get_filters()) if filterset else set()
    return names | {api_settings.URL_FORMAT_OVERRIDE}  # read by the framework: ``?format=json``


class FilterBackend(DjangoFilterBackend):
    """Filters refuse what they can't read. Some of their forms take it for nothing: yes or no, of "maybe"."""

    def filter_queryset(self, request: Request, queryset: Any, view: Any) -> Any:
        filterset = self.get_filterset(request, queryset, view)
        if filterset is None:
            return queryset
        if not filterset.is_valid():
            raise translate_validation(filterset.errors)
        read, sent = filterset.form.cleaned_data, request.query_params
        unread = [name for name, value in read.items() if sent.get(name, "").strip() and value in EMPTY_VALUES]
        if unread:
            raise ValidationError({name: [_("这个值读不出来，请按接口说明填写。")] for name in unread})
        return filterset.qs
