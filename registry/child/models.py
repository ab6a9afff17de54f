"""The child's file."""

import datetime
import uuid
from typing import Any, ClassVar, Self

from django.apps import apps
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce, Right
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from childwelfare.security.sealing import blind_index
from childwelfare.text.pinyin import has_compound_surname, name_initials, name_order, name_pinyin
from childwelfare.text.words import Words
from childwelfare.workflow.models import TAKEN_BACK, Event
from orgs.access.scope import TIERS, Placed, ScopedQuerySet
from orgs.posts.models import Appointment
from registry.child import codes
from registry.child.ages import age_on
from registry.child.parts import BodyHealth, Household, Identity, SchoolLife, SearchedGuardian


class FileState(models.TextChoices):
    DRAFT = "draft", _("草稿")
    SUBMITTED = "submitted", _("待审核")
    RETURNED = "returned", _("已退回")
    APPROVED = "approved", _("在册")
    CLOSED = "closed", _("已结案")


# what the post at the place where a child stays may do with its file; everything else is for who keeps it
HOSTED = frozenset({"view_child", "reveal_child", "view_visit", "log_visit"})

NEVER = Value(datetime.date(1900, 1, 1), output_field=models.DateField())  # when a draft was registered, to sort by


def beginning_of(column: str, name: str) -> models.Index:
    """Serves LIKE 'x%' within a county, in whatever collation the database has; SQLite knows no operator classes."""
    return models.Index(fields=["county", column], name=name, opclasses=["int8_ops", "text_pattern_ops"])


AWAITING_APPROVAL = (FileState.SUBMITTED, FileState.RETURNED)  # of a file that was sent


def _awaiting_approval() -> Q:
    """As ``ChildFile.awaits_approval``."""
    return Q(state__in=AWAITING_APPROVAL, submitted_at__isnull=False)


class ChildFileQuerySet(ScopedQuerySet):
    def locked_for_planning(self, pk: Any) -> Self:
        """One file with what decides on its visits, held until the transaction ends."""
        who, when = ("name", "birth_date", "state"), ("approved_on", "counted_since", "closed_on", "merged_into")
        return self.filter(pk=pk).only(*who, *when, "risk", "category_codes", *TIERS).select_for_update()

    def hosted_at(self, post: Appointment | None, permission: str) -> Self:
        """Files kept anywhere whose child stays where ``post`` holds ``permission`` (Stay)."""
        if permission not in HOSTED:
            return self.none()
        stays = apps.get_model("registry.Stay").objects.in_force().visible_to(post, permission)
        return self.filter(pk__in=stays.values("child"))

    def open_to(self, post: Appointment | None, permission: str) -> Self:
        """Files that ``post`` may open one by one: kept where it holds ``permission``, or hosted there.

        For a look-up by key. Lists begin with ``visible_to``, which is served by one index.
        """
        return self.visible_to(post, permission) | self.hosted_at(post, permission)

    def awaiting_review(self) -> Self:
        """The station's queue, oldest first. Served by file_review_queue."""
        return self.filter(state=FileState.SUBMITTED).order_by("submitted_at", "id")

    def in_registry(self) -> Self:
        """Files whose child is in the registry now: approved, not closed."""
        return self.filter(state=FileState.APPROVED)

    def to_visit(self) -> Self:
        """Files whose child is visited on record: in the registry, or ``awaiting_approval``."""
        return self.filter(_awaiting_approval() | Q(state=FileState.APPROVED))

    def awaiting_approval(self) -> Self:
        """Files that were sent to the station and are not approved yet: they wait there, or came back since."""
        return self.filter(_awaiting_approval())

    def with_id_number(self, number: str) -> Self:
        """By blind index, over the whole database: callers decide what may be shown."""
        return self.filter(id_index=blind_index(number, "id_number"))

    def newest_first(self) -> Self:
        return self.order_by("-updated_at", "-id")

    def siblings_of(self, file: "ChildFile") -> Self:
        """Files of the brothers and sisters of ``file``'s child: those with the same family mark."""
        if file.family_uid is None:
            return self.none()
        return self.filter(family_uid=file.family_uid).exclude(pk=file.pk)


