"""Saving a narrowed list under a name, and taking it away again."""

from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from childwelfare.text.cleaning import clean_text
from childwelfare.workflow.refusals import Refused
from orgs.posts.models import Appointment
from registry.lists.models import SavedView

MAX_VIEWS = 30  # views of one post
NAME = 20


def save_view(*, by: Appointment, name: str, query: list[tuple[str, str]], shared: bool = False) -> SavedView:
    """Keep ``query``, the (name, value) pairs of filters, order and columns, under ``name``; ``shared``: for all posts
    of the own unit. Raises PermissionDenied, Refused, or ValidationError by field."""
    if not by.holds("view_child") and not by.holds("list_masked"):
        raise PermissionDenied
    name, text = " ".join(clean_text(name).split()), urlencode(query)
    if not name or len(name) > NAME:
        raise ValidationError({"name": [_("请给名单起个名字，最多 %(n)s 个字。") % {"n": NAME}]})
    if not query:
        raise Refused(_("现在的名单没有筛选条件，也没有改排序和列，不用另存。"))
    if len(text) > 1000:
        raise Refused(_("条件太多，存不下。请减少几个条件或列再存。"))
    with transaction.atomic():
        Appointment.objects.select_for_update().get(pk=by.pk)  # one saving of a post at a time, so that the limit holds
        if SavedView.objects.filter(made_in=by).count() >= MAX_VIEWS:
            raise Refused(_("最多存 %(n)s 个常用名单，请先删掉不用的。") % {"n": MAX_VIEWS})
        view = SavedView(name=name, query=text, shared=shared, made_in=by, unit=by.unit)
        try:
            with transaction.atomic():
                view.save(force_insert=True)
        except IntegrityError:
            raise ValidationError({"name": [_("您已有叫“%(name)s”的名单，请换个名字。") % {"name": name}]}) from None
    return view


def delete_view(view: SavedView, *, by: Appointment) -> None:
    """Only who made it takes it away, a shared one too."""
    if view.made_in_id != by.pk:
        raise PermissionDenied
    view.delete()
