"""The whole schema: importing this module makes every table known to `Base.metadata`. A new module of tables is named
here and nowhere else.
"""

from storage import (
    tables_cases,
    tables_daily,
    tables_duty,
    tables_forms,
    tables_gate,
    tables_notices,
    tables_org,
    tables_patrols,
    tables_supplies,
)
from storage.tables import Base

MODULES = (
    *(tables_cases, tables_daily, tables_duty, tables_forms, tables_gate, tables_notices),
    *(tables_org, tables_patrols, tables_supplies),
)
METADATA = Base.metadata
