"""The moves of a request and of what each unit answers."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from childwelfare.workflow.transitions import Transition, Workflow
from reports.requests.models import DataAnswer, DataRequest
from reports.requests.states import AnswerState as A
from reports.requests.states import RequestState
from reports.requests.states import RequestState as S
from reports.submissions.people import in_office


@dataclass(frozen=True)
class Filling:
    """``values``: {key of a question: as it was read}; ``note``: why something is left blank."""

    values: Mapping[str, Any]
    note: str = ""


def asks(post: Any, request: DataRequest) -> bool:
    """The unit itself, or the one that alone took over from it; where nobody holds the post there, be it vacant or
    closed for good, the next unit above that has people."""
    if request.unit_id in post.unit.own_keys:
        return True
    return post.unit.level < request.unit.level and in_office(request.unit)[:1] == [post.unit_id]


def asker_of(post: Any, request: DataRequest | None) -> Any:
    """The unit that asks where ``post`` writes ``request``, a new one where there is none: its own, or the one that
    leaves it to it."""
    left = request is not None and request.unit_id not in post.unit.own_keys
    return request.unit if request is not None and left else post.unit


def asked_for_it(post: Any, answer: DataAnswer) -> bool:
    return asks(post, answer.request)


def answers(post: Any, answer: DataAnswer) -> bool:
    """The unit itself, or the one that alone took over from it; where nobody holds the post there, be it vacant or
    closed, the next unit above that has people."""
    if answer.unit_id in post.unit.own_keys:
        return True
    return post.unit.level < answer.unit.level and answer.in_office[:1] == [post.unit_id]


def reads_values(post: Any, answer: DataAnswer) -> bool:
    """What is kept and not sent is its writer's, who may be the station of a village where nobody is in post."""
    return answer.is_answered or answers(post, answer)


def is_open(answer: DataAnswer) -> bool:
    """Also of a unit that was closed, where it answered or has it back and nobody took over: the tier above mends
    it."""
    stands = answer.unit.valid_to is None or answer.is_answered or answer.is_left_above
    return answer.request.state == RequestState.SENT and stands


BY_THE_ASKER = (_("要数的单位；没有人在岗或已撤销的，由上级办"), asks)
BY_WHO_ASKED = (_("要数的单位；没有人在岗或已撤销的，由上级办"), asked_for_it)
BY_ITSELF = (_("本单位；没有人在岗的，由上级代答"), answers)
WHILE_OPEN = (_("要数的单位已经收结或撤销，或者填的单位已停用，不用再填了。"), is_open)

REQUEST = Workflow(
    Transition(
        "send", pgettext_lazy("data request", "发出"), (S.DRAFT,), S.SENT, "ask_figures", only=BY_THE_ASKER,
    ),
    Transition("settle", _("直接出表"), (S.DRAFT,), S.CLOSED, "ask_figures", only=BY_THE_ASKER),
    Transition("discard", _("不要了"), (S.DRAFT,), S.WITHDRAWN, "ask_figures", only=BY_THE_ASKER),
    Transition("close", _("收结"), (S.SENT,), S.CLOSED, "ask_figures", only=BY_THE_ASKER),
    Transition(
        "withdraw", pgettext_lazy("data request", "撤销"), (S.SENT,), S.WITHDRAWN, "ask_figures", only=BY_THE_ASKER,
        needs_reason=True,
    ),
    model="reports.DataRequest",
    moves="reports.requests.moves",
)  # fmt: skip

ANSWER = Workflow(
    Transition(
        "submit", pgettext_lazy("data answer", "送出"), (A.OPEN, A.RETURNED), A.ANSWERED, "submit_ledger",
        only=BY_ITSELF, payload=Filling, writes=True, requires=WHILE_OPEN, wrong_state=_("这一份已经送出了。"),
    ),
    Transition(
        "take_back", pgettext_lazy("data answer", "取回修改"), (A.ANSWERED,), A.OPEN, "submit_ledger",
        only=BY_ITSELF, requires=WHILE_OPEN,
    ),
    Transition(
        "return", pgettext_lazy("data answer", "退回"), (A.ANSWERED,), A.RETURNED, "ask_figures", only=BY_WHO_ASKED,
        needs_reason=True, returns=True, requires=WHILE_OPEN, place="request",
    ),
    # a unit that was asked too was closed, and this one took its place: what it said is no longer all
    Transition("extend", _("单位调整，补填"), (A.ANSWERED,), A.OPEN, "", writes=False),
    model="reports.DataAnswer",
    moves="reports.requests.moves",
)  # fmt: skip
