"""Schedule and visits."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class VisitsConfig(AppConfig):
    name = "visits"
    verbose_name = _("走访巡查")

    def ready(self):
        from orgs.ending import CONCERNS
        from registry.comparing import ORIGINS
        from registry.disclosed import DISCLOSED
        from registry.merging import Merged, register
        from registry.quality import SEEN
        from registry.sections import PANELS
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
        from visits import jobs, navigation  # noqa: F401  (register their kinds and entries)
        from visits.alert_panel import alerts_panel
        from visits.disclosed import entrustments_disclosed, guidance_disclosed, visits_disclosed
        from visits.guidance_panel import guidance_panel
        from visits.models import Alert, Entrustment, ExtraVisit, Guidance, Visit, VisitDue
        from visits.next_steps import origin_of
        from visits.panel import visits_panel
        from visits.phones import last_heard
        from visits.services import follow
        from visits.services.schedule import agree_anew, reschedule

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
