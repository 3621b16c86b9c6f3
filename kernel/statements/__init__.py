"""Statements worked out once per connection and sent again with other values: making one costs more than running it.

    @statement
    def owed_to(respondent_id: UUID) -> QuerySet[FollowUp]:
        return FollowUp.objects.filter(respondent=respondent_id).unfinished()

`owed_to(person.pk)` is then a list, read at once. What is kept is the text of the statement and never a row or a
value, so an answer is as fresh as any other query's. The function may not look at its values: it is called with
stand-ins, once for each shape of them. Several ids are a list; it is sent padded with its last one to the next power
of two, so that few shapes exist.
"""

from kernel.statements.inserting import insert, insert_unless_taken
from kernel.statements.prepared import Change, Changing, Statement, change, statement
from kernel.statements.texts import StandInLost

__all__ = [
    "Change",
    "Changing",
    "StandInLost",
    "Statement",
    "change",
    "insert",
    "insert_unless_taken",
    "statement",
]
