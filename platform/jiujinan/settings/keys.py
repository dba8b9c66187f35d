"""Keys of an embedded installation: made once, kept in a file that only its owner reads."""

import contextlib
import json
import os
import secrets
from pathlib import Path


def installation_keys(path: Path) -> dict[str, str]:
    """Return this installation's generated keys (hex), making the file on first use.

    Production sets JIUJINAN_SECRET_KEY, JIUJINAN_SEALING_KEYS and JIUJINAN_INDEX_KEY instead;
    losing this file means losing every sealed field, so `docs/operations.md` says to back it up.
    """
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        keys = {name: secrets.token_hex(32) for name in ("secret", "sealing", "index", "webhook")}
        staged = path.with_suffix(f".{os.getpid()}")
        with os.fdopen(os.open(staged, os.O_WRONLY | os.O_CREAT, 0o600), "w", encoding="ascii") as file:
            json.dump(keys, file)
        with contextlib.suppress(FileExistsError):  # another process was first: its keys hold
            os.link(staged, path)
        staged.unlink()
    loaded: dict[str, str] = json.loads(path.read_text(encoding="ascii"))
    return loaded
