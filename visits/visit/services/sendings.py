"""What was sent before: under the same key, or minutes ago from another copy of the form.

A form may come again in many ways: a double click, an answer that was lost, "back", a page that was loaded anew, a
phone beside the page. Whether it is the same is asked of what was sent, which the visit keeps as fingerprints
(``Visit.sendings``): its own answers may say something else since, after a correction.
"""

import datetime
import hashlib
import json
import uuid
from collections.abc import Collection
from typing import Any

from django.db.models import BigAutoField, DateTimeField, UUIDField
from django.utils import timezone
from django.utils.translation import gettext as _

from childwelfare.questions.question import Kind
from childwelfare.security.sealing import blind_index
from childwelfare.tables.prepared import Parameter, Prepared
from childwelfare.uploads.pictures import Picture
from childwelfare.workflow.refusals import Refused
from childwelfare.workflow.writing import count_version, refuse_other_content
from orgs.posts.models import Appointment
from registry.changes.models import Verdict
from registry.child.fields import content_of, equal, to_json
from registry.child.models import ChildFile
from visits.visit.flags import flags_of
from visits.visit.models import Visit, VisitState
from visits.visit.observed_changes import changes_that_differ
from visits.visit.questions import VISIT_QUESTIONS
from visits.visit.services.observed_changes import propose_observed_changes
from visits.visit.services.photos import join_photos

AGAIN_WITHIN = datetime.timedelta(minutes=10)  # under another key
KEY_KNOWN_FOR = datetime.timedelta(days=60)  # a key that joined another visit; a visit's own key for ever
VISITS_BY_KEY_OR_CHILD = Prepared(
    lambda: Visit.objects.of_key_or_child(
        Parameter("pk", UUIDField()),
        child=Parameter("child", UUIDField()),
        person=Parameter("person", BigAutoField()),
        after=Parameter("lately", DateTimeField()),
    )
)
Fingerprint = list[str]  # of the answers, of what was noticed
SENDINGS = 20  # that a visit keeps: the first one, and the last of those after it
UNKNOWN = ["", "", ""]  # in the place of the first sending of a visit from before fingerprints


def fingerprint_of(answers: dict, changes: dict[str, dict] | None) -> Fingerprint:
    """Of what is sent. The place is not part of it: it is taken anew, or not at all, when the form is sent again."""
    said = {}
    for question in VISIT_QUESTIONS.questions:
        value = answers.get(question.name)
        if question.kind == Kind.HIDDEN_NUMBER or not question.is_answered(value):
            continue
        if question.kind == Kind.TICK and not value:
            continue
        said[question.name] = sorted(value or ()) if question.kind == Kind.SEVERAL else to_json(value)
    noticed = {name: to_json(pair["value"]) for name, pair in (changes or {}).items()}
    return [_digest(said), _digest(noticed)]


def _digest(content: dict) -> str:
    """Keyed: a telephone number that was noticed can't be guessed from it."""
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, default=str)
    exact = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()  # a blind index lets spaces and case go
    return blind_index(exact, "visits.visit.sendings")


def a_sending(sent: Fingerprint, pk: uuid.UUID) -> list[str]:
    """As ``Visit.sendings`` keeps it: what was ``sent``, and the key ``pk`` under which it came."""
    return [*sent, str(pk)]


def with_sending(visit: Visit, sent: Fingerprint, pk: uuid.UUID) -> list[list[str]]:
    """The sendings of ``visit`` and one more. The first stays, and the last ones: a repeat is one of those that were
    sent a moment ago."""
    kept = [*(visit.sendings or [UNKNOWN]), a_sending(sent, pk)]
    return kept[:1] + kept[1:][1 - SENDINGS :]


def is_sent_before(visit: Visit, child: ChildFile, sent: Fingerprint) -> bool:
    """Whether the same was sent before as this visit to ``child``; of visits from before fingerprints nothing else is
    known."""
    if visit.child_id != child.pk:
        return False
    return not visit.sendings or UNKNOWN in visit.sendings or sent in _fingerprints(visit)


def _fingerprints(visit: Visit) -> list[Fingerprint]:
    return [sending[:2] for sending in visit.sendings]


