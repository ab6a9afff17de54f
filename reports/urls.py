from django.urls import include, path

from reports.views import figures, lists, table

urlpatterns = [
    path("", include("reports.export_urls")),
    path("figures/", figures.figure_home, name="figure-home"),
    path("figures/jobs/<uuid:pk>/", figures.figure_job, name="figure-job"),
    path("figures/<uuid:uid>/", figures.figure_unit, name="figure-unit"),
    path("figures/<uuid:uid>/recount/", figures.figure_recount, name="figure-recount"),
    path("figures/<uuid:uid>/table.csv", table.figure_csv, name="figure-csv"),
    path("figures/<uuid:uid>/<slug:indicator>/", lists.figure_list, name="figure-list"),
]
