"""Why an act on a case is refused, beside not being allowed and not being possible."""


class NotReady(Exception):
    """The case lacks something; `obstacles` are the codes of what."""

    def __init__(self, obstacles: list[str]) -> None:
        super().__init__(", ".join(obstacles))
        self.obstacles = obstacles


_LONGEST = 300  # the columns' width; SQLite would not refuse more, PostgreSQL would only break


def require_text(text: str, *, name: str = "reason") -> None:
    """Raise NotReady unless the text says something and fits its column."""
    if not text.strip():
        raise NotReady([f"{name}_missing"])
    if len(text) > _LONGEST:
        raise NotReady([f"{name}_too_long"])
