"""Looking for files that may be of the same child, and saying that two are not.

Candidates come by index alone: the same birth date within the county, a name of the same sound within the township, the
same number of the child, the same phone or number of who cares for it. ``likeness`` then decides.
"""

import dataclasses
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import OuterRef, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from childwelfare.workflow.refusals import Refused, Stale
from childwelfare.workflow.transitions import UNDO_WITHIN
from orgs.audit.services import record_act
from orgs.posts.models import Appointment
from orgs.units.models import OrgUnit
from registry.child.codes import ExitReason
from registry.child.models import ChildFile
from registry.family.models import Guardian
from registry.twins.likeness import ChildFacts, Likeness, likeness_of, readings_of
from registry.twins.models import REASON_LIMIT, NotTheSame, NotTheSameTakenBack, pair_of

# whoever works on one of the two files, and may open both, says that they are two children
SAYS = ("create_child", "approve_child", "merge_child", "settle_station_work")
MOST = 200  # candidates looked at for one child
COLUMNS = (
    "name", "sex", "birth_date", "state", "taken_back", "file_number", "id_index", "no_id_reason", "guardian_name",
    "guardian_phone_index", "family_uid", "address", "city", "county", "township", "village",
)  # fmt: skip


@dataclass(frozen=True)
class Twin:
    """A file that may be of the same child. ``said``: what somebody said of the pair already."""

    file: ChildFile
    likeness: Likeness
    said: NotTheSame | None = None


@dataclass(frozen=True)
class Twins:
    """What a post may be told: the files that it may open, and of the others only in which counties they are."""

    named: list[Twin] = field(default_factory=list)
    elsewhere: list[OrgUnit] = field(default_factory=list)

    @property
    def to_answer(self) -> list[Twin]:
        """Those of which nobody has said yet that they are another child's."""
        return [twin for twin in self.named if twin.said is None]

    @property
    def answered(self) -> list[Twin]:
        return [twin for twin in self.named if twin.said is not None]

    def __bool__(self) -> bool:
        return bool(self.named or self.elsewhere)


class TwinsToAnswer(Refused):
    """Files that may be of the same child wait for a word (HTTP 422)."""


def facts_of(file: ChildFile, *, village: OrgUnit | None = None) -> ChildFacts:
    """What of ``file`` is compared; as if it lay in ``village``, where that is given. The number of who cares for the
    child is read together with the candidates."""
    place = village or file
    return ChildFacts(
        name=file.name,
        sex=file.sex,
        birth_date=file.birth_date,
        county=place.county_id,
        township=place.township_id,
        village=place.village_id,
        number=file.id_index,
        guardian_name=file.guardian_name,
        guardian_phone=file.guardian_phone_index,
        guardian_number=getattr(file, "guardian_number", "") or "",
        family=file.family_uid,
        pk=file.pk,
    )


def twins_of(child: ChildFacts, post: Appointment) -> Twins:
    """The files that may be of ``child``, as ``post`` may be told. At most three queries."""
    return twins_among([child], post)[0]


def twins_among(children: Sequence[ChildFacts], post: Appointment) -> list[Twins]:
    """For each of ``children`` what ``twins_of`` gives, with three queries for all of them."""
    if not children:
        return []
    rows = list(_candidates(children))
    own = {row.pk: row for row in rows}
    facts = {row.pk: facts_of(row) for row in rows}
    asked = [_with_guardian_number(child, own) for child in children]
    found = [_alike(child, facts) for child in asked]
    readable, said = _what_is_known({pk for likenesses in found for pk in likenesses}, asked, post)
    answers = []
    for child, likenesses in zip(asked, found, strict=True):
        named: list[Twin] = []
        hidden: dict[int, OrgUnit] = {}
        # the likeliest first; then by key, so that two readers see one order
        for pk, likeness in sorted(likenesses.items(), key=lambda pair: (-pair[1].points, pair[0])):
            about = said.get(pair_of(child.pk, pk)) if child.pk else None
            if pk in readable:
                named.append(Twin(own[pk], likeness, about))
            elif about is None:
                county = own[pk].village.county
                assert county  # a village lies in one
                hidden[county.pk] = county
        answers.append(Twins(named, list(hidden.values())))
    return answers


