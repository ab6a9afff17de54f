from django.urls import path

from registry.views import disclosure, file, files, list, papers, printing

urlpatterns = [
    path("children/", list.child_list, name="child-list"),
    path("children/new/", files.child_new, name="child-new"),
    path("children/<uuid:pk>/", file.child_file, name="child-file"),
    path("children/<uuid:pk>/edit/", files.child_edit, name="child-edit"),
    path("children/<uuid:pk>/submit/", files.child_submit, name="child-submit"),
    path("children/<uuid:pk>/reveal/", file.child_reveal, name="child-reveal"),
    path("children/<uuid:pk>/papers/", papers.child_papers, name="child-papers"),
    path("children/<uuid:pk>/papers/<uuid:paper>/", papers.paper_content, name="paper-content"),
    path("children/<uuid:pk>/papers/<uuid:paper>/thumb/", papers.paper_thumb, name="paper-thumb"),
    path("children/<uuid:pk>/papers/<uuid:paper>/void/", papers.paper_void, name="paper-void"),
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
