"""Write docs/api/openapi.json: the description of the JSON API that programs may rely on.

.venv/bin/python tools/openapi.py          writes the document
.venv/bin/python tools/openapi.py check    compares it with the code and writes nothing

Within /api/v1 changes are additive; a changed or removed line in the document's diff is a break.
"""

import json
import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DOCUMENT = ROOT / "docs" / "api" / "openapi.json"


def document() -> str:
    """The description as JSON, keys sorted, Chinese readable."""
    from lianqi.api.root import api

    schema = json.loads(json.dumps(api.get_openapi_schema(path_prefix="/api/v1/"), default=str))
    return json.dumps(schema, ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def main(arguments: list[str]) -> int:
    """Write or compare; 1 if the document is out of date."""
    os.environ.setdefault("LIANQI_DEBUG", "1")
    os.environ.setdefault("LIANQI_LOG_LEVEL", "WARNING")
    os.environ["DJANGO_SETTINGS_MODULE"] = "lianqi.config.settings"
    sys.path.insert(0, str(ROOT / "src"))
    import django
    from django.utils.translation import override

    django.setup()
    with override("en"):
        text = document()
    if arguments == ["check"]:
        if DOCUMENT.is_file() and DOCUMENT.read_text(encoding="utf-8") == text:
            return 0
        print("docs/api/openapi.json is out of date; run .venv/bin/python tools/openapi.py")
        return 1
    DOCUMENT.parent.mkdir(parents=True, exist_ok=True)
    DOCUMENT.write_text(text, encoding="utf-8")
    print(DOCUMENT.relative_to(ROOT))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
