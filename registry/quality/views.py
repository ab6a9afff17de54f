"""数据质量: how many files lack something, contradict themselves or are stale; each number opens its files."""

from urllib.parse import urlencode

from django.shortcuts import render
from django.urls import reverse

from orgs.access.declarations import NUMBERS, needs
from registry.quality.numbers import Numbers, asked_unit, numbers_of
from registry.quality.rule import RuleKind
from registry.quality.rules import COMPLETE, label_of_key


@needs("view_figures", reads=NUMBERS)
def quality_home(request):
    """The numbers of one's own unit."""
    return _page(request, request.post.unit)


@needs("view_figures", reads=NUMBERS)
def quality_unit(request, uid):
    """The numbers of a unit in one's scope."""
    return _page(request, asked_unit(request.post, uid))


def _page(request, unit):
    own, below = numbers_of(unit)
    context = {
        "unit": unit,
        "above": [one for one in unit.chain() if one.level >= request.post.unit.level and one.pk != unit.pk],
        "own": _row(own),
        "below": [_row(each) for each in below],
        "sections": [
            {
                "key": section,
                "title": title,
                "kinds": [(RuleKind(kind), n, _link(unit, f"{section}:{kind}")) for kind, n in kinds.items()],
                "rules": [
                    {
                        "label": label_of_key(rule.key),
                        "kind": rule.kind,
                        "n": n,
                        "url": _link(unit, rule.key),
                        "why": rule.why,
                        "source": rule.source,
                    }
                    for rule, n in rules
                ],
            }
            for section, title, kinds, rules in own.sections()
        ],
    }
    return render(request, "registry/quality/quality.html", context)


def _row(numbers: Numbers) -> dict:
    unit = numbers.unit
    return {
        "unit": unit,
        "url": reverse("quality-unit", args=[unit.uid]),
        "files": (numbers.files, _link(unit)),
        "share": numbers.share,
        "complete": (numbers[COMPLETE], _link(unit, COMPLETE)),
        "kinds": [(RuleKind(kind), numbers[kind], _link(unit, kind)) for kind in RuleKind.values],
    }


def _link(unit, issue: str = "") -> str:
    """The list of the files behind a number."""
    asked = {"issue": issue} if issue else {"state": "approved"}
    return f"{reverse('child-list')}?{urlencode(asked | {'unit': unit.uid})}"
