"""What the main job tells at its end."""

from dataclasses import asdict, dataclass, field


@dataclass
class Items:
    """How many need items ended in which state."""

    covered: int = 0
    partly: int = 0
    open: int = 0


@dataclass
class Summary:
    """The figures of one main job; `--json` prints them as one object. Money in fen."""

    rows: int = 0
    rejected: list[dict[str, str | int]] = field(default_factory=list)
    duplicates: int = 0
    verified: int = 0
    held: int = 0
    published: int = 0
    items: Items = field(default_factory=Items)
    allotted_fen: int = 0
    referrals: int = 0
    donor_reports: int = 0
    write_backs: int = 0
    seconds: float = 0.0

    def as_dict(self) -> dict[str, object]:
        """Return the object that `--json` prints."""
        return asdict(self)
