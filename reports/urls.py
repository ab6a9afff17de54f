"""Addresses of pages and API resources. Django takes the first pattern that fits."""

from django.urls import path

from reports.amendments import views as amendments
from reports.amendments.api import AmendableSubmissionViewSet, AmendmentViewSet
from reports.crossing import views as crossing
from reports.exports import views as exports
from reports.exports.api import ExportViewSet
from reports.figures.api import FigureViewSet
from reports.figures.views import late as figures_late
from reports.figures.views import lists as figures_lists
from reports.figures.views import table_csv
from reports.figures.views import unit as figures_unit
from reports.ledgers import views as ledgers
from reports.ledgers.api import LedgerTemplateViewSet
from reports.requests.api import DataAnswerViewSet, DataRequestViewSet
from reports.requests.views import answering as request_answers
from reports.requests.views import asking as requests
from reports.requests.views import drafting as request_drafts
from reports.snapshots.api import SnapshotViewSet
from reports.submissions import period_views as periods
from reports.submissions import views as submissions
from reports.submissions.api.periods import PeriodViewSet

urlpatterns = [
    path("figures/", figures_unit.figure_home, name="figure-home"),
    path("figures/jobs/<uuid:pk>/", figures_unit.figure_job, name="figure-job"),
    path("figures/<uuid:uid>/", figures_unit.figure_unit, name="figure-unit"),
    path("figures/<uuid:uid>/recount/", figures_unit.figure_recount, name="figure-recount"),
    path("figures/<uuid:uid>/table.csv", table_csv.figure_csv, name="figure-csv"),
    path("figures/<uuid:uid>/late/", figures_late.late_list, name="figure-late"),
    path("figures/<uuid:uid>/<slug:indicator>/", figures_lists.figure_list, name="figure-list"),
    path("ledger/", submissions.submission_home, name="submission-home"),
    path("ledger/periods/", periods.period_list, name="period-list"),
    path("ledger/periods/days/", periods.period_days, name="period-days"),
    path("ledger/periods/<uuid:pk>/", periods.period_edit, name="period-edit"),
    path("ledger/periods/<uuid:pk>/lock/", periods.period_lock, name="period-lock"),
    path("ledger/<uuid:pk>/", submissions.submission_detail, name="submission-detail"),
    path("ledger/<uuid:pk>/approve-many/", submissions.submission_approve_many, name="submission-approve-many"),
    path("ledger/<uuid:pk>/amend/", amendments.amendment_new, name="amendment-new"),
    path("ledger/amendments/<uuid:pk>/", amendments.amendment_detail, name="amendment-detail"),
    path("ledger/amendments/<uuid:pk>/<slug:action>/", amendments.amendment_move, name="amendment-move"),
    path("ledger/<uuid:pk>/<slug:action>/", submissions.submission_move, name="submission-move"),
    path("ledgers/", ledgers.ledger_list, name="ledger-list"),
    path("ledgers/new/", ledgers.ledger_new, name="ledger-new"),
    path("ledgers/<uuid:series>/", ledgers.ledger_edit, name="ledger-edit"),
    path("ledgers/<uuid:series>/end/", ledgers.ledger_end, name="ledger-end"),
    path("requests/", requests.request_list, name="request-list"),
    path("requests/new/", request_drafts.request_new, name="request-new"),
    path("requests/counts/", requests.request_counts, name="request-counts"),
    path("requests/answers/<uuid:pk>/", request_answers.request_answer, name="request-answer"),
    path("requests/answers/<uuid:pk>/<slug:action>/", request_answers.request_answer_move, name="request-answer-move"),
    path("requests/<uuid:pk>/", requests.request_detail, name="request-detail"),
    path("requests/<uuid:pk>/late/", requests.request_late, name="request-late"),
    path("requests/<uuid:pk>/edit/", request_drafts.request_edit, name="request-edit"),
    path("requests/<uuid:pk>/columns/", request_drafts.request_columns, name="request-columns"),
    path("requests/<uuid:pk>/column/", request_drafts.request_column, name="request-column"),
    path("requests/<uuid:pk>/question/", request_drafts.request_question, name="request-question"),
    path("requests/<uuid:pk>/no-question/", request_drafts.request_question_remove, name="request-question-remove"),
    path("requests/<uuid:pk>/again/", request_drafts.request_repeat, name="request-repeat"),
    path("requests/<uuid:pk>/remind/", requests.request_remind, name="request-remind"),
    path("requests/<uuid:pk>/sheet.csv", requests.request_csv, name="request-csv"),
    path("requests/<uuid:pk>/sheet.xlsx", requests.request_excel, name="request-excel"),
    path("requests/<uuid:pk>/<slug:action>/", requests.request_move, name="request-move"),
    path("cross/", crossing.crossing, name="crossing"),
    path("cross/table.csv", crossing.crossing_csv, name="crossing-csv"),
    path("exports/", exports.export_list, name="export-list"),
    path("exports/new/", exports.export_new, name="export-new"),
    path("exports/<uuid:pk>/", exports.export_job, name="export-job"),
    path("exports/<uuid:pk>/download/", exports.export_download, name="export-download"),
]


def register(router):
    """Add this app's resources to the API."""
    router.register("figures", FigureViewSet, basename="api-figure")
    router.register("exports", ExportViewSet, basename="api-export")
    router.register("ledger-templates", LedgerTemplateViewSet, basename="api-ledger-template")
    router.register("periods", PeriodViewSet, basename="api-period")
    router.register("submissions", AmendableSubmissionViewSet, basename="api-submission")
    router.register("requests/answers", DataAnswerViewSet, basename="api-request-answer")
    router.register("requests", DataRequestViewSet, basename="api-request")
    router.register("amendments", AmendmentViewSet, basename="api-amendment")
    router.register("snapshots", SnapshotViewSet, basename="api-snapshot")
