"""Rule packs: one legal document in one version as a YAML file, with its cases beside it."""

from lianqi.engines.packs.cases import cases_file, check_cases
from lianqi.engines.packs.errors import PackError, PackErrors
from lianqi.engines.packs.library import Found, Library, load_all, pack_files, shipped
from lianqi.engines.packs.pack import Measure, Pack
from lianqi.engines.packs.reading import check, load, read

__all__ = [
    "Found",
    "Library",
    "Measure",
    "Pack",
    "PackError",
    "PackErrors",
    "cases_file",
    "check",
    "check_cases",
    "load",
    "load_all",
    "pack_files",
    "read",
    "shipped",
]
