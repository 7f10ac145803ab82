"""“Import a spreadsheet” at the desk: a file is looked through first, and imported when the editor says so.

What its rows mean is the reader's to say, which the command shares. Between the two steps the file lies in a
folder of its own that nobody else can read, and is found again by a signed name.
"""

import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AdminTextareaWidget
from django.core import signing
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _

from tracker.models import Correction
from tracker.spreadsheets import COLUMNS, Loaded, Sheet, SpreadsheetError, load

__all__ = ["SpreadsheetAdmin"]

_MOST_MEGABYTES = 5  # what is loaded well within the time that a web server gives a request
_KEPT_FOR = 24 * 60 * 60  # seconds
_FOLDER = "on-record-import-"
_SALT = "tracker.admin.spreadsheets"


class _FileForm(forms.Form):
    file = forms.FileField(
        label=_("File"),
        help_text=_("CSV or JSON Lines in UTF-8, at most %(most)d MB.") % {"most": _MOST_MEGABYTES},
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,.jsonl,.ndjson"}),
        error_messages={"required": _("Choose a file."), "empty": _("The file is empty.")},
    )

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > _MOST_MEGABYTES * 1_000_000:
            raise ValidationError(
                _(
                    "The file is larger than %(most)d MB. Split it, or have it loaded by manage.py import_quotes."
                ),
                params={"most": _MOST_MEGABYTES},
            )
        return file


class _ImportForm(forms.Form):
    """The second step: the file that is kept, and why what readers have seen changes, where it does."""

    kept = forms.CharField(widget=forms.HiddenInput)
    correction = forms.CharField(
        label=_("For readers: why published quotes change"),
        widget=AdminTextareaWidget(attrs={"rows": 2}),
        help_text=_("In a sentence. It is listed with the corrections, beside each change."),
        error_messages={"required": _("Say in a sentence for readers why these quotes change.")},
    )

    def __init__(self, *args: Any, explains: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not explains:
            del self.fields["correction"]

    def clean_correction(self) -> str:
        return Correction.sentence(self.cleaned_data["correction"])


class SpreadsheetAdmin(admin.ModelAdmin):
    """For the list of quotes: a mixin, before the admin that it extends."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.import_view)
        return [path("import/", view, name="tracker_quote_import"), *super().get_urls()]

    def import_view(self, request: HttpRequest) -> HttpResponse:
        if not (self.has_add_permission(request) and self.has_change_permission(request)):
            raise PermissionDenied
        if "kept" in request.POST:
            return self._import(request, request.POST["kept"])
        form = _FileForm(request.POST or None, request.FILES or None)
        if not form.is_valid():
            return self._page(request, form=form)
        file: UploadedFile = form.cleaned_data["file"]
        kept = _keep(file, request.user.pk)
        try:
            loaded = _load(kept, request.user, dry_run=True)
        except SpreadsheetError as error:
            _forget(kept)
            form.add_error("file", str(error))
            return self._page(request, form=form)
        return self._looked_through(request, loaded, kept)

    def _import(self, request: HttpRequest, kept: str) -> HttpResponse:
        form = _ImportForm(request.POST, explains="correction" in request.POST)
        try:
            if not form.is_valid():
                loaded = _load(kept, request.user, dry_run=True)
                return self._looked_through(request, loaded, kept, form)
            told = form.cleaned_data.get("correction", "")
            loaded = _load(kept, request.user, dry_run=False, correction=told)
        except SpreadsheetError as error:
            again = _FileForm()
            again.errors["file"] = again.error_class([str(error)])
            return self._page(request, form=again)
        _forget(kept)
        told = _("Imported: %(new)d new, %(changed)d changed, %(unchanged)d unchanged.")
        messages.success(request, told % _counts(loaded))
        if loaded.refused:
            told = _("%(refused)d rows were refused and are not on record.")
            messages.warning(request, told % _counts(loaded))
        return HttpResponseRedirect(reverse("admin:tracker_quote_changelist"))

    def _looked_through(
        self, request: HttpRequest, loaded: Loaded, kept: str, form: _ImportForm | None = None
    ) -> HttpResponse:
        """What would come of the file, and what is asked before it is imported."""
        asked = form or _ImportForm(initial={"kept": kept}, explains=bool(loaded.unexplained))
        return self._page(request, loaded=loaded, name=_name_of(kept), asked=asked)

    def _page(self, request: HttpRequest, **context: Any) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": _("Import a spreadsheet"),
            "opts": self.opts,
            "media": self.media,
            "columns": COLUMNS,
            **context,
        }
        return TemplateResponse(request, "admin/tracker/quote/import.html", context)


def _counts(loaded: Loaded) -> dict[str, int]:
    names = ("new", "changed", "unchanged", "refused")
    return {name: getattr(loaded, name) for name in names}


# --- The file between the two steps -------------------------------------------------------------------


def _keep(file: UploadedFile, editor: Any) -> str:
    """Put the file aside, and return its signed name. What others left behind is cleared away."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_FOLDER}*"):
        with suppress(OSError):
            if folder.stat().st_mtime < time.time() - _KEPT_FOR:
                shutil.rmtree(folder)
    folder = Path(tempfile.mkdtemp(prefix=_FOLDER))
    with (folder / "rows").open("wb") as copy:
        for chunk in file.chunks():
            copy.write(chunk)
    (folder / "name").write_text(file.name or "", encoding="utf-8", errors="replace")
    return signing.dumps([folder.name, editor], salt=_SALT)


@contextmanager
def _kept(signed: str, editor: Any) -> Iterator[Sheet]:
    """The file by its signed name, for the editor who sent it."""
    gone = SpreadsheetError(str(_("The file is not kept any more. Choose it again.")))
    try:
        name, sender = signing.loads(signed, salt=_SALT, max_age=_KEPT_FOR)
    except signing.BadSignature as error:
        raise gone from error
    folder = Path(tempfile.gettempdir()) / name
    if sender != editor or not (folder / "rows").exists():
        raise gone
    with Sheet(folder / "rows", (folder / "name").read_text(encoding="utf-8")) as sheet:
        yield sheet


def _name_of(signed: str) -> str:
    folder, _sender = signing.loads(signed, salt=_SALT)
    return (Path(tempfile.gettempdir()) / folder / "name").read_text(encoding="utf-8")


def _forget(signed: str) -> None:
    name, _sender = signing.loads(signed, salt=_SALT)
    shutil.rmtree(Path(tempfile.gettempdir()) / name, ignore_errors=True)


def _load(signed: str, editor: Any, *, dry_run: bool, correction: str = "") -> Loaded:
    with _kept(signed, editor.pk) as sheet:
        return load(sheet, by=editor, dry_run=dry_run, correction=correction)
