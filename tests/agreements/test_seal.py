"""The seal itself, seen by pyHanko, pdfsig, qpdf and pikepdf: it holds, and whatever is changed is found."""

from __future__ import annotations

import datetime
import io
import random
import shutil
import subprocess
from pathlib import Path

import pikepdf
import pytest
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from agreements import demo_authority, seal
from agreements.seal_source import NoTimestamp, SealFailed
from agreements.sealer import Sealer
from tests.printed import copy, pages
from tests.sealing import NOW, authority, keys, long_keys, sealed, sealed_for_long, source, timestamp_service


def examined(pdf: bytes, at: datetime.datetime = NOW) -> seal.Examination:
    return seal.examine(pdf, keys().roots, now=at)


def test_a_sealed_copy_holds_and_says_who_and_when() -> None:
    found = examined(sealed())

    assert found.holds
    assert (found.level, found.certified) == ("B-T", True)
    assert found.seal is not None
    assert found.seal.subject == "DEMO – inte giltig, sigill för överenskommelser"
    assert abs(datetime.datetime.fromisoformat(found.seal.time) - NOW) < datetime.timedelta(minutes=30)


def test_the_sealed_copy_begins_with_the_very_bytes_that_were_sealed() -> None:
    assert sealed().startswith(copy("archive"))


def test_with_revocation_data_the_seal_is_made_to_last() -> None:
    found = examined(sealed_for_long())

    assert found.holds
    assert found.level == "B-LTA"
    assert [each.kind for each in found.seals] == ["seal", "timestamp"]


def test_without_a_timestamp_service_the_seal_says_so() -> None:
    pdf = Sealer(source()).seal(copy("archive"), reason="r", contact="c").pdf

    assert examined(pdf).level == "B-B"
    assert examined(pdf).seal.time == ""  # type: ignore[union-attr]


def test_a_timestamp_is_fetched_from_the_configured_service() -> None:
    with timestamp_service() as url:
        made = Sealer(source(timestamp_url=url)).seal(copy("archive"), reason="r", contact="c")

    assert made.found.level == "B-T"
    assert made.found.seal.time  # type: ignore[union-attr]


def test_a_timestamp_service_that_is_away_is_told_apart() -> None:
    with pytest.raises(NoTimestamp, match="does not answer"):
        Sealer(source(timestamp_url="http://127.0.0.1:9/tsr")).seal(copy("archive"), reason="r", contact="c")


@pytest.mark.parametrize("make", [sealed, sealed_for_long])
def test_pdfsig_finds_the_signature_valid_and_the_whole_document_signed(make: object, tmp_path: Path) -> None:
    (tmp_path / "copy.pdf").write_bytes(make())  # type: ignore[operator]

    answer = subprocess.run(
        [tool("pdfsig"), "-nocert", tmp_path / "copy.pdf"], capture_output=True, text=True, check=False
    ).stdout

    assert "Signature is Valid." in answer
    assert "Total document signed" in answer
    assert "ETSI.CAdES.detached" in answer


@pytest.mark.parametrize("make", [sealed, sealed_for_long])
def test_qpdf_finds_no_fault_in_a_sealed_file(make: object, tmp_path: Path) -> None:
    (tmp_path / "copy.pdf").write_bytes(make())  # type: ignore[operator]

    answer = subprocess.run(
        [tool("qpdf"), "--check", tmp_path / "copy.pdf"], capture_output=True, text=True, check=False
    )

    assert answer.returncode == 0, answer.stdout + answer.stderr
    assert "WARNING" not in answer.stdout + answer.stderr


def tool(name: str) -> str:
    """`make setup-dev` installs it; a machine without it proves nothing."""
    found = shutil.which(name)
    assert found, f"{name} is missing: run make setup-dev"
    return found


def flipped(pdf: bytes, place: int) -> bytes:
    return pdf[:place] + bytes([pdf[place] ^ 1]) + pdf[place + 1 :]


def holds(pdf: bytes) -> bool:
    return Sealer(source(timestamp_url="")).examine(pdf).holds


def test_one_flipped_byte_is_found_wherever_it_is() -> None:
    """Of what the seal covers: everything but its own container, which holds copies of certificates as well.

    What is changed in there the hash of the file finds (test_verifying).
    """
    pdf = sealed()
    signature = pdf.index(b"/Contents <") + len(b"/Contents <")
    end = pdf.index(b">", signature)
    places = [place for place in random.Random(5).sample(range(len(pdf)), 70) if not signature <= place < end]
    places += [0, 9, signature + 40, signature - 2, end + 5, len(pdf) - 3, len(copy("archive")) - 2]

    assert [place for place in places if holds(flipped(pdf, place))] == []


def test_a_page_put_on_top_is_found() -> None:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(sealed())) as file:
        file.add_blank_page()
        file.save(out)

    assert not holds(out.getvalue())


def test_a_word_appended_behind_the_seal_is_found() -> None:
    writer = IncrementalPdfFileWriter(io.BytesIO(sealed()))
    writer.root["/Lang"] = seal.generic.TextStringObject("en")
    writer.update_root()
    out = io.BytesIO()
    writer.write(out)

    found = examined(out.getvalue())

    assert not found.holds
    assert found.seal.problem == "added to"  # type: ignore[union-attr]


