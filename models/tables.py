"""The tables. No behaviour; rows never leave models.store.

Times are aware and in UTC; dates that articles tell keep their precision as ISO text; JSON only where nothing is
searched. Each table's uniqueness is what makes running anything twice harmless. Keys are bounded in length (see
models.store.rows.bounded), since PostgreSQL cannot index a text of some kilobytes.
"""

from models.tables_base import Base
from models.tables_reading import (
    ArticleRow,
    EntryRow,
    FeedRow,
    FetchRow,
    FormerAddressRow,
    LeaseRow,
    MetaRow,
    RevisionRow,
    SuppressionRow,
)
from models.tables_telling import (
    AlertRow,
    ApartRow,
    AttemptRow,
    ChangeRow,
    DecisionRow,
    DeliveryRow,
    EventKeyRow,
    EventRow,
    EventValueRow,
    MentionRow,
    OrganisationAliasRow,
    OrganisationRow,
    PersonAliasRow,
    PersonRow,
)

__all__ = [
    "AlertRow",
    "ApartRow",
    "ArticleRow",
    "AttemptRow",
    "Base",
    "ChangeRow",
    "DecisionRow",
    "DeliveryRow",
    "EntryRow",
    "EventKeyRow",
    "EventRow",
    "EventValueRow",
    "FeedRow",
    "FetchRow",
    "FormerAddressRow",
    "LeaseRow",
    "MentionRow",
    "MetaRow",
    "OrganisationAliasRow",
    "OrganisationRow",
    "PersonAliasRow",
    "PersonRow",
    "RevisionRow",
    "SuppressionRow",
]
