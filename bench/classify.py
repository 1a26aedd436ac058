"""How well demands are told apart by their wording: `.venv/bin/python bench/classify.py --write`.

Fits the classifier of the zone to invented demands in twenty categories (ops/demo/wording.py) and
examines it on others whose matters and sentence patterns it never saw. Needs no database. `--write`
puts the table by category and the confusion table into docs/classifier.md.
"""

import argparse
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "src")]
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lianqi.config.settings_test")
os.environ.setdefault("LIANQI_LOG_LEVEL", "WARNING")

REPORT = ROOT / "docs" / "classifier.md"
BEGIN, END = "<!-- figures: begin -->\n", "<!-- figures: end -->\n"
TOP = 3
Texts = Sequence[tuple[str, str]]


def percent(share: float | None) -> str:
    return "–" if share is None else f"{100 * share:.0f} %"


def texts(count: int, *, split: str, seed: int) -> list[tuple[str, str]]:
    """Text and category, as a zone would have them of its closed demands."""
    from lianqi.ops.demo.wording import sample

    found = sample(count, split=split, seed=seed)
    return [(f"{each.title}\n{each.text}", each.code) for each in found]


def report(train: int, test: int, seed: int) -> str:
    from lianqi.engines.learning import fit, held_out, judge
    from lianqi.ops.demo.wording import TEST, TRAIN, matters

    learned = texts(train, split=TRAIN, seed=seed)
    unseen = texts(test, split=TEST, seed=seed + 1)
    kept = [pair for pair in learned if held_out(pair[0])]
    began = time.perf_counter()
    model = fit([pair for pair in learned if not held_out(pair[0])], kept)
    fitted = time.perf_counter() - began
    known = judge([(label, model.guesses(text)[0]) for text, label in kept], model.labels)
    began = time.perf_counter()
    answers = [(label, model.guesses(text)[:TOP]) for text, label in unseen]
    asked = 1000 * (time.perf_counter() - began) / len(unseen)
    examined = judge([(label, guesses[0]) for label, guesses in answers], model.labels)
    limits = {each.label: each.threshold for each in known.labels}
    spoken = [
        guesses[0].label == label
        for label, guesses in answers
        if (limit := limits.get(guesses[0].label)) is not None and guesses[0].confidence >= limit
    ]
    among = sum(label in {each.label for each in guesses} for label, guesses in answers)
    sizes = (
        f"{len(learned):,} demands to learn from ({len(matters(TRAIN))} matters), {len(unseen):,} "
        f"others ({len(matters(TEST))} matters never seen), {len(model.labels)} categories, "
        f"seed {seed}."
    )
    lines = [
        sizes,
        "",
        "| measure | value |",
        "|---|---:|",
        f"| **macro-F1, matters and sentence patterns never seen** | **{examined.macro_f1:.3f}** |",
        f"| accuracy, the same | {percent(examined.accuracy)} |",
        f"| right category among the first three, the same | {percent(among / len(unseen))} |",
        f"| silent because unsure, the same | {percent(1 - len(spoken) / len(unseen))} |",
        f"| right when it speaks, the same | {percent(sum(spoken) / max(1, len(spoken)))} |",
        f"| macro-F1, other wordings of matters it knows | {known.macro_f1:.3f} |",
        f"| fitting | {fitted:.1f} s |",
        f"| one question, plain Python | {asked:.1f} ms |",
        "",
        *_by_category(examined),
        "",
        *_confusion(examined),
    ]
    return "\n".join(lines) + "\n"


def _by_category(examined: Any) -> list[str]:
    from lianqi.engines.learning import interval

    lines = [
        "| category | cases | precision | recall | recall, 95 % interval | F1 |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    for each in examined.labels:
        low, high = interval(each.right, each.cases) or (0, 1)
        lines.append(
            f"| {each.label} | {each.cases} | {percent(each.precision)} | {percent(each.recall)} "
            f"| {100 * low:.0f}–{100 * high:.0f} % | {each.f1:.2f} |"
        )
    return lines


def _confusion(examined: Any) -> list[str]:
    from lianqi.ops.demo.wording import codes

    order = codes()
    return [
        "Rows are what is right, columns what was answered; empty means never.",
        "",
        "| | " + " | ".join(code[:5] for code in order) + " |",
        "|---|" + "---:|" * len(order),
        *(
            f"| {truth} | "
            + " | ".join(str(examined.confusion.get((truth, answer), "")) for answer in order)
            + " |"
            for truth in order
        ),
    ]


def write(figures: str) -> None:
    text = REPORT.read_text(encoding="utf-8")
    head, rest = text.split(BEGIN, 1)
    _old, tail = rest.split(END, 1)
    REPORT.write_text(f"{head}{BEGIN}\n{figures}\n{END}{tail}", encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--train", type=int, default=4000)
    parser.add_argument("--test", type=int, default=1600)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--write", action="store_true", help="into docs/classifier.md")
    chosen = parser.parse_args()

    import django

    django.setup()
    figures = report(chosen.train, chosen.test, chosen.seed)
    print(figures)
    if chosen.write:
        write(figures)


if __name__ == "__main__":
    main()
