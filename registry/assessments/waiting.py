"""Who is to confirm an assessment now, and who after that: told to who sent it, on page and API alike."""

from django.utils.translation import gettext as _

from orgs.posts.station_work import decider_in_words, written_at_station
from registry.assessments.models import Assessment, AssessmentState
from registry.assessments.moves import asks_county


def waits_for(assessment: Assessment) -> str:
    """等高村乡儿童福利工作站确认，高等级的确认后还要荥阳市确认; blank of what waits for nobody."""
    county = {"county": assessment.county.short_name}
    if assessment.state == AssessmentState.CHECKED:
        return _("工作站已确认，还要%(county)s确认") % county
    if assessment.state != AssessmentState.SUBMITTED:
        return ""
    words = _("等%(who)s确认") % {"who": decider_in_words(assessment)}
    # what the county confirms in the station's place it has signed
    if asks_county(assessment) and not written_at_station(assessment):
        words += _("，高等级的确认后还要%(county)s确认") % county
    return words


def sent_in_words(assessment: Assessment) -> str:
    """What is said to who just sent it."""
    if assessment.is_unfinished:
        return _("评估已送出，但不清楚的太多，没有定级：请再问清，尽快再评一次。")
    words = {"name": assessment.child.name, "waits": waits_for(assessment)}
    return _("%(name)s的评估已送出，%(waits)s。") % words
