"""Why a move was not made, in words for its reader."""

from typing import Self

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from childwelfare.text.cleaning import check_text

CHANGED_SINCE = gettext_lazy("您打开以后，这条记录有过变动，请重新打开再看。")


def messages_by_field(error: ValidationError) -> dict[str, list[str]]:
    """{field: messages} of ``error``; under NON_FIELD_ERRORS those of one that was raised without a field, which has no
    ``message_dict``. All of them in one list: ``error.messages``, whatever it was raised with."""
    return error.message_dict if hasattr(error, "error_dict") else {NON_FIELD_ERRORS: error.messages}


class Refused(Exception):
    """A move that can't be made; its text tells the reader why and what to do (HTTP 422)."""

    def about(self, what: str) -> Self:
        """The same refusal, for a form that sends several records: which of them it is about."""
        return type(self)(_("%(what)s：%(why)s") % {"what": what, "why": self})


def printed_reason(text: str) -> str:
    """``text``, cleaned. Raises Refused where something in it is no character that can be printed."""
    try:
        return check_text(text)
    except ValidationError as error:
        raise Refused(" ".join(error.messages)) from None


class Stale(Refused):
    """The record was moved since its reader opened it, mostly by somebody else (HTTP 409)."""


class SentBefore(Stale):
    """The form was saved before with other content; of what was sent now nothing was saved (HTTP 409).

    Its text is for programs, which know the key that they sent; ``page_words`` for who filled in a form.
    """

    what = ""

    def about(self, what: str) -> Self:
        named = super().about(what)
        named.what = what
        return named

    def page_words(self, *, another: bool = True) -> str:
        """``another``: whether the same may be recorded once more; else only the first can be changed."""
        words = _(
            "第一次填的已经存上，可以在记录里打开来看；之后改过的内容还没有存。要改已经存上的那一条，请打开它再改。"
        )
        if another:
            words += _("这次填的是另一条，请再提交一次。")
        return _("%(what)s：%(why)s") % {"what": self.what, "why": words} if self.what else words
