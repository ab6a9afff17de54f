"""Words for a reader. Their type: text, or text that waits for the language of the page (``gettext_lazy``)."""

from typing import TYPE_CHECKING

from django.utils.functional import Promise

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise as Words
else:
    Words = str | Promise

# between the units of a path: 高村乡 › 刘沟村
PATH_SIGN = " › "