def twins_of_file(file: ChildFile, post: Appointment, *, village: OrgUnit | None = None) -> Twins:
    """Those of ``file``; as if it lay in ``village`` already, where it is to go there."""
    return twins_of(facts_of(file, village=village), post)


def refuse_unanswered(file: ChildFile, *, by: Appointment) -> None:
    """Raise TwinsToAnswer while ``by`` can open a file that may be of the same child and nobody said that it is not."""
    if waiting := twins_of_file(file, by).to_answer:
        names = _("、").join(f"{twin.file.name}（{twin.file.village.short_name}）" for twin in waiting)
        text = _("可能重复建档，相似的档案有：%(names)s。请先核对：不是同一个孩子的写明原因，是的就用那份档案。")
        raise TwinsToAnswer(text % {"names": names})


def say_not_the_same(one: ChildFile, other: ChildFile, *, by: Appointment, reason: str) -> NotTheSame:
    """Keep that the two files are of two children. Said before, even beside us, the first word stands.

    Raises PermissionDenied unless ``by`` may open both and works on one of them; ValidationError (reason) without a
    reason or with a long one.
    """
    if not may_say(one, other, by=by):
        raise PermissionDenied
    if one.pk == other.pk:
        raise Refused(_("这是同一份档案。"))
    reason = _reason(reason, missing=_("请写明为什么不是同一个孩子，审核的人据此判断。"))
    first, second = pair_of(one.pk, other.pk)
    said = {"reason": reason, "made_by": by.person, "made_in": by}
    row, is_new = NotTheSame.objects.get_or_create(first_id=first, second_id=second, defaults=said)
    if is_new:
        record_act(by, "say_not_the_same", one, other=str(other.pk))
    return row


def take_back_not_the_same(one: ChildFile, other: ChildFile, *, by: Appointment, reason: str) -> NotTheSameTakenBack:
    """The word that the two files are of two children no longer stands: the pair is asked about again.

    Raises Stale where nothing of them stands (any more), PermissionDenied unless ``may_take_back``, ValidationError
    (reason) without a reason or with a long one.
    """
    first, second = pair_of(one.pk, other.pk)
    said = NotTheSame.objects.filter(first=first, second=second).first()
    if said is None:
        raise Stale(_("这两份档案现在没有“不是同一个孩子”的说明，可能刚被收回。"))
    if not (may_say(one, other, by=by) and may_take_back(said, one, other, by=by)):
        raise PermissionDenied
    reason = _reason(reason, missing=_("请写明为什么收回，以后查得清。"))
    with transaction.atomic():
        gone, _rows = NotTheSame.objects.filter(pk=said.pk).delete()
        if not gone:
            raise Stale(_("这两份档案现在没有“不是同一个孩子”的说明，可能刚被收回。"))
        taken = NotTheSameTakenBack.objects.create(
            first_id=first,
            second_id=second,
            reason=said.reason,
            made_by=said.made_by,
            made_at=said.made_at,
            taken_back_by=by.person,
            taken_back_in=by,
            taken_back_reason=reason,
        )
        record_act(by, "take_back_not_the_same", one, other=str(other.pk))
    return taken


def may_take_back(said: NotTheSame | None, one: ChildFile, other: ChildFile, *, by: Appointment) -> bool:
    """Who said it within UNDO_WITHIN, as any decision is taken back; a county of one of the two at any time."""
    if said is None:
        return False
    just_now = timezone.now() - said.made_at <= UNDO_WITHIN
    own = said.made_by_id == by.person_id and just_now
    return own or any(by.may("settle_station_work", file) for file in (one, other))


def _reason(text: str, *, missing: str) -> str:
    reason = text.strip()
    if not reason:
        raise ValidationError({"reason": [missing]})
    if len(reason) > REASON_LIMIT:
        raise ValidationError({"reason": [_("请写在 %(n)s 字以内。") % {"n": REASON_LIMIT}]})
    return reason


