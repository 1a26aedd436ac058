"""Measures everything and prints one table, as `make bench` does.

With more of it:

    .venv/bin/python bench/run.py --sizes 10000,100000,1000000 --register 1000000 --write

Loads a database per size (kept for the next time; `--fresh` loads anew), asks every page, then drives
the journey of a demand with eight clients. Small by default: 10,000 and 100,000 demands, under ten
minutes. `--write` puts the table into docs/performance.md.
"""

import argparse
import datetime as dt
import json
import os
import platform
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

from bench import place  # noqa: E402  # the path comes first
from bench.server import free_port  # noqa: E402

REPORT = ROOT / "docs" / "performance.md"
BEGIN, END = "<!-- figures: begin -->\n", "<!-- figures: end -->\n"
MINUTES = 30
Pages = dict[str, dict[str, float]]


def step(module: str, url: str, *arguments: str) -> str:
    """Run one of the measuring programs against a database; return its last line."""
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments], env=place.environment(url, free_port()),
        cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True, timeout=MINUTES * 60,
    )  # fmt: skip
    return done.stdout.strip().rsplit("\n", 1)[-1]


def loaded(server: str, name: str, *arguments: str, fresh: bool) -> str:
    """The address of a filled database; one left half filled by an interruption is loaded anew."""
    filled = ROOT / "var" / "bench" / f"{name}.filled"
    if fresh or not filled.exists():
        place.drop(server, name)
    url, is_new = place.database(server, name)
    if is_new:
        print(f"Loading {name} …", flush=True)
        step("bench.load", url, *arguments)
        filled.touch()
    else:
        step("django", url, "migrate", "--verbosity", "0")
    return url


def machine() -> str:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**30
    model = next(
        (line.split(":", 1)[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines()
         if line.startswith("model name")), platform.machine(),
    )  # fmt: skip
    return f"{os.cpu_count()} × {model}, {memory} GB, Python {platform.python_version()}"


def commit() -> str:
    said = subprocess.run(
        ["git", "rev-parse", "--short=12", "HEAD"], cwd=ROOT, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    return said.stdout.strip() or "unknown"


def table(measured: dict[int, Pages], what: str) -> list[str]:
    """One line per page or question: p50 / p95 per size, and the growth of p50 from the first to the last."""
    sizes = list(measured)
    lines = [
        f"| {what}, p50 / p95 in ms | "
        + " | ".join(f"{n:,} demands" for n in sizes)
        + " | growth |",
        "|---|" + "---:|" * (len(sizes) + 1),
    ]
    for page in measured[sizes[0]]:
        cells = [f"{measured[n][page]['p50']:.0f} / {measured[n][page]['p95']:.0f}" for n in sizes]
        growth = measured[sizes[-1]][page]["p50"] / measured[sizes[0]][page]["p50"]
        lines.append(f"| {page} | {' | '.join(cells)} | {growth:.1f}× |")
    return lines


def report(chosen: argparse.Namespace, server: str) -> str:
    measured: dict[int, Pages] = {}
    speeds: dict[int, dict[str, Any]] = {}
    hints: dict[int, Pages] = {}
    sets: dict[int, tuple[float, float]] = {}
    for size in map(int, chosen.sizes.split(",")):
        url = loaded(server, f"lianqi_bench_{size}", "--demands", str(size), fresh=chosen.fresh)
        print(f"Measuring {size:,} demands …", flush=True)
        measured[size] = json.loads(step("bench.pages", url, "--requests", str(chosen.requests)))
        hints[size] = json.loads(step("bench.suggest", url, "--requests", str(chosen.requests)))
        speeds[size] = json.loads(step("bench.throughput", url, "--seconds", str(chosen.seconds)))
        dispatched, compiled = (
            json.loads(step(module, url))["seconds"]
            for module in ("bench.bulk_dispatch", "bench.nightly")
        )
        sets[size] = (dispatched, compiled)
    load = os.getloadavg()[1]
    lines = [
        f"Measured {dt.datetime.now(dt.UTC):%Y-%m-%d %H:%M} UTC, commit `{commit()}`.",
        f"Machine: {machine()}; load average over five minutes at the end {load:.1f}.", "",
        *table(measured, "Page"), "", *table(hints, "Hints, without the page"), "", ("| File → dispatch → accept → answer, 8 clients over HTTP | "
        "demands/s | steps/s | p50 ms | p95 ms |"), "|---|---:|---:|---:|---:|",
        *(
            f"| {size:,} demands | {speed['demands_per_second']:.1f} "
            f"| {speed['steps_per_second']:.0f} | {speed['p50']:.0f} | {speed['p95']:.0f} |"
            for size, speed in speeds.items()
        ),
        "",
        "| Whole sets of demands | 500 dispatched at once, s | nightly statistics, s |",
        "|---|---:|---:|",
        *(
            f"| {size:,} demands | {dispatched:.1f} | {compiled:.1f} |"
            for size, (dispatched, compiled) in sets.items()
        ),
    ]  # fmt: skip
    if chosen.register:
        lines += ["", *register_lines(chosen, server)]
    return "\n".join(lines) + "\n"


def register_lines(chosen: argparse.Namespace, server: str) -> list[str]:
    url = loaded(
        server, f"lianqi_bench_register_{chosen.register}", "--demands", "1000",
        "--enterprises", str(chosen.register), fresh=chosen.fresh,
    )  # fmt: skip
    print(f"Measuring {chosen.register:,} enterprises …", flush=True)
    arguments = ("--requests", str(chosen.requests))
    pages = json.loads(step("bench.pages", url, *arguments, "--only", "enterprise search"))
    queries = json.loads(step("bench.search", url, *arguments))
    return [
        f"| Register with {chosen.register:,} enterprises | p50 ms | p95 ms |", "|---|---:|---:|",
        *(
            f"| {name} | {each['p50']:.0f} | {each['p95']:.0f} |"
            for name, each in (pages | queries).items()
        ),
    ]  # fmt: skip


def write(figures: str) -> None:
    text = REPORT.read_text(encoding="utf-8")
    head, rest = text.split(BEGIN, 1)
    _old, tail = rest.split(END, 1)
    REPORT.write_text(f"{head}{BEGIN}\n{figures}\n{END}{tail}", encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sizes", default="10000,100000", help="demands, apart by commas")
    parser.add_argument("--register", type=int, default=0, help="enterprises of a large register")
    parser.add_argument("--requests", type=int, default=60, help="per page")
    parser.add_argument("--seconds", type=float, default=15, help="of throughput per size")
    parser.add_argument("--fresh", action="store_true", help="load anew")
    parser.add_argument("--write", action="store_true", help="into docs/performance.md")
    chosen = parser.parse_args()
    server = place.server_url()
    try:
        figures = report(chosen, server)
    finally:
        place.stop_server()
    print(figures)
    if chosen.write:
        write(figures)


if __name__ == "__main__":
    main()