def is_last_correction(visit: Visit, sent: Fingerprint) -> bool:
    """Whether ``sent`` is what ``visit`` was corrected to last; corrections come under its own key, after the first."""
    corrections = [sending for sending in visit.sendings[1:] if _is_under(sending, visit.pk)]
    return corrections[-1:] == [a_sending(sent, visit.pk)]


def _is_under(sending: list[str], pk: uuid.UUID) -> bool:
    return sending[2] == str(pk)


def _has_key(visit: Visit, pk: uuid.UUID) -> bool:
    return visit.pk == pk or any(_is_under(sending, pk) for sending in visit.sendings)


def first_of_same(
    child: ChildFile,
    *,
    by: Appointment,
    pk: uuid.UUID,
    sent: Fingerprint,
    answers: dict,
    changes: dict[str, dict] | None,
    photos: Collection[Picture],
) -> Visit | None:
    """The visit that an earlier sending made; None where there is none. ``child`` is locked; ``sent``: the fingerprint
    of ``answers`` and ``changes``.

    Under the key ``pk`` it must say the same. Under another key, from the same person within AGAIN_WITHIN, the same
    answers are the same visit: what comes in addition is kept with it while it waits for review. Raises SentBefore, or
    Refused where it came back meanwhile: it is to be completed.
    """
    now = timezone.now()
    earlier = VISITS_BY_KEY_OR_CHILD.ask(pk=pk, lately=now - KEY_KNOWN_FOR, child=child.pk, person=by.person_id)
    for visit in earlier:
        if _has_key(visit, pk):
            refuse_other_content(is_sent_before(visit, child, sent) and join_photos(visit, photos, by=by))
            return visit
    lately = [visit for visit in earlier if visit.made_at > now - AGAIN_WITHIN]
    same = [visit for visit in lately if any(sending[0] == sent[0] for sending in visit.sendings)]
    for visit in sorted(same, key=lambda visit: visit.state == VisitState.RETURNED):  # what may still take it first
        noticed = {} if sent in _fingerprints(visit) else changes_that_differ(child, changes, answers)
        if _takes(visit, child, noticed, photos, by=by):
            visit.sendings = with_sending(visit, sent, pk)  # this key is that visit from now on
            visit.save(update_fields=["sendings"])
            return visit
    return None


def _takes(
    visit: Visit, child: ChildFile, noticed: dict[str, dict], photos: Collection[Picture], *, by: Appointment
) -> bool:
    """Whether ``visit`` has, or takes now, all that comes with a second sending."""
    if visit.is_taken_back:
        raise Refused(_("这一天的走访您已撤回修改，还没有再送。请打开那一条改好再送。"))
    if visit.state == VisitState.RETURNED:
        raise Refused(_("这一天的走访已被退回，请打开那一条补充后再送。"))
    visit.child = child
    new = not_proposed(visit, noticed)
    # To one that was decided nothing is added, nor proposes who may not: then it comes with a visit of its own.
    may_propose = child.closed_on is None and by.may("propose_change", child)
    if new and (visit.state != VisitState.SUBMITTED or not may_propose):
        return False
    if not join_photos(visit, photos, by=by):
        return False
    if new:
        propose_observed_changes(visit, new, by=by)
        visit.flags = flags_of(visit, child, recorded_on=visit.recorded_on, noticed=True)
        visit.save(update_fields=["flags"])
        count_version(visit)  # who reads it on the desk decides only what she has seen
    return True


def not_proposed(visit: Visit, changes: dict[str, dict]) -> dict[str, dict]:
    """Those of ``changes`` that ``visit`` has not proposed already and that the file does not say. What was proposed
    and withdrawn, or approved and altered since, is noticed anew."""
    if not changes:
        return {}
    proposed: dict[str, Any] = {}
    for change in visit.noticed.filter(child=visit.child_id):
        waiting = [field for field in change.fields.all() if field.verdict in (Verdict.PENDING, Verdict.RETURNED)]
        proposed |= {field.name: field.value for field in waiting}
    left = {name: pair for name, pair in changes.items() if not equal(to_json(pair["value"]), proposed.get(name))}
    content = content_of(visit.child, left) if left else {}  # what the file said by then was left out
    return {name: pair for name, pair in left.items() if not equal(to_json(pair["value"]), to_json(content.get(name)))}
