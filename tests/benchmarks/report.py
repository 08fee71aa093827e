"""What was measured, as a table for people and as JSON for programs."""

import json
import platform
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from importlib.metadata import version
from pathlib import Path

from tests.benchmarks.load import Result

OURS = "ours"
HIGHER = frozenset({"/s", "MB/s"})
"""Units of which more is better."""


@dataclass(frozen=True, kw_only=True)
class Record:
    """One figure of one server."""

    group: str
    case: str
    server: str
    value: float
    unit: str
    p50: float | None = None
    """Milliseconds."""
    p99: float | None = None
    """Milliseconds."""


@dataclass
class Report:
    """Everything that a run found."""

    records: list[Record] = field(default_factory=list)
    texts: list[tuple[str, str, str]] = field(default_factory=list)
    """Group, case, and what there is to say of it."""

    def add(self, group: str, case: str, server: str, value: float, unit: str) -> None:
        """Keep a figure."""
        self.records.append(Record(group=group, case=case, server=server, value=value, unit=unit))

    def add_results(self, group: str, case: str, server: str, results: Sequence[Result]) -> None:
        """Keep the medians of several rounds of load."""
        self.records.append(
            Record(
                group=group,
                case=case,
                server=server,
                value=statistics.median(one.rate for one in results),
                unit="/s",
                p50=statistics.median(one.p50 for one in results) * 1000,
                p99=statistics.median(one.p99 for one in results) * 1000,
            )
        )

    def say(self, group: str, case: str, text: str) -> None:
        """Keep what is not a figure."""
        self.texts.append((group, case, text))

    def value(self, case: str, server: str = OURS) -> float | None:
        """Return a figure by its case."""
        return next((one.value for one in self.records if (one.case, one.server) == (case, server)), None)

    def written(self, facts: dict[str, str]) -> str:
        """Return the report as text."""
        lines = [f"{name:<17}{fact}" for name, fact in facts.items()]
        for group in dict.fromkeys([one.group for one in self.records] + [text[0] for text in self.texts]):
            lines += ["", *self.tables(group)]
            texts = [text[1:] for text in self.texts if text[0] == group]
            width = max((len(case) for case, _ in texts), default=0)
            lines += [f"  {case:<{width}}  {text}" for case, text in texts]
        return "\n".join(lines)

    def tables(self, group: str) -> list[str]:
        """Return a group's figures, a row for each case."""
        mine = [one for one in self.records if one.group == group]
        servers = list(dict.fromkeys(one.server for one in mine))
        peers = [server for server in servers if server != OURS] if OURS in servers else []
        rows = [["", *servers, *(f"{OURS}:{peer}" for peer in peers)]]
        for case in dict.fromkeys(one.case for one in mine):
            found = {one.server: one for one in mine if one.case == case}
            cells = [shown(found[server]) if server in found else "-" for server in servers]
            rows.append([case, *cells, *(ratio(found.get(OURS), found.get(peer)) for peer in peers)])
        return [group[0].upper() + group[1:], *(aligned(rows) if mine else [])]

    def save(self, path: Path, facts: dict[str, str]) -> None:
        """Write everything to a file."""
        texts = [{"group": group, "case": case, "text": text} for group, case, text in self.texts]
        content = {"facts": facts, "records": [asdict(one) for one in self.records], "texts": texts}
        path.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


def shown(record: Record) -> str:
    """Return a figure as a person reads it."""
    digits = 0 if record.value >= 100 else 1 if record.value >= 10 else 2
    text = f"{record.value:,.{digits}f} {record.unit}"
    if record.p50 is not None and record.p99 is not None:
        text += f" ({record.p50:.1f} | {record.p99:.1f})"
    return text


def ratio(mine: Record | None, other: Record | None) -> str:
    """Return how this index compares; above 1 it does better, whether the figure is a rate or a time."""
    if mine is None or other is None or not mine.value or not other.value:
        return "-"
    times = mine.value / other.value if mine.unit in HIGHER else other.value / mine.value
    return f"{times:.{2 if times < 10 else 0}f} x"


def aligned(rows: list[list[str]]) -> list[str]:
    """Return rows in columns: the first to the left, the others to the right."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return [
        "  "
        + "  ".join(
            [row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))]
        )
        for row in rows
    ]


def machine(cores: int) -> dict[str, str]:
    """Return what the figures depend on."""
    packages = ", ".join(f"{name} {version(name)}" for name in ("Django", "pynamodb", "gunicorn"))
    return {
        "machine": f"{cores} cores, {processor()}, {platform.system()} {platform.release()}",
        "Python": platform.python_version(),
        "ours": packages,
    }


def processor() -> str:
    """Return the processor's name, where the system tells it."""
    for line in lines_of(Path("/proc/cpuinfo")):
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def lines_of(path: Path) -> Iterable[str]:
    """Return a file's lines; none where it cannot be read."""
    try:
        return path.read_text(encoding="utf-8").splitlines()
    except OSError:
        return ()
