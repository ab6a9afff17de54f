"""Addresses of pages and API resources. Django takes the first pattern that fits."""

from django.urls import path

from visits.alerts import views as alerts
from visits.alerts.api import AlertViewSet
from visits.offline import views as offline
from visits.oversight.views import spot_checks, work
from visits.phones import views as phones
from visits.phones.api import SyncViewSet
from visits.schedule.api import ChildExtraViewSet, ExtraVisitViewSet, VisitRoundViewSet, VisitRuleViewSet
from visits.schedule.views import extra_visits, rounds, rules
from visits.schedule.views import plan as schedule_plan
from visits.today import views as today
from visits.visit.api.visits import VisitViewSet
from visits.visit.views import detail as visit_detail
from visits.visit.views import form as visit_form
from visits.visit.views import listing as visit_listing

urlpatterns = [
    path("today/", today.today, name="today"),
    path("offline/", offline.shell, name="offline"),
    path("sw.js", offline.worker, name="offline-worker"),
    path("manifest.webmanifest", offline.manifest, name="offline-manifest"),
    path("visits/", visit_listing.visit_list, name="visit-list"),
    path("visits/work/", work.work, name="visit-work"),
    path("visits/checks/", spot_checks.checks, name="spot-checks"),
    path("visits/checks/draw/", spot_checks.draw, name="spot-check-draw"),
    path("visits/checks/<uuid:pk>/", spot_checks.check, name="spot-check"),
    path("visits/phones/", phones.phones, name="phones"),
    path("visits/phones/bring-in/", phones.bring_in_file, name="phone-file"),
    path("visits/phones/<uuid:pk>/settle/", phones.settle, name="handed-over-settle"),
    path("visits/phones/<int:pk>/wipe/", phones.wipe, name="phone-wipe"),
    path("visits/phones/<uuid:pk>/photo/", phones.handed_photo, name="handed-over-photo"),
    path("visits/<uuid:pk>/", visit_detail.visit_detail, name="visit-detail"),
    path("visits/<uuid:pk>/edit/", visit_form.visit_edit, name="visit-edit"),
    path("visits/<uuid:pk>/recall/", visit_form.visit_recall, name="visit-recall"),
    path("visits/photos/<uuid:pk>/", visit_detail.visit_photo, name="visit-photo"),
    path("children/<uuid:pk>/visit/", visit_form.visit_new, name="visit-new"),
    path("alerts/", alerts.alert_list, name="alert-list"),
    path("alerts/new/", alerts.alert_new, name="alert-new"),
    path("alerts/<uuid:pk>/", alerts.alert_detail, name="alert-detail"),
    path("alerts/<uuid:pk>/acknowledge/", alerts.alert_acknowledge, name="alert-acknowledge"),
    path("alerts/<uuid:pk>/call/", alerts.alert_call, name="alert-call"),
    path("alerts/<uuid:pk>/situations/", alerts.alert_situations, name="alert-situations"),
    path("alerts/<uuid:pk>/step/", alerts.alert_step, name="alert-step"),
    path("alerts/<uuid:pk>/close/", alerts.alert_close, name="alert-close"),
    path("alerts/<uuid:pk>/reopen/", alerts.alert_reopen, name="alert-reopen"),
    path("alerts/<uuid:pk>/undo/", alerts.alert_undo, name="alert-undo"),
    path("visits/rules/", rules.visit_rules, name="visit-rules"),
    path("visits/rules/new/", rules.visit_rule_new, name="visit-rule-new"),
    path("visits/rules/job/", rules.visit_rule_job, name="visit-rule-job"),
    path("visits/rules/<int:pk>/end/", rules.visit_rule_end, name="visit-rule-end"),
    path("visits/rounds/", rounds.round_list, name="visit-rounds"),
    path("visits/rounds/new/", rounds.round_new, name="visit-round-new"),
    path("visits/rounds/<uuid:pk>/", rounds.round_detail, name="visit-round"),
    path("visits/rounds/<uuid:pk>/withdraw/", rounds.round_withdraw, name="visit-round-withdraw"),
    path("visits/plan/", schedule_plan.plan, name="visit-plan"),
    path("visits/plan.pdf", schedule_plan.plan_pdf, name="visit-plan-pdf"),
    path("children/<uuid:pk>/extra-visit/", extra_visits.extra_new, name="extra-new"),
    path("visits/extra/<uuid:pk>/withdraw/", extra_visits.extra_withdraw, name="extra-withdraw"),
]


def register(router):
    """Add this app's resources to the API."""
    router.register("visits", VisitViewSet, basename="api-visit")
    router.register("sync", SyncViewSet, basename="api-sync")
    router.register("alerts", AlertViewSet, basename="api-alert")
    router.register("visit-rules", VisitRuleViewSet, basename="api-schedule-rule")
    router.register("visit-rounds", VisitRoundViewSet, basename="api-schedule-round")
    router.register(r"children/(?P<child>[^/.]+)/extra-visit", ChildExtraViewSet, basename="api-child-extra")
    router.register("extra-visits", ExtraVisitViewSet, basename="api-extra")
