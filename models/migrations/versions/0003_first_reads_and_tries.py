"""first reads and tries.

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("feeds", schema=None) as batch_op:
        batch_op.add_column(sa.Column("first_read", sa.DateTime(timezone=True), nullable=True))

    with op.batch_alter_table("entries", schema=None) as batch_op:
        batch_op.add_column(sa.Column("tries", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("due", sa.DateTime(timezone=True), nullable=True))

    # What a feed listed when it was first read was seen then, all of it in one transaction.
    op.execute(
        "UPDATE feeds SET first_read = (SELECT MIN(entries.seen) FROM entries WHERE entries.feed_id = feeds.id)"
    )


def downgrade() -> None:
    with op.batch_alter_table("entries", schema=None) as batch_op:
        batch_op.drop_column("due")
        batch_op.drop_column("tries")

    with op.batch_alter_table("feeds", schema=None) as batch_op:
        batch_op.drop_column("first_read")
