"""Life cycle of sentinels and proctors, written from its documentation."""

import time

from conformance import check, connect, jpeg, run


def envelope(kind, payload=None):
    message = {"type": kind, "timestamp": int(time.time())}
    if payload is not None:
        message["payload"] = payload
    return message


async def sentinel_connection(given):
    return await connect(given.student_base + "/ws/sentinel")


async def proctor_connection(given):
    return await connect(given.proctor_base + "/ws/proctor")


async def sentinel(given, student="ada", pin=None):
    client = await sentinel_connection(given)
    payload = {"pin": given.pin if pin is None else pin, "auth": given.tokens[student]}
    await client.send(envelope("sentinel.register", payload))
    message = await client.receive()
    assert message["type"] == "server.registration.ack", message
    client.id = message["payload"]["sentinelId"]
    return client


async def proctor(given, teacher="tina"):
    client = await proctor_connection(given)
    await client.send(envelope("proctor.register", {"auth": given.tokens[teacher]}))
    message = await client.receive()
    assert message["type"] == "server.registration.ack", message
    assert message["payload"]["proctorId"]
    return client


async def listed(client, fits):
    """Waits until the newest list matches; frames that arrive in the meantime are kept."""
    kept = []
    for message in client.seen:
        if message["type"] == "server.update-sentinels":
            client.sentinels = message["payload"]["sentinels"]
        else:
            kept.append(message)
    client.seen = kept
    while not fits([entry["sentinelId"] for entry in getattr(client, "sentinels", [])]):
        message = await client._receive()
        if message["type"] == "server.update-sentinels":
            client.sentinels = message["payload"]["sentinels"]
        else:
            client.seen.append(message)


async def lists(client, sentinel_id):
    await listed(client, lambda ids: sentinel_id in ids)


async def lists_not(client, sentinel_id):
    await listed(client, lambda ids: sentinel_id not in ids)


async def taken(given, client):
    """Messages are handled in order: once the list has changed with the PIN twice, earlier messages have been handled."""
    await client.send(envelope("proctor.set-pin", {"pin": given.pin_of_no_exam}))
    await listed(client, lambda ids: ids == [])
    await client.send(envelope("proctor.set-pin", {"pin": given.pin}))


async def subscribe(client, sentinel_id):
    await client.send(envelope("proctor.subscribe", {"sentinelId": sentinel_id}))


def picture(index, data=jpeg()):
    return {"frameId": "frame-%d" % index, "index": index, "data": data}


async def send_frame(client, index, data=jpeg()):
    await client.send(envelope("sentinel.frame", {"frames": [{"sentinelId": client.id, **picture(index, data)}]}))


async def frame_of(client, sentinel_id):
    message = await client.next("server.frame", lambda m: m["payload"]["frames"][0]["sentinelId"] == sentinel_id)
    return message["payload"]["frames"][-1]


async def rejected(client, reason):
    message = await client.receive()
    assert message["type"] == "server.registration.reject", message
    assert message["payload"]["reason"] == reason, message
    await client.closed()


@check
async def sentinel_registers_and_is_acknowledged(given):
    client = await sentinel_connection(given)
    await client.send(envelope("sentinel.register", {"pin": given.pin, "auth": given.tokens.ada}))
    message = await client.receive()
    assert message["type"] == "server.registration.ack"
    assert isinstance(message["payload"]["sentinelId"], str)
    assert isinstance(message["timestamp"], int) and abs(message["timestamp"] - time.time()) < 5
    await client.close()


@check
async def sentinel_is_rejected_with_a_reason_then_closed(given):
    cases = [
        ("invalid registration payload", "pin and auth"),
        ("invalid registration payload", {"auth": given.tokens.ada}),
        ("missing auth token", {"pin": given.pin}),
        ("insufficient permissions", {"pin": given.pin, "auth": "nonsense"}),
        ("insufficient permissions", {"pin": given.pin, "auth": given.tokens.stranger}),
        ("PIN out of range", {"pin": 12345678, "auth": given.tokens.ada}),
        ("no exam with this PIN", {"pin": given.pin_of_no_exam, "auth": given.tokens.ada}),
    ]
    for reason, payload in cases:
        client = await sentinel_connection(given)
        await client.send(envelope("sentinel.register", payload))
        await rejected(client, reason)


