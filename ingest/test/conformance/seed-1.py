"""Presence, written from its workflow diagrams."""

import asyncio
import time

from conformance import Counting, Quiet, check, check_meanwhile, connect, request, run, until


async def agent_connection(base, **more):
    return await connect(base + "/ws/presence", **more)


def connect_request(given, user, classroom=None, label="web"):
    payload = {"agent_label": label, "classroom_id": classroom or given.exam_id, "token": given.tokens[user]}
    return {"type": "connect_request", "payload": payload}


async def agent(given, user, base=None, label="web", classroom=None, **more):
    client = await agent_connection(base or given.student_base, **more)
    await client.send(connect_request(given, user, classroom, label))
    message = await client.receive()
    assert message == {"type": "connect_success"}, message
    return client


async def agents(given, classroom=None):
    url = given.proctor_http + "/api/v1/classrooms/%s/agents" % (classroom or given.exam_id)
    status, listed = await request("GET", url, token=given.tokens.tina)
    assert status == 200, (status, listed)
    return {entry["id"]: entry["sequence_id"] for entry in listed}


async def history(given, agent_id):
    _, rows = await request("GET", given.control + "/history/" + agent_id)
    return rows


async def is_listed(given, agent_id):
    return agent_id in await agents(given)


async def empty(given, classroom=None):
    return await agents(given, classroom) == {}


async def error_then_close(client, kind, status, recoverable=False):
    message = await client.receive()
    expected = "recoverable_session_error" if recoverable else "unrecoverable_session_error"
    assert message == {"type": expected, "payload": {"type": kind, "title": kind, "status": status}}, message
    return await client.closed()


@check
async def a_connect_request_creates_a_session_and_succeeds(given):
    client = await agent(given, "ada")
    assert await is_listed(given, "web.ada")
    status, counts = await request(
        "POST",
        given.proctor_http + "/api/v1/counters/agent",
        {"classroom_ids": [given.exam_id]},
        given.tokens.tina,
    )
    assert (status, counts) == (200, {given.exam_id: 1}), counts
    await client.close()
    await until(lambda: empty(given), "the agent is out")


@check
async def the_list_is_paged_by_sequence_id(given):
    clients = [await agent(given, user) for user in ("ada", "bob", "tina")]
    url = given.proctor_http + "/api/v1/classrooms/%s/agents?limit=2" % given.exam_id
    _, first = await request("GET", url, token=given.tokens.tina)
    assert [entry["id"] for entry in first] == ["web.ada", "web.bob"], first
    _, second = await request("GET", url + "&sequence_id=%d" % first[-1]["sequence_id"], token=given.tokens.tina)
    assert [entry["id"] for entry in second] == ["web.tina"], second
    for client in clients:
        await client.close()
    await until(lambda: empty(given), "the agents are out")


@check
async def errors_say_what_was_wrong(given):
    for message, kind, status in [
        ({"type": "hello"}, "unsupported_request", 405),
        ("not json", "serialization_failed", 422),
        ({"type": "connect_request", "payload": {"classroom_id": given.exam_id}}, "serialization_failed", 422),
        (
            {"type": "connect_request", "payload": {"agent_label": "web", "classroom_id": given.exam_id, "token": "x"}},
            "unauthenticated",
            401,
        ),
        (connect_request(given, "stranger"), "access_denied", 403),
        (connect_request(given, "otto"), "access_denied", 403),
    ]:
        client = await agent_connection(given.student_base)
        await client.send(message)
        await error_then_close(client, kind, status)


def of_a_page(message):
    """Not of a session of an earlier script, whose end may be announced now, because departures are gathered."""
    return message["payload"].startswith("web.")


@check
async def others_in_the_classroom_hear_of_enter_and_leave_and_nobody_of_their_own(given):
    here = await agent(given, "tina", base=given.proctor_base)
    client = await agent(given, "ada")
    event = await here.next("event", of_a_page)
    assert event == {"type": "event", "label": "agent.enter", "payload": "web.ada"}, event
    await client.close()
    event = await here.next("event", of_a_page)
    assert event == {"type": "event", "label": "agent.leave", "payload": "web.ada"}, event
    another = await agent(given, "bob")
    assert (await here.next("event", of_a_page))["payload"] == "web.bob"
    assert [message for message in another.seen + here.seen if of_a_page(message)] == []
    await another.close()
    await here.close()
    await until(lambda: empty(given), "the agents are out")


