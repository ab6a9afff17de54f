"""The reader's own address behind ``settings.CWR_PROXIES`` trusted proxies."""

from django.conf import settings


def client_address(request) -> str:
    """The address that the outermost trusted proxy saw; what a client writes into the header itself is not believed."""
    hops = [hop.strip() for hop in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if hop.strip()]
    trusted = settings.CWR_PROXIES
    return hops[-trusted] if 0 < trusted <= len(hops) else request.META.get("REMOTE_ADDR", "")
