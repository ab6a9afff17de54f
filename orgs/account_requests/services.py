"""Asking for a post, its end or a new password for an account, and what others have to say to it.

A post for an account that has one outside the asker's reach is offered: its owner takes it or declines. What concerns
administrators and auditors, and what may be the asker's own second account, waits for a second administrator. All else
takes effect at once. The owner is told of each.
"""

import datetime
import uuid
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from childwelfare.text.cleaning import check_length
from childwelfare.text.language import kept_for_others
from childwelfare.workflow.refusals import CHANGED_SINCE, Refused, Stale
from orgs.account_requests.models import AccountRequest, AccountRequestQuerySet, Kind, State
from orgs.account_requests.reach import PRIVILEGED, is_in_reach, is_oneself, is_privileged, may_be_one, posts_that_count
from orgs.accounts.models import Person
from orgs.accounts.services import open_account, set_one_time_password
from orgs.audit.services import record_act
from orgs.posts.models import Appointment
from orgs.posts.services import appoint, demand_open_role, demand_running, end_appointment
from orgs.units.models import OrgUnit

CONFIRM_WITHIN = datetime.timedelta(hours=24)
OFFER_LASTS = datetime.timedelta(days=14)
REASON_LIMIT = 200  # characters


@dataclass(frozen=True)
class Outcome:
    """``password``: the one-time password, for who made it effective; the only time it is seen."""

    request: AccountRequest
    password: str = ""


def ask_post(
    *, by: Appointment, unit: OrgUnit, role: str, username: str, name: str, phone: str = "", document: str = ""
) -> Outcome:
    """Ask for the post ``role`` at ``unit`` for the account ``username``, a new one where there is none.

    Raises PermissionDenied outside the reach of ``by``, Refused where the unit has no such role, for one's own account,
    and where the login name belongs to an account in reach of another name.
    """
    if not by.may("manage_posts", unit):
        raise PermissionDenied
    demand_open_role(unit, role)
    if username.casefold() == by.person.username.casefold():
        raise Refused(_("不能给自己任命岗位，请由其他管理员办理。"))
    request = AccountRequest(
        kind=Kind.POST, unit=unit, role=role, username=username, name=name, phone=phone, document=document,
        asked_by=by, asked_at=timezone.now(),
    )  # fmt: skip
    with transaction.atomic():
        held = Person.objects.filter(username__iexact=username).first()
        is_own = is_oneself(by, name, phone) or (held is not None and may_be_one(by, held))
        if role in PRIVILEGED or is_own:
            return _wait_for_a_second(request, by)
        return _carry_out_post(request, by)


def ask_password(post: Appointment, *, by: Appointment) -> Outcome:
    """Ask for a one-time password for the person of ``post``. Raises Refused where not all posts are in reach."""
    if not by.may("manage_posts", post.unit):
        raise PermissionDenied
    person = post.person
    if person == by.person:
        raise Refused(_("自己的密码请在菜单“改密码”里改。"))
    with transaction.atomic():
        person = Person.objects.select_for_update().get(pk=person.pk)
        _demand_reach(by, person)
        request = AccountRequest(
            kind=Kind.PASSWORD, person=person, unit=posts_that_count(person)[0].unit, username=person.username,
            name=person.name, asked_by=by, asked_at=timezone.now(),
        )  # fmt: skip
        if is_privileged(person) or may_be_one(by, person):
            return _wait_for_a_second(request, by)
        return _carry_out_password(request, by)


def ask_end(post: Appointment, *, by: Appointment) -> Outcome | None:
    """End ``post``; None where that took effect at once. An administrator's or auditor's ends when a second one agrees:
    who could end it alone would be rid of whoever reads what he did. Raises Refused for the post one acts in."""
    if not by.may("manage_posts", post.unit):
        raise PermissionDenied
    if post.pk == by.pk:
        raise Refused(_("不能结束自己正在使用的岗位，请由其他管理员办理。"))
    if post.role not in PRIVILEGED:
        end_appointment(post, by=by)
        return None
    with transaction.atomic():
        person = Person.objects.select_for_update().get(pk=post.person_id)
        demand_running(post)
        same = {"kind": Kind.END, "person": person, "unit": post.unit, "role": post.role}
        if AccountRequest.objects.to_confirm().filter(**same).exists():
            raise Stale(_("已经有人提出，等另一位管理员确认（菜单“账号事项”）。"))
        request = AccountRequest(
            **same, username=person.username, name=person.name, asked_by=by, asked_at=timezone.now()
        )
        return _wait_for_a_second(request, by)


def confirm(pk: uuid.UUID, *, by: Appointment) -> Outcome:
    """The second administrator says yes: it takes effect, a one-time password is seen by the second alone.

    Raises Refused for the asker, for whom it concerns, for somebody of a lower tier than the asker, and where the asker
    has left the post since; Stale where somebody was first, DoesNotExist outside one's reach.
    """
    with transaction.atomic():
        request = _locked(AccountRequest.objects.visible_to(by, "manage_posts"), pk)
        _demand(request, State.TO_CONFIRM)
        _demand_second(request, by)
        record_act(by, "confirm_account_request", request, unit=request.unit, kind=request.kind)
        if request.kind == Kind.POST:
            return _carry_out_post(request, by, fresh_password=True)
        if request.kind == Kind.END:
            return _carry_out_end(request, by)
        _demand_reach(by, _locked_person(request))
        return _carry_out_password(request, by)