def test_a_seal_of_somebody_else_is_not_trusted() -> None:
    stranger = seal.seal(copy("archive"), keys(9), reason="r", contact="c")[0]

    assert not examined(stranger).holds
    assert examined(stranger).seal.problem == "untrusted"  # type: ignore[union-attr]


def test_an_unsealed_copy_has_no_seal() -> None:
    assert examined(copy("archive")) == seal.Examination()


# --------------------------------------------------------------------------------------- what it was, it stays


@pytest.mark.parametrize("make", [sealed, sealed_for_long])
def test_a_sealed_copy_is_still_pdf_a_3a_and_tagged(make: object) -> None:
    with pikepdf.open(io.BytesIO(make())) as file:  # type: ignore[operator]
        xmp = file.open_metadata()
        assert (xmp["pdfaid:part"], xmp["pdfaid:conformance"]) == ("3", "A")
        assert file.Root.OutputIntents[0].S == pikepdf.Name.GTS_PDFA1
        assert file.Root.MarkInfo.Marked is True
        assert "/StructTreeRoot" in file.Root
        assert "/JavaScript" not in file.Root.Names
        assert not file.is_encrypted


def test_the_field_of_the_seal_is_allowed_in_pdf_a() -> None:
    """Widgets must be printed and never hidden; without a surface they need no appearance."""
    with pikepdf.open(io.BytesIO(sealed())) as file:
        (field,) = file.Root.AcroForm.Fields
        assert int(field.F) & 0b100100111 & ~0b100 == 0
        assert int(field.F) & 0b100
        assert [int(side) for side in field.Rect] == [0, 0, 0, 0]
        assert "/NeedAppearances" not in file.Root.AcroForm


def test_metadata_say_the_same_in_both_places_after_sealing() -> None:
    with pikepdf.open(io.BytesIO(sealed())) as file:
        xmp = file.open_metadata()
        assert xmp["dc:title"] == str(file.docinfo["/Title"])
        assert xmp.get("pdf:Producer", str(file.docinfo["/Producer"])) == str(file.docinfo["/Producer"])
        assert "/ModDate" not in file.docinfo or "xmp:ModifyDate" in xmp


def test_the_text_is_the_same_after_sealing() -> None:
    assert pages(sealed()) == pages(copy("archive"))


# ------------------------------------------------------------------------------------------------ stamping anew


@pytest.mark.parametrize(("make", "how"), [(sealed, keys), (sealed_for_long, long_keys)])
def test_stamping_anew_appends_and_never_rewrites(make: object, how: object) -> None:
    before = make()  # type: ignore[operator]

    after, found = seal.stamp(before, how())  # type: ignore[operator]

    assert after.startswith(before)
    assert len(after) > len(before)
    assert found.holds
    assert found.seals[-1].kind == "timestamp"


def test_a_timestamp_carries_the_seal_past_the_end_of_its_certificate() -> None:
    """Sealed with a certificate of a week, stamped; a year later the seal still holds by the time that was stamped."""
    short = keys(7)
    pdf = seal.seal(copy("archive"), short, reason="r", contact="c")[0]
    later = NOW + datetime.timedelta(days=365)

    assert seal.examine(pdf, short.roots, now=later).holds
    assert not seal.examine(pdf, short.roots, now=NOW + datetime.timedelta(days=365 * 20)).holds


def test_without_a_timestamp_the_seal_ends_with_its_certificate() -> None:
    pdf = Sealer(source(7)).seal(copy("archive"), reason="r", contact="c").pdf

    assert not seal.examine(pdf, keys(7).roots, now=NOW + datetime.timedelta(days=8)).holds


# ----------------------------------------------------------------------------------------------- own verification


def test_what_does_not_stand_its_own_verification_is_not_handed_out() -> None:
    """The roots do not fit the key: nobody else would trust the seal either."""
    stranger = source(roots=authority(9) / demo_authority.ROOT)

    with pytest.raises(SealFailed, match="does not stand its verification: untrusted"):
        Sealer(stranger).seal(copy("archive"), reason="r", contact="c")


def test_a_certificate_that_has_ended_does_not_seal() -> None:
    with pytest.raises(SealFailed, match="untrusted"):
        Sealer(source(0)).seal(copy("archive"), reason="r", contact="c")


@pytest.mark.parametrize("broken", [b"", b"%PDF-1.7", b"no pdf at all", copy("archive")[:50_000]])
def test_what_cannot_be_read_is_not_sealed(broken: bytes) -> None:
    with pytest.raises(SealFailed):
        Sealer(source()).seal(broken, reason="r", contact="c")


# ------------------------------------------------------------------------------------------------ the demo's own


def test_the_demo_authority_is_made_once_and_says_that_it_is_none(tmp_path: Path) -> None:
    folder = demo_authority.ensure(tmp_path / "seal", NOW)
    first = (folder / demo_authority.ROOT).read_bytes()

    assert demo_authority.ensure(tmp_path / "seal", NOW) == folder
    assert (folder / demo_authority.ROOT).read_bytes() == first
    assert [path.name for path in tmp_path.iterdir()] == ["seal"]
    assert all(path.stat().st_mode & 0o077 == 0 for path in folder.iterdir())
    certificate = keys().signer.signing_cert
    assert certificate is not None
    assert certificate.subject.native["organization_name"] == "DEMO – inte giltig"
