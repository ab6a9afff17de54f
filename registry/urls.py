from django.urls import path

from registry.views import changes, disclosure, file, files, list, merges, moves, papers, printing, transfers

urlpatterns = [
    path("children/", list.child_list, name="child-list"),
    path("children/new/", files.child_new, name="child-new"),
    path("children/<uuid:pk>/", file.child_file, name="child-file"),
    path("children/<uuid:pk>/edit/", files.child_edit, name="child-edit"),
    path("children/<uuid:pk>/change/", changes.child_change, name="child-change"),
    path("children/<uuid:pk>/history/", changes.child_history, name="child-history"),
    path("changes/", changes.change_list, name="change-list"),
    path("changes/<uuid:pk>/", changes.change_detail, name="change-detail"),
    path("changes/<uuid:pk>/amend/", changes.change_amend, name="change-amend"),
    path("changes/<uuid:pk>/withdraw/", changes.change_withdraw, name="change-withdraw"),
    path("children/<uuid:pk>/submit/", files.child_submit, name="child-submit"),
    path("children/<uuid:pk>/reveal/", file.child_reveal, name="child-reveal"),
    path("children/<uuid:pk>/papers/", papers.child_papers, name="child-papers"),
    path("children/<uuid:pk>/papers/<uuid:paper>/", papers.paper_content, name="paper-content"),
    path("children/<uuid:pk>/papers/<uuid:paper>/thumb/", papers.paper_thumb, name="paper-thumb"),
    path("children/<uuid:pk>/papers/<uuid:paper>/void/", papers.paper_void, name="paper-void"),
    path("children/<uuid:pk>/close/", moves.child_close, name="child-close"),
    path("children/<uuid:pk>/reopen/", moves.child_reopen, name="child-reopen"),
    path("children/<uuid:pk>/transfer/", moves.child_transfer, name="child-transfer"),
    path("children/<uuid:pk>/merge/", merges.child_merge, name="child-merge"),
    path("merges/<uuid:pk>/undo/", merges.merge_undo, name="merge-undo"),
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
]
