"""Headers that say something that nobody can read: refused in words or left out, never the end of the request."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.http.multipartparser import MultiPartParserError
from django.utils.http import parse_header_parameters

# An encoding that is none of text's, one that there is not, parts of one value in no order: Python's parser of headers
# raises what its codecs raise, and Django passes it on.
UNREADABLE = (ValueError, LookupError, TypeError)


class Request(WSGIRequest):
    """A request that comes to be whatever its headers say: Django reads them before any middleware could answer."""

    def __init__(self, environ: dict[str, Any]) -> None:
        # The API's renderers are chosen by it; one that can't be read asks for nothing.
        if not all(_is_readable(each) for each in environ.get("HTTP_ACCEPT", "").split(",")):
            del environ["HTTP_ACCEPT"]
        super().__init__(environ)

    def _set_content_type_params(self, meta: dict[str, Any]) -> None:
        try:
            super()._set_content_type_params(meta)  # type: ignore[misc]  # its stubs leave it out
        except UNREADABLE:
            # an encoding without a name, which OnlyUtf8 (childwelfare.security.charset) refuses
            self.content_type, self.content_params = "", {"charset": ""}

    def parse_file_upload(self, META: Mapping[str, Any], post_data: Any) -> tuple[Any, Any]:  # noqa: N803 -- Django's name
        """As Django does; a part whose header can't be read is a bad request (400)."""
        with odd_parts_refused():
            return super().parse_file_upload(META, post_data)


class Handler(WSGIHandler):
    request_class = Request


@contextmanager
def odd_parts_refused() -> Iterator[None]:
    """What reads the parts of a form raises MultiPartParserError at a header that can't be read, as at others."""
    try:
        yield
    except (LookupError, TypeError) as error:
        raise MultiPartParserError("a part of the form has a header that can't be read") from error


def _is_readable(header: str) -> bool:
    try:
        parse_header_parameters(header)
    except UNREADABLE:
        return False
    return True
