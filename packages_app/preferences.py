"""Reads headers that rank alternatives by quality (RFC 9110, section 12.4.2)."""

from functools import lru_cache


@lru_cache(maxsize=256)
def ranked(header: str) -> tuple[tuple[str, float], ...]:
    """Return each alternative, in lower case and without its parameters, with its quality, in the header's order.

    It never fails: a quality that is none counts as 1, and what is no alternative matches nothing later.
    """
    found = []
    for part in header.split(","):
        alternative, *parameters = part.split(";")
        if value := alternative.strip().lower():
            found.append((value, quality(parameters)))
    return tuple(found)


def prefers(header: str, alternative: str) -> bool:
    """Return whether the header ranks nothing above the alternative, which it names itself."""
    wanted = ranked(header)
    found = dict(wanted).get(alternative, 0)
    return found > 0 and found == max(quality for _, quality in wanted)


def quality(parameters: list[str]) -> float:
    """Return the value of the parameter ``q``, from 0 (never this) to 1."""
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "q":
            try:
                number = float(value)
            except ValueError:
                return 1.0
            return number if 0 <= number <= 1 else 1.0  # "nan" is in no order, and ends here as 1 too
    return 1.0
