"""How the API reads what it is sent."""

from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser as DrfJSONParser

from childwelfare.text.nested import check_depth, without_lone_surrogates


class JSONParser(DrfJSONParser):
    """JSON that is nested deeper than any of ours is refused in words (400), as what is no JSON is.

    Half a surrogate pair is replaced wherever it stands, also in names, which no field would look at; not for a view
    that says ``reads_texts_as_sent``.
    """

    def parse(self, stream, media_type=None, parser_context=None):
        try:
            given = super().parse(stream, media_type=media_type, parser_context=parser_context)
            check_depth(given)
        except (RecursionError, ValueError):
            raise ParseError(_("JSON 嵌套太深，没有收下。请按接口说明的格式发送。")) from None
        view = (parser_context or {}).get("view")
        return given if getattr(view, "reads_texts_as_sent", False) else without_lone_surrogates(given)
