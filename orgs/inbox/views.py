"""The inbox of the post one acts in, and how one wants the digest."""

import datetime

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from childwelfare.pages.form_action import status_of
from orgs.access.declarations import ReadsNothing, needs, signed_in
from orgs.audit.readings import note_reading
from orgs.inbox import services
from orgs.inbox.digest import channels, choice_of, choose_digest
from orgs.inbox.forms import DigestForm
from orgs.inbox.kinds import INBOX_KINDS
from orgs.inbox.models import DigestChannel, Message
from orgs.inbox.reading import about_of, filters_for, page_for

LEADS_ON = ReadsNothing("leads to the work itself, whose page records its own reading")


@needs("view_unit", reads="read_list")
@never_cache
def inbox(request):
    """The messages of the post. They name children as lists do; no file is opened."""
    kind = request.GET.get("kind", "")
    chosen = {"kind": kind} if kind in INBOX_KINDS else {}
    first = {"first": "unread"} if request.GET.get("first") == "unread" else {}
    page = page_for(
        request.post,
        kind=chosen.get("kind", ""),
        unread_first=bool(first),
        part=request.GET.get("part", ""),
        cursor=request.GET.get("page", ""),
    )
    part, cursor = page.older
    onward = chosen | first | ({"part": part} if part else {}) | {"page": cursor}
    context = {
        "page": page,
        "filters": filters_for(request.post),
        "chosen": chosen.get("kind", ""),
        "unread_first": bool(first),
        "all_url": _address(first),
        "switch_url": _address(chosen | ({} if first else {"first": "unread"})),
        "kept": _address(first)[len(reverse("inbox")) :].lstrip("?"),
        "older": _address(onward) if cursor else "",
        "newest": _address(chosen | first) if request.GET.get("page") else "",
        "back": request.get_full_path(),
        "until": timezone.now().isoformat(),
        "digests": bool(channels()),
    }
    note_reading(request, rows=len(page.lines))
    return render(request, "orgs/inbox/inbox.html", context)


@needs("view_unit", reads=LEADS_ON)
@never_cache
def inbox_open(request, pk):
    """To the work that the message is about; it is read with that."""
    message = get_object_or_404(Message.objects.of(request.post), pk=pk)
    about = about_of(message, request.post)
    services.mark_read(message, by=request.post)
    if about is None:
        messages.info(request, _("这条消息说的事已经不在了，没有可以打开的。"))
        return redirect("inbox")
    return redirect(INBOX_KINDS[message.kind].url(about))


@needs("view_unit")
@require_POST
def inbox_read(request, pk):
    services.mark_read(get_object_or_404(Message.objects.of(request.post), pk=pk), by=request.post)
    return redirect(_address(_kept(request)))


@needs("view_unit")
@require_POST
def inbox_read_all(request):
    """All that the page showed or could have shown; what came in since stays unread."""
    kind = request.POST.get("kind", "")
    number = services.mark_all_read(
        by=request.post, kind=kind if kind in INBOX_KINDS else "", until=_moment(request.POST.get("until", ""))
    )
    said = ngettext("%(n)s 条已标为读过。", "%(n)s 条已标为读过。", number) % {"n": number}
    messages.success(request, said if number else _("没有未读的消息了。"))
    return redirect(_address(_kept(request)))


@signed_in
@never_cache
def digest(request):
    """Whether, and to which address, one's digest goes."""
    choice = choice_of(request.user.pk)
    initial = {"wanted": choice.wanted, "email": choice.email or request.user.email}
    by_mail = DigestChannel.MAIL in channels()
    form = DigestForm(request.POST or None, initial=initial, by_mail=by_mail)
    if request.method == "POST" and form.is_valid():
        chosen = form.attempt(choose_digest, request.user.pk, by=request.post, **form.cleaned_data)
        if chosen:
            messages.success(request, _("已存。") if chosen.wanted else _("已存，不再给您发摘要。"))
            return redirect("account")
    context = {"form": form, "on": bool(channels()), "by_mail": by_mail}
    return render(request, "orgs/inbox/digest.html", context, status=status_of(form))


def _address(query: dict[str, str]) -> str:
    address = reverse("inbox")
    return f"{address}?{urlencode(query)}" if query else address


def _kept(request) -> dict[str, str]:
    """How the list stood before one of its buttons was pressed."""
    kind = request.POST.get("kind", "")
    kept = {"kind": kind} if kind in INBOX_KINDS else {}
    return kept | ({"first": "unread"} if request.POST.get("first") == "unread" else {})


def _moment(text: str) -> datetime.datetime | None:
    """When the page was made; None for what is no such moment."""
    try:
        moment = parse_datetime(text)
    except ValueError:
        return None
    return moment if moment and timezone.is_aware(moment) else None
