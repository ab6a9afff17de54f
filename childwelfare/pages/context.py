"""What every page's frame shows."""

import time

from childwelfare.demo.accounts import demo_loaded
from childwelfare.pages.draft_key import draft_key
from childwelfare.pages.navigation import beyond_the_bar, entries_for, phone_entries, sections_of


def page(request) -> dict:
    """Navigation by role, the post one acts in, whether the data are made up."""
    post = getattr(request, "post", None)
    if post is None:
        return {"demo": demo_loaded()}
    entries = entries_for(request)
    nav = [entry for entry in entries if not entry["bar"]]
    ringing = [entry for entry in nav if entry["urgent"] and entry["count"]]
    return {
        "nav": nav,
        "nav_sections": sections_of(nav),
        "phone_nav": phone_entries(nav),
        "menu_sections": sections_of(beyond_the_bar(nav)),
        "bar_entries": [entry for entry in entries if entry["bar"]],
        "post": post,
        "draft_key": draft_key(post.person.uid),
        "served_at": int(time.time() * 1000),  # milliseconds: a draft says on a page from when it was written
        "demo": demo_loaded(),
        # the form that was just sent: the browser drops its draft
        "draft_done": request.session.pop("draft_done", "") if "draft_done" in request.session else "",
        # a form that can't be filled in any more: what was written in it is shown
        "draft_unsent": request.session.pop("draft_unsent", "") if "draft_unsent" in request.session else "",
        "bell": next(iter(ringing), None),
        # where the page itself lists the others
        "bell_apart": next((entry for entry in ringing if not entry["in_lists"]), None),
    }
