from django.urls import path

from registry.views import file, files, list, moves, transfers

urlpatterns = [
    path("children/", list.child_list, name="child-list"),
    path("children/new/", files.child_new, name="child-new"),
    path("children/<uuid:pk>/", file.child_file, name="child-file"),
    path("children/<uuid:pk>/edit/", files.child_edit, name="child-edit"),
    path("children/<uuid:pk>/submit/", files.child_submit, name="child-submit"),
    path("children/<uuid:pk>/reveal/", file.child_reveal, name="child-reveal"),
    path("children/<uuid:pk>/close/", moves.child_close, name="child-close"),
    path("children/<uuid:pk>/reopen/", moves.child_reopen, name="child-reopen"),
    path("children/<uuid:pk>/transfer/", moves.child_transfer, name="child-transfer"),
    path("transfers/", transfers.transfer_list, name="transfer-list"),
    path("transfers/<uuid:pk>/", transfers.transfer_detail, name="transfer-detail"),
    path("transfers/<uuid:pk>/<slug:action>/", transfers.transfer_answer, name="transfer-answer"),
]
