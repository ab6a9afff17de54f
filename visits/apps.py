"""Schedule and visits."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class VisitsConfig(AppConfig):
    name = "visits"
    verbose_name = _("走访巡查")

    def ready(self):
        from orgs.posts.ending import CONCERNS
        from registry.changes.diff import ORIGINS
        from registry.child.sections import PANELS
        from registry.disclosure.document import DISCLOSED
        from registry.guidance.disclosure import entrustments_disclosed, guidance_disclosed
        from registry.guidance.models import Entrustment, Guidance
        from registry.guidance.panel import guidance_panel
        from registry.merging.rows import Merged, register
        from registry.quality import SEEN
        from registry.signals import (
            child_changed,
            child_left,
            child_moved,
            child_registered,
            child_returned,
            child_stays,
            child_unregistered,
            children_merged,
            children_unmerged,
        )
        from visits import navigation  # noqa: F401  (register their kinds and entries)
        from visits.alerts.models import Alert
        from visits.alerts.panel import alerts_panel
        from visits.phones.last_contact import last_heard
        from visits.schedule import jobs  # noqa: F401  (register their kinds and entries)
        from visits.schedule import receivers as follow
        from visits.schedule.models import ExtraVisit, VisitDue
        from visits.schedule.services.dues import agree_anew, reschedule
        from visits.visit.disclosure import visits_disclosed
        from visits.visit.models import Visit
        from visits.visit.next_steps import origin_of
        from visits.visit.panel import visits_panel

        if alerts_panel not in PANELS:
            PANELS.append(alerts_panel)
        if visits_panel not in PANELS:
            PANELS.append(visits_panel)
        if last_heard not in CONCERNS:
            CONCERNS.append(last_heard)
        if guidance_panel not in PANELS:
            PANELS.append(guidance_panel)
        if follow.last_seen not in SEEN:
            SEEN.append(follow.last_seen)
        if origin_of not in ORIGINS:
            ORIGINS.append(origin_of)
        for part in (visits_disclosed, guidance_disclosed, entrustments_disclosed):
            if part not in DISCLOSED:
                DISCLOSED.append(part)
        child_registered.connect(
            lambda sender, child, on, **_signal: reschedule(child), weak=False, dispatch_uid="first_due"
        )
        child_unregistered.connect(
            lambda sender, child, **_signal: reschedule(child), weak=False, dispatch_uid="no_due"
        )
        child_changed.connect(
            lambda sender, child, names, on, **_signal: agree_anew(child, names), weak=False, dispatch_uid="due_anew"
        )
        child_left.connect(follow.on_leave, dispatch_uid="no_due_after_leaving")
        child_returned.connect(follow.on_return, dispatch_uid="due_again")
        child_moved.connect(follow.on_move, dispatch_uid="visits_move_along")
        child_stays.connect(follow.on_stay, dispatch_uid="who_visits")
        children_merged.connect(follow.on_merge, dispatch_uid="visits_of_both")
        children_unmerged.connect(follow.on_unmerge, dispatch_uid="visits_of_each")
        register(Merged(Visit), Merged(VisitDue, "anew"), Merged(ExtraVisit))
        register(Merged(Alert, follows=False), Merged(Guidance), Merged(Entrustment))
