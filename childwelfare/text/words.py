"""The type of words for a reader: text, or text that waits for the language of the page (``gettext_lazy``)."""

from typing import TYPE_CHECKING

from django.utils.functional import Promise

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise as Words
else:
    Words = str | Promise
