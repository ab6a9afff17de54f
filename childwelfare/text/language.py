"""Which language a page speaks: Chinese, unless the reader chose English."""

from contextlib import AbstractContextManager

from django.conf import settings
from django.http import HttpRequest
from django.middleware.locale import LocaleMiddleware
from django.utils import translation
from django.utils.translation import get_supported_language_variant


def kept_for_others() -> AbstractContextManager:
    """Texts that a service keeps are for others to read: in the language of the house, whoever causes them."""
    return translation.override(settings.LANGUAGE_CODE)


class ChosenLanguage(LocaleMiddleware):
    """Office PCs are often set to English without anybody having asked for it: what is preferred counts for programs
    alone; pages speak Chinese until somebody presses English, and so does the API to their scripts."""

    def process_request(self, request: HttpRequest) -> None:
        by_a_page = settings.SESSION_COOKIE_NAME in request.COOKIES  # programs have a token
        if request.path.startswith("/api/") and not by_a_page:
            super().process_request(request)
            return
        try:
            language = get_supported_language_variant(request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, ""))
        except LookupError:
            language = settings.LANGUAGE_CODE
        translation.activate(language)
        request.LANGUAGE_CODE = translation.get_language()
