"""Where each role's day begins."""

from django.shortcuts import redirect

from childwelfare.navigation import entries_for
from orgs.access import signed_in


@signed_in
def home(request):
    """To the page where the role's day begins, else to the first of one's navigation."""
    if request.post is None:
        return redirect("post-choose")
    entries = sorted(entries_for(request), key=lambda entry: not entry["home"])
    return redirect(entries[0]["url"] if entries else "password")