def refuse(pk: uuid.UUID, *, by: Appointment, reason: str) -> AccountRequest:
    """The second administrator says no, with a reason. Nothing changes."""
    with transaction.atomic():
        request = _locked(AccountRequest.objects.visible_to(by, "manage_posts"), pk)
        _demand(request, State.TO_CONFIRM)
        _demand_second(request, by)
        record_act(by, "refuse_account_request", request, unit=request.unit, kind=request.kind)
        return _end(request, State.REFUSED, by.person, _reason(reason))


def withdraw(pk: uuid.UUID, *, by: Appointment) -> AccountRequest:
    """Take back what waits. Raises Refused unless ``by`` ``may_withdraw`` it."""
    with transaction.atomic():
        request = _locked(AccountRequest.objects.visible_to(by, "manage_posts"), pk)
        _demand(request, State.TO_CONFIRM, State.OFFERED)
        if problem := _why_not_withdraw(request, by):
            raise Refused(problem)
        record_act(by, "withdraw_account_request", request, unit=request.unit, kind=request.kind)
        return _end(request, State.WITHDRAWN, by.person)


def may_withdraw(request: AccountRequest, *, by: Appointment) -> bool:
    """Whether ``by``, in whose reach ``request`` is, asked it, or is an administrator of the asker's tier or above whom
    it does not concern, also where the asker has left. To withdraw is to say no as much as ``refuse`` is, and nobody
    says it in the own matter."""
    return not _why_not_withdraw(request, by)


def accept(pk: uuid.UUID, *, person: Person) -> AccountRequest:
    """The owner of the account takes the post that was offered: from now on it runs."""
    with transaction.atomic():
        # first the account, as where a password is set: its reach does not change in between
        Person.objects.select_for_update().get(pk=person.pk)
        request = _locked(AccountRequest.objects.filter(person=person), pk)
        _demand(request, State.OFFERED)
        record_act(None, "accept_post", request, unit=request.unit, person=person, role=request.role)
        appoint(person, request.unit, request.role, by=request.asked_by, document=request.document)
        request.seen_at = timezone.now()
        return _end(request, State.DONE, person)


def decline(pk: uuid.UUID, *, person: Person, reason: str) -> AccountRequest:
    """The owner of the account does not take the post; the asker reads why."""
    with transaction.atomic():
        request = _locked(AccountRequest.objects.filter(person=person), pk)
        _demand(request, State.OFFERED)
        record_act(None, "decline_post", request, unit=request.unit, person=person, role=request.role)
        return _end(request, State.DECLINED, person, _reason(reason))


def own_requests(person: Person) -> AccountRequestQuerySet:
    """What was asked for the account of ``person``, the latest first."""
    return AccountRequest.objects.filter(person=person.pk).with_words().order_by("-asked_at", "pk")


def has_news(person: Person) -> bool:
    """Whether something happened to the account that its owner has not read, or has to answer."""
    return AccountRequest.objects.news_for(person.pk).exists()


def mark_seen(person: Person) -> None:
    """The owner of the account has read what happened to it."""
    AccountRequest.objects.news_for(person.pk).filter(seen_at=None).update(seen_at=timezone.now())


def has_a_second(by: Appointment) -> bool:
    """Whether anybody else could confirm what ``by`` asks: an administrator of the same unit or of one above."""
    above = [key for key in (by.unit.city_id, by.unit.county_id) if key]
    others = Appointment.objects.current().filter(role="city_admin", unit__in=above, unit__level__lte=by.unit.level)
    return any(not may_be_one(by, each.person) for each in others.exclude(person=by.person_id).with_unit())


def _wait_for_a_second(request: AccountRequest, by: Appointment) -> Outcome:
    """Nothing changes before another administrator has confirmed it."""
    request.state, request.ends_at = State.TO_CONFIRM, request.asked_at + CONFIRM_WITHIN
    request.save(force_insert=True)
    record_act(by, "ask_account_request", request, unit=request.unit, kind=request.kind, role=request.role)
    return Outcome(request)


