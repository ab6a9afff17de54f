"""Signing in, choosing the post one acts in, passwords, signing out."""

from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth import login, logout, update_session_auth_hash
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.db import transaction
from django.http import HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from childwelfare.demo.accounts import demo_accounts
from childwelfare.pages.errors import json_problem, wants_json
from childwelfare.pages.navigation import entries_for
from orgs.access.declarations import public, signed_in
from orgs.access.middleware import POST_KEY, act_in
from orgs.account_requests.services import has_news
from orgs.accounts.models import ApiToken, Person
from orgs.accounts.services import lockout_minutes, login_name
from orgs.audit.services import record_act
from orgs.posts.models import Appointment


class SignInForm(AuthenticationForm):
    """Django's form with words that say what to do."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.error_messages = {
            "invalid_login": _("登录名或密码不对，请核对大小写。多次输错会暂停登录 %(minutes)s 分钟。")
            % {"minutes": lockout_minutes()},
            "inactive": _("这个账号已停用，请联系上级单位。"),
        }
        self.fields["username"].label = _("登录名")
        self.fields["username"].widget.attrs |= {"autocapitalize": "none", "autocomplete": "username"}
        self.fields["password"].label = _("密码")

    def clean_username(self):
        return login_name(self.cleaned_data["username"])


@public
@never_cache
@sensitive_post_parameters("password")
def sign_in(request):
    """The sign-in page; one post is taken at once, several are offered."""
    if request.user.is_authenticated and request.method == "GET":
        return redirect("home")
    form = SignInForm(request, request.POST or None)
    if request.method == "POST" and form.is_valid():
        person = form.get_user()
        login(request, person)
        request.session.pop(POST_KEY, None)
        posts = _posts(person)
        record_act(posts[0] if len(posts) == 1 else None, "sign_in", person=person)
        if len(posts) == 1:
            return _act_in(request, posts[0])
        return redirect(_with_next(request, reverse("post-choose")))
    context = {"form": form, "next": request.GET.get("next", ""), "demo_accounts": demo_accounts()}
    context["ended"] = "ended" in request.GET and not form.is_bound
    return render(request, "orgs/accounts/sign_in.html", context, status=422 if form.errors else 200)


@public
def locked_out(request, credentials=None, *args, **kwargs):
    """Too many wrong passwords for this name from this address."""
    if wants_json(request):
        return json_problem(_("密码多次输错，请 %(minutes)s 分钟后再试。") % {"minutes": lockout_minutes()}, 429)
    return render(request, "orgs/accounts/locked_out.html", {"minutes": lockout_minutes()}, status=429)


@signed_in
@never_cache
def choose_post(request):
    """Several posts: the person says in which it acts now; lists and buttons follow."""
    posts = _posts(request.user)
    if request.method == "POST":
        chosen = next((post for post in posts if str(post.uid) == request.POST.get("post")), None)
        if chosen:
            return _act_in(request, chosen)
        messages.error(request, _("这个岗位已离任或不是您的，请重新选择。"))
    elif len(posts) == 1 and request.post is None:
        return _act_in(request, posts[0])
    context = {"posts": posts, "next": request.GET.get("next", ""), "news": has_news(request.user)}
    return render(request, "orgs/accounts/choose_post.html", context)


@signed_in
@never_cache
@sensitive_post_parameters()
def password(request):
    """Change one's password; forced after the tier above has set one."""
    if request.method == "POST":
        with transaction.atomic():
            # locked before the old password is asked: one that an administrator sets meanwhile is not written over
            person = Person.objects.select_for_update().get(pk=request.user.pk)
            form = PasswordChangeForm(person, request.POST)
            if form.is_valid():
                person = form.save(commit=False)
                person.must_change_password = False
                person.save()
                ApiToken.objects.revoke(person)
                record_act(request.post, "change_password", person, person=person)
                update_session_auth_hash(request, person)
                messages.success(request, _("密码已改。下次请用新密码登录。"))
                return redirect("home")
    else:
        form = PasswordChangeForm(request.user)
    return render(request, "orgs/accounts/password.html", {"form": form}, status=422 if form.errors else 200)


@signed_in
@require_POST
def sign_out(request):
    record_act(request.post, "sign_out", person=request.user)
    logout(request)
    return redirect("sign-in")


def _posts(person) -> list[Appointment]:
    return list(Appointment.objects.current().with_unit().filter(person=person).order_by("unit__level", "pk"))


def _act_in(request, post: Appointment):
    act_in(request, post)
    return HttpResponseRedirect(_next(request) or reverse("home"))


def _next(request) -> str:
    """Where the person wanted to go, if that is a page of ours."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if ours else ""


def _with_next(request, url: str) -> str:
    return f"{url}?{urlencode({'next': wanted})}" if (wanted := _next(request)) else url


@signed_in
def home(request):
    """To the page where the role's day begins, else to the first of one's navigation."""
    if request.post is None:
        return redirect("post-choose")
    entries = sorted(entries_for(request), key=lambda entry: not entry["home"])
    return redirect(entries[0]["url"] if entries else "password")
