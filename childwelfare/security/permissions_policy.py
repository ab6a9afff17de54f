"""What pages may ask of the device: its position, by a tap on the visit form, and nothing else."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

POLICY = "geolocation=(self), camera=(), microphone=(), payment=(), usb=(), midi=(), display-capture=()"


class PermissionsPolicy:
    """Says so to the browser with every answer. Photos come from the phone's own camera app, which needs no leave."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response["Permissions-Policy"] = POLICY
        return response
