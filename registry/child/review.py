"""Files on the station's desk."""

from django.db.models import Prefetch, QuerySet, prefetch_related_objects
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from childwelfare.text.words import Words
from orgs.posts.models import Appointment
from orgs.review.kinds import Card, ReviewKind
from orgs.units.models import OrgUnit
from registry.child.api.serializers import ChildDetailOut
from registry.child.models import ChildFile
from registry.child.sections import completeness, sections_of
from registry.child.workflow import FILE
from registry.quality import Case, Lacks, RuleKind, rules_to_tell
from registry.twins.forms import REASONS as REASONS_OF_TWO
from registry.twins.presentation import elsewhere_lines, shown
from registry.twins.readings import TWINS_READ, note_twins
from registry.twins.services import Twins, facts_of, twins_among

# what a new file lacks most often: offered when it is sent back
REASONS = (gettext_lazy("请补充照看人电话"), gettext_lazy("请核对身份证号"), gettext_lazy("请写明实际照看人"))


def _fetched(files: QuerySet) -> QuerySet:
    """With the people, categories and places that rules look at."""
    return files.select_related("township", "county").prefetch_related("family", "guardians", "memberships")


def _look_for_twins(files: list[ChildFile], post: Appointment) -> None:
    """Of all on the desk at once: three queries, however many there are."""
    for file, twins in zip(files, twins_among([facts_of(file) for file in files], post), strict=True):
        file.twins = twins


def _card(file: ChildFile, _post: Appointment) -> Card:
    twins = [_("疑似重复")] if file.twins and (file.twins.to_answer or file.twins.elsewhere) else []
    found = rules_to_tell(Case(file, timezone.localdate()), (RuleKind.CONTRADICTION, RuleKind.MISSING))
    lacks = Lacks([rule for rule in found if rule.kind == RuleKind.MISSING])
    flags: list[Words] = [*twins, *(str(rule.label) for rule in found if rule.kind == RuleKind.CONTRADICTION)]
    # where a flag takes the chip, the line says beside it what is missing
    told = [lacks.chip] if flags and lacks else []
    detail = " · ".join([*told, _("、").join(map(str, file.category_labels))])
    return Card(at=file.submitted_at, detail=detail, chip=lacks.chip, flags=flags)


def _case(request, file: ChildFile) -> dict:
    prefetch_related_objects([file], Prefetch("village", OrgUnit.objects.with_path()))  # its address tells the path
    sections = sections_of(file)
    twins: Twins = file.twins
    note_twins(request, twins, where="desk")
    return {
        "sections": sections,
        "complete": completeness(sections),
        "twins": shown(file, twins.named),
        "elsewhere": elsewhere_lines(twins, file.village),
        "twin_reasons": REASONS_OF_TWO,
    }


FILES = ReviewKind(
    key="file",
    label=gettext_lazy("新建档案"),
    tone="brand",
    model=ChildFile,
    permission="approve_child",
    workflow=FILE,
    passing="approve",
    fetched=_fetched,
    look_over=_look_for_twins,
    card=_card,
    name_of=lambda file: file.name,
    reads="view_file",
    also_reads=TWINS_READ,
    case=_case,
    reasons=REASONS,
    template="registry/child/review.html",
    serializer=ChildDetailOut,
    done_words=lambda file: _("%(name)s已建档，档案号 %(number)s。") % {"name": file.name, "number": file.file_number},
    columns={"since": "submitted_at", "child": "", "place": "village__name"},
    todo_words=lambda row: _("新建档案"),
)
