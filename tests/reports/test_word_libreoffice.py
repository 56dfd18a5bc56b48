"""The files of a pack open in LibreOffice: the Word file turns into pages, the workbook calculates nothing."""

import re
import subprocess

import pytest

from lambeth_plans.reports.word import word_of
from lambeth_plans.reports.workbook import workbook_of
from tests.test_spreadsheets_marked_libreoffice import formulas, opened

pytestmark = [pytest.mark.libreoffice, pytest.mark.django_db]


def test_the_pack_opens_and_becomes_pages(soffice, shelf, tmp_path):
    pack = shelf.pack("money")
    (tmp_path / "pack.docx").write_bytes(word_of(pack))
    (tmp_path / "pack.xlsx").write_bytes(workbook_of(pack))
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    for kind, name in (("pdf", "pack.docx"), ("fods", "pack.xlsx")):
        convert = [soffice, profile, "--headless", "--convert-to", kind, "--outdir", str(tmp_path / "out"), name]
        subprocess.run(convert, cwd=tmp_path, check=True, capture_output=True, timeout=120)
    pages = (tmp_path / "out" / "pack.pdf").read_bytes()
    assert pages.startswith(b"%PDF")
    across = re.findall(rb"/MediaBox\s*\[0 0 ([\d.]+) ([\d.]+)\]", pages)
    sizes = {(round(float(width)), round(float(height))) for width, height in across}
    assert sizes == {(595, 842), (842, 595)}  # A4, upright and across
    assert len(across) >= 8
    assert b"/Lang(en-GB)" in pages.replace(b" ", b"")
    sheets = opened(tmp_path / "out" / "pack.fods")
    assert formulas(sheets) == []
    titles = {cell.value for cell in sheets["Savings (Part II)"].values()}
    assert "=Bilby+1" in titles
