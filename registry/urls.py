from django.urls import path

from registry.views import eligibility, file, files, list

urlpatterns = [
    path("children/", list.child_list, name="child-list"),
    path("children/new/", files.child_new, name="child-new"),
    path("children/<uuid:pk>/", file.child_file, name="child-file"),
    path("children/<uuid:pk>/edit/", files.child_edit, name="child-edit"),
    path("children/<uuid:pk>/submit/", files.child_submit, name="child-submit"),
    path("children/<uuid:pk>/reveal/", file.child_reveal, name="child-reveal"),
    path("eligibility/", eligibility.eligibility, name="eligibility"),
    path("eligibility/findings/", eligibility.finding_list, name="finding-list"),
    path("eligibility/findings/recount/", eligibility.finding_recount, name="finding-recount"),
    path("eligibility/findings/job/", eligibility.finding_job, name="finding-job"),
    path("eligibility/findings/<uuid:pk>/", eligibility.finding_detail, name="finding-detail"),
]
