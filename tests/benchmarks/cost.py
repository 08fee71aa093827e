"""What a month of installs takes and costs, from measured units and assumed prices."""

from collections.abc import Iterator
from dataclasses import dataclass

INSTALLS = (1_000, 100_000, 10_000_000)
MONTH = 30 * 24 * 3600
PEAK = 10
"""The busiest second has this many times the requests of an average one."""
MEGABYTES = 1.0
"""Of an average file."""
GIGABYTE_SECONDS = 0.5 * 0.03
"""Of one request: half a gigabyte for 30 ms, which a warm function stays below."""
UPLOADS_PER_INSTALL = 1 / 100


@dataclass(frozen=True)
class Prices:
    """US dollars; from the public price lists of us-east-1 as they were remembered, to be replaced by your region's."""

    read_units: float = 0.125 / 1e6
    write_units: float = 0.625 / 1e6
    gateway_requests: float = 3.50 / 1e6
    invocations: float = 0.20 / 1e6
    gigabyte_seconds: float = 0.0000166667
    bucket_reads: float = 0.40 / 1e6
    bucket_writes: float = 5.00 / 1e6
    gigabytes_out: float = 0.09


@dataclass(frozen=True, kw_only=True)
class Install:
    """What one install takes: a page, the core metadata and the file; and its share of uploads."""

    requests: float
    read_units: float
    write_units: float
    bucket_reads: float = 2
    bucket_writes: float = 2 * UPLOADS_PER_INSTALL


@dataclass(frozen=True, kw_only=True)
class Month:
    """A row of the table."""

    installs: int
    read_units_at_peak: float
    table: float
    gateway: float
    function: float
    bucket: float
    traffic: float

    @property
    def total(self) -> float:
        """All but the traffic, which is free inside the region."""
        return self.table + self.gateway + self.function + self.bucket


def months(install: Install, prices: Prices | None = None) -> Iterator[Month]:
    """Yield the rows of the table."""
    each = prices or Prices()
    for count in INSTALLS:
        requests = count * install.requests
        yield Month(
            installs=count,
            read_units_at_peak=count * install.read_units * PEAK / MONTH,
            table=count * (install.read_units * each.read_units + install.write_units * each.write_units),
            gateway=requests * each.gateway_requests,
            function=requests * (each.invocations + GIGABYTE_SECONDS * each.gigabyte_seconds),
            bucket=count * (install.bucket_reads * each.bucket_reads + install.bucket_writes * each.bucket_writes),
            traffic=count * MEGABYTES / 1000 * each.gigabytes_out,
        )