def _carry_out_post(request: AccountRequest, by: Appointment, *, fresh_password: bool = False) -> Outcome:
    """Appoint a new account or one in reach; offer the post to any other.

    ``fresh_password``: of a post that a second administrator confirmed. Whoever asked may have opened the account, or
    set its password, since: it gets a new one, which the second alone sees.

    Of an account beyond reach nothing is told, not even whether the name fits: an offer to a login name of another name
    looks the same to the asker and reaches nobody.
    """
    person = Person.objects.select_for_update().filter(username__iexact=request.username).first()
    if person == by.person:
        raise Refused(_("不能给自己任命岗位，请由其他管理员办理。"))
    if person and not is_in_reach(by, person):
        request.person = person if person.name == request.name else None
        request.state, request.ends_at, request.seen_at = State.OFFERED, timezone.now() + OFFER_LASTS, None
        request.save()
        record_act(by, "offer_post", request, unit=request.unit, role=request.role)
        return Outcome(request)
    try:
        with transaction.atomic():
            request.person, password = open_account(request.username, request.name, request.phone)
    except IntegrityError:
        raise Refused(_("登录名“%(login)s”刚被他人使用，请换一个。") % {"login": request.username}) from None
    if fresh_password and not password:
        password = set_one_time_password(request.person)
        record_act(by, "reset_password", request.person, unit=request.unit)
    appoint(request.person, request.unit, request.role, by=by, document=request.document)
    # who gets a new account with the post knows of it; who had one is told
    request.seen_at = timezone.now() if password and not person else None
    return Outcome(_end(request, State.DONE, by.person), password)


def _carry_out_password(request: AccountRequest, by: Appointment) -> Outcome:
    """Whoever knows the password until its owner has changed it takes no post in his name: offers to him end."""
    person = _locked_person(request)
    password = set_one_time_password(person)
    record_act(by, "reset_password", person, unit=request.unit)
    for offer in AccountRequest.objects.select_for_update().offered_to(person.pk):
        record_act(by, "withdraw_account_request", offer, unit=offer.unit, kind=offer.kind)
        with kept_for_others():
            _end(offer, State.WITHDRAWN, by.person, _("密码重设后，原先的邀请自动撤回"))
    request.seen_at = None
    return Outcome(_end(request, State.DONE, by.person), password)


def _carry_out_end(request: AccountRequest, by: Appointment) -> Outcome:
    """Raises Stale where the post has ended meanwhile."""
    posts = Appointment.objects.current().filter(person=_locked_person(request), unit=request.unit, role=request.role)
    post = posts.with_unit().first()
    if post is None:
        raise Stale(_("这个岗位已经离任。"))
    end_appointment(post, by=by)
    request.seen_at = None
    return Outcome(_end(request, State.DONE, by.person))


def _end(request: AccountRequest, state: State, person: Person, reason: str = "") -> AccountRequest:
    request.state, request.decided_by, request.decided_at, request.reason = state, person, timezone.now(), reason
    request.ends_at = request.ends_at or request.decided_at
    request.save()
    return request


def _locked(requests: AccountRequestQuerySet, pk: uuid.UUID) -> AccountRequest:
    """The request as it lies in the database, kept from everybody else until this transaction ends."""
    key = requests.values_list("pk", flat=True).get(pk=pk)
    return AccountRequest.objects.select_for_update(of=("self",)).with_words().get(pk=key)


def _locked_person(request: AccountRequest) -> Person:
    assert request.person_id  # of whom a password is asked has an account
    return Person.objects.select_for_update().get(pk=request.person_id)


def _demand(request: AccountRequest, *states: State) -> None:
    if request.state not in states:
        raise Stale(CHANGED_SINCE)
    if not request.is_waiting:
        raise Refused(_("已过期，请重新提出。"))


def _demand_second(request: AccountRequest, by: Appointment) -> None:
    """Two people who both answer for the unit: neither is the one it is for, under whichever account."""
    if may_be_one(by, request.asked_by.person):
        raise Refused(_("这是您自己提出的（同一账号，或姓名、电话与您相同），请由另一位管理员确认。"))
    if _concerns(request, by):
        raise Refused(_("这件事与您本人有关，请由另一位管理员确认。"))
    if by.unit.level > request.asked_by.unit.level:
        raise Refused(_("请由提出人同级或上级的管理员确认。"))
    asker = request.asked_by
    if not (asker.is_current() and asker.person.is_active):
        raise Refused(_("提出人已离任，请重新提出。"))


def _why_not_withdraw(request: AccountRequest, by: Appointment) -> str:
    """What is said of it; "" where nothing is in the way."""
    if request.asked_by.person_id == by.person_id:
        return ""
    if _concerns(request, by):
        return _("这件事与您本人有关，不能由您撤回。")
    if by.unit.level > request.asked_by.unit.level:
        return _("请由提出人本人，或与提出人同级、上级的管理员撤回。")
    return ""


def _concerns(request: AccountRequest, by: Appointment) -> bool:
    """Whether it is about the account of ``by``, under whichever name it was typed, or about a second one of his."""
    if request.username.casefold() == by.person.username.casefold() or is_oneself(by, request.name, request.phone):
        return True
    return request.person is not None and may_be_one(by, request.person)


def _demand_reach(by: Appointment, person: Person) -> None:
    if not is_in_reach(by, person):
        raise Refused(_("%(name)s还有不归您管理的岗位，请由上级管理员重设密码。") % {"name": person.name})


def _reason(typed: str) -> str:
    try:
        reason = check_length(typed, REASON_LIMIT)
    except ValidationError as error:
        raise Refused(error.messages[0]) from None
    if not reason:
        raise Refused(_("请写明原因。"))
    return reason
