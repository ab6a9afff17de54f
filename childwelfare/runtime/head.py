"""HEAD: the headers of GET without its body."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse


class HeadWithoutBody:
    """Not every web server drops the body of an answer to HEAD; left in, it would be read as the next answer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.method == "HEAD":
            if response.streaming:
                response.close()
                response.streaming_content = []  # type: ignore[attr-defined]
            else:
                response.headers.setdefault("Content-Length", str(len(response.content)))
                response.content = b""
        return response
