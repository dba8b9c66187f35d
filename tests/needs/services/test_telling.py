"""A text is told only after two people, other than whoever proposed it, saw the same masked bytes."""

import pytest
from django.db import IntegrityError, transaction

from jiujinan.accounts.models import User
from jiujinan.accounts.predicates import NotAllowed
from jiujinan.audit.models import AuditEntry
from jiujinan.sealing.fields import Plain
from needs.anonymise import redact
from needs.models import Need, ToldText
from needs.services import gate, telling
from needs.services.cases import NotReady
from needs.services.telling import NotSeen, confirm_text, propose_text, set_text_aside, told_text
from tests.town import NOW, Town

TEXT = "家里原本靠种田生活，每周要做三次透析，希望得到帮助，联系人是王建国，电话13800138000。"


@pytest.fixture
def need(town: Town) -> Need:
    need = town.verified()
    head = need.case.household.members.get(is_head=True)
    head.name, head.phone = Plain("王建国"), Plain("13800138000")
    head.save(update_fields=["name", "phone"])
    return need


def proposed(
    town: Town, need: Need, text: str = "家里靠种田生活，每周要做三次透析，老国说缺钱。"
) -> ToldText:
    told = propose_text(need=need, text=text, also_hide=["河口小学"], by=town.lin, now=NOW).told
    assert told is not None
    return told


def test_what_was_typed_is_stored_nowhere_and_known_values_are_masked(town: Town, need: Need) -> None:
    told = proposed(town, need, "家里靠种田，每周三次透析，孩子在河口小学读书，老国说缺钱。")
    row = str(ToldText.objects.values().get()) + str(list(AuditEntry.objects.values_list("data", "reason")))
    for secret in ("河口", "老国", "建国", "138"):
        assert secret not in row
    assert {kind for *_, kind in told.spans} >= {"known"}
    assert AuditEntry.objects.filter(action="sealed.opened", by=town.lin).exists()


def test_a_text_that_names_somebody_clearly_is_given_back_and_not_stored(town: Town, need: Need) -> None:
    answer = propose_text(need=need, text="邻居买买提·艾力说他家很困难，请帮帮他。", by=town.lin, now=NOW)
    assert answer.told is None
    assert answer.redacted.blocked
    assert not ToldText.objects.exists()


def test_two_others_confirm_and_only_then_it_is_told(town: Town, need: Need) -> None:
    told = proposed(town, need)
    seen = told.text_hash
    assert told_text(need=need, by=town.wu, now=NOW) == ""
    confirm_text(told=told, seen=seen, by=town.zhou, now=NOW)
    assert told_text(need=need, by=town.wu, now=NOW) == ""
    confirm_text(told=told, seen=seen, by=town.wu, now=NOW)
    assert told_text(need=need, by=town.wu, now=NOW) == told.text
    assert redact.MASK in told.text
    assert told_text(need=need, by=None, now=NOW) == ""


@pytest.mark.parametrize("again", ["zhou", "lin", "chen"])
def test_nobody_confirms_twice_nor_their_own_text_nor_without_the_duty(
    town: Town, need: Need, again: str
) -> None:
    told = proposed(town, need)
    confirm_text(told=told, seen=told.text_hash, by=town.zhou, now=NOW)
    with pytest.raises(NotAllowed):
        confirm_text(told=told, seen=told.text_hash, by=getattr(town, again), now=NOW)


def test_a_confirmation_of_other_bytes_counts_for_nothing(town: Town, need: Need) -> None:
    first = proposed(town, need)
    second = proposed(town, need, "家里靠打零工生活，孩子还小，希望得到帮助。")
    with pytest.raises(NotSeen):
        confirm_text(told=first, seen=first.text_hash, by=town.zhou, now=NOW)
    with pytest.raises(NotSeen):
        confirm_text(told=second, seen=first.text_hash, by=town.zhou, now=NOW)
    ToldText.objects.filter(pk=second.pk).update(text="王建国家里靠打零工生活")
    with pytest.raises(NotSeen):
        confirm_text(told=second, seen=second.text_hash, by=town.zhou, now=NOW)


