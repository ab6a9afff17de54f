"""Where each role's day begins."""

from django.shortcuts import redirect

from childwelfare.navigation import entries_for
from orgs.access import signed_in


@signed_in
def home(request):
    """To the first page of one's navigation: today's visits, the queue, the figures, the units, the trail."""
    if request.post is None:
        return redirect("post-choose")
    entries = entries_for(request)
    return redirect(entries[0]["url"] if entries else "password")
