"""Addresses of pages and API resources. Django takes the first pattern that fits."""

from django.urls import path

from registry.assessments import distribution_views
from registry.assessments.api import AssessmentViewSet
from registry.assessments.views import assess as assessments
from registry.assessments.views import listing as assessments_listing
from registry.assessments.views import paper as assessments_paper
from registry.changes import views as changes
from registry.changes.api import ChangeViewSet
from registry.child.api.children import ChildViewSet
from registry.child.views import detail as child_detail
from registry.child.views import registration as child_registration
from registry.closing import views as closing
from registry.disclosure import views as disclosure
from registry.eligibility import views as eligibility
from registry.eligibility.api import EligibilityViewSet
from registry.findings import views as findings
from registry.guidance import views as guidance
from registry.guidance.api import EntrustmentViewSet, GuidanceViewSet
from registry.instruments.api import InstrumentViewSet
from registry.instruments.views import editing as instrument_editing
from registry.instruments.views import publishing as instrument_publishing
from registry.instruments.views import reading as instrument_reading
from registry.lists.views import bulk as lists_bulk
from registry.lists.views import listing as lists_listing
from registry.lists.views import saved_views
from registry.meetings import views as meetings
from registry.meetings.api import MeetingViewSet
from registry.merging import views as merging
from registry.merging.api import MergeViewSet
from registry.needs.api import NeedViewSet
from registry.needs.views import detail as needs_detail
from registry.needs.views import listing as needs_listing
from registry.needs.views import recording as needs_recording
from registry.papers import views as papers
from registry.papers.api import ChildPapersViewSet, PaperViewSet
from registry.placing import views as placing
from registry.plans import views as plans
from registry.plans.api import PlanViewSet
from registry.printing import views as printing
from registry.quality import views as quality
from registry.quality.api import QualityViewSet
from registry.stays import views as stays
from registry.stays.api import StayViewSet
from registry.timeline import views as timeline
from registry.timeline.api import TimelineViewSet
from registry.transfers import views as transfers
from registry.transfers.api import TransferViewSet
from registry.twins import views as twins
from registry.variants import views as variants

