"""The .docx file itself: the same document always gives the same bytes."""

import zipfile
from io import BytesIO

_EPOCH = (1980, 1, 1, 0, 0, 0)


def repack(package: bytes) -> bytes:
    """Write the parts of a zip package in a fixed order with fixed times."""
    packed = BytesIO()
    with zipfile.ZipFile(BytesIO(package)) as given, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as made:
        for name in sorted(given.namelist(), key=lambda name: (name != "[Content_Types].xml", name)):
            made.writestr(zipfile.ZipInfo(name, _EPOCH), given.read(name), zipfile.ZIP_DEFLATED)
    return packed.getvalue()
