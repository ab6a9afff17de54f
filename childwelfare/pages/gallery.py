"""The look on one wall: every component, and the main pages with made-up contents; never in production."""

import json
from types import SimpleNamespace as Made

from django.conf import settings
from django.http import Http404
from django.shortcuts import render

from childwelfare.pages.navigation import sections_of

MADE = settings.ROOT / "templates" / "gallery" / "made.json"  # nobody in it exists

PAGES = {
    "today": "village",
    "visit": "village",
    "register": "village",
    "alert": "village",
    "review": "township",
    "file": "township",
    "children": "township",
    "import": "township",
    "month": "county",
    "city": "city",
    "login": "",
    "posts": "",
    "empty": "village",
}

STATION = [
    ("house", "工作台", 0, ""),
    ("clipboard-check", "待审核", 23, "danger"),
    ("people", "儿童档案", 0, ""),
    ("calendar-check", "走访", 5, "danger"),
    ("exclamation-triangle", "紧急报告", 1, "danger"),
    ("file-earmark-spreadsheet", "台账上报", 0, ""),
    ("building", "儿童之家", 0, ""),
    ("person-vcard", "队伍", 0, ""),
]
SHORT = {"待审核": "审核", "儿童档案": "档案", "紧急报告": "紧急", "台账上报": "台账"}
RAIL = [(icon, SHORT.get(label, label), count, tone) for icon, label, count, tone in STATION]
PHONE = [
    ("calendar-check", "今日", 0, ""),
    ("people", "儿童", 0, ""),
    ("plus-lg", "新发现", 0, ""),
    ("exclamation-triangle", "紧急", 0, ""),
    ("bell", "消息", 0, ""),
]
POSTS = {
    "village": ("王秀兰", "儿童福利主任", "高村乡 › 刘沟村"),
    "township": ("刘志强", "工作站工作人员", "荥阳市 › 高村乡儿童福利工作站"),
    "county": ("张红梅", "县级指导中心", "郑州市 › 荥阳市儿童福利指导中心"),
    "city": ("陈静", "市级指导中心", "郑州市儿童福利指导中心"),
}
CURRENT = {"review": 1, "file": 2, "children": 2, "import": 2, "month": 5}


def gallery(request, page=""):
    """The components, or one of PAGES as its people would see it."""
    if not (settings.DEBUG or settings.CWR_EMBEDDED) or (page and page not in PAGES):
        raise Http404
    return render(request, f"gallery/{page}.html" if page else "components/gallery.html", _frame(page))


def _frame(page: str) -> dict:
    tier = PAGES.get(page, "township")
    made = json.loads(MADE.read_text(encoding="utf-8"))
    if not tier:
        return {"pages": PAGES, "post": None, "made": made}
    name, role, path = POSTS[tier]
    unit = Made(name=path.split(" › ")[-1], path_label=path)
    nav = [] if tier == "city" else _entries(RAIL if page in ("file", "month") else STATION, CURRENT.get(page, 0))
    return {
        "pages": PAGES,
        "made": made,
        "post": Made(person=Made(name=name, pk=1), get_role_display=role, unit=unit, pk=1),
        "posts_count": 2,
        "nav": nav,
        "nav_sections": sections_of(nav),
        "phone_nav": _entries(PHONE, 1 if page in CURRENT else 0),
        "nav_rail": page in ("file", "month"),
        "bell": {"url": "#", "count": 3},
        "bar_entries": [{"url": "#", "icon": "bell", "label": "站内信", "count": 3}],
        "today": "2026-11-25",
    }


def _entries(rows, current: int) -> list[dict]:
    return [
        {
            "url": "#",
            "icon": icon,
            "label": label,
            "count": count,
            "tone": tone,
            "current": place == current,
            "group": "",
        }
        for place, (icon, label, count, tone) in enumerate(rows)
    ]
