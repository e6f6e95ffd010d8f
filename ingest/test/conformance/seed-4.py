"""The alerts channel, written from its connection flow."""

import asyncio
import time

from conformance import check, check_meanwhile, connect, jpeg, request, run, until


async def proctor(given, user="tina", base=None, answers=True):
    client = await connect((base or given.proctor_base) + "/ws/alerts/%s?token=%s" % (user, given.tokens[user]))
    client.answers = answers
    return client


async def connections(given, base, user="root"):
    return await request("GET", base + "/ws/connections", token=given.tokens[user])


async def start_session(given, student, exam_id):
    body = {"exam_id": exam_id, "member_id": student}
    _, started = await request("POST", given.student_http + "/api/v1/session/start", body, given.tokens.tina)
    return started["session_id"], started["token"]


class Student:
    """Takes the exam on the students' replica, with a simulated clock that runs faster than real time."""

    # A student has one running session per exam, so a later check continues it with these numbers and times.
    progress = {}

    @classmethod
    async def sit(cls, given, student="ada", exam_id=None):
        self = cls()
        self.session_id, token = await start_session(given, student, exam_id or given.exam_id)
        self.client = await connect(given.student_base + "/api/v1/session/ws/%s?token=%s" % (self.session_id, token))
        self.seq, self.clock = cls.progress.get(self.session_id, (0, int(time.time() * 1000) - 600_000))
        return self

    async def show(self, seconds, **features):
        frames = []
        for _ in range(int(seconds * 5)):
            frame = {"seq": self.seq, "timestamp": self.clock, "face_present": 1, "no_of_face": 1, "phone_present": 0}
            frames.append({**frame, **features})
            self.seq, self.clock = self.seq + 1, self.clock + 200
        Student.progress[self.session_id] = (self.seq, self.clock)
        await self.client.send({"type": "batch", "frames": frames})
        await self.client.next("ack")

    async def show_a_phone(self):
        await self.show(3, phone_present=1, phone_conf=90)
        await self.show(5)


async def alert_of(client, session_id):
    return await client.next("anomaly_detected", lambda message: message["stream_id"] == session_id)


async def acknowledge(client, alert):
    await client.send({"type": "ack", "stream_id": alert["stream_id"]})


@check
async def a_valid_token_is_needed(given):
    for path in (
        "/ws/alerts/tina",
        "/ws/alerts/tina?token=nonsense",
        "/ws/alerts/tina?token=" + given.tokens.otto,
        "/ws/alerts/ada?token=" + given.tokens.ada,
    ):
        client = await connect(given.proctor_base + path)
        assert await client.closed() == 1008, path


@check
async def a_ping_is_answered_with_a_pong(given):
    client = await proctor(given)
    await client.send({"type": "ping", "timestamp": "2026-01-05T09:00:00.000Z"})
    message = await client.next("pong")
    assert isinstance(message["timestamp"], str)
    await client.close()


@check
async def the_server_pings_and_an_answer_keeps_the_connection(given):
    began = time.monotonic()
    client = await proctor(given, answers=False)
    # Longer than a connection without answers lasts.
    while time.monotonic() < began + given.timings.timeout + given.timings.ping_every:
        message = await client.next("ping")
        assert isinstance(message["timestamp"], str)
        await client.send({"type": "pong", "timestamp": message["timestamp"]})
    assert client.socket.open
    await client.close()


@check_meanwhile
async def without_a_pong_the_connection_is_closed_after_the_timeout(given):
    began = time.monotonic()
    client = await proctor(given, "tom", answers=False)
    await client.closed()
    waited = time.monotonic() - began
    assert given.timings.timeout * 0.9 < waited < given.timings.timeout + given.timings.ping_every + 2, waited


@check
async def each_user_has_one_connection(given):
    first = await proctor(given)
    second = await proctor(given, base=given.student_base)
    await first.closed()
    await second.send({"type": "ping", "timestamp": ""})
    await second.next("pong")
    await second.close()


@check
async def an_anomaly_is_sent_and_its_acknowledgement_kept(given):
    client = await proctor(given)
    student = await Student.sit(given)
    await student.show(2)
    await student.show_a_phone()
    alert = await alert_of(client, student.session_id)
    result = alert["result"]
    assert result["observation"]["type"] == "phone_visible", result
    assert result["member_id"] == "ada" and result["exam_id"] == given.exam_id
    # No image was sent and none is allowed.
    assert "frame" not in alert
    await acknowledge(client, alert)
    taken = await client.next("alert_acknowledged")
    assert taken["alert_id"] == result["alert_id"] and taken["user_id"] == "tina"
    await client.close()
    again = await proctor(given)
    await again.send({"type": "ping", "timestamp": ""})
    await again.next("pong")
    marker = await Student.sit(given, "bob")
    await marker.show(2)
    await marker.show_a_phone()
    await acknowledge(again, await alert_of(again, marker.session_id))
    assert not [m for m in again.seen if m.get("stream_id") == student.session_id], again.seen
    await again.close()


