"""The waiting list: what is wished for, and to whom each freed time has been offered."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

# Of one offer only, and of an entry that goes when it is over: nothing ever wrote them.
NEVER_USED = (
    sa.Column("status", sa.String(16), nullable=False, server_default="waiting"),
    sa.Column("offered_at", sa.DateTime),
    sa.Column("offered_starts_at", sa.DateTime),
    sa.Column("offered_practitioner", sa.String(40)),
    sa.Column("offer_ends_at", sa.DateTime),
)


def upgrade() -> None:
    for column in NEVER_USED:
        op.drop_column("wait_list", column.name)
    op.add_column("wait_list", sa.Column("wish", sa.JSON))
    op.add_column("wait_list", sa.Column("consented_at", sa.DateTime))
    op.create_index("one_wish_each", "wait_list", ["contact", "service", "patient"], unique=True)
    op.create_table(
        "waiting_offers",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column(
            "wish_id",
            sa.Integer,
            sa.ForeignKey("wait_list.id", ondelete="SET NULL"),
            index=True,
        ),
        sa.Column("practitioner", sa.String(40), nullable=False),
        sa.Column("starts_at", sa.DateTime, nullable=False),
        sa.Column("expires_at", sa.DateTime, nullable=False, index=True),
        sa.Column("state", sa.String(8), nullable=False, server_default="open"),
    )
    is_open = sa.text("state = 'open'")
    op.create_index(
        "one_open_offer_each",
        "waiting_offers",
        ["wish_id"],
        unique=True,
        sqlite_where=is_open,
        postgresql_where=is_open,
    )


def downgrade() -> None:
    op.drop_table("waiting_offers")
    op.drop_index("one_wish_each", "wait_list")
    for column in ("consented_at", "wish"):
        op.drop_column("wait_list", column)
    for column in NEVER_USED:
        op.add_column("wait_list", column.copy())