@check
async def closing_moves_the_session_to_the_history_with_its_time_range(given):
    before = len(await history(given, "web.ada"))
    client = await agent(given, "ada")
    sequence_id = (await agents(given))["web.ada"]
    await client.close()

    async def moved():
        return len(await history(given, "web.ada")) > before

    await until(moved, "the session is in the history")
    last = (await history(given, "web.ada"))[-1]
    assert last["sequence_id"] == sequence_id and last["started_at"] < last["ended_at"], last
    assert not await is_listed(given, "web.ada")


@check
async def pings_come_regularly_and_answers_keep_the_connection(given):
    began = time.monotonic()
    client = await agent(given, "ada", protocol=Counting)
    # Longer than a connection without answers lasts.
    await asyncio.sleep(given.timings.ping_every + given.timings.pong_within + 0.5)

    due = (time.monotonic() - began) / given.timings.ping_every
    # A busy machine may delay some of them.
    assert due / 2 <= client.socket.answered <= due, client.socket.answered
    assert client.socket.open
    await client.close()
    await until(lambda: empty(given), "the agent is out")


@check_meanwhile
async def auth_timeout_closes_the_connection(given):
    began = time.monotonic()
    client = await agent_connection(given.student_base)
    await error_then_close(client, "auth_timed_out", 422)
    waited = time.monotonic() - began
    assert given.timings.connect_within * 0.9 < waited < given.timings.connect_within + 3, waited


@check_meanwhile
async def without_a_pong_the_connection_is_closed(given):
    began = time.monotonic()
    # Not in the classroom of the check that runs at the same time.
    classroom = given.evidence_exam_id
    client = await agent(given, "bob", classroom=classroom, protocol=Quiet)
    await error_then_close(client, "pong_timed_out", 422)
    waited = time.monotonic() - began
    expected = given.timings.ping_every + given.timings.pong_within
    assert expected * 0.9 < waited < expected + 3, waited
    await until(lambda: empty(given, classroom), "the agent is out")


@check
async def a_second_session_on_the_same_replica_replaces_the_first(given):
    first = await agent(given, "ada")
    sequence_id = (await agents(given))["web.ada"]
    second = await agent(given, "ada")
    await error_then_close(first, "replaced", 422)
    # The previous session continues; the late close of the first connection does not end it.
    assert (await agents(given))["web.ada"] == sequence_id
    watching = await agent(given, "tina")
    await second.close()
    assert (await watching.next("event", of_a_page))["label"] == "agent.leave"
    await watching.close()
    await until(lambda: empty(given), "the agents are out")


@check
async def a_second_session_on_another_replica_replaces_the_first(given):
    if given.replicas == 1:
        return "skip"
    before = len(await history(given, "web.ada"))
    first = await agent(given, "ada", base=given.student_base)
    sequence_id = (await agents(given))["web.ada"]
    second = await agent(given, "ada", base=given.proctor_base)
    await error_then_close(first, "replaced", 422)
    now = await agents(given)
    assert now["web.ada"] > sequence_id, now
    moved = (await history(given, "web.ada"))[before:]
    assert [row["sequence_id"] for row in moved] == [sequence_id], moved
    await second.close()
    await until(lambda: empty(given), "the agent is out")


@check
async def two_labels_of_one_user_are_two_agents(given):
    one, two = await agent(given, "ada", label="web"), await agent(given, "ada", label="phone")
    assert set(await agents(given)) == {"web.ada", "phone.ada"}
    await one.close()
    await two.close()
    await until(lambda: empty(given), "the agents are out")


@check
async def a_replica_that_stops_tells_its_agents_to_move_and_waits_for_them(given):
    """Runs last, because it stops the students' replica."""
    moving = await agent(given, "ada")
    staying = await agent(given, "bob")
    began = time.monotonic()
    await request("POST", given.control + "/terminate")
    for client in (moving, staying):
        message = await client.next("recoverable_session_error")
        payload = {"type": "terminated", "title": "terminated", "status": 422}
        assert message == {"type": "recoverable_session_error", "payload": payload}, message
    if given.replicas == 2:
        again = await agent(given, "ada", base=given.proctor_base)
        assert await is_listed(given, "web.ada")
        # The agent itself closes its old connection.
        assert moving.socket.open
        await moving.close()
        assert await is_listed(given, "web.ada")
    await staying.closed()
    waited = time.monotonic() - began
    assert given.timings.drain * 0.9 < waited < given.timings.drain + 4, waited
    await request("POST", given.control + "/terminated")
    if given.replicas == 2:
        assert not await is_listed(given, "web.bob") and await is_listed(given, "web.ada")
        assert again.socket.open
        await again.close()


run()