@check
async def an_anomaly_has_a_frame_where_the_policy_keeps_pictures_as_evidence(given):
    client = await proctor(given)
    student = await Student.sit(given, exam_id=given.evidence_exam_id)
    await student.client.send({"type": "hello", "client_time_ms": student.clock, "pictures": True})
    await student.client.next("welcome")
    await student.show(2)
    await student.show_a_phone()
    asked = await student.client.next("pictures", lambda message: message["now"])
    assert asked["every_ms"] is None, asked
    await student.client.send({"type": "picture", "timestamp": student.clock, "data": jpeg()})
    alert = await alert_of(client, student.session_id)
    assert alert["frame"] == jpeg(), alert
    await acknowledge(client, alert)
    await client.next("alert_acknowledged")
    await client.close()


@check
async def an_unacknowledged_alert_arrives_again_after_a_reconnect(given):
    client = await proctor(given)
    student = await Student.sit(given)
    await student.show(2)
    await student.show_a_phone()
    first = await alert_of(client, student.session_id)
    client.socket.transport.abort()
    again = await proctor(given, base=given.student_base)
    second = await alert_of(again, student.session_id)
    assert second["result"]["alert_id"] == first["result"]["alert_id"]
    await acknowledge(again, second)
    await again.next("alert_acknowledged")
    await again.close()


@check
async def an_alert_while_nobody_is_there_waits(given):
    student = await Student.sit(given)
    await student.show(2)
    await student.show_a_phone()
    client = await proctor(given)
    alert = await alert_of(client, student.session_id)
    await acknowledge(client, alert)
    await client.next("alert_acknowledged")
    await client.close()


@check
async def an_alert_that_nobody_takes_goes_on_to_the_other_teachers(given):
    lead, other = await proctor(given, "tina"), await proctor(given, "tom", base=given.student_base)
    student = await Student.sit(given)
    began = time.monotonic()
    await student.show(2)
    await student.show_a_phone()
    first = await alert_of(lead, student.session_id)
    assert first["result"]["escalated"] is False
    # In the meantime the first one keeps listening and answering pings.
    of_student = lambda message: message["stream_id"] == student.session_id
    lead_sees = asyncio.ensure_future(lead.next("alert_acknowledged", of_student))
    escalated = await alert_of(other, student.session_id)
    waited = time.monotonic() - began
    assert escalated["result"]["escalated"] is True and escalated["result"]["alert_id"] == first["result"]["alert_id"]
    assert waited > given.timings.escalate_after * 0.9, waited
    await acknowledge(other, escalated)
    # Both see who acknowledged it, and it is acknowledged once.
    for taken in (await lead_sees, await other.next("alert_acknowledged", of_student)):
        assert taken["user_id"] == "tom"
    await acknowledge(lead, first)
    await lead.send({"type": "ping", "timestamp": ""})
    await lead.next("pong")
    assert not [m for m in lead.seen if m["type"] == "alert_acknowledged"]
    await lead.close()
    await other.close()


@check
async def a_stranger_cannot_take_an_alert(given):
    lead, stranger = await proctor(given), await proctor(given, "otto")
    student = await Student.sit(given)
    await student.show(2)
    await student.show_a_phone()
    alert = await alert_of(lead, student.session_id)
    await acknowledge(stranger, alert)
    assert (await stranger.next("error"))["code"] == "ACCESS_DENIED"
    assert not [m for m in stranger.seen if m["type"] == "anomaly_detected"]
    await acknowledge(lead, alert)
    assert (await lead.next("alert_acknowledged"))["user_id"] == "tina"
    await lead.close()
    await stranger.close()


@check
async def connections_are_listed_over_all_replicas_for_admins(given):
    here, there = await proctor(given, "tina"), await proctor(given, "tom", base=given.student_base)
    for base in (given.proctor_http, given.student_http):

        async def both():
            status, report = await connections(given, base)
            assert status == 200, report
            users = {entry["user_id"] for entry in report["connections"]}
            return report if users == {"tina", "tom"} else None

        report = await until(both, "both connections are listed")
        assert report["total_connections"] == 2
        for entry in report["connections"]:
            assert entry["connected"] is True
            assert isinstance(entry["uptime_seconds"], int) and entry["uptime_seconds"] >= 0
            assert isinstance(entry["last_heartbeat"], str)
            assert isinstance(entry["seconds_since_heartbeat"], int)
    assert (await connections(given, given.proctor_http, "tina"))[0] == 403
    assert (await request("GET", given.proctor_http + "/ws/connections"))[0] == 401
    await here.close()
    await there.close()


run()
