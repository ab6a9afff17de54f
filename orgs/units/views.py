"""The administrator's pages: the tree, who holds which post, appointing and ending."""

from django import forms
from django.contrib import messages
from django.db.models import Count, Q
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from childwelfare.pages.only_posted import belongs_to
from childwelfare.pages.searched import searched_by
from childwelfare.tables.beginning import beginning_of
from childwelfare.text.cleaning import check_name, check_phone
from childwelfare.workflow.refusals import Refused
from orgs.access.declarations import NO_CHILD, needs
from orgs.access.permissions import ROLE_LEVELS
from orgs.account_requests.models import AccountRequest
from orgs.account_requests.services import ask_end, ask_password, ask_post
from orgs.account_requests.views import say
from orgs.posts.ending import FETCHED, concerns_of
from orgs.posts.models import Appointment, Role
from orgs.reorganisation.forms import kinds_of
from orgs.reorganisation.presentation import history_of
from orgs.units.models import OrgUnit
from orgs.units.search import begins_with


class AppointForm(forms.Form):
    """A new account with its post, or a post for an existing account (its login name)."""

    role = forms.ChoiceField(label=gettext_lazy("岗位"), error_messages={"required": gettext_lazy("请选择岗位。")})
    username = forms.RegexField(
        r"^[A-Za-z0-9_.\-]{3,30}$",
        label=gettext_lazy("登录名"),
        help_text=gettext_lazy("3–30 个字母或数字；已有账号的，会加任这个岗位或先请本人接受"),
        error_messages={
            "invalid": gettext_lazy("登录名由 3–30 个字母、数字组成。"),
            "required": gettext_lazy("请填写登录名。"),
        },
    )
    name = forms.CharField(
        label=gettext_lazy("姓名"), max_length=50, error_messages={"required": gettext_lazy("请填写姓名。")}
    )
    phone = forms.CharField(label=gettext_lazy("工作电话"), max_length=20, required=False)
    document = forms.CharField(label=gettext_lazy("任免文号"), max_length=60, required=False)

    def __init__(self, *args, unit, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [(r.value, r.label) for r in Role if unit.level in ROLE_LEVELS[r.value]]

    def clean_name(self):
        return check_name(self.cleaned_data["name"])

    def clean_phone(self):
        return check_phone(self.cleaned_data["phone"])


SEARCH_SHOWN = 100


@needs("manage_units", reads=NO_CHILD)
@searched_by("q")
def unit_list(request):
    """The top of one's tree, or searched by ``q`` the units whose name or pinyin begins so."""
    units = OrgUnit.objects.visible_to(request.post, "manage_units").current().filter(stand_in=False).with_path()
    query = request.searched.get("q")
    if query:
        found = beginning_of(units.filter(begins_with(query)), SEARCH_SHOWN)
        return render(request, "orgs/units/list.html", {"units": found, "query": query})
    return redirect("unit-detail", request.post.unit.uid)


@needs("manage_units", reads=NO_CHILD)
def unit_detail(request, uid):
    unit = _unit(request, uid)
    return render(request, "orgs/units/detail.html", _detail(request, unit, AppointForm(unit=unit)))


@needs("manage_posts")
@require_POST
def unit_appoint(request, uid):
    """Appoint, or offer the post; a new account gets a one-time password that must be changed at the first sign-in."""
    unit = _unit(request, uid)
    form = AppointForm(request.POST, unit=unit)
    if form.is_valid():
        try:
            outcome = ask_post(by=request.post, unit=unit, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            say(request, outcome)
            return redirect("unit-detail", unit.uid)
    return render(request, "orgs/units/detail.html", _detail(request, unit, form), status=422)


def _unit_of(request, uid) -> str | None:
    """The page of the post's unit."""
    post = Appointment.objects.visible_to(request.post, "manage_posts").select_related("unit").filter(uid=uid).first()
    return reverse("unit-detail", args=[post.unit.uid]) if post else None


@needs("manage_posts")
@require_POST
@belongs_to(_unit_of)
def post_end(request, uid):
    """End a post: from now on it sees nothing. An administrator's or auditor's, once a second agrees."""
    posts = Appointment.objects.visible_to(request.post, "manage_posts").with_unit()
    post = get_object_or_404(posts, uid=uid)
    try:
        if outcome := ask_end(post, by=request.post):
            say(request, outcome)
        else:
            messages.success(request, _("%(person)s已离任，从现在起不能再查看。") % {"person": post.person})
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("unit-detail", post.unit.uid)


@needs("manage_posts")
@require_POST
@belongs_to(_unit_of)
def password_reset(request, uid):
    """Set a one-time password for somebody who forgot theirs; of administrators and auditors, once a second agrees."""
    posts = Appointment.objects.visible_to(request.post, "manage_posts").current().with_unit()
    post = get_object_or_404(posts, uid=uid)
    try:
        say(request, ask_password(post, by=request.post))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("unit-detail", post.unit.uid)


def _unit(request, uid) -> OrgUnit:
    return get_object_or_404(OrgUnit.objects.visible_to(request.post, "manage_units").with_path(), uid=uid)


def _detail(request, unit, form) -> dict:
    today = timezone.localdate()
    current = Q(appointments__valid_from__lte=today) & (
        Q(appointments__valid_to=None) | Q(appointments__valid_to__gt=today)
    )
    below = unit.children.current().annotate(staff=Count("appointments", filter=current)).in_order()
    posts = unit.appointments.select_related("person", "unit").prefetch_related(*FETCHED)
    posts = list(posts.order_by("-valid_to", "pk"))
    for post in posts:
        post.held = post.is_current(today)
        post.concerns = concerns_of(post) if post.held else []
    return {
        "unit": unit,
        "chain": unit.chain(),
        "below": below,
        "posts": sorted(posts, key=lambda post: not post.held),
        "requests": AccountRequest.objects.visible_to(request.post, "manage_posts").waiting().filter(unit=unit),
        "form": form,
        "may_appoint": request.post.may("manage_posts", unit) and not unit.valid_to,
        "history": history_of(unit),
        "may_change": bool(kinds_of(unit)) and request.post.may("manage_units", unit),
    }