class ChildFile(Identity, Household, SchoolLife, BodyHealth, SearchedGuardian, Placed):
    """One child's file (档案), from draft to closing. Approved files change only through review."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    file_number = models.CharField(_("档案号"), max_length=24, blank=True, editable=False)
    state = models.CharField(_("状态"), max_length=10, choices=FileState, default=FileState.DRAFT)
    # by who made it, to mend it (move "recall"), until it is sent again; its state is that of what was sent back
    taken_back = models.BooleanField(default=False, db_default=False, editable=False)
    version = models.PositiveIntegerField(default=1)
    risk = models.CharField(_("风险等级"), max_length=8, choices=codes.CHILD_RISKS, default=codes.UNASSESSED)
    # a copy of the open memberships for lists and filters; only registry.categories.services writes it
    category_codes = models.CharField(max_length=60, blank=True, editable=False)
    made_by = models.ForeignKey("orgs.Person", models.PROTECT, related_name="+")
    made_in = models.ForeignKey("orgs.Appointment", models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField(_("提交时间"), null=True, editable=False)
    approved_on = models.DateField(_("建档日期"), null=True, editable=False)
    # where a child moved here or was registered again: since when it counts here; blank: since approval
    counted_since = models.DateField(_("本处在册起"), null=True, editable=False)
    closed_on = models.DateField(_("结案日期"), null=True, editable=False)
    close_reason = models.CharField(_("结案原因"), max_length=12, choices=codes.ExitReason, blank=True)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, editable=False, related_name="merged_files")
    created_at = models.DateTimeField(default=timezone.now)
    updated_at = models.DateTimeField(default=timezone.now)

    STATE_TONES = {"approved": "ok", "returned": "warm", "submitted": "brand"}

    objects: ClassVar = ChildFileQuerySet.as_manager()

    # while it is closed and reopened (registry.closing): from which day and why, since when
    leaving: tuple[datetime.date, str]
    returning: datetime.date
    # on the station's desk: what may be another file of the same child (registry.twins)
    twins: Any = None
    # while it is saved: whether its name is another one now
    is_renamed = False

    class Meta:
        verbose_name = _("儿童档案")
        constraints = [
            models.UniqueConstraint(fields=["file_number"], condition=~Q(file_number=""), name="file_number_is_unique"),
            models.UniqueConstraint(fields=["id_index"], condition=~Q(id_index=""), name="one_file_per_id_number"),
            models.CheckConstraint(
                condition=Q(closed_on=None) | Q(closed_on__gte=F("approved_on")), name="closed_after_approved"
            ),
        ]
        indexes = [
            # newest_first() within a scope: an index-ordered page, no sort
            models.Index(fields=["city", "-updated_at", "-id"], name="file_city_newest"),
            models.Index(fields=["county", "-updated_at", "-id"], name="file_county_newest"),
            models.Index(fields=["township", "-updated_at", "-id"], name="file_township_newest"),
            models.Index(fields=["village", "-updated_at", "-id"], name="file_village_newest"),
            # awaiting_review() of one station
            models.Index(
                fields=["township", "submitted_at", "id"], name="file_review_queue", condition=Q(state="submitted")
            ),
            # search within a county: by the beginning of a name or of its letters
            beginning_of("name", "file_by_name"),
            beginning_of("given_name", "file_by_given_name"),
            beginning_of("pinyin", "file_by_letters"),
            beginning_of("initials", "file_by_initials"),
            beginning_of("guardian_name", "file_by_guardian"),
            beginning_of("guardian_pinyin", "file_by_guardian_letters"),
            # by a number or its end
            models.Index(fields=["phone_index"], name="file_by_phone", condition=~Q(phone_index="")),
            models.Index(
                fields=["guardian_phone_index"], name="file_by_guardian_phone", condition=~Q(guardian_phone_index="")
            ),
            models.Index(fields=["county", "id_tail"], name="file_by_id_tail", condition=~Q(id_tail="")),
            models.Index(fields=["county", "phone_tail"], name="file_by_phone_tail", condition=~Q(phone_tail="")),
            models.Index(
                fields=["county", "guardian_phone_tail"],
                name="file_by_guardian_tail",
                condition=~Q(guardian_phone_tail=""),
            ),
            models.Index(F("county"), Right("file_number", 4), name="file_by_number_end"),
            beginning_of("file_number", "file_by_number"),
            # how many a category and a risk narrow a list to, index only
            models.Index(fields=["county", "category_codes", "risk"], name="file_county_categories"),
            models.Index(
                fields=["city", "category_codes", "risk", "state", "sex", "birth_date"], name="file_city_categories"
            ),
            # the other orders of a county's list (registry.lists.columns), and of a township's out of it, index only
            models.Index(fields=["county", "name_order", "id", "township"], name="file_county_by_order"),
            models.Index(fields=["county", "birth_date", "id", "township"], name="file_county_by_birth"),
            models.Index(
                F("county"),
                Coalesce("approved_on", NEVER).desc(),
                F("id").desc(),
                F("township"),
                name="file_county_registered",
            ),
            # how many a filter leaves of a list, index only
            models.Index(
                fields=[
                    "county",
                    "township",
                    "village",
                    "state",
                    "approved_on",
                    "closed_on",
                    "sex",
                    "birth_date",
                    "risk",
                ],
                name="file_filtered",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        order = name_order(self.name)
        self.is_renamed = self._state.adding or self.__dict__.get("name_order", order) != order  # see receivers
        self.given_name, self.pinyin = given_name(self.name), name_pinyin(self.name)
        self.initials, self.name_order = name_initials(self.name), order
        self.updated_at = timezone.now()
        super().save(*args, **kwargs)

    @property
    def is_taken_back(self) -> bool:
        """Whether it is with who made it, who took it back to mend it; what the station sent back is not."""
        return self.taken_back and self.state == FileState.RETURNED

    def get_state_display(self) -> str:  # type: ignore[no-redef]
        """Its state in words; 撤回修改 of what its writer took back, which nobody sent back."""
        return str(TAKEN_BACK if self.is_taken_back else FileState(self.state).label)

    def age(self, on: datetime.date | None = None) -> int:
        return age_on(self.birth_date, on or timezone.localdate())

    @property
    def begun_on(self) -> datetime.date | None:
        """Since when the child is in the registry at this place, without a break."""
        return self.counted_since or self.approved_on

    @property
    def categories(self) -> list[codes.Category]:
        """The categories the child holds now."""
        return [codes.Category(code) for code in self.category_codes.split(",") if code]

    @property
    def category_labels(self) -> list[Words]:
        return [category.label for category in self.categories]

    @property
    def awaits_approval(self) -> bool:
        """As ``awaiting_approval``."""
        return self.state in AWAITING_APPROVAL and self.submitted_at is not None

    @property
    def is_to_visit(self) -> bool:
        """As ``to_visit``."""
        return self.state == FileState.APPROVED or self.awaits_approval

    @property
    def first_sent_on(self) -> datetime.date | None:
        """The day on which the file was first sent to the station, however often it came back since. Whether it was
        sent at all says ``submitted_at``, which has the last time; the earlier ones stand in the events alone."""
        if self.submitted_at is None:
            return None
        sent = self.events.filter(action="submit").order_by("at").values_list("at", flat=True).first()
        return timezone.localdate(min(sent or self.submitted_at, self.submitted_at))

    @property
    def survivor(self) -> "ChildFile":
        """The file in which the child's records lie: this one, unless it was merged into another, and that into a
        third."""
        file = self
        while file.merged_into:
            file = file.merged_into
        return file

    def with_merged(self) -> list["ChildFile"]:
        """This file and those whose records lie in it since merges."""
        files: list[ChildFile] = []
        into = [self]
        while into:
            files += into
            into = list(ChildFile.objects.filter(merged_into__in=into))
        return files

    @cached_property
    def is_being_handed_on(self) -> bool:
        """Whether a transfer waits for its answer, as the page was begun."""
        return self.transfers.filter(state="asked").exists()

    @property
    def editable(self) -> bool:
        """Whether the file itself may be written: before approval; afterwards by a change under review."""
        return self.state in (FileState.DRAFT, FileState.RETURNED)


class ChildFileEvent(Event):
    """``before``: what the move overwrote beside the file's own state, so that it can be put back (registry.child.moves
    says what); empty for moves that overwrite nothing."""

    facts = ("before",)

    record = models.ForeignKey(ChildFile, models.PROTECT, related_name="events")
    before = models.JSONField(default=dict, db_default={})


class FileSerial(models.Model):
    """The last serial given out in a village and year: a number is never used twice."""

    village = models.ForeignKey("orgs.OrgUnit", models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["village", "year"], name="one_serial_per_village_and_year")]


def given_name(name: str) -> str:
    """The name without its surname; after the first dot for names that have one: 努尔·麦麦提 → 麦麦提."""
    if "·" in name:
        return name.split("·", 1)[1]
    return name[2:] if has_compound_surname(name) else name[1:]
