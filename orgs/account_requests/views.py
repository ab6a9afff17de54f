"""The administrators' list of what was asked for accounts, and everybody's page about the own account."""

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from childwelfare.tables.beginning import beginning_of
from childwelfare.workflow.refusals import Refused
from orgs.access.declarations import NO_CHILD, needs, signed_in
from orgs.account_requests import services
from orgs.account_requests.models import AccountRequest, Kind, State
from orgs.account_requests.services import Outcome, has_a_second
from orgs.accounts.devices import end_one, end_others, signed_in_devices
from orgs.accounts.models import Person
from orgs.inbox.digest import channels
from orgs.posts.models import Appointment

LATEST = 50


@needs("manage_posts", reads=NO_CHILD)
def request_list(request):
    """What waits for a second administrator or an owner, then the latest that were decided."""
    asked = AccountRequest.objects.visible_to(request.post, "manage_posts").with_words()
    waiting = beginning_of(asked.waiting().order_by("ends_at"), LATEST)
    for each in waiting:
        each.is_own = each.asked_by.person_id == request.user.pk
        each.may_be_withdrawn = services.may_withdraw(each, by=request.post)
    latest = beginning_of(asked.exclude(pk__in=[each.pk for each in waiting]).order_by("-asked_at"), LATEST)
    context = {"waiting": waiting, "latest": latest, "alone": not has_a_second(request.post)}
    return render(request, "orgs/account_requests/list.html", context)


@needs("manage_posts")
@never_cache
@require_POST
def request_confirm(request, pk):
    outcome = _attempt(request, services.confirm, pk, by=request.post)
    if outcome:
        say(request, outcome)
    return redirect("account-request-list")


@needs("manage_posts")
@require_POST
def request_refuse(request, pk):
    if _attempt(request, services.refuse, pk, by=request.post, reason=request.POST.get("reason", "")):
        messages.success(request, _("未予确认，什么都没有改变。"))
    return redirect("account-request-list")


@needs("manage_posts")
@require_POST
def request_withdraw(request, pk):
    if _attempt(request, services.withdraw, pk, by=request.post):
        messages.success(request, _("已撤回。"))
    return redirect("account-request-list")


@signed_in
@never_cache
def account(request):
    """One's posts, what others did with the account, the posts that are offered. Also for who holds no post."""
    rows = beginning_of(services.own_requests(request.user), LATEST)
    context = {
        "posts": Appointment.objects.current().with_unit().filter(person=request.user.pk).order_by("unit__level", "pk"),
        "offers": [each for each in rows if each.is_offered],
        "told": [each for each in rows if not each.is_offered],
        "unread": any(each.seen_at is None and each.state in (State.DONE, State.TO_CONFIRM) for each in rows),
        "rows": rows,
        "bare": request.post is None,
        "digests": bool(channels()),
        "devices": signed_in_devices(request.user, request.session.session_key),
    }
    return render(request, "orgs/account_requests/account.html", context)


@signed_in
@require_POST
def account_seen(request):
    services.mark_seen(_owner(request))
    return redirect("account")


@signed_in
@require_POST
def offer_accept(request, pk):
    if _attempt(request, services.accept, pk, person=_owner(request)):
        messages.success(request, _("已接受。换到这个岗位：菜单“换一个岗位”。"))
    return redirect("account")


@signed_in
@require_POST
def offer_decline(request, pk):
    if _attempt(request, services.decline, pk, person=_owner(request), reason=request.POST.get("reason", "")):
        messages.success(request, _("已谢绝，对方会看到原因。"))
    return redirect("account")


@signed_in
@require_POST
def device_end(request, kind, pk):
    """Sign out elsewhere: one browser or program, as the list of the own account names it."""
    try:
        end_one(_owner(request), kind, pk)
    except Refused as refusal:
        messages.info(request, str(refusal))
    else:
        messages.success(request, _("那一处已退出，要用须重新登录。"))
    return redirect("account")


@signed_in
@require_POST
def devices_end(request):
    """Sign out everywhere but here, tokens of the API included."""
    person = _owner(request)
    count = end_others(person, request.session.session_key)
    update_session_auth_hash(request, person)
    messages.success(request, _("其他 %(n)s 处都已退出。") % {"n": count})
    return redirect("account")


def say(request, outcome: Outcome) -> None:
    """What became of what was asked, to who asked or confirmed it; a one-time password is shown this once."""
    asked = outcome.request
    said = {"name": asked.name, "person": asked.name, "login": asked.username, "password": outcome.password}
    if asked.kind == Kind.END and asked.state == State.TO_CONFIRM:
        text = _("已提出，还没有生效：请另一位管理员在 24 小时内确认（菜单“账号事项”）。确认之前岗位照常。")
    elif asked.kind == Kind.END:
        text = _("%(person)s已离任，从现在起不能再查看。")
    elif asked.state == State.TO_CONFIRM:
        text = _("已提出，还没有生效：请另一位管理员在 24 小时内确认（菜单“账号事项”）。初始密码由确认人转交。")
    elif asked.state == State.OFFERED:
        text = _(
            "登录名 %(login)s 已有账号，不归您管理，任命还没有生效。如果就是%(name)s，"
            "本人登录后可以接受或谢绝，14 天内有效；如果是另一个人，请撤回后换一个登录名。"
        )
    elif asked.kind == Kind.PASSWORD:
        text = _("%(name)s的新密码：%(password)s，只显示这一次，登录后须修改。")
    elif outcome.password:
        text = _("已任命%(name)s。登录名 %(login)s，初始密码 %(password)s，只显示这一次，首次登录须修改。")
    else:
        text = _("已任命%(name)s，用原来的密码登录后选择岗位。")
    messages.success(request, text % said)


def _attempt(request, service, pk, **given):
    """What ``service`` gives, or None with its refusal as a message; 404 for what is not the reader's."""
    try:
        return service(pk, **given)
    except AccountRequest.DoesNotExist:
        raise Http404 from None
    except Refused as refusal:
        messages.error(request, str(refusal))
        return None


def _owner(request) -> Person:
    return Person.objects.get(pk=request.user.pk)
