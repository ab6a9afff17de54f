"""Choosing columns, altering a choice, ending it; and what a unit's pages offer."""

import unicodedata
import uuid
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import translation
from django.utils.translation import gettext as _

from childwelfare.text.cleaning import check_texts
from childwelfare.workflow.refusals import Refused, Stale
from orgs.audit.services import record_act
from orgs.posts.models import Appointment
from orgs.units.models import Level, OrgUnit
from reports.indicators.table import BY_KEY
from reports.indicators.templates import MOST_COLUMNS, TEMPLATES, LedgerTemplate
from reports.ledgers.models import TITLE_LONGEST, OwnTemplate, OwnTemplateQuerySet


def templates_at(unit: OrgUnit) -> dict[str, LedgerTemplate]:
    """{key: template} that pages and exports of ``unit`` offer: the declared ones, then those of its county and city.
    One query."""
    own = OwnTemplate.objects.used_at(unit)
    return TEMPLATES | {each.key: each.template for each in own}


def own_templates(post: Appointment) -> OwnTemplateQuerySet:
    """The last versions of those that the unit of ``post`` chose itself."""
    visible = OwnTemplate.objects.visible_to(post, "export_figures").filter(unit=post.unit_id)
    kept: OwnTemplateQuerySet = visible.newest()
    return kept


def offered_to(post: Appointment) -> list[OwnTemplate]:
    """Those of one's county and city, each with whether ``post`` may change it."""
    found = list(OwnTemplate.objects.used_at(post.unit).select_related("unit", "made_by"))
    for each in found:
        each.may_change = each.unit_id == post.unit_id and may_choose(post)
    return found


def versions_of(own: OwnTemplate) -> list[OwnTemplate]:
    """All of one, the newest first."""
    return list(OwnTemplate.objects.filter(series=own.series).order_by("-version").select_related("made_by"))


def may_choose(post: Appointment) -> bool:
    """Whether ``post`` keeps ledgers of its unit's own: who exports figures at a county or a city."""
    return post.unit.level <= Level.COUNTY and post.may("export_figures", post.unit)


def save_template(
    *,
    by: Appointment,
    title: str,
    columns: Sequence[str],
    series: uuid.UUID | None = None,
    seen_version: int = 0,
) -> OwnTemplate:
    """A new ledger of the unit of ``by``; with ``series`` the next version of one that was seen as ``seen_version``.

    Raises PermissionDenied, Stale, or ValidationError by field; then nothing is kept.
    """
    before = _own(by, series) if series else None
    if not may_choose(by):
        raise PermissionDenied
    title, columns = check_texts({"title": title})["title"], list(columns)
    if problems := _problems(title, columns):
        raise ValidationError(problems)
    if before and (before.title, before.columns) == (title, columns) and before.version == seen_version:
        return before
    return _write(by, before, seen_version, title=title, columns=columns)


def end_template(series: uuid.UUID, *, by: Appointment, seen_version: int) -> OwnTemplate:
    """It is offered no more; its versions stay. Raises PermissionDenied, Refused or Stale."""
    before = _own(by, series)
    if not may_choose(by):
        raise PermissionDenied
    facts = {"title": before.title, "columns": before.columns, "ended": True}
    return _write(by, before, seen_version, **facts)


def _own(by: Appointment, series: uuid.UUID) -> OwnTemplate:
    found = own_templates(by).filter(series=series).first()
    if found is None:
        raise PermissionDenied
    if found.ended:
        raise Refused(_("这张表已经停用。"))
    kept: OwnTemplate = found
    return kept


def _write(by: Appointment, before: OwnTemplate | None, seen_version: int, **facts: Any) -> OwnTemplate:
    stale = Stale(_("这张表刚被同事改过，请刷新后再改。"))
    if before and before.version != seen_version:
        raise stale
    following = {"series": before.series, "version": before.version + 1} if before else {}
    row = OwnTemplate(unit=by.unit, made_by=by.person, made_in=by, **following, **facts)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
            if row.ended:
                record_act(by, "end_ledger_template", row, unit=by.unit, version=row.version)
            else:
                record_act(by, "save_ledger_template", row, unit=by.unit, version=row.version, columns=len(row.columns))
    except IntegrityError:
        raise stale from None
    return row


def _official_titles() -> set[str]:
    """Of the declared templates, as paper has them and as either language's screen calls them."""
    found = set()
    for code, _language in settings.LANGUAGES:
        with translation.override(code):
            found |= {_plain(str(words)) for each in TEMPLATES.values() for words in (each.title, each.label)}
    return found


def _plain(title: str) -> str:
    """Letters and digits alone: so two titles are told apart on paper."""
    return "".join(c for c in unicodedata.normalize("NFKC", title).casefold() if c.isalnum())


def _problems(title: str, columns: list[str]) -> dict[str, list[str]]:
    problems: dict[str, list[str]] = {}
    if not title:
        problems["title"] = [_("请填写表名。")]
    elif _plain(title) in _official_titles():
        problems["title"] = [_("“%(title)s”是固定表样的表名，请另起一个，免得印出来分不清。") % {"title": title}]
    elif len(title) > TITLE_LONGEST:
        problems["title"] = [_("最多 %(most)s 字，现在有 %(n)s 字。") % {"most": TITLE_LONGEST, "n": len(title)}]
    unknown = [key for key in columns if key not in BY_KEY]
    if unknown:
        problems["columns"] = [_("没有“%(key)s”这一栏。") % {"key": str(unknown[0])[:40]}]
    elif not columns:
        problems["columns"] = [_("请至少选一栏。")]
    elif len(set(columns)) < len(columns):
        problems["columns"] = [_("同一栏只能选一次。")]
    elif len(columns) > MOST_COLUMNS:
        problems["columns"] = [
            _("最多选 %(most)s 栏，现在有 %(n)s 栏；再多印出来看不清。") % {"most": MOST_COLUMNS, "n": len(columns)}
        ]
    return problems
