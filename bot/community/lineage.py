"""Where a work comes from, and what became of it."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import literal, select
from sqlalchemy.orm import Session, aliased

from bot.community.tables import WorkRow
from bot.community.work import Work, row_of, with_parent, works_of

MOST = 500  # works in one tree
DEEPEST = 100  # generations


@dataclass(frozen=True, slots=True)
class Node:
    """A work and the works made from it, oldest first. One may be hidden: show that it is there, not what it is."""

    work: Work
    children: tuple["Node", ...] = ()


@dataclass(frozen=True, slots=True)
class Lineage:
    """Ancestors, the first one first, and the tree that begins with the work itself."""

    ancestors: tuple[Work, ...]
    tree: Node


def lineage_of(session: Session, work_id: str) -> Lineage:
    """The lineage of a work. Raises NotThereError."""
    row = row_of(session, work_id)
    depths = {row.seq: row.depth for row in session.execute(_ancestors(row.seq))}
    family = {*depths, *descendants(session, row.seq)}
    rows = list(session.execute(with_parent().where(WorkRow.seq.in_(family)).order_by(WorkRow.seq)).all())
    by_seq = {row.seq: work for (row, _), work in zip(rows, works_of(session, rows), strict=True)}
    children: dict[int, list[int]] = {}
    for child, _ in rows:
        if child.parent_seq is not None and child.seq not in depths:
            children.setdefault(child.parent_seq, []).append(child.seq)
    nodes: dict[int, Node] = {}
    for seq in sorted(by_seq, reverse=True):  # a child is always younger than its parent
        nodes[seq] = Node(by_seq[seq], tuple(nodes[child] for child in children.get(seq, ()) if child in nodes))
    oldest_first = sorted((seq for seq in depths if seq != row.seq), key=lambda seq: -depths[seq])
    return Lineage(tuple(by_seq[seq] for seq in oldest_first), nodes[row.seq])


def descendants(session: Session, seq: int) -> list[int]:
    """The sequence numbers of a work and of all that was made from it, MOST at most."""
    tree = select(WorkRow.seq, literal(0).label("depth")).where(WorkRow.seq == seq).cte("tree", recursive=True)
    child = aliased(WorkRow)
    step = select(child.seq, tree.c.depth + 1).join(tree, child.parent_seq == tree.c.seq)
    tree = tree.union_all(step.where(tree.c.depth < DEEPEST))
    return list(session.execute(select(tree.c.seq).order_by(tree.c.depth, tree.c.seq).limit(MOST)).scalars())


def _ancestors(seq: int) -> Any:
    start = select(WorkRow.seq, WorkRow.parent_seq, literal(0).label("depth")).where(WorkRow.seq == seq)
    line = start.cte("line", recursive=True)
    parent = aliased(WorkRow)
    step = select(parent.seq, parent.parent_seq, line.c.depth + 1).join(line, parent.seq == line.c.parent_seq)
    line = line.union_all(step.where(line.c.depth < DEEPEST))
    return select(line.c.seq, line.c.depth)
