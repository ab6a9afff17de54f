"""What a move of a need came to, in one sentence for who made it: who has it now, until when, who was told, what is
next. Formed from the record and its last two events, alike on the page and over the API."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from childwelfare.text.days import short_day
from orgs.posts.models import Appointment
from registry.needs.codes import Satisfaction
from registry.needs.deadlines import ESCALATED_AFTER
from registry.needs.models import Need, NeedEvent, NeedState
from registry.needs.presentation import ending_in_words, holder_in_words, title_of
from registry.needs.services.handling import is_staffed
from registry.needs.tiers import told_of_discontent, unit_above

UNDOABLE = ("settle",)


def came_to(need: Need, *, by: Appointment) -> str:
    """To whom the last move, which ``by`` made, brought ``need``, read after it. One query."""
    events = need.events.select_related("holder").order_by("-at", "-id")[:2]
    event, *earlier = events
    before = earlier[0] if earlier else None
    said = [_has_it(need, by), _until(need, before)] if need.state == NeedState.OPEN else [_ended(need)]
    sentences = [_("%(move)s：%(what)s") % {"move": title_of(event), "what": _("，").join(said)}]
    if told := _told(need, event, before, by):
        sentences.append(_("已告诉%(names)s") % {"names": _("、").join(told)})
    if later := _next(need, event, by):
        sentences.append(later)
    return "".join(_("%(sentence)s。") % {"sentence": sentence} for sentence in sentences).strip()


def _has_it(need: Need, by: Appointment) -> str:
    if need.owner_id == by.pk:
        return _("现在由您承办")
    words = _("现在由%(who)s办理") if need.owner_id else _("现在由%(who)s办理，还没有定承办人")
    return words % {"who": holder_in_words(need)}


def _until(need: Need, before: NeedEvent | None) -> str:
    """The last day, beside the one before where it is another."""
    words = _("%(day)s前办结") % {"day": short_day(need.due_on)}
    if before and before.due_on and before.due_on != need.due_on:
        words += _("（原来是%(day)s）") % {"day": short_day(before.due_on)}
    return words


def _ended(need: Need) -> str:
    if need.state == NeedState.VOID:
        return _("仍留在名单里")
    return ending_in_words(need.outcome, need.satisfaction)


def _told(need: Need, event: NeedEvent, before: NeedEvent | None, by: Appointment) -> list[str]:
    """Whom ``registry.needs.moves`` told of it, but ``by``."""
    names = []
    if event.action in ("settle", "void"):
        names += [need.made_by.name] if need.made_by_id != by.person_id else []
        if event.satisfaction == Satisfaction.NOT:
            names += [unit.short_name for unit in told_of_discontent(need)]
    elif event.action == "assign" and need.owner and need.owner.person_id != by.person_id:
        names.append(need.owner.person.name)
    elif event.action == "pull_up" and before and before.holder:
        names.append(before.holder.short_name)
    elif event.action in ("pass_up", "pass_down", "move_due", "reopen") and need.holder_id not in by.unit.own_keys:
        names += [need.holder.short_name] if is_staffed(need.holder) else []
    return names


def _next(need: Need, event: NeedEvent, by: Appointment) -> str:
    """What may be done about it, and what happens by itself."""
    if event.action in UNDOABLE:
        return _("15 分钟内可以撤销；没办好的，以后可以重新办理")
    above = unit_above(need)
    if need.state != NeedState.OPEN or above is None:
        return ""
    return ngettext(
        "过了期限 %(n)s 个工作日还没有办结，自动升到%(unit)s",
        "过了期限 %(n)s 个工作日还没有办结，自动升到%(unit)s",
        ESCALATED_AFTER,
    ) % {"n": ESCALATED_AFTER, "unit": above.short_name}
