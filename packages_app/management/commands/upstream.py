"""Says and changes whose names are whose, and shows what is kept of other indexes."""

import argparse
from typing import Any

from packages_app.catalogue.entries import Change
from packages_app.conf import options
from packages_app.management.described import DescribedCommand
from packages_app.management.operator import SOURCE, operator
from packages_app.management.refusals import told
from packages_app.names import project_name
from packages_app.upstream import advisories, feeds, kept, rules, sources, status
from packages_app.upstream.entries import Owner, Rule
from packages_app.upstream.errors import SourceFailed
from packages_app.upstream.explain import explain
from packages_app.upstream.forget import forget
from packages_app.upstream.rulebook import rulebook

SOON = "Other processes follow within seconds."
DESCRIPTION = """\
Other indexes behind this one, named by PYPI_UPSTREAM_URL.

  status               what is configured, and what is kept
  explain NAME         whose a name is, how current its page, and why files are hidden
  rules                every rule about names
  reserve 'acme-*'     these names are never looked up elsewhere
  claim NAME           this name is ours, also where it was first seen upstream
  override NAME WHERE  where a name comes from: local, upstream or merge (both; ours count)
  release NAME         take a rule back
  forget NAME          remove what is kept of a project
"""


def feed_of(feed: str) -> str:
    """Return what a feed has that hides files here, or why it cannot be read."""
    try:
        found = advisories.table(feed)
    except SourceFailed as error:
        return f"cannot be read, so no upstream file is shown. {error}"
    return f"{sum(map(len, found.values()))} advisories about {len(found)} projects count here"


class Command(DescribedCommand):
    """One word, one act."""

    help = DESCRIPTION

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        acts = parser.add_subparsers(dest="act", required=True, metavar="ACT")
        acts.add_parser("status", help="say what is configured and kept")
        acts.add_parser("explain", help="say why an installer finds what it finds").add_argument("name", metavar="NAME")
        acts.add_parser("rules", help="list the rules about names")
        for name, sentence in (
            ("reserve", "never look these names up elsewhere"),
            ("claim", "make a name this index's own"),
            ("override", "say where a name comes from"),
        ):
            act = acts.add_parser(name, help=sentence)
            act.add_argument("name", metavar="NAME", help="a project's name, or a pattern such as 'acme-*'")
            if name == "override":
                act.add_argument("owner", choices=[each.value for each in Owner])
            act.add_argument("--reason", required=name == "override", default="", help="why; kept in the audit trail")
        acts.add_parser("release", help="take a rule back").add_argument("name", metavar="NAME")
        acts.add_parser("forget", help="remove what is kept of a project").add_argument("name", metavar="NAME")

    def handle(self, *args: Any, **options: Any) -> None:
        del args
        with told():
            getattr(self, options["act"])(options)

    def status(self, given: dict[str, Any]) -> None:
        """Say what is configured and kept."""
        del given
        chosen = options().upstream
        if not chosen.urls:
            self.stdout.write("There is no upstream: PYPI_UPSTREAM_URL is not set.")
        for source in sources.configured():
            self.stdout.write(f"upstream    {source.name}")
        self.stdout.write(f"files       {chosen.files}")
        self.stdout.write(f"policy      {len(rulebook().rules)} rules, {len(chosen.advisories)} feeds of advisories")
        self.stdout.write(f"names       {len(rules.known())} rules")
        for kind in ("pages", "files"):
            held = status.holdings(kind)
            newest = f", the newest of {held.newest:%Y-%m-%d %H:%M} UTC" if held.newest else ""
            self.stdout.write(f"kept        {held.count} {kind}, {held.size / 1024**2:.1f} MB{newest}")
        for feed in chosen.advisories:
            self.stdout.write(f"advisories  {feeds.shortened(feed)}: {feed_of(feed)}")
        failing = [known for name in status.projects() if (known := kept.read(name)).fault]
        for known in failing:
            self.stdout.write(f"failing     {known.project}: {known.fault}")

    def explain(self, given: dict[str, Any]) -> None:
        """Say why an installer finds what it finds."""
        found = explain(project_name(given["name"]))
        because = f" by the rule for {found.rule.pattern}" if found.rule else ""
        self.stdout.write(f"{found.project} comes from: {found.owner.value}{because}")
        gone = ", but it was until it was deleted" if found.deleted else ""
        self.stdout.write(f"published here: {'yes' if found.published else f'no{gone}'}")
        if found.checked_at is not None:
            has = "has it" if found.owner is Owner.LOCAL else f"has it; {found.shown} files are shown"
            state = "has no such project" if found.absent else has
            self.stdout.write(f"the upstream {state}, as of {found.checked_at:%Y-%m-%d %H:%M:%S} UTC")
        elif found.owner is not Owner.LOCAL and not found.fault:
            self.stdout.write("no answer of the upstream is kept; it is asked when a client asks here")
        if found.status != "active":
            reason = f": {found.status_reason}" if found.status_reason else ""
            self.stdout.write(f"its status there is {found.status}{reason}")
        if found.fault:
            self.stdout.write(f"since then: {found.fault}")
        for sentence in found.sentences:
            self.stdout.write(sentence)

    def rules(self, given: dict[str, Any]) -> None:
        """List the rules."""
        del given
        for rule in sorted(rules.known(), key=lambda rule: rule.pattern):
            self.stdout.write(line(rule))

    def reserve(self, given: dict[str, Any]) -> None:
        """Reserve names."""
        wanted = rules.reserve(given["name"], given["reason"], change()).pattern
        self.stdout.write(f"{wanted} is reserved: these names are never looked up elsewhere. {SOON}")

    def claim(self, given: dict[str, Any]) -> None:
        """Claim a name."""
        wanted = rules.claim(given["name"], given["reason"] or "claimed", change()).pattern
        self.stdout.write(
            f"{wanted} is this index's own: it is never looked up elsewhere, and can be published here. {SOON}"
        )

    def override(self, given: dict[str, Any]) -> None:
        """Say where a name comes from."""
        wanted = rules.override(given["name"], Owner(given["owner"]), given["reason"], change()).pattern
        self.stdout.write(f"{wanted}: {given['owner']}. {SOON}")
        if not options().upstream.urls:
            self.stdout.write("There is no upstream: PYPI_UPSTREAM_URL is not set.")

    def forget(self, given: dict[str, Any]) -> None:
        """Remove what is kept of a project."""
        name = project_name(given["name"])
        gone = forget(name, change())
        self.stdout.write(f"{name}: {gone.files} kept files let go of, {gone.size / 1024**2:.1f} MB are free again.")

    def release(self, given: dict[str, Any]) -> None:
        """Take a rule back."""
        wanted = rules.release(given["name"], change())
        self.stdout.write(f"The rule for {wanted} was taken back. {SOON}")


def line(rule: Rule) -> str:
    """Return a rule on one line."""
    owner = rule.owner.value if rule.owner else "reserved"
    when = f"{rule.at:%Y-%m-%d} by {rule.actor}" if rule.at else "by the configuration"
    return f"{rule.pattern}  {owner}  {when}" + (f": {rule.reason}" if rule.reason else "")


def change() -> Change:
    """Return who changes the rules: whoever runs the command."""
    return operator().change(SOURCE)
