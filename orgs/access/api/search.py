"""Searching a list over the API: what is searched for stands in the body of a POST, never in an address, which servers
on the way may write down."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer

from childwelfare.api.parameters import KnownParameters
from childwelfare.pages.searched import Searched

# what a program may think that words are sent by: left unread they would still be in every log on the way
TYPED = {"q", "search", "name", "phone", "id_number"}


class SearchByWords(KnownParameters):
    """A viewset of a list that its action ``search`` narrows by words as well. ``words``: the serializer of its body;
    ``by_words(records, **words)`` narrows by those that were sent. Filters and pages are parameters of the address, as
    of the list; the same word there is refused, for there it is in every log already."""

    words: type[Serializer]
    filterset_class: Any

    def by_words(self, records: QuerySet, **words: str) -> QuerySet:
        raise NotImplementedError

    def found(self: Any, request: Request) -> Response:
        """The list as its own action answers it, narrowed by the words of the body."""
        given = self.words(data=request.data)
        given.is_valid(raise_exception=True)
        words = {name: word for name, word in given.validated_data.items() if word}
        request._request.searched = Searched(words)  # type: ignore[attr-defined]  # the trail: which, never what
        return self.list(request)

    def check_parameters(self: Any, request: Request) -> None:
        """Before what else the address says: these words tell what to do."""
        typed = {*self.words().fields, *TYPED} - set(self.filterset_class.get_filters())
        if said := sorted(typed & set(request.query_params)):
            where = request.path.removesuffix("search/") + "search/"
            told = _("查找的内容不能写在网址里，请写在请求体中：POST %(where)s") % {"where": where}
            raise ValidationError(dict.fromkeys(said, [told]))
        super().check_parameters(request)

    def filter_queryset(self: Any, records: QuerySet) -> QuerySet:
        records = super().filter_queryset(records)
        searched = getattr(self.request._request, "searched", Searched())
        return self.by_words(records, **searched.words) if self.action == "search" and searched.words else records
