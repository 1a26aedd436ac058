"""Write the pack of size classes (工信部联企业〔2011〕300号) from the table in engines/sizes.

`python tools/size_pack.py` writes it, `--check` says whether it is current. The thresholds stand in
`lianqi.engines.sizes.bounds` and nowhere else.
"""

import sys
from pathlib import Path

from lianqi.engines.packs.sizes import pack_text

PLACE = Path(__file__).parents[1] / "src/lianqi/engines/packs/national/sme-sizes-2011.yaml"


def main(arguments: list[str]) -> int:
    text = pack_text()
    if "--check" in arguments:
        current = PLACE.exists() and PLACE.read_text("utf-8") == text
        print("current" if current else f"{PLACE.name} is not what tools/size_pack.py writes")
        return 0 if current else 1
    PLACE.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