urlpatterns = [
    path("children/", lists_listing.child_list, name="child-list"),
    path("children/new/", child_registration.child_new, name="child-new"),
    path("children/lacks/", child_registration.child_lacks, name="child-lacks"),
    path("children/twins/", twins.twin_check, name="twin-check"),
    path("children/<uuid:pk>/twins/", twins.child_twins, name="child-twins"),
    path("children/<uuid:pk>/twins/take-back/", twins.child_twins_take_back, name="child-twins-take-back"),
    path("children/<uuid:pk>/", child_detail.child_file, name="child-file"),
    path("children/<uuid:pk>/edit/", child_registration.child_edit, name="child-edit"),
    path("children/<uuid:pk>/change/", changes.child_change, name="child-change"),
    path("children/<uuid:pk>/history/", changes.child_history, name="child-history"),
    path("changes/", changes.change_list, name="change-list"),
    path("changes/<uuid:pk>/", changes.change_detail, name="change-detail"),
    path("changes/<uuid:pk>/amend/", changes.change_amend, name="change-amend"),
    path("changes/<uuid:pk>/withdraw/", changes.change_withdraw, name="change-withdraw"),
    path("children/<uuid:pk>/submit/", child_registration.child_submit, name="child-submit"),
    path("children/<uuid:pk>/recall/", child_registration.child_recall, name="child-recall"),
    path("children/<uuid:pk>/reveal/", child_detail.child_reveal, name="child-reveal"),
    path("children/<uuid:pk>/papers/", papers.child_papers, name="child-papers"),
    path("children/<uuid:pk>/papers/<uuid:paper>/", papers.paper_content, name="paper-content"),
    path("children/<uuid:pk>/papers/<uuid:paper>/thumb/", papers.paper_thumb, name="paper-thumb"),
    path("children/<uuid:pk>/papers/<uuid:paper>/void/", papers.paper_void, name="paper-void"),
    path("children/<uuid:pk>/needs/new/", needs_recording.need_new, name="need-new"),
    path("needs/", needs_listing.need_list, name="need-list"),
    path("needs/<uuid:pk>/", needs_detail.need_detail, name="need-detail"),
    path("needs/<uuid:pk>/steps/", needs_detail.need_step, name="need-step"),
    path("needs/<uuid:pk>/<slug:action>/", needs_detail.need_move, name="need-move"),
    path("meetings/", meetings.meeting_list, name="meeting-list"),
    path("meetings/new/", meetings.meeting_new, name="meeting-new"),
    path("meetings/<uuid:pk>/", meetings.meeting_detail, name="meeting-detail"),
    path("meetings/<uuid:pk>/print/", meetings.meeting_print, name="meeting-print"),
    path("children/<uuid:pk>/close/", closing.child_close, name="child-close"),
    path("children/<uuid:pk>/reopen/", closing.child_reopen, name="child-reopen"),
    path("children/<uuid:pk>/undo/", closing.child_undo, name="child-undo"),
    path("children/<uuid:pk>/transfer/", transfers.child_transfer, name="child-transfer"),
    path("children/<uuid:pk>/merge/", merging.child_merge, name="child-merge"),
    path("merges/<uuid:pk>/undo/", merging.merge_undo, name="merge-undo"),
    path("children/<uuid:pk>/stay/", stays.child_stay, name="child-stay"),
    path("stays/<uuid:pk>/end/", stays.stay_end, name="stay-end"),
    path("stays/<uuid:pk>/undo/", stays.stay_undo, name="stay-undo"),
    path("placing/", placing.placing, name="placing"),
    path("placing/<uuid:uid>/", placing.placing_place, name="placing-place"),
    path("transfers/", transfers.transfer_list, name="transfer-list"),
    path("transfers/<uuid:pk>/", transfers.transfer_detail, name="transfer-detail"),
    path("transfers/<uuid:pk>/<slug:action>/", transfers.transfer_answer, name="transfer-answer"),
    path("children/<uuid:pk>/print/", printing.print_page, name="print-file"),
    path("children/<uuid:pk>/print.pdf", printing.print_pdf, name="print-file-pdf"),
    path(
        "children/<uuid:pk>/print/left-behind/", printing.print_page, {"form": "left_behind"}, name="print-left-behind"
    ),
    path(
        "children/<uuid:pk>/print/left-behind.pdf",
        printing.print_pdf,
        {"form": "left_behind"},
        name="print-left-behind-pdf",
    ),
    path("children/<uuid:pk>/disclosure/", disclosure.child_disclosure, name="child-disclosure"),
    path("eligibility/", eligibility.eligibility, name="eligibility"),
    path("eligibility/rules/", variants.rule_list, name="rule-list"),
    path("eligibility/rules/new/", variants.variant_new, name="variant-new"),
    path("eligibility/rules/<int:pk>/end/", variants.variant_end, name="variant-end"),
    path("eligibility/findings/", findings.finding_list, name="finding-list"),
    path("eligibility/findings/recount/", findings.finding_recount, name="finding-recount"),
    path("eligibility/findings/job/", findings.finding_job, name="finding-job"),
    path("eligibility/findings/<uuid:pk>/", findings.finding_detail, name="finding-detail"),
    path("eligibility/findings/<uuid:pk>/undo/", findings.finding_undo, name="finding-undo"),
    path("quality/", quality.quality_home, name="quality"),
    path("quality/<uuid:uid>/", quality.quality_unit, name="quality-unit"),
    path("children/submit/", lists_bulk.submit_ticked, name="children-submit"),
    path("children/views/save/", saved_views.view_save, name="view-save"),
    path("children/views/<uuid:pk>/delete/", saved_views.view_delete, name="view-delete"),
    path("children/<uuid:pk>/guidance/", guidance.guidance, name="guidance"),
    path("children/<uuid:pk>/entrust/", guidance.entrust_new, name="entrust"),
    path("children/<uuid:pk>/line/", timeline.child_line, name="child-line"),
    path("children/<uuid:pk>/plan/", plans.plan_new, name="plan-new"),
    path("plans/", plans.plan_list, name="plan-list"),
    path("plans/due/<uuid:pk>/", plans.plan_due, name="plan-due"),
    path("plans/tasks/<uuid:pk>/", plans.plan_task, name="plan-task"),
    path("plans/<uuid:pk>/", plans.plan_detail, name="plan-detail"),
    path("plans/<uuid:pk>/amend/", plans.plan_amend, name="plan-amend"),
    path("plans/<uuid:pk>/recall/", plans.plan_recall, name="plan-recall"),
    path("plans/<uuid:pk>/withdraw/", plans.plan_withdraw, name="plan-withdraw"),
    path("plans/<uuid:pk>/undo/", plans.plan_undo, name="plan-undo"),
    path("plans/<uuid:pk>/review/", plans.plan_review, name="plan-review"),
    path("plans/<uuid:pk>/lead/", plans.plan_lead, name="plan-lead"),
    path("plans/<uuid:pk>/close/", plans.plan_close, name="plan-close"),
    path("plans/<uuid:pk>/goals/<uuid:goal>/", plans.plan_goal_end, name="plan-goal-end"),
    path("plans/<uuid:pk>/print/", plans.plan_print, name="plan-print"),
    path("assessments/", assessments_listing.assessment_list, name="assessment-list"),
    path("assessments/agreement/", assessments_listing.assessment_agreement, name="assessment-agreement"),
    path("assessments/due/<uuid:pk>/", assessments_listing.assessment_due, name="assessment-due"),
    path("assessments/<uuid:pk>/", assessments.assessment_detail, name="assessment-detail"),
    path("assessments/<uuid:pk>/correct/", assessments.assessment_correct, name="assessment-correct"),
    path("assessments/<uuid:pk>/recall/", assessments.assessment_recall, name="assessment-recall"),
    path("assessments/<uuid:pk>/withdraw/", assessments.assessment_withdraw, name="assessment-withdraw"),
    path("assessments/<uuid:pk>/notify/", assessments.assessment_notify, name="assessment-notify"),
    path("assessments/<uuid:pk>/print/", assessments_paper.assessment_print, name="assessment-print"),
    path("assessments/<uuid:pk>/print.pdf", assessments_paper.assessment_pdf, name="assessment-pdf"),
    path("assessments/<uuid:pk>/letter/", assessments_paper.assessment_letter, name="assessment-letter"),
    path("children/<uuid:pk>/assess/", assessments.child_assess, name="child-assess"),
    path("children/<uuid:pk>/assess/letter/", assessments_paper.child_assess_letter, name="child-assess-letter"),
    path("children/<uuid:pk>/assessments/", assessments.child_assessments, name="child-assessments"),
    path("entrustments/<uuid:pk>/notify/", guidance.entrustment_notify, name="entrustment-notify"),
    path("entrustments/<uuid:pk>/reveal/", guidance.entrustment_reveal, name="entrustment-reveal"),
    path("entrustments/<uuid:pk>/end/", guidance.entrustment_end, name="entrustment-end"),
    path("assessments/distribution/", distribution_views.distribution, name="assessment-distribution"),
    path("assessments/distribution/<uuid:uid>/", distribution_views.distribution, name="assessment-distribution-unit"),
    path("instruments/", instrument_reading.instrument_list, name="instrument-list"),
    path("instruments/new/", instrument_publishing.instrument_new, name="instrument-new"),
    path("instruments/<uuid:pk>/", instrument_reading.instrument_detail, name="instrument-detail"),
    path(
        "instruments/<uuid:pk>/differences/", instrument_reading.instrument_differences, name="instrument-differences"
    ),
    path("instruments/<uuid:pk>/edit/", instrument_editing.instrument_edit, name="instrument-edit"),
    path("instruments/<uuid:pk>/change/", instrument_editing.instrument_change, name="instrument-change"),
    path("instruments/<uuid:pk>/edit/<int:n>/", instrument_editing.instrument_dimension, name="instrument-dimension"),
    path(
        "instruments/<uuid:pk>/edit/<int:n>/<int:m>/",
        instrument_editing.instrument_indicator,
        name="instrument-indicator",
    ),
    path(
        "instruments/<uuid:pk>/edit/<slug:section>/", instrument_editing.instrument_section, name="instrument-section"
    ),
    path("instruments/<uuid:pk>/try-out/", instrument_publishing.instrument_try_out, name="instrument-try-out"),
    path("instruments/<uuid:pk>/try-out/job/", instrument_publishing.instrument_job, name="instrument-job"),
    path("instruments/<uuid:pk>/publish/", instrument_publishing.instrument_publish, name="instrument-publish"),
    path("instruments/<uuid:pk>/discard/", instrument_publishing.instrument_discard, name="instrument-discard"),
]


