"""What an operator may write as rules for another index's files, and how what is no rule is told."""

import json

import pytest
from django.core.exceptions import ImproperlyConfigured

from packages_app.upstream.rulebook import parsed, rulebook


def test_a_rule_is_about_every_project_and_asks_nothing_unless_it_says_so():
    (rule,) = parsed("[{}]").rules
    assert rule.concerns("anything")
    assert (rule.cooldown_days, rule.exempt, rule.allow, rule.deny) == (0, (), None, ())
    assert (rule.wheels_only, rule.hide_yanked) == (False, False)


def test_an_empty_list_of_what_is_allowed_allows_nothing():
    assert parsed('[{"allow": []}]').rules[0].allow == ()


@pytest.mark.parametrize(
    ("project", "rules"),
    [
        pytest.param("acme-core", 2, id="a project that a pattern covers"),
        pytest.param("other", 1, id="a project that only the rule for all is about"),
    ],
)
def test_rules_are_found_by_project(project, rules):
    book = parsed('[{"projects": ["Acme_*"], "wheels_only": true}, {"cooldown_days": 2.5}]')
    assert len(book.about(project)) == rules


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("[{", id="no JSON"),
        pytest.param('{"deny": ["demo"]}', id="an object in the place of the array"),
        pytest.param('["demo"]', id="a text in the place of a rule"),
        pytest.param('[{"denied": ["demo"]}]', id="a key that is not known"),
        pytest.param('[{"deny": "demo"}]', id="a text in the place of a list"),
        pytest.param('[{"deny": ["demo =="]}]', id="a line that names no versions"),
        pytest.param('[{"deny": [""]}]', id="a line that names nothing"),
        pytest.param('[{"wheels_only": 1}]', id="a number in the place of a choice"),
        pytest.param('[{"cooldown_days": true}]', id="a choice in the place of a number"),
        pytest.param('[{"cooldown_days": "7"}]', id="a text in the place of a number"),
        pytest.param('[{"cooldown_days": -1}]', id="days before now"),
        pytest.param('[{"cooldown_days": 1e6}]', id="more days than there were since the year one"),
        pytest.param('[{"cooldown_days": 1' + "0" * 400 + "}]", id="more days than a number can be"),
        pytest.param('[{"cooldown_days": Infinity}]', id="days without end"),
        pytest.param('[{"cooldown_days": NaN}]', id="days that are no number"),
    ],
)
def test_what_is_no_rule_is_told_with_the_setting(text):
    with pytest.raises(ImproperlyConfigured, match="PYPI_UPSTREAM_POLICY"):
        parsed(text)


def test_rules_in_a_file_are_read_again_when_it_changed(configure, tmp_path):
    path = tmp_path / "policy.json"
    configure(policy=str(path))
    with pytest.raises(ImproperlyConfigured, match="cannot be read"):
        rulebook()
    path.write_text("[]")
    before = rulebook()
    path.write_text(json.dumps([{"deny": ["demo"]}]))
    assert (before.rules, len(rulebook().rules)) == ((), 1)
    assert rulebook().fingerprint != before.fingerprint
