"""A form's own key: the same form twice at once is one record, and nobody takes another person's key.

On PostgreSQL alone: SQLite has one writer at a time and hides races.
"""

import uuid

import pytest
from django.utils import timezone

from childwelfare.workflow.refusals import Refused
from registry.changes.models import Change
from registry.changes.services import propose_change
from registry.child.models import ChildFile
from registry.child.services.files import make_file
from registry.disclosure.models import Disclosure
from registry.disclosure.services import disclose
from registry.guidance.models import Entrustment, Guidance
from registry.guidance.services import entrust, guide_guardian
from registry.papers.models import Paper
from registry.papers.services import add_paper
from registry.stays.models import Stay
from registry.stays.services import begin_stay
from registry.transfers.models import Transfer
from registry.transfers.services import ask_transfer
from tests.builders import a_post, a_unit, a_village, an_agreement, an_approved_file, an_upload, facts
from tests.threads import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def propose(file, by, pk):
    fields = {"address": {"base": file.address, "value": "五组"}}
    return lambda: propose_change(file, by=by, fields=fields, pk=pk)


def stay(file, by, pk):
    given = {"village": a_village(), "since": timezone.localdate(), "reason": "照看"}
    return lambda: begin_stay(file, by=by, seen_version=file.version, pk=pk, **given)


def hand_on(file, by, pk):
    return _hand_on(file, by, pk, a_village())


def hand_on_within_the_township(file, by, pk):
    return _hand_on(file, by, pk, a_unit(file.township))


def _hand_on(file, by, pk, target):
    given = {"target": target, "reason": "迁居", "seen_version": file.version}
    return lambda: ask_transfer(file, by=by, pk=pk, **given)


def guide(file, by, pk):
    answers = {"given_on": timezone.localdate(), "guardian": "李桂英", "topics": ["safety"], "advice": ""}
    return lambda: guide_guardian(file, by=by, answers=answers, pk=pk)


def agree(file, by, pk):
    return lambda: entrust(file, by=by, answers=an_agreement(), unfit=[], pk=pk)


def give_copy(file, by, pk):
    return lambda: disclose(file, by=by, asked_by="李桂英", relation="self", checked="id_card", safe=True, pk=pk)


def upload(file, by, pk):
    return lambda: add_paper(file, by=by, upload=an_upload(size=(60, 40)), kind="id_card", pk=pk)


def register(file, by, pk):
    given = facts()
    return lambda: make_file(by=by, village=file.village, pk=pk, **given)


# each with the model whose record it makes
ACTS = [
    (propose, Change),
    (stay, Stay),
    (hand_on, Transfer),
    (hand_on_within_the_township, Transfer),
    (guide, Guidance),
    (agree, Entrustment),
    (give_copy, Disclosure),
    (upload, Paper),
    (register, ChildFile),
]


@pytest.fixture(autouse=True)
def _papers_apart(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.mark.parametrize(("act_of", "model"), ACTS)
def test_the_same_form_twice_at_once_is_one_record(act_of, model):
    file = an_approved_file(a_village())
    before, pk, by = model.objects.count(), uuid.uuid4(), a_post(file.township)
    act = act_of(ChildFile.objects.get(pk=file.pk), by, pk)
    answers = at_once(act, act, act)
    assert len({getattr(answer, "pk", None) for answer in answers}) == 1
    assert model.objects.count() == before + 1 and model.objects.filter(pk=pk).exists()


@pytest.mark.parametrize(("act_of", "model"), ACTS)
def test_another_persons_key_is_refused_and_nothing_is_saved(act_of, model):
    village = a_village()
    file, pk = an_approved_file(village), uuid.uuid4()
    act_of(ChildFile.objects.get(pk=file.pk), a_post(file.township), pk)()
    other = an_approved_file(village)
    before = model.objects.count()
    with pytest.raises(Refused):
        act_of(ChildFile.objects.get(pk=other.pk), a_post(file.township), pk)()
    assert model.objects.count() == before


def test_who_sends_with_a_colleagues_key_does_not_pass_for_the_colleague():
    file, pk = an_approved_file(a_village()), uuid.uuid4()
    one, other = a_post(file.township), a_post(file.township)
    upload(file, one, pk)()
    with pytest.raises(Refused):
        add_paper(file, by=other, upload=an_upload(size=(80, 40), colour="white"), kind="id_card", pk=pk)
    assert Paper.objects.get().made_by == one.person
