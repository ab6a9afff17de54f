"""How the API reads what it is sent."""

import codecs
from typing import Any

from django.http.multipartparser import MultiPartParserError
from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser as DrfJSONParser
from rest_framework.parsers import MultiPartParser as DrfMultiPartParser
from rest_framework.parsers import get_encoding  # type: ignore[attr-defined]  # newer than its stubs
from rest_framework.utils import json

from childwelfare.api.bodies import NAME_TOLD
from childwelfare.security.headers import odd_parts_refused
from childwelfare.text.nested import check_depth, without_lone_surrogates


class JSONParser(DrfJSONParser):
    """JSON that is nested deeper than any of ours is refused in words (400), as what is no JSON is, and one that says
    a name twice: the last would be taken, and who sent it would not know.

    Half a surrogate pair is replaced wherever it stands, also in names, which no field would look at; not for a view
    that says ``reads_texts_as_sent``.
    """

    def parse(self, stream, media_type=None, parser_context=None):
        context = parser_context or {}
        coding = codecs.getreader(get_encoding(context))
        constant = json.strict_constant if self.strict else None
        try:
            given = json.loads(coding(stream).read(), parse_constant=constant, object_pairs_hook=_each_name_once)
        except RecursionError:
            raise _too_deep() from None
        except ValueError as error:
            raise ParseError(f"JSON parse error - {error}") from None
        try:
            check_depth(given)
        except ValueError:
            raise _too_deep() from None
        return given if getattr(context.get("view"), "reads_texts_as_sent", False) else without_lone_surrogates(given)


class MultiPartParser(DrfMultiPartParser):
    """A form with a part whose header can't be read is a bad request, as on a page."""

    def parse(self, stream, media_type=None, parser_context=None):
        try:
            with odd_parts_refused():
                return super().parse(stream, media_type, parser_context)
        except MultiPartParserError as error:
            raise ParseError(str(error)) from None


def _too_deep() -> ParseError:
    return ParseError(_("JSON 嵌套太深，没有收下。请按接口说明的格式发送。"))


def _each_name_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """The object of ``pairs``. Raises ParseError where one name stands twice in it."""
    read: dict[str, Any] = {}
    for name, value in pairs:
        if name in read:
            told = without_lone_surrogates(name[:NAME_TOLD])
            raise ParseError(_("JSON 里同一处写了两次“%(name)s”，没有收下。每项只写一次。") % {"name": told})
        read[name] = value
    return read
