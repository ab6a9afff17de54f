"""How a verdict is shown."""

from typing import Any

from django.utils.translation import gettext as _

from registry.child import codes

TONES = {"meets": "ok", "no": "outline", "unknown": "warm"}
ORDER = {"meets": 0, "unknown": 1, "no": 2}


def dress_verdict(verdict: Any) -> None:
    """The words and tones of the cards."""
    words = {"meets": _("符合"), "no": _("不符合"), "unknown": _("还不能判断")}
    verdict.label = codes.Category(verdict.category).label
    for one in (verdict, *verdict.parts):
        one.word, one.tone = words[one.verdict], TONES[one.verdict]
