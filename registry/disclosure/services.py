"""Handing a copy of a file to the child or its guardian, and the record of it."""

import hashlib
import json
import uuid

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from childwelfare.workflow.writing import created_once, first_sending, has_values
from orgs.audit.services import record_act
from orgs.posts.models import Appointment
from registry.child.models import ChildFile
from registry.disclosure.document import document
from registry.disclosure.models import Disclosure, IdentityCheck

NOT_SAFE = gettext_lazy("没有确认的不能提供；疑似监护人侵害孩子的，请先报县级指导中心。")


def disclose(
    file: ChildFile,
    *,
    by: Appointment,
    asked_by: str,
    relation: str,
    checked: str,
    note: str = "",
    safe: bool = False,
    pk: uuid.UUID | None = None,
) -> bytes:
    """The whole file as JSON (UTF-8) for ``asked_by``; who asked and how the identity was checked is kept.

    ``safe`` says that the station sees no harm for the child in it: a guardian who is suspected of hurting the child
    gets no copy (未成年人保护法 第四条, 最有利于未成年人). ``pk`` comes from the form: sent twice, even at once, one
    record, and an act of the trail for each copy that was handed out. Raises PermissionDenied, Refused,
    or ValidationError by field.
    """
    if not by.may("disclose_child", file):
        raise PermissionDenied
    _check(asked_by, checked, note, safe)
    content = json.dumps(document(file), ensure_ascii=False, indent=1).encode()
    pk = pk or uuid.uuid4()
    earlier = Disclosure.objects.filter(pk=pk, person=by.person)
    says = has_values(child_id=file.pk, asked_by=asked_by, relation=relation, checked=checked, note=note)

    def record_copy() -> None:
        record_act(by, "disclose", file, relation=relation, checked=checked, disclosure=str(pk))

    if first_sending(earlier, says=says):
        record_copy()  # the file as it is today goes out once more
        return content
    refusal = _("这张申请已经提交过，请回到档案重新打开。")
    with created_once(earlier, says=says, refusal=refusal) as sending:
        Disclosure.objects.create(
            pk=pk,
            child=file,
            asked_by=asked_by,
            relation=relation,
            checked=checked,
            note=note,
            sha256=hashlib.sha256(content).hexdigest(),
            person=by.person,
            post=by,
        )
        record_copy()
    if sending.first:
        record_copy()
    return content


def _check(asked_by: str, checked: str, note: str, safe: bool) -> None:
    problems: dict[str, list] = {}
    if not asked_by:
        problems["asked_by"] = [_("请填写申请人姓名。")]
    if checked == IdentityCheck.OTHER and not note:
        problems["note"] = [_("用其他方式核对的，请写明是怎样核对的。")]
    if not safe:
        problems["safe"] = [NOT_SAFE]
    if problems:
        raise ValidationError(problems)
