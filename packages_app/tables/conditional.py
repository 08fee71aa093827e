"""Changes one item where a condition holds, and says whether it did."""

from collections.abc import Sequence

from pynamodb.exceptions import UpdateError
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from packages_app.tables.base import TableModel
from packages_app.tables.outcomes import reported

REFUSED = "ConditionalCheckFailedException"


def updated(row: TableModel, actions: Sequence[Action], condition: Condition) -> bool:
    """Change one item; False when the condition does not hold.

    Raises:
        TableUnavailable: the catalogue cannot answer.
    """
    with reported():
        try:
            row.update(list(actions), condition=condition)
        except UpdateError as error:
            if error.cause_response_code != REFUSED:
                raise
            return False
    return True
