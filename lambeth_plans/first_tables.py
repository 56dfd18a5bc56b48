"""The first tables of an app, made at once: a migration that sets up an empty database.

Django draws every related model anew after each single operation, so that some hundred of them took half a minute.
Here the operations only say what there will be, and each model is made once, as it is in the end.
"""

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import CreateModel
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState


class FirstTables(Operation):
    """Creates models with all their columns, constraints and indexes. `operations` may create models and add to those
    that they create; they change nothing that was there before."""

    reduces_to_sql = True
    reversible = True

    def __init__(self, operations: list[Operation]) -> None:
        self.operations = operations

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        state.__dict__.pop("apps", None)  # drawn again when it is next asked for, once
        for operation in self.operations:
            operation.state_forwards(app_label, state)

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        for operation in self._creating:
            operation.database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        for operation in reversed(self._creating):
            operation.database_backwards(app_label, schema_editor, from_state, to_state)

    @property
    def _creating(self) -> list[CreateModel]:
        return [operation for operation in self.operations if isinstance(operation, CreateModel)]

    def describe(self) -> str:
        return f"Create {len(self._creating)} models at once"
