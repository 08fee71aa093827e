import pytest

from packages_app.browser.facts import Titled, facts, links, required, words
from packages_app.metadata.entries import CoreMetadata


def core(**fields) -> CoreMetadata:
    return CoreMetadata(metadata_version="2.4", name="demo", version="1.0", **fields)


@pytest.mark.parametrize(
    ("requirement", "expected"),
    [
        ("numpy>=1.26", ("", "numpy>=1.26")),
        ('tomli; python_version < "3.11"', ("", 'tomli; python_version < "3.11"')),
        ('matplotlib; extra == "plots"', ("plots", "matplotlib")),
        ('pillow>=9; extra == "plots" and python_version < "3.14"', ("plots", 'pillow>=9; python_version < "3.14"')),
        ('pillow; python_version < "3.14" and extra == "plots"', ("plots", 'pillow; python_version < "3.14"')),
        ("no requirement at all", ("", "no requirement at all")),
        ("<script>", ("", "<script>")),
    ],
)
def test_dependencies_are_told_by_the_extra_that_brings_them(requirement, expected):
    assert required(requirement) == expected


def test_dependencies_without_an_extra_come_first():
    found = facts(core(requires_dist=('b; extra == "x"', "a", 'c; extra == "x"')))
    assert found.dependencies == (Titled("", ("a",)), Titled("x", ("b", "c")))


def test_classifiers_are_grouped_by_their_first_part():
    found = facts(core(classifiers=("Typing :: Typed", "Odd", "Typing :: Stubs Only")))
    assert found.classifiers == (Titled("", ("Odd",)), Titled("Typing", ("Typed", "Stubs Only")))


def test_an_address_is_linked_once_under_its_label():
    given = core(
        project_urls=(("Source", "https://a.example"), ("Docs", "https://b.example")), home_page="https://a.example"
    )
    assert [(link.label, link.href) for link in links(given)] == [
        ("Source", "https://a.example"),
        ("Docs", "https://b.example"),
    ]


def test_keywords_are_told_apart_however_they_were_written():
    assert words(("a, b", "b", " c\nd ", ",")) == ("a", "b", "c", "d")


def test_a_licence_is_an_expression_or_the_first_line_of_a_text():
    assert facts(core(license_expression="MIT", license="text")).licence == "MIT"
    assert facts(core(license="Apache 2.0\n\nLong text")).licence == "Apache 2.0"


def test_a_page_stays_one_that_can_be_read():
    many = core(
        summary="x" * 10_000,
        keywords=("k," * 10_000,),
        classifiers=tuple(f"c{number}" for number in range(10_000)),
        requires_dist=tuple(f"d{number}" for number in range(10_000)),
        project_urls=tuple((f"l{number}", f"https://{number}.example") for number in range(10_000)),
        author_email=", ".join(f"a{number}@a.example" for number in range(1_000)),
    )
    found = facts(many)
    assert len(found.summary) == 1_000
    assert len(found.authors) == len(found.classifiers[0].lines) == len(found.dependencies[0].lines) == 300
    assert len(found.links) == 300
