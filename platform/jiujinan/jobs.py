"""The clocks: which task beat starts when. Tasks are named by string, so that the platform imports no app."""

from datetime import timedelta

from celery.schedules import crontab

BEAT_SCHEDULE = {
    "expire-proposals": {
        "task": "matching.tasks.expire_unanswered",
        "schedule": timedelta(minutes=10),
    },
    "expire-referrals": {
        "task": "matching.tasks.expire_referrals",
        "schedule": timedelta(minutes=10),
    },
    "tell-ending-evidence": {
        "task": "jiujinan.clocks.tasks.tell_ending_evidence",
        "schedule": timedelta(days=1),
    },
    "expire-promises": {
        "task": "donors.tasks.expire_promises",
        "schedule": timedelta(minutes=10),
    },
    "expire-commitments": {
        "task": "matching.tasks.expire_promised",
        "schedule": timedelta(minutes=10),
    },
    "cancel-forgotten-payments": {
        "task": "matching.tasks.cancel_forgotten_payments",
        "schedule": timedelta(hours=1),
    },
    "end-funds": {
        "task": "donors.tasks.end_funds",
        "schedule": timedelta(hours=6),
    },
    "remind-of-evidence": {
        "task": "jiujinan.accounts.tasks.remind_of_evidence",
        "schedule": timedelta(hours=12),
    },
    "anchor-ledger": {
        "task": "donors.tasks.anchor_ledger",
        "schedule": timedelta(days=1),
    },
    "verify-ledger": {
        "task": "donors.tasks.verify_ledger",
        "schedule": timedelta(days=1),
    },
    "refresh-watch-lists": {
        "task": "needs.discovery.tasks.refresh_watch_lists",
        "schedule": timedelta(days=1),
    },
    "stand-in-for-the-absent": {
        "task": "needs.discovery.tasks.stand_in_for_the_absent",
        "schedule": timedelta(minutes=10),
    },
    "forget-origins": {
        "task": "needs.discovery.tasks.forget_where_forms_came_from",
        "schedule": timedelta(hours=1),
    },
    "tell-search": {
        "task": "needs.tasks.tell_search",
        "schedule": timedelta(seconds=5),
    },
    "check-search": {
        "task": "needs.tasks.check_catalogue",
        "schedule": crontab(hour=3, minute=40),
    },
    "publish-figures": {
        "task": "matching.tasks.publish_figures",
        "schedule": timedelta(days=1),
    },
    "look-for-idle-readings": {
        "task": "jiujinan.sealing.tasks.look_for_idle_readings",
        "schedule": timedelta(days=1),
    },
    "advance-imports": {
        "task": "needs.intake.tasks.advance_imports",
        "schedule": timedelta(seconds=15),
    },
    "publish-pages": {
        "task": "cms.site.tasks.publish_scheduled_pages",
        "schedule": timedelta(minutes=1),
    },
    "propose-matches": {
        "task": "matching.tasks.propose_matches",
        "schedule": timedelta(hours=1),
    },
    "propose-at-once": {
        "task": "matching.tasks.propose_at_once",
        "schedule": timedelta(seconds=15),
    },
    "watch-what-is-public": {
        "task": "needs.tasks.watch_what_is_public",
        "schedule": timedelta(seconds=30),
    },
    "measure-everybody": {
        "task": "needs.tasks.measure_everybody",
        "schedule": crontab(hour=2, minute=30),
    },
    "ring-clocks": {
        "task": "needs.tasks.ring_clocks",
        "schedule": timedelta(minutes=5),
    },
    "pay-scores": {
        "task": "needs.tasks.pay_scores",
        "schedule": timedelta(minutes=1),
    },
    "end-what-is-over": {
        "task": "needs.tasks.end_what_is_over",
        "schedule": timedelta(minutes=30),
    },
    "sweep-scores": {
        "task": "needs.tasks.sweep_scores",
        "schedule": timedelta(days=1),
    },
}
