"""The schema's history (Alembic); run by models.store.schema."""
