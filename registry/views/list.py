"""The list of files within one's scope: searched, filtered, paged by key."""

from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from childwelfare.keyset import capped_count, page_of
from orgs.access import needs
from registry import codes
from registry.idnumber import masked_name
from registry.models import ChildFile, FileState
from registry.quality import label_of_key
from registry.quality.rules import KEYS
from registry.search import narrow, search, unit_named
from registry.views.stays import hosted_stays

COLUMNS = (
    "id", "name", "sex", "birth_date", "category_codes", "risk", "state", "file_number", "address", "updated_at",
    "village_id", "township_id", "county_id", "city_id",
)  # fmt: skip


@needs("view_child", "list_masked")
def child_list(request):
    """Named rows for who holds view_child; masked rows, without a way into the file, for the city."""
    post = request.post
    named = post.holds("view_child")
    files = ChildFile.objects.visible_to(post, "view_child" if named else "list_masked")
    asked = {name: request.GET.get(name, "") for name in ("q", "category", "risk", "state", "issue", "unit")}
    if not named:
        # a masked list is not searched: a hit would tell the name that the mask hides
        asked["q"], files = "", files.in_care()
    files = narrow(search(files, asked["q"]), **{k: v for k, v in asked.items() if k != "q"})
    count, more = capped_count(files)
    rows = files.only(*COLUMNS, "village", "township").select_related("village", "township")
    page = page_of(rows, ("updated_at", "id"), request.GET.get("page", ""))
    today = timezone.localdate()
    for file in page:
        file.years = file.age(today)
        if not named:
            file.name = masked_name(file.name)
    context = {
        "hosted": _hosted(post, asked) if not request.GET.get("page") else [],
        "page": page,
        "count": count,
        "more": more,
        "asked": asked,
        "named": named,
        "filtered": any(asked.values()),
        "issue": label_of_key(asked["issue"]) if asked["issue"] in KEYS else "",
        "within": unit_named(asked["unit"]) if asked["unit"] else None,
        "categories": codes.Category.choices,
        "risks": codes.Risk.choices,
        "may_create": post.holds("create_child"),
        "ways": _first_steps(post),
        "states": [choice for choice in FileState.choices if named],
    }
    return render(request, "registry/child_list.html", context)


def _hosted(post, asked: dict) -> list:
    """Children kept elsewhere who stay here now, by the same search: a block above the list."""
    files = search(ChildFile.objects.hosted_at(post, "view_child"), asked["q"])
    return hosted_stays(post, narrow(files, **{k: v for k, v in asked.items() if k != "q"}))


def _first_steps(post) -> list[dict]:
    """What one can do where there is no file yet."""
    if not post.holds("create_child"):
        return []
    return [
        {
            "icon": "plus-lg",
            "title": _("登记一个孩子"),
            "text": _("有身份证号就能带出出生日期和性别"),
            "url": reverse("child-new"),
            "action": _("登记"),
            "primary": True,
        }
    ]