def may_say(one: ChildFile, other: ChildFile, *, by: Appointment) -> bool:
    """Whether ``by`` may open both files and works on one of them."""
    both = ChildFile.objects.open_to(by, "view_child").filter(pk__in=(one.pk, other.pk)).values("pk")
    works = any(by.may(permission, file) for permission in SAYS for file in (one, other))
    return works and len(set(both.values_list("pk", flat=True))) == len({one.pk, other.pk})


def _candidates(children: Sequence[ChildFacts]) -> QuerySet[ChildFile]:
    """Each branch is served by its own index, so they are united by key instead of by OR. The files of ``children``
    themselves are among them."""
    files = ChildFile.objects.filter(merged_into=None).exclude(close_reason=ExitReason.ENTRY_ERROR)
    keys = [child.pk for child in children if child.pk]
    townships: dict[int | None, set[str]] = {}
    counties: dict[int | None, int | None] = {}
    for child in children:
        townships.setdefault(child.township, set()).update(readings_of(child.name))
        counties[child.township] = child.county
    sought = [files.filter(pk__in=keys)] if keys else []
    for county in {child.county for child in children}:
        dates = {child.birth_date for child in children if child.county == county}
        sought.append(files.filter(county=county, birth_date__in=dates))
    for township, readings in townships.items():
        here = files.filter(county=counties[township], township=township)
        sought.append(here.filter(pinyin__in=readings))
        sought.append(here.filter(spellings__spelling__in=readings, spellings__of_carer=False))
    if numbers := _filled(child.number for child in children):
        sought.append(files.filter(id_index__in=numbers).exclude(id_index=""))
    if phones := _filled(child.guardian_phone for child in children):
        sought.append(files.filter(guardian_phone_index__in=phones).exclude(guardian_phone_index=""))
    carers = Guardian.objects.current().exclude(id_index="")
    if guardians := _filled(child.guardian_number for child in children):
        sought.append(files.filter(pk__in=carers.filter(id_index__in=guardians).values("child")))
    if keys:
        theirs = carers.filter(child__in=keys).values("id_index")
        sought.append(files.filter(pk__in=carers.filter(id_index__in=theirs).values("child")))
    first, *others = (branch.order_by().values("pk") for branch in sought)
    carer = Guardian.objects.current().filter(child=OuterRef("pk")).values("id_index")[:1]
    found = ChildFile.objects.filter(pk__in=first.union(*others)).only(*COLUMNS)
    places = ("village__city", "village__county", "village__township")
    return found.annotate(guardian_number=Subquery(carer)).select_related(*places)[: MOST * len(children)]


def _filled(values: Iterable[str]) -> set[str]:
    return {value for value in values if value}


def _with_guardian_number(child: ChildFacts, own: dict[uuid.UUID, ChildFile]) -> ChildFacts:
    row = own.get(child.pk) if child.pk else None
    return dataclasses.replace(child, guardian_number=facts_of(row).guardian_number) if row else child


def _alike(child: ChildFacts, facts: dict[uuid.UUID, ChildFacts]) -> dict[uuid.UUID, Likeness]:
    found = {pk: likeness_of(child, other) for pk, other in facts.items() if pk != child.pk}
    return {pk: likeness for pk, likeness in found.items() if likeness.is_twin}


def _what_is_known(
    keys: set[uuid.UUID], children: Sequence[ChildFacts], post: Appointment
) -> tuple[set[uuid.UUID], dict[tuple[uuid.UUID, uuid.UUID], NotTheSame]]:
    """Which of these files ``post`` may open, and what was said of them. Two queries, none where there are none."""
    if not keys:
        return set(), {}
    readable = set(ChildFile.objects.open_to(post, "view_child").filter(pk__in=keys).values_list("pk", flat=True))
    asked = [child.pk for child in children if child.pk]
    if not asked:
        return readable, {}
    said = NotTheSame.objects.about(asked).select_related("made_by")
    return readable, {row.pair: row for row in said}
