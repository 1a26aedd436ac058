"""The smallest files of every type, made in memory."""

import io
import zipfile

OLE2 = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(504)


def archive(*members: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as file:
        for member in members:
            file.writestr(member, "<xml/>")
    return made.getvalue()


def compound(stream: str) -> bytes:
    """An Office 97–2003 file with one named stream in its directory."""
    return OLE2 + stream.encode("utf-16-le").ljust(64, b"\0") + bytes(448)


SAMPLES = {
    "pdf": b"%PDF-1.7\n1 0 obj <<>> endobj\n%%EOF\n",
    "ofd": archive("OFD.xml", "Doc_0/Document.xml"),
    "doc": compound("WordDocument"),
    "docx": archive("[Content_Types].xml", "word/document.xml"),
    "xls": compound("Workbook"),
    "xlsx": archive("[Content_Types].xml", "xl/workbook.xml"),
    "csv": "名称,金额\r\n云岭精密,12\r\n".encode("gb18030"),
    "txt": "路灯不亮，请尽快修复。\n".encode(),
    "png": b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(20),
    "jpg": b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + bytes(20),
    "jpeg": b"\xff\xd8\xff\xe1\x00\x10Exif\x00" + bytes(20),
}
PROGRAM = b"MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff" + bytes(200) + b"PE\x00\x00"
INSTALLER = compound("!_StringData")
