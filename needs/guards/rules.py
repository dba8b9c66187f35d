"""What the gate's guards refuse and do, in SQL that SQLite and PostgreSQL both read."""

# ruff: noqa: S608 - the texts are constants of this package; nothing from outside goes into them

from collections.abc import Iterable
from dataclasses import dataclass

PROJECT, ITEM, DECISION = "needs_project", "needs_projectitem", "needs_gatedecision"
ENTRY = "needs_projectindex"
CASE, NEED, SPENT = "needs_caserecord", "needs_need", "needs_spentnumber"
# Everything that a decision lets through, in the order in which it is hashed.
CONTENT = (
    "number",
    "region_id",
    "cause",
    "cause_group",
    "tier",
    "urgency",
    "amount_band",
    "title_zh",
    "title_en",
    "description_zh",
    "description_en",
    "published_month",
)
ITEM_CONTENT = ("place", "kind", "category", "amount_band", "quantity")
DECIDED = ("need_id", "outcome", "content_hash", "project_id", "by_id", "at")


@dataclass(frozen=True)
class Refusal:
    """A condition (SQL over NEW and OLD) under which the statement fails."""

    message: str
    condition: str


@dataclass(frozen=True)
class Guard:
    """One trigger: when it fires, on which rows only, what it refuses, what it does."""

    name: str
    table: str
    when: str
    refusals: tuple[Refusal, ...] = ()
    effects: tuple[str, ...] = ()
    only: str = ""


def guards(vendor: str) -> Iterable[Guard]:
    """Yield every guard; only the hash is written differently for `sqlite` and `postgresql`."""
    yield Guard("gate_project_enters_unseen", PROJECT, "BEFORE INSERT", (NOT_AT_ONCE,))
    yield Guard("gate_number_is_spent", PROJECT, "AFTER INSERT", effects=(SPEND,))
    yield Guard(
        "gate_shows_what_was_passed",
        PROJECT,
        "BEFORE UPDATE",
        (
            Refusal("who left the public does not come back", "OLD.state <> 'prepared'"),
            Refusal("the content is not what its hash says", f"NEW.content_hash <> {_hash(vendor)}"),
            Refusal("no standing decision passed this content", f"NOT EXISTS ({PASSED})"),
        ),
        only="NEW.state = 'published' AND OLD.state <> 'published'",
    )
    yield Guard(
        "gate_gone_stays_gone",
        PROJECT,
        "BEFORE UPDATE",
        (Refusal("who left the public is not prepared again", "NEW.state NOT IN ('withdrawn', 'closed')"),),
        only="OLD.state IN ('withdrawn', 'closed')",
    )
    yield Guard(
        "gate_content_stays",
        PROJECT,
        "BEFORE UPDATE",
        (Refusal("what is public does not change by a byte", _differs((*CONTENT, "content_hash"))),),
        only="OLD.state <> 'prepared'",
    )
    yield Guard(
        "gate_number_stays", PROJECT, "BEFORE UPDATE", (Refusal("a number stays", _differs(("number",))),)
    )
    for act, row in (("INSERT", "NEW"), ("DELETE", "OLD")):
        yield Guard(f"gate_item_{act.lower()}", ITEM, f"BEFORE {act}", (_seen(row),))
    yield Guard(
        "gate_item_update",
        ITEM,
        "BEFORE UPDATE",
        (_seen("OLD"), _seen("NEW")),
        only=_differs((*ITEM_CONTENT, "project_id")),
    )
    yield Guard(
        "gate_decision_is_entitled", DECISION, "BEFORE INSERT", (ENTITLED,), only="NEW.outcome = 'published'"
    )
    yield Guard("gate_decision_stays", DECISION, "BEFORE UPDATE", (DECISION_STAYS, ENDS_ONCE))
    yield Guard("gate_decision_is_kept", DECISION, "BEFORE DELETE", (Refusal("a decision is kept", "1 = 1"),))
    yield Guard("gate_decision_ends_project", DECISION, "AFTER UPDATE", effects=(END_PROJECT,), only=ENDED)
    yield Guard("catalogue_lets_fall", PROJECT, "AFTER UPDATE", effects=(_let_fall(vendor),), only=LEAVES)
    yield Guard("gate_case_ends_project", CASE, "AFTER UPDATE", effects=(END_CASE,), only=CASE_ENDS)
    for act in ("UPDATE", "DELETE"):
        yield Guard(
            f"gate_spent_{act.lower()}", SPENT, f"BEFORE {act}", (Refusal("a number stays spent", "1 = 1"),)
        )


def _differs(columns: Iterable[str]) -> str:
    """Return the condition that any of the columns changes; empty and missing are different."""
    return " OR ".join(
        f"COALESCE(CAST(NEW.{column} AS text), '-') <> COALESCE(CAST(OLD.{column} AS text), '-')"
        for column in columns
    )


