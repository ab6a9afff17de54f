"""Every URL of the product."""

from django.urls import URLPattern, URLResolver, get_resolver


def routes(resolver=None, prefix=""):
    """(path pattern, name, view) of every URL."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            yield from routes(pattern, prefix + str(pattern.pattern))
        elif isinstance(pattern, URLPattern):
            yield prefix + str(pattern.pattern), pattern.name, pattern.callback
