"""Addresses of pages and API resources. Django takes the first pattern that fits."""

from django.urls import path

from reports.exports import views as exports
from reports.exports.api import ExportViewSet
from reports.figures.api import FigureViewSet
from reports.figures.views import late as figures_late
from reports.figures.views import lists as figures_lists
from reports.figures.views import table_csv
from reports.figures.views import unit as figures_unit

urlpatterns = [
    path("figures/", figures_unit.figure_home, name="figure-home"),
    path("figures/jobs/<uuid:pk>/", figures_unit.figure_job, name="figure-job"),
    path("figures/<uuid:uid>/", figures_unit.figure_unit, name="figure-unit"),
    path("figures/<uuid:uid>/recount/", figures_unit.figure_recount, name="figure-recount"),
    path("figures/<uuid:uid>/table.csv", table_csv.figure_csv, name="figure-csv"),
    path("figures/<uuid:uid>/late/", figures_late.late_list, name="figure-late"),
    path("figures/<uuid:uid>/<slug:indicator>/", figures_lists.figure_list, name="figure-list"),
    path("exports/", exports.export_list, name="export-list"),
    path("exports/new/", exports.export_new, name="export-new"),
    path("exports/<uuid:pk>/", exports.export_job, name="export-job"),
    path("exports/<uuid:pk>/download/", exports.export_download, name="export-download"),
]


def register(router):
    """Add this app's resources to the API."""
    router.register("figures", FigureViewSet, basename="api-figure")
    router.register("exports", ExportViewSet, basename="api-export")
