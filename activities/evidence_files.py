"""Putting a file with an entry of evidence, saying who may open it, and taking it away."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.defaultfilters import filesizeformat

from activities.actions import keep_file, remove_file, save_file
from activities.file_kinds import ENDINGS, WANTED, FileKind, Refused, clean_name, kind_of
from activities.models import Evidence, EvidenceFile
from lambeth_plans.accounts.access import Permission
from lambeth_plans.accounts.guards import changes
from lambeth_plans.accounts.set_up import form_answer
from lambeth_plans.accounts.versioned_forms import ReasonedForm
from objectives.registers import register_context, register_page


class FileForm(ReasonedForm):
    """Who may open a file that is there."""

    class Meta:
        model = EvidenceFile
        fields = ["may_be_published"]
        labels = {"may_be_published": "Members of the council may open it, once the plan is published"}
        help_texts = {
            "may_be_published": "Look through it first: names, counts of fewer than six people, hidden columns, "
            "comments, and the place that a photo keeps. Without the tick only officers open it."
        }


class NewFileForm(FileForm):
    """A file, told by what it holds, and who may open it."""

    touched = ("file",)  # without one it is no form that nothing was changed in

    file = forms.FileField(
        label="File",
        widget=forms.FileInput(attrs={"accept": ",".join(ENDINGS)}),
        error_messages={"required": "Choose a file.", "empty": "The file is empty. Choose another one."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        limit = filesizeformat(settings.EVIDENCE_LIMIT_BYTES)
        self.fields["file"].help_text = f"{WANTED}, of up to {limit}."
        self.order_fields(["file", "may_be_published", "reason"])

    def clean_file(self) -> tuple[str, FileKind, bytes]:
        """Its clean name, its kind and what is in it."""
        file: UploadedFile = self.cleaned_data["file"]
        if is_too_large(file):
            size, limit = filesizeformat(file.size), filesizeformat(settings.EVIDENCE_LIMIT_BYTES)
            raise ValidationError(f"“{clean_name(file.name)}” has {size}, and we take up to {limit}.")
        name, content = clean_name(file.name), file.read()
        try:
            return name, kind_of(name, content), content
        except Refused as refusal:
            raise ValidationError(f"“{name}” is not taken. {refusal}") from refusal


class RemovalForm(ReasonedForm):
    """Why a file goes."""

    touched = ("file",)

    class Meta:
        model = EvidenceFile
        fields: list[str] = []


def is_too_large(file: UploadedFile | None) -> bool:
    return bool(file and file.size > settings.EVIDENCE_LIMIT_BYTES)


@changes(Permission.EDIT_REGISTERS)
def evidence_file_create(request: HttpRequest, plan: str, key: str) -> HttpResponse:
    evidence = _evidence(request, plan, key)

    def make(data: Any) -> NewFileForm:
        files = None if data is None else request.FILES
        return NewFileForm(data, files, instance=EvidenceFile(evidence=evidence, plan=evidence.plan))

    answer = form_answer(
        request,
        make=make,
        save=lambda form: _keep(request, evidence, form),
        sentence=lambda saved: f"“{saved}” is added.",
        done=lambda saved: register_page(evidence, "evidence_detail"),
        context=register_context(evidence, "evidence_detail", evidence.title, f"Add a file: {evidence}")
        | {"button": "Add the file"},
    )
    if answer.status_code == 200 and is_too_large(request.FILES.get("file")):
        answer.status_code = 413
    return answer


def _keep(request: HttpRequest, evidence: Evidence, form: NewFileForm) -> EvidenceFile:
    name, kind, content = form.cleaned_data["file"]
    return keep_file(
        evidence=evidence,
        file_name=name,
        kind=kind,
        content=content,
        may_be_published=form.cleaned_data["may_be_published"],
        by=request.user,
        reason=form.cleaned_data["reason"],
    )


@changes(Permission.EDIT_REGISTERS)
def evidence_file_edit(request: HttpRequest, plan: str, key: str, number: int) -> HttpResponse:
    evidence = _evidence(request, plan, key)
    heading = f"Who may open it: {_file(evidence, number)}"
    return form_answer(
        request,
        make=lambda data: FileForm(data, instance=_file(evidence, number)),
        save=lambda form: save_file(file=form.instance, by=request.user, reason=form.cleaned_data["reason"]),
        sentence=lambda saved: f"“{saved}” is {'for members too' if saved.may_be_published else 'for officers only'}.",
        done=lambda saved: register_page(evidence, "evidence_detail"),
        context=register_context(evidence, "evidence_detail", evidence.title, heading),
    )


@changes(Permission.EDIT_REGISTERS)
def evidence_file_remove(request: HttpRequest, plan: str, key: str, number: int) -> HttpResponse:
    evidence = _evidence(request, plan, key)
    heading = f"Take away: {_file(evidence, number)}"
    words = "The file is gone for good, here and on every past day. That it was there stays in the history, and why."
    return form_answer(
        request,
        make=lambda data: RemovalForm(data, instance=_file(evidence, number)),
        save=lambda form: _remove(request, form),
        sentence=lambda name: f"“{name}” is taken away.",
        done=lambda name: register_page(evidence, "evidence_detail"),
        context=register_context(evidence, "evidence_detail", evidence.title, heading)
        | {"introduction": words, "button": "Take the file away"},
    )


def _remove(request: HttpRequest, form: RemovalForm) -> str:
    name = str(form.instance)
    remove_file(file=form.instance, by=request.user, reason=form.cleaned_data["reason"])
    return name


def _evidence(request: HttpRequest, plan: str, key: str) -> Evidence:
    entries = Evidence.objects.visible_to(request.user).select_related("plan__council")
    return get_object_or_404(entries, plan__slug=plan, key=key)


def _file(evidence: Evidence, number: int) -> EvidenceFile:
    """Read anew each time: whoever was second sees what is there now."""
    for file in EvidenceFile.objects.filter(evidence=evidence):
        if file.number == number:
            return file
    raise Http404("This entry has no such file.")
