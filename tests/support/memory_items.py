"""A view held in memory: the snapshot interface of catalogue.published, really implemented."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from xml.sax.saxutils import escape

from catalogue.model import Item, ItemQuery, SetInfo
from protocols import oai

NOW = 1_700_000_000
"""The horizon of a fresh view: 2023-11-14T22:13:20Z."""


@dataclass(kw_only=True)
class MemoryView:
    """Items by key, changed by ``put`` as the placer would: every change is stamped later."""

    items: dict[int, Item] = field(default_factory=dict)
    horizon: int = NOW

    def put(self, *items: Item) -> None:
        """Add items, or put other versions in their place."""
        self.items.update({item.key: item for item in items})

    def change(self, key: int, *, deleted: bool = False) -> None:
        """Stamp an item anew and let the horizon pass it."""
        self.horizon += 10
        self.put(replace(self.items[key], stamp=self.horizon - 5, deleted=deleted))

    @contextmanager
    def snapshot(self) -> Iterator[MemorySnapshot]:
        """Give the view as it is now."""
        yield MemorySnapshot(items=tuple(self.items.values()), horizon=self.horizon)


@dataclass(frozen=True, kw_only=True)
class MemorySnapshot:
    """One unchanging sight of a MemoryView."""

    items: tuple[Item, ...]
    horizon: int

    @property
    def mark(self) -> tuple[int, int]:
        return self.horizon, len(self.items)

    def earliest(self) -> int:
        return min((item.stamp for item in self.items), default=self.horizon)

    def page(self, query: ItemQuery) -> Sequence[Item]:
        found = sorted(self._matching(query), key=lambda item: (item.stamp, item.key))
        after = query.after or (-1 << 60, 0)
        rest = [item for item in found if (item.stamp, item.key) > after]
        return [_formed(item, query.prefix) for item in rest[: query.limit]]

    def count(self, query: ItemQuery) -> int:
        return sum(1 for _ in self._matching(query))

    def item(self, public_id: str, prefix: str) -> Item | None:
        found = (item for item in self.items if item.public_id == public_id)
        return next((_formed(item, prefix) for item in found), None)

    def sets(self) -> Sequence[SetInfo]:
        specs = {part for item in self.items for spec in item.sets for part in _ancestry(spec)}
        return [SetInfo(spec=spec, name=f"Set {spec}") for spec in sorted(specs)]

    def friends(self) -> Sequence[str]:
        return ["http://a.vn/oai?x=1&y", "http://b.vn/oai"]

    def has_set(self, spec: str) -> bool:
        return any(info.spec == spec for info in self.sets())

    def _matching(self, query: ItemQuery) -> Iterator[Item]:
        for item in self.items:
            in_time = (query.start is None or query.start <= item.stamp) and item.stamp <= query.end
            specs = {part for spec in item.sets for part in _ancestry(spec)}
            if in_time and (not query.set_spec or query.set_spec in specs):
                yield item


def make_item(key: int, **changes: object) -> Item:
    """Return an item; by default one stamped an hour before NOW plus its key."""
    values = {
        "key": key,
        "public_id": f"b{key}",
        "stamp": NOW - 3600 + key,
        "deleted": False,
        "sets": ("library:NLV",),
        "body": f"Nhan đề {key}".encode(),
    }
    return Item(**{**values, **changes})  # type: ignore[arg-type]


def make_view(count: int) -> MemoryView:
    """Return a view of items with the keys 1 to ``count``."""
    view = MemoryView()
    view.put(*(make_item(key) for key in range(1, count + 1)))
    return view


def _ancestry(spec: str) -> list[str]:
    parts = spec.split(":")
    return [":".join(parts[:end]) for end in range(1, len(parts) + 1)]


def _formed(item: Item, prefix: str) -> Item:
    """Give the item's body, which is a title, in a form."""
    title = escape(item.body.decode())
    form = _marc21(item, title) if prefix == "marc21" else _oai_dc(title)
    return replace(item, body=b"" if item.deleted else form.encode())


def _oai_dc(title: str) -> str:
    return (
        f'<oai_dc:dc xmlns:oai_dc="{oai.OAI_DC}" xmlns:dc="{oai.DC}"'
        f' xmlns:xsi="{oai.XSI}" xsi:schemaLocation="{oai.OAI_DC} {oai.OAI_DC_SCHEMA}">'
        f"<dc:title>{title}</dc:title></oai_dc:dc>"
    )


def _marc21(item: Item, title: str) -> str:
    return (
        f'<record xmlns="{oai.MARC21}"><leader>00000nam a2200000   4500</leader>'
        f'<controlfield tag="001">{item.public_id}</controlfield>'
        f'<datafield tag="245" ind1="0" ind2="0"><subfield code="a">{title}</subfield></datafield>'
        "</record>"
    )