@check
async def any_other_first_message_closes_a_sentinel(given):
    for message in [envelope("sentinel.frame", {"frames": [picture(0)]}), "not json", envelope("proctor.register", {})]:
        client = await sentinel_connection(given)
        await client.send(message)
        await client.closed()
        assert client.seen == [], client.seen


@check
async def a_second_registration_of_a_sentinel_is_ignored(given):
    client = await sentinel(given)
    watching = await proctor(given)
    await lists(watching, client.id)
    await subscribe(watching, client.id)
    await client.send(envelope("sentinel.register", {"pin": given.pin_of_no_exam, "auth": "nonsense"}))
    await send_frame(client, 1)
    assert (await frame_of(watching, client.id))["index"] == 1
    assert client.seen == []
    await client.close()
    await watching.close()


@check
async def proctor_registers_and_gets_the_list_immediately(given):
    there = await sentinel(given)
    client = await proctor_connection(given)
    await client.send(envelope("proctor.register", {"auth": given.tokens.tina}))
    assert (await client.receive())["type"] == "server.registration.ack"
    message = await client.receive()
    assert message["type"] == "server.update-sentinels"
    assert isinstance(message["timestamp"], int)
    client.seen.append(message)
    # Another replica may be a moment behind.
    await lists(client, there.id)
    entry = [one for one in client.sentinels if one["sentinelId"] == there.id][0]
    assert entry["name"] == "Ada Lovelace", entry
    await there.close()
    await client.close()


@check
async def proctor_is_rejected_with_a_reason_then_closed(given):
    cases = [
        ("invalid registration payload", "token"),
        ("missing auth token", {}),
        ("insufficient permissions", {"auth": "nonsense"}),
        ("insufficient permissions", {"auth": given.tokens.ada}),
    ]
    for reason, payload in cases:
        client = await proctor_connection(given)
        await client.send(envelope("proctor.register", payload))
        await rejected(client, reason)


@check
async def any_other_first_message_closes_a_proctor(given):
    for message in [envelope("proctor.subscribe", {"sentinelId": "x"}), "[]"]:
        client = await proctor_connection(given)
        await client.send(message)
        await client.closed()
        assert client.seen == [], client.seen


@check
async def the_list_is_sent_whenever_a_sentinel_connects_or_disconnects(given):
    watching = await proctor(given)
    one = await sentinel(given, "ada")
    await lists(watching, one.id)
    two = await sentinel(given, "bob")
    await listed(watching, lambda ids: one.id in ids and two.id in ids)
    await one.close()
    await listed(watching, lambda ids: one.id not in ids and two.id in ids)
    two.socket.transport.abort()
    await lists_not(watching, two.id)
    await watching.close()


@check
async def frames_come_for_subscriptions_only_and_the_last_one_at_once(given):
    one, two = await sentinel(given, "ada"), await sentinel(given, "bob")
    watching = await proctor(given)
    await lists(watching, one.id)
    await lists(watching, two.id)
    await send_frame(one, 1)
    await send_frame(one, 2)
    # Both sentinels use one replica, so the first one's messages have been handled when the second's arrives.
    await subscribe(watching, two.id)
    await send_frame(two, 10)
    assert (await frame_of(watching, two.id))["index"] == 10
    assert not [m for m in watching.seen if m["type"] == "server.frame"], watching.seen
    await subscribe(watching, one.id)
    assert (await frame_of(watching, one.id))["index"] == 2
    await send_frame(one, 3)
    assert (await frame_of(watching, one.id)) == {"sentinelId": one.id, **picture(3)}
    await watching.send(envelope("proctor.revoke-subscription", {"sentinelId": one.id}))
    await taken(given, watching)
    await send_frame(one, 4)
    await send_frame(two, 11)
    assert (await frame_of(watching, two.id))["index"] == 11
    assert not [m for m in watching.seen if m["type"] == "server.frame"], watching.seen
    await subscribe(watching, one.id)
    assert (await frame_of(watching, one.id))["index"] == 4
    for client in (one, two, watching):
        await client.close()


