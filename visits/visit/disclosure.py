"""What a guardian reads of the visits in the copy of a file (registry.disclosure.document.DISCLOSED)."""

from childwelfare.questions.question import Kind
from registry.child.models import ChildFile
from registry.disclosure.document import described
from visits.visit.questions import VISIT_QUESTIONS


def visits_section(file: ChildFile) -> tuple[str, str, list[dict]]:
    """All visits, returned ones with their state; what the registry marked for itself stays out."""
    visits = file.visits.order_by("visited_on", "id").select_related("village")
    lists = {question.name: question.codes for question in VISIT_QUESTIONS.questions if question.kind == Kind.SEVERAL}
    return (
        "visits",
        str(file.visits.model._meta.verbose_name),
        [described(visit, {"flags"}, lists) for visit in visits],
    )
