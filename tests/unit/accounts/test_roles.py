from itertools import pairwise

from packages_app.accounts.roles import Action, Role


def test_each_role_may_more_than_the_one_before_and_the_last_may_everything():
    for lower, higher in pairwise(Role):
        assert lower.actions < higher.actions
    assert Role.READER.actions == {Action.READ}
    assert Role.ADMINISTRATOR.actions == set(Action)