@check
async def a_sentinel_that_returns_is_followed_again(given):
    one = await sentinel(given)
    watching = await proctor(given)
    await lists(watching, one.id)
    await subscribe(watching, one.id)
    await one.close()
    await lists_not(watching, one.id)
    again = await sentinel(given)
    await lists(watching, again.id)
    await subscribe(watching, again.id)
    await send_frame(again, 7)
    assert (await frame_of(watching, again.id))["index"] == 7
    await again.close()
    await watching.close()


@check
async def pictures_are_passed_on_as_they_are(given):
    client = await sentinel(given)
    watching = await proctor(given)
    await lists(watching, client.id)
    await subscribe(watching, client.id)
    data = jpeg(comments=4)
    await send_frame(client, 1, data)
    assert (await frame_of(watching, client.id))["data"] == data
    await client.close()
    await watching.close()


@check
async def a_pin_narrows_the_list_to_its_exam(given):
    one, other = await sentinel(given, "ada"), await sentinel(given, "ada", given.other_pin)
    watching = await proctor(given)

    await listed(watching, lambda ids: one.id in ids and other.id in ids)
    await watching.send(envelope("proctor.set-pin", {"pin": given.other_pin}))
    await listed(watching, lambda ids: ids == [other.id])
    await watching.send(envelope("proctor.set-pin", {"pin": given.pin_of_no_exam}))
    await listed(watching, lambda ids: ids == [])
    await watching.send(envelope("proctor.set-pin", {"pin": given.pin}))
    await listed(watching, lambda ids: one.id in ids and other.id not in ids)
    for client in (one, other, watching):
        await client.close()


@check
async def a_profile_becomes_a_resolution_for_the_sentinel(given):
    client = await sentinel(given)
    watching = await proctor(given)
    await lists(watching, client.id)
    for profile, side in [("HIGH", 1920), ("MEDIUM", 1280), ("LOW", 640), ("ENORMOUS", 1280)]:
        await watching.send(envelope("proctor.set-profile", {"sentinelId": client.id, "profile": profile}))
        message = await client.next("server.set-resolution")
        assert message["payload"] == {"maxSidePx": side}, message
    await client.close()
    await watching.close()


@check
async def a_teacher_of_another_exam_sees_and_gets_nothing(given):
    client = await sentinel(given)
    tina, other = await proctor(given), await proctor(given, "otto")
    await lists(tina, client.id)
    await subscribe(tina, client.id)
    await subscribe(other, client.id)
    # Every PIN is answered with a list, and this teacher's list never changes by itself.
    for _ in range(2):
        await other.send(envelope("proctor.set-pin", {"pin": given.pin}))
    for _ in range(3):
        assert (await other.next("server.update-sentinels"))["payload"] == {"sentinels": []}
    await send_frame(client, 1)
    await frame_of(tina, client.id)
    await other.send(envelope("proctor.set-pin", {"pin": given.pin}))
    assert (await other.next("server.update-sentinels"))["payload"] == {"sentinels": []}
    assert not [m for m in other.seen if m["type"] == "server.frame"]
    for one in (client, tina, other):
        await one.close()


@check
async def students_of_the_session_channel_are_sentinels_and_their_numbers_frames(given):
    session = given.session
    watching = await proctor(given)
    student = await connect(given.student_base + "/api/v1/session/ws/%s?token=%s" % (session.id, session.token))
    await lists(watching, session.id)
    while {"sentinelId": session.id, "name": "Ada Lovelace"} not in watching.sentinels:
        watching.sentinels = (await watching.next("server.update-sentinels"))["payload"]["sentinels"]
    await subscribe(watching, session.id)
    now = int(time.time() * 1000)

    async def send(seqs):
        frames = [{"seq": seq, "timestamp": now + seq, "no_of_face": 1, "head_yaw": 0.25} for seq in seqs]
        await student.send({"type": "batch", "frames": frames})
        await student.next("ack")

    # The first frame, live or stored, proves that the subscription is active on every replica.
    await send([0])
    first = await frame_of(watching, session.id)
    assert first["index"] == 0 and first["data"] is None and first["features"]["head_yaw"] == 0.25, first
    await send([1, 2, 3])
    shown = []
    while len(shown) < 3:
        shown += (await watching.next("server.frame"))["payload"]["frames"]
    assert [frame["index"] for frame in shown] == [1, 2, 3], shown
    await student.close()
    await lists_not(watching, session.id)
    await watching.close()


run()