def told(town: Town, need: Need) -> ToldText:
    row = proposed(town, need)
    for person in (town.zhou, town.wu):
        confirm_text(told=row, seen=row.text_hash, by=person, now=NOW)
    return row


def test_one_changed_byte_voids_both_confirmations(town: Town, need: Need) -> None:
    row = told(town, need)
    ToldText.objects.filter(pk=row.pk).update(text=row.text + "。")
    assert told_text(need=need, by=town.wu, now=NOW) == ""


def test_changed_spans_void_them_too(town: Town, need: Need) -> None:
    row = told(town, need)
    ToldText.objects.filter(pk=row.pk).update(spans=[])
    assert told_text(need=need, by=town.wu, now=NOW) == ""


def test_newer_rules_want_the_text_to_be_seen_anew(
    town: Town, need: Need, monkeypatch: pytest.MonkeyPatch
) -> None:
    told(town, need)
    monkeypatch.setattr(telling, "RULES_VERSION", redact.RULES_VERSION + 1)
    assert told_text(need=need, by=town.wu, now=NOW) == ""


def test_a_value_sealed_later_that_stands_in_the_text_keeps_it_from_being_told(
    town: Town, need: Need
) -> None:
    told(town, need)
    head = need.case.household.members.get(is_head=True)
    head.address = Plain("种田")
    head.save(update_fields=["address"])
    assert told_text(need=need, by=town.wu, now=NOW) == ""


def test_a_text_set_aside_is_not_told_and_says_why(town: Town, need: Need) -> None:
    row = told(town, need)
    with pytest.raises(NotReady):
        set_text_aside(told=row, reason=" ", by=town.zhou, now=NOW)
    with pytest.raises(NotAllowed):
        set_text_aside(told=row, reason="不妥", by=town.chen, now=NOW)
    set_text_aside(told=row, reason="村里只有一户这样", by=town.zhou, now=NOW)
    assert told_text(need=need, by=town.wu, now=NOW) == ""
    assert AuditEntry.objects.get(action="text.set_aside").reason == "村里只有一户这样"


@pytest.mark.parametrize(("text", "by"), [("太短", "lin"), ("长" * 1_001, "lin")])
def test_a_text_has_a_length(town: Town, need: Need, text: str, by: str) -> None:
    with pytest.raises(NotReady):
        propose_text(need=need, text=text, by=getattr(town, by), now=NOW)


@pytest.mark.parametrize("by", ["wu", "zhou", "chen"])
def test_only_a_case_officer_proposes(town: Town, need: Need, by: str) -> None:
    with pytest.raises(NotAllowed):
        propose_text(need=need, text=TEXT, by=getattr(town, by), now=NOW)


def test_the_database_refuses_one_person_in_two_places(town: Town, need: Need) -> None:
    row = proposed(town, need)

    def confirmed_by(first: User, second: User | None, seen: str) -> dict[str, object]:
        both = {"second_by": second, "second_hash": seen if second else ""}
        return {"first_by": first, "first_hash": seen, **both}

    for facts in (
        confirmed_by(town.lin, None, row.text_hash),
        confirmed_by(town.zhou, town.zhou, row.text_hash),
        confirmed_by(town.zhou, town.lin, row.text_hash),
        confirmed_by(town.zhou, town.wu, "0" * 64),
        {"second_by": town.zhou, "second_hash": row.text_hash},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            ToldText.objects.filter(pk=row.pk).update(**facts)


def test_the_gate_tells_a_confirmed_text_beside_the_composed_words(town: Town, need: Need) -> None:
    town.crowd(24)
    row = told(town, need)
    decision = gate.decide(need=need, by=town.wu, now=NOW)
    assert decision.project is not None
    assert decision.project.description_zh.endswith(f"\n\n{row.text}")
    assert row.text not in decision.project.description_en


def test_the_gate_tells_composed_words_alone_where_one_confirmation_is_missing(
    town: Town, need: Need
) -> None:
    town.crowd(24)
    row = proposed(town, need)
    confirm_text(told=row, seen=row.text_hash, by=town.zhou, now=NOW)
    decision = gate.decide(need=need, by=town.wu, now=NOW)
    assert decision.project is not None
    assert row.text not in decision.project.description_zh
