"""T13: what is told by notifications, what their buttons do, and when they go."""

import time

from desktop import Notifications, TrayHost, wait_for


def start(tray, host):
    tray("--minimized")
    assert host.tooltip().startswith("149.112.240.156")


def test_a_network_that_wants_a_sign_in_is_told_and_taken_back(screen, host, tray, agent, notifications):
    start(tray, host)
    agent.become("sign_in")
    notice = notifications.titled("Sign-in needed")
    assert "Open sign-in page" in notice["actions"].values()
    agent.become("assigned")
    assert wait_for(lambda: notice["id"] in notifications.closed)


def test_a_failed_renewal_offers_to_renew(screen, host, tray, agent, notifications):
    start(tray, host)
    agent.become("degraded")
    agent.happen("renewal_failed", "hotel does not answer; the lease ends in 95 s")
    notice = notifications.titled("Lease not renewed")
    assert notice["body"] == "hotel does not answer; the lease ends in 95 s"
    assert notice["urgency"] == 2
    notifications.press(notice, "Renew now")
    assert wait_for(lambda: "lease.renew" in agent.methods())


def test_the_first_failures_of_a_renewal_are_the_agents_own_business(screen, host, tray, agent, notifications):
    start(tray, host)
    agent.happen("renewal_failed", "hotel does not answer")
    agent.happen("lease_lost", "hotel took the lease back")
    assert notifications.titled("Lease lost")
    assert [one["title"] for one in notifications.shown] == ["Lease lost"]


def test_a_topic_replaces_its_own_last_notice(screen, host, tray, agent, notifications):
    start(tray, host)
    agent.happen("lease_lost", "one")
    first = notifications.titled("Lease lost")
    agent.happen("lease_lost", "two")
    assert wait_for(lambda: len(notifications.shown) == 2)
    assert notifications.shown[1]["replaces"] == first["id"]


def test_refusals_are_told_once_in_ten_minutes(screen, host, tray, agent, notifications):
    start(tray, host)
    for number in range(5):
        agent.happen("refused", f"refused {number}")
    agent.happen("lease_lost", "the end")
    assert notifications.titled("Lease lost")
    assert [one["title"] for one in notifications.shown].count("The gateway refused") == 1


def test_details_open_the_window(screen, host, tray, agent, notifications):
    start(tray, host)
    agent.happen("lease_lost", "hotel took the lease back")
    notifications.press(notifications.titled("Lease lost"), "Details")
    assert wait_for(screen.windows)


def test_nothing_is_told_while_the_window_is_seen(screen, host, tray, agent, notifications):
    tray("--window")
    assert wait_for(screen.windows)
    agent.happen("lease_lost", "hotel took the lease back")
    time.sleep(1)
    assert notifications.shown == []


def test_an_agent_that_dies_is_told_and_one_that_is_stopped_is_not(screen, host, tray, agent, notifications):
    start(tray, host)
    agent.publish("stopping", {})
    agent.die()
    assert wait_for(lambda: host.tooltip().startswith("RSIP agent"))
    agent.come()
    assert wait_for(lambda: host.tooltip().startswith("149."))
    assert notifications.shown == []
    agent.die()
    notice = notifications.titled("The RSIP agent stopped")
    agent.come()
    assert wait_for(lambda: notice["id"] in notifications.closed)


def test_what_cannot_be_done_is_told(screen, host, tray, agent, notifications):
    start(tray, host)
    agent.failure = {"code": "unreachable", "exit": 7, "message": "hotel does not answer", "hint": "wait"}
    host.choose("Renew all leases")
    assert notifications.titled("Leases not renewed")["body"] == "hotel does not answer\nwait"


def test_a_service_without_buttons_gets_none(screen, bus, host, tray, agent):
    plain = Notifications(bus, capabilities=["body"])
    start(tray, host)
    agent.happen("lease_lost", "hotel took the lease back")
    assert plain.titled("Lease lost")["actions"] == {}
    plain.end()


def test_without_a_service_nothing_breaks(screen, host, tray, agent):
    child = tray("--minimized")
    assert host.item()
    agent.happen("lease_lost", "hotel took the lease back")
    agent.become("sign_in")
    assert wait_for(lambda: host.tooltip().startswith("This network"))
    assert child.is_running()
