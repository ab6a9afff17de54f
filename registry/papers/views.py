"""The papers and photos of a file: shown, uploaded, opened, declared void."""

import hashlib
import logging
import uuid

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from childwelfare.pages.form_action import status_of
from childwelfare.pages.forms import BUSY
from childwelfare.pages.only_posted import belongs_to
from childwelfare.runtime.file_lock import Busy
from childwelfare.workflow.refusals import Refused, SentBefore
from orgs.access.declarations import needs, picture_of
from orgs.audit.readings import note_reading
from orgs.drafts.services import drop_draft
from registry.child.models import ChildFile
from registry.papers.forms import PaperForm, VoidForm
from registry.papers.models import Paper
from registry.papers.services import MAX_PAPERS, add_paper, read_paper, read_thumbnail, void_paper
from registry.papers.serving import content_or_404, paper_response

log = logging.getLogger(__name__)


@needs("view_child", reads="view_file")
def child_papers(request, pk):
    """All papers of a file, void ones with their reason, and the form to upload more."""
    file = _visible_file(request, pk)
    form = _blank_form()
    if request.method == "POST":
        if not request.post.may("add_paper", file):
            raise PermissionDenied
        form = PaperForm(request.POST)
        if _add_all(request, file, form):
            drop_draft(request)
            return redirect("child-papers", file.pk)
    return _page(request, file, form, status=status_of(form))


def _blank_form() -> PaperForm:
    return PaperForm(initial={"pk": uuid.uuid4()})


def _page(request, file: ChildFile, form: PaperForm, *, status: int, refused: dict | None = None):
    """``refused``: the paper that could not be declared void, as its key, and the form with the reason."""
    note_reading(request, file, papers=True)
    papers = file.papers.newest_first().select_related("made_by", "removed_by")
    context = {
        "file": file,
        "form": form,
        "may_add": request.post.may("add_paper", file),
        "papers": papers,
        "most": MAX_PAPERS,
        "may_void": request.post.may("void_paper", file),
        "refused": refused,
    }
    return render(request, "registry/papers/list.html", context, status=status)


def _digest_of(upload: UploadedFile) -> str:
    """The same file sent again with its form is the same paper; another one beside it is not."""
    upload.seek(0)
    digest = hashlib.file_digest(upload.file, "sha256").hexdigest()  # type: ignore[arg-type]
    upload.seek(0)
    return digest


def _add_all(request, file: ChildFile, form: PaperForm) -> bool:
    """Upload what was chosen, each file for itself; says at the form which were not taken and why."""
    uploads = request.FILES.getlist("file")
    if not form.is_valid():
        return False
    if not uploads:
        form.add_error(None, _("请选择要上传的照片或 PDF。"))
        return False
    data, kept = form.cleaned_data, 0
    first = data["pk"] or uuid.uuid4()
    for upload in uploads:
        try:
            add_paper(
                file,
                by=request.post,
                upload=upload,
                kind=data["kind"],
                of=data["of"],
                note=data["note"],
                pk=uuid.uuid5(first, _digest_of(upload)),
            )
            kept += 1
        except ValidationError as error:
            form.add_error(None, error.messages[0])
        except SentBefore as refusal:
            form.take_sent_before(refusal)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        except Busy:
            form.add_error(None, BUSY)
    if kept:
        messages.success(request, ngettext("已上传 %(n)s 份。", "已上传 %(n)s 份。", kept) % {"n": kept})
    return not form.errors


@needs("view_child", reads="view_paper")
def paper_content(request, pk, paper):
    """The full picture, or the PDF as a download; who opened it is recorded."""
    paper = _visible_paper(request, pk, paper)
    content = content_or_404(paper, read_paper)
    note_reading(request, paper.child, kind=paper.kind, paper=paper.pk)
    return paper_response(paper, content)


@needs("view_child", reads=picture_of("view_thumbnail"))
def paper_thumb(request, pk, paper):
    """The small picture, under the same check as the full one."""
    paper = _visible_paper(request, pk, paper)
    if not paper.thumbnail:
        raise Http404
    note_reading(request, paper.child)
    return paper_response(paper, content_or_404(paper, read_thumbnail))


def _papers_of(request, pk, paper) -> str:
    """The page above is the paper itself, which is no page of words."""
    return reverse("child-papers", args=[pk])


@needs("add_paper", "void_paper", reads="view_file")
@require_POST
@belongs_to(_papers_of)
def paper_void(request, pk, paper):
    paper = _visible_paper(request, pk, paper)
    form = VoidForm(request.POST)
    if not form.attempt(void_paper, paper, by=request.post, reason=form["reason"].value() or ""):
        refused = {"paper": paper.pk, "form": form}
        return _page(request, _visible_file(request, pk), _blank_form(), status=status_of(form), refused=refused)
    messages.success(request, _("“%(paper)s”已作废，原因留在记录里。") % {"paper": paper})
    return redirect("child-papers", paper.child_id)


def _visible_file(request, pk) -> ChildFile:
    files = ChildFile.objects.visible_to(request.post, "view_child").select_related("village", "township", "county")
    return get_object_or_404(files, pk=pk)


def _visible_paper(request, pk, paper) -> Paper:
    papers = Paper.objects.visible_to(request.post, "view_child").select_related("child__village")
    return get_object_or_404(papers, pk=paper, child_id=pk)
