"""What a guardian reads of the assessments in the copy of a file."""

from registry.assessments.models import Assessment
from registry.child.models import ChildFile
from registry.disclosure.document import described
from registry.instruments.presentation import answered_in_words

# How this office works with it, keys of this system, and what may turn against the child at home: what the child said,
# what was said of its guardians, what the urgent screen found. That is handed out by a decision of its own, to whom it
# does not endanger (《未成年人保护法》第四条, 第一百零三条).
LEFT_OUT = {
    "instrument", "sent_for", "second_of", "urgent_report", "first_estimate", "taken_back", "version", "computed",
    "screen", "urgent", "danger_words", "answers", "worse_because", "scores", "child_view", "level_reason",
}  # fmt: skip


def assessments_disclosed(file: ChildFile) -> tuple[str, str, list[dict]]:
    """Those that were confirmed, with their answers in words; none that was opened by danger."""
    confirmed = Assessment.objects.in_force().first_ones().filter(child=file, urgent="").select_related("instrument")
    rows, label = [], str(Assessment._meta.get_field("answers").verbose_name)
    for each in confirmed.order_by("assessed_on", "id"):
        text = answered_in_words(each.instrument.content, each.answers)
        rows.append(described(each, LEFT_OUT) | {"answers": {"label": label, "value": text, "text": text}})
    return ("assessments", str(Assessment._meta.verbose_name), rows)