def _seen(row: str) -> Refusal:
    return Refusal(
        "what is public does not change by a byte",
        f"EXISTS (SELECT 1 FROM {PROJECT} p WHERE p.number = {row}.project_id AND p.state = 'published')",
    )


def _netstring(value: str) -> str:
    """Return the SQL of `length:value`, so that no two contents are written alike."""
    text = f"COALESCE(CAST({value} AS text), '')"
    return f"length({text}) || ':' || {text}"


def _hash(vendor: str) -> str:
    """Return the SQL of the SHA-256 (hex) of NEW's content; see `needs.services.showing.content_hash`."""
    own = " || ".join(_netstring(f"NEW.{column}") for column in CONTENT)
    item = " || ".join(_netstring(f"i.{column}") for column in ITEM_CONTENT)
    rows = f"SELECT {item} AS said FROM {ITEM} i WHERE i.project_id = NEW.number ORDER BY i.place"
    joined = "group_concat(said, '')" if vendor == "sqlite" else "string_agg(said, '')"
    content = f"{own} || COALESCE((SELECT {joined} FROM ({rows}) AS items), '')"
    # Django gives SQLite the function; whoever comes without it is refused for want of it.
    return (
        f"SHA256({content})"
        if vendor == "sqlite"
        else f"encode(sha256(convert_to({content}, 'UTF8')), 'hex')"
    )


def _let_fall(vendor: str) -> str:
    """Return the SQL that takes NEW out of the catalogue's entries; see `needs.catalogue.entries`."""
    stamp = (
        f"(SELECT coalesce(max(written), 0) + 1 FROM {ENTRY})"
        if vendor == "sqlite"
        else "pg_current_xact_id()"
    )
    no = "0" if vendor == "sqlite" else "false"
    return (
        f"UPDATE {ENTRY} SET standing = {no}, version = version + 1, written = {stamp}"
        " WHERE number = NEW.number AND standing"
    )


LEAVES = "OLD.state = 'published' AND NEW.state <> 'published'"
NOT_AT_ONCE = Refusal("a project enters the public by its decision alone", "NEW.state <> 'prepared'")
SPEND = f"INSERT INTO {SPENT} (number) VALUES (NEW.number)"
PASSED = (
    f"SELECT 1 FROM {DECISION} d WHERE d.project_id = NEW.number AND d.content_hash = NEW.content_hash"
    " AND d.outcome = 'published' AND d.withdrawn_at IS NULL"
)
# Consent, no sensitive kind, and the decider neither took the case in nor verified it. The machine (by nobody)
# may only decide again about a project that a person let through.
ENTITLED = Refusal(
    "consent, verification and a third person are needed",
    f"""NOT EXISTS (
        SELECT 1 FROM {NEED} n JOIN {CASE} c ON c.id = n.case_id
        WHERE n.id = NEW.need_id AND n.state IN ('verified', 'published')
        AND c.consent_on IS NOT NULL AND c.consent_withdrawn_on IS NULL AND c.sensitive_kind = ''
        AND c.state = 'verified' AND c.officer_id <> c.verifier_id
        AND (c.officer_id <> NEW.by_id AND c.verifier_id <> NEW.by_id
             OR NEW.by_id IS NULL AND EXISTS (
                 SELECT 1 FROM {DECISION} d WHERE d.need_id = NEW.need_id AND d.project_id = NEW.project_id
                 AND d.outcome = 'published' AND d.by_id IS NOT NULL)))""",
)
DECISION_STAYS = Refusal("a decision is not changed", _differs(DECIDED))
ENDED = "OLD.withdrawn_at IS NULL AND NEW.withdrawn_at IS NOT NULL AND NEW.project_id IS NOT NULL"
ENDS_ONCE = Refusal(
    "a decision ends once",
    "OLD.withdrawn_at IS NOT NULL AND COALESCE(CAST(NEW.withdrawn_at AS text), '') <> CAST(OLD.withdrawn_at AS text)",
)
END_PROJECT = (
    f"UPDATE {PROJECT} SET state = 'withdrawn' WHERE number = NEW.project_id AND state = 'published'"
)
CASE_ENDS = (
    "NEW.consent_withdrawn_on IS NOT NULL OR NEW.consent_on IS NULL OR NEW.sensitive_kind <> ''"
    " OR NEW.state IN ('closed', 'superseded', 'refused')"
)
END_CASE = f"""UPDATE {PROJECT} SET state = CASE WHEN NEW.state = 'closed' THEN 'closed' ELSE 'withdrawn' END
WHERE state = 'published' AND number IN (
    SELECT d.project_id FROM {DECISION} d JOIN {NEED} n ON n.id = d.need_id
    WHERE n.case_id = NEW.id AND d.outcome = 'published' AND d.withdrawn_at IS NULL)"""