def register(router):
    """Add this app's resources to the API."""
    router.register("changes", ChangeViewSet, basename="api-change")
    router.register(r"children/(?P<child>[^/.]+)/papers", ChildPapersViewSet, basename="api-child-papers")
    router.register(r"children/(?P<child>[^/.]+)/timeline", TimelineViewSet, basename="api-child-timeline")
    router.register("plans", PlanViewSet, basename="api-plan")
    router.register("papers", PaperViewSet, basename="api-paper")
    router.register("children", ChildViewSet, basename="api-child")
    router.register("transfers", TransferViewSet, basename="api-transfer")
    router.register("eligibility", EligibilityViewSet, basename="api-eligibility")
    router.register("merges", MergeViewSet, basename="api-merge")
    router.register("stays", StayViewSet, basename="api-stay")
    router.register("quality", QualityViewSet, basename="api-quality")
    router.register("guidance", GuidanceViewSet, basename="api-guidance")
    router.register("instruments", InstrumentViewSet, basename="api-instrument")
    router.register("entrustments", EntrustmentViewSet, basename="api-entrustment")
    router.register("needs", NeedViewSet, basename="api-need")
    router.register("meetings", MeetingViewSet, basename="api-meeting")
    router.register("assessments", AssessmentViewSet, basename="api-assessment")
