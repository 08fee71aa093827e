"""Shapes of JSON: what an operation takes and answers, as OpenAPI writes it and as bodies are checked."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from packages_app.api.errors import BadBody

Json = dict[str, Any]

KINDS: Mapping[str, type | tuple[type, ...]] = {"string": str, "boolean": bool, "integer": int, "array": list}
LONGEST_TEXT = 2000
"""Characters of a text in a body, where the field says nothing else."""
MOST_ENTRIES = 1000


@dataclass(frozen=True, kw_only=True)
class Field:
    """One member of an object; ``kind`` is JSON Schema's word."""

    kind: str
    about: str
    required: bool = False
    choices: tuple[str, ...] = ()
    nullable: bool = False
    longest: int = LONGEST_TEXT
    items: "Field | Shape | None" = None
    """What an array holds."""
    open: bool = False
    """An object with members that are not named beforehand."""

    def schema(self) -> Json:
        """Return the field as JSON Schema."""
        found: Json = {"type": [self.kind, "null"] if self.nullable else self.kind, "description": self.about}
        if self.choices:
            found["enum"] = [*self.choices, None] if self.nullable else list(self.choices)
        if self.items is not None:
            found["items"] = self.items.reference() if isinstance(self.items, Shape) else self.items.schema()
        if self.open:
            found["additionalProperties"] = {"type": ["string", "integer"]}
        return found

    def wrong(self, value: object) -> str:
        """Return what is wrong with a value, or nothing."""
        if value is None and self.nullable:
            return ""
        if not isinstance(value, KINDS[self.kind]) or (self.kind == "integer" and isinstance(value, bool)):
            return f"must be of type {self.kind}"
        if self.choices and value not in self.choices:
            return f"must be one of {', '.join(self.choices)}"
        if isinstance(value, str) and len(value) > self.longest:
            return f"must have at most {self.longest} characters"
        return self.wrong_inside(value) if isinstance(value, list) else ""

    def wrong_inside(self, value: list[object]) -> str:
        """Return what is wrong with the entries of an array, or nothing."""
        if len(value) > MOST_ENTRIES:
            return f"must have at most {MOST_ENTRIES} entries"
        if not isinstance(self.items, Field):
            return ""
        return next((f"has an entry that {told}" for each in value if (told := self.items.wrong(each))), "")


@dataclass(frozen=True, kw_only=True)
class Shape:
    """An object with named members."""

    name: str
    about: str
    fields: Mapping[str, Field] = field(default_factory=dict)

    def reference(self) -> Json:
        """Return where the document keeps the shape."""
        return {"$ref": f"#/components/schemas/{self.name}"}

    def schema(self) -> Json:
        """Return the shape as JSON Schema; nothing else than what it names is ever in it."""
        return {
            "type": "object",
            "description": self.about,
            "properties": {name: member.schema() for name, member in self.fields.items()},
            "required": [name for name, member in self.fields.items() if member.required],
            "additionalProperties": False,
        }

    def check(self, document: Mapping[str, object]) -> None:
        """Return if a document has this shape.

        Raises:
            BadBody: it has not; the sentence names every field that is wrong.
        """
        errors = [(name, f"The field {name[:80]!a} is not known here.") for name in document if name not in self.fields]
        for name, member in self.fields.items():
            if name not in document:
                if member.required:
                    errors.append((name, f"The field {name} is missing."))
            elif told := member.wrong(document[name]):
                errors.append((name, f"The field {name} {told}."))
        if errors:
            raise BadBody(" ".join(sentence for _, sentence in errors), tuple(errors))


def page_of(entry: Shape, about: str) -> Shape:
    """Return the shape of one page of a list."""
    return Shape(
        name=f"{entry.name}Page",
        about=about,
        fields={
            "entries": Field(kind="array", about="The entries of this page.", required=True, items=entry),
            "next": Field(
                kind="string",
                about="The cursor of the page behind this one; null on the last page.",
                required=True,
                nullable=True,
            ),
        },
    )
