"""The exam channel, written from its documentation."""

import asyncio
import re
import time

from conformance import check, connect, request, run

ISO = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$")
STUDENT_MESSAGES = {"student_progress", "student_answer", "student_highlight", "violation", "student_submitted", "session_stats"}


class Exam:
    """Tina's exam, in which Ada and Bob are enrolled."""

    @classmethod
    async def create(cls, given, **wishes):
        self = cls()
        self.given = given
        status, made = await request("POST", given.proctor_http + "/api/v1/exams", {"total_questions": 40, **wishes}, given.tokens.tina)
        assert status == 201, made
        self.id = made["exam_id"]
        students = [{"student_id": "ada", "student_name": "Ada Lovelace"}, {"student_id": "bob", "student_name": "Bob"}]
        assert (await self.ask("tina", "enrolments", {"students": students}))[0] == 204
        return self

    async def ask(self, user, path, body=None):
        base = self.given.student_http if user in ("ada", "bob") else self.given.proctor_http
        return await request("POST", "%s/api/v1/exams/%s/%s" % (base, self.id, path), body, self.given.tokens[user])

    async def state(self, user):
        base = self.given.student_http if user in ("ada", "bob") else self.given.proctor_http
        status, state = await request("GET", "%s/api/v1/exams/%s" % (base, self.id), token=self.given.tokens[user])
        assert status == 200, state
        return state

    async def step(self, name):
        status, body = await self.ask("tina", name)
        assert status == 200, body

    async def running(self):
        await self.step("open")
        await self.step("start")
        return self

    def address(self, user, base=None):
        home = self.given.student_base if user in ("ada", "bob") else self.given.proctor_base
        return "%s/api/v1/websocket/%s/ws?token=%s" % (base or home, self.id, self.given.tokens[user])

    async def join(self, user, base=None):
        client = await connect(self.address(user, base))
        first = await client.receive()
        assert first == {"type": "connected", "session_id": self.id, "timestamp": first["timestamp"]}, first
        assert ISO.match(first["timestamp"])
        return client


def same(message, **expected):
    assert ISO.match(message.pop("timestamp")), message
    assert message == expected, (message, expected)


async def quiet_about(client, kinds, seconds=0.5):
    """No message of these types arrived or is in transit."""
    await client.send({"type": "heartbeat"})
    await client.next("pong")
    await asyncio.sleep(seconds)
    await client.send({"type": "heartbeat"})
    await client.next("pong")
    kept = {message["type"] for message in client.seen}
    assert not kept & set(kinds), kept


@check
async def a_heartbeat_is_answered_with_a_pong(given):
    exam = await (await Exam.create(given)).running()
    for user in ("ada", "tina", "root"):
        client = await exam.join(user)
        await client.send({"type": "heartbeat"})
        assert await client.next("pong") == {"type": "pong"}
        await client.close()


@check
async def connections_without_access_are_closed_with_1008(given):
    exam = await Exam.create(given)
    base = given.proctor_base + "/api/v1/websocket/"
    for path, code in (
        (exam.id + "/ws", "AUTH_FAILED"),
        (exam.id + "/ws?token=nonsense", "AUTH_FAILED"),
        (exam.id + "/ws?token=" + given.expired_token, "AUTH_FAILED"),
        (exam.id + "/ws?token=" + given.tokens.stranger, "ACCESS_DENIED"),
        (exam.id + "/ws?token=" + given.tokens.otto, "ACCESS_DENIED"),
        ("550e8400-e29b-41d4-a716-446655440000/ws?token=" + given.tokens.root, "SESSION_NOT_FOUND"),
    ):
        client = await connect(base + path)
        assert await client.closed() == 1008, path
        assert [(message["type"], message["code"]) for message in client.seen] == [("error", code)], client.seen


@check
async def an_invalid_message_is_answered_with_an_error_to_its_sender_alone(given):
    exam = await (await Exam.create(given)).running()
    tina, ada = await exam.join("tina"), await exam.join("ada")
    await ada.send("{")
    message = await ada.next("error")
    assert message["code"] == "INVALID_MESSAGE" and isinstance(message["message"], str)
    assert set(message) == {"type", "message", "code"}
    await ada.send({"type": "no such type"})
    assert (await ada.next("error"))["code"] == "INVALID_MESSAGE"
    await quiet_about(tina, {"error"})
    await ada.close()
    await tina.close()


@check
async def a_teacher_monitors_a_session_from_the_waiting_room_to_its_end(given):
    exam = await Exam.create(given)
    tina = await exam.join("tina")
    await exam.step("open")
    same(await tina.next("waiting_room_opened"), type="waiting_room_opened", session_id=exam.id)
    same(await tina.next("session_status_changed"), type="session_status_changed", session_id=exam.id, status="WAITING")
    clients = {}
    for count, student in enumerate(("ada", "bob"), 1):
        clients[student] = await exam.join(student)
        joined = await tina.next("participant_joined")
        same(joined, type="participant_joined", session_id=exam.id, student_id=student, connected_count=count)
    await exam.step("start")
    for client in (tina, clients["ada"], clients["bob"]):
        started = await client.next("session_started")
        assert ISO.match(started["started_at"])
        assert sorted(started["connected_students"]) == ["ada", "bob"]
        same(
            started,
            type="session_started",
            session_id=exam.id,
            started_at=started["started_at"],
            connected_students=started["connected_students"],
        )
        changed = await client.next("session_status_changed", lambda message: message["status"] == "IN_PROGRESS")
        same(changed, type="session_status_changed", session_id=exam.id, status="IN_PROGRESS")
    await clients["bob"].close()
    for client in (tina, clients["ada"]):
        left = await client.next("participant_disconnected")
        same(left, type="participant_disconnected", session_id=exam.id, student_id="bob", connected_count=1)
    await exam.step("complete")
    for client in (tina, clients["ada"]):
        completed = await client.next("session_completed")
        assert ISO.match(completed["completed_at"])
        same(completed, type="session_completed", session_id=exam.id, completed_at=completed["completed_at"])
        await client.next("session_status_changed", lambda message: message["status"] == "COMPLETED")
        await client.close()


@check
async def students_enter_once_the_waiting_room_is_open_and_are_told_of_each_other(given):
    exam = await Exam.create(given)
    early = await connect(exam.address("ada"))
    assert await early.closed() == 1008
    assert [message["code"] for message in early.seen] == ["WRONG_STATUS"], early.seen
    await exam.step("open")
    ada = await exam.join("ada")
    assert (await exam.state("ada"))["attempt"]["joined_at"] is not None
    bob = await exam.join("bob")
    joined = await ada.next("participant_joined", lambda message: message["student_id"] == "bob")
    same(joined, type="participant_joined", session_id=exam.id, student_id="bob", connected_count=2)
    await bob.close()
    await ada.close()


@check
async def teachers_and_admins_come_and_go_unannounced(given):
    exam = await Exam.create(given)
    await exam.step("open")
    tina = await exam.join("tina")
    ada = await exam.join("ada")
    assert (await tina.next("participant_joined"))["student_id"] == "ada"
    root = await exam.join("root")
    await root.close()
    await quiet_about(tina, {"participant_joined", "participant_disconnected"})
    await tina.close()
    await quiet_about(ada, {"participant_disconnected"})
    assert [message["student_id"] for message in ada.seen if message["type"] == "participant_joined"] == []
    await ada.close()


@check
async def a_cancelled_session_says_so_to_everybody(given):
    exam = await Exam.create(given)
    await exam.step("open")
    tina, ada = await exam.join("tina"), await exam.join("ada")
    await exam.step("cancel")
    for client in (tina, ada):
        changed = await client.next("session_status_changed", lambda message: message["status"] == "CANCELLED")
        same(changed, type="session_status_changed", session_id=exam.id, status="CANCELLED")
        assert await client.closed() == 1000


@check
async def what_a_student_does_reaches_teachers_and_admins_and_no_student(given):
    exam = await (await Exam.create(given)).running()
    watching = [await exam.join("tina"), await exam.join("root")]
    ada, bob = await exam.join("ada"), await exam.join("bob")
    of_ada = {"session_id": exam.id, "student_id": "ada", "student_name": "Ada Lovelace"}
    position = {"passage_index": 0, "question_index": 5, "question_number": 6}
    assert (await exam.ask("ada", "progress", position))[0] in (200, 204)
    for watcher in watching:
        same(await watcher.next("student_progress"), type="student_progress", **of_ada, **position)
    answer = {"question_id": "question-uuid", "question_number": 6, "answer": "C"}
    for is_update in (False, True):
        await exam.ask("ada", "answers", answer)
        for watcher in watching:
            same(
                await watcher.next("student_answer"),
                type="student_answer",
                **of_ada,
                question_id="question-uuid",
                question_number=6,
                answered=True,
                is_update=is_update,
            )
    await exam.ask("ada", "highlights", {"passage_id": "passage-uuid", "text": "0123456789" * 20})
    for watcher in watching:
        same(
            await watcher.next("student_highlight"),
            type="student_highlight",
            **of_ada,
            text="0123456789" * 10,
            passage_id="passage-uuid",
        )
    await exam.ask("ada", "violations", {"violation_type": "TAB_SWITCH"})
    for watcher in watching:
        same(await watcher.next("violation"), type="violation", student_id="ada", violation_type="TAB_SWITCH", total_count=1)
    await exam.ask("ada", "submission", {})
    for watcher in watching:
        submitted = await watcher.next("student_submitted")
        assert isinstance(submitted["time_taken_seconds"], int)
        same(
            submitted,
            type="student_submitted",
            **of_ada,
            score=None,
            time_taken_seconds=submitted["time_taken_seconds"],
            answered_questions=1,
            total_questions=40,
        )
    for student in (ada, bob):
        await quiet_about(student, STUDENT_MESSAGES)
    for client in (*watching, ada, bob):
        await client.close()


@check
async def every_documented_type_of_violation_is_told(given):
    exam = await (await Exam.create(given)).running()
    tina = await exam.join("tina")
    kinds = ["TAB_SWITCH", "COPY_ATTEMPT", "PASTE_ATTEMPT", "RIGHT_CLICK", "DEV_TOOLS", "FULL_SCREEN_EXIT", "WINDOW_BLUR"]
    for count, kind in enumerate(kinds, 1):
        await exam.ask("ada", "violations", {"violation_type": kind})
        message = await tina.next("violation", lambda message: message["violation_type"] == kind)
        assert message["total_count"] == count
    assert (await exam.ask("ada", "violations", {"violation_type": "YAWNING"}))[0] == 400
    await tina.close()


@check
async def violations_of_one_type_and_student_come_at_most_once_a_second(given):
    exam = await (await Exam.create(given)).running()
    tina = await exam.join("tina")
    began = time.monotonic()
    while time.monotonic() < began + 2.5:
        await exam.ask("ada", "violations", {"violation_type": "COPY_ATTEMPT"})
    took = time.monotonic() - began
    await quiet_about(tina, set(), 1.2)
    told = [message for message in tina.seen if message["type"] == "violation"]
    assert 2 <= len(told) <= 2 + int(took), (told, took)
    assert [message["total_count"] for message in told] == list(range(1, len(told) + 1))
    await tina.close()


@check
async def progress_is_told_at_most_every_two_seconds_and_ends_at_the_last_position(given):
    exam = await (await Exam.create(given)).running()
    tina = await exam.join("tina")
    began = time.monotonic()
    for number in range(1, 11):
        await exam.ask("ada", "progress", {"passage_index": 0, "question_index": number - 1, "question_number": number})
    took = time.monotonic() - began
    await tina.next("student_progress", lambda message: message["question_number"] == 10)
    earlier = [message for message in tina.seen if message["type"] == "student_progress"]
    assert len(earlier) <= 1 + int(took / 2), (earlier, took)
    await tina.close()


@check
async def a_score_comes_with_the_submission_when_somebody_has_marked_it(given):
    exam = await (await Exam.create(given)).running()
    tina = await exam.join("tina")
    assert (await exam.ask("ada", "submission", {"score": 9}))[0] == 403
    assert (await exam.ask("root", "submission", {"student_id": "ada", "score": 6.5}))[0] == 200
    assert (await tina.next("student_submitted"))["score"] == 6.5
    await tina.close()


@check
async def statistics_come_periodically_to_teachers_alone(given):
    exam = await (await Exam.create(given)).running()
    tina, ada = await exam.join("tina"), await exam.join("ada")
    await exam.ask("ada", "answers", {"question_id": "q", "question_number": 1, "answer": "A"})
    message = await tina.next("session_stats", lambda message: message["stats"]["average_progress"] > 0)
    expected = {
        "total_participants": 1,
        "connected_count": 1,
        "submitted_count": 0,
        "average_progress": 1,
        "total_violations": 0,
    }
    same(message, type="session_stats", session_id=exam.id, stats=expected)
    await tina.next("session_stats")
    await quiet_about(ada, {"session_stats"})
    await ada.close()
    await tina.close()


@check
async def a_newer_connection_replaces_the_older_one_wherever_it_is(given):
    exam = await Exam.create(given)
    await exam.step("open")
    tina = await exam.join("tina")
    older = await exam.join("ada", given.student_base)
    await tina.next("participant_joined")
    newer = await exam.join("ada", given.proctor_base)
    assert await older.closed() is not None
    await quiet_about(tina, {"participant_joined", "participant_disconnected"})
    assert (await exam.state("tina"))["stats"]["connected_count"] == 1
    await newer.close()
    left = await tina.next("participant_disconnected")
    assert (left["student_id"], left["connected_count"]) == ("ada", 0)
    await tina.close()


@check
async def after_a_reconnect_the_state_comes_over_rest(given):
    exam = await (await Exam.create(given)).running()
    ada = await exam.join("ada")
    await exam.ask("ada", "answers", {"question_id": "q", "question_number": 1, "answer": "A"})
    await exam.ask("ada", "progress", {"passage_index": 1, "question_index": 0, "question_number": 9})
    await ada.close()
    await exam.step("complete")
    state = await exam.state("ada")
    assert state["status"] == "COMPLETED" and ISO.match(state["completed_at"])
    assert state["attempt"]["progress"]["question_number"] == 9
    assert [answer["answer"] for answer in state["attempt"]["answers"]] == ["A"]
    seen_by_teacher = (await exam.state("tina"))["students"]
    assert [student["student_id"] for student in seen_by_teacher] == ["ada", "bob"]
    assert "students" not in state and "pin" not in state


@check
async def steps_out_of_turn_are_refused_with_what_would_be_right(given):
    exam = await Exam.create(given)
    for step in ("start", "complete"):
        status, problem = await exam.ask("tina", step)
        assert status == 409 and problem["code"] == "WRONG_STATUS" and "SCHEDULED" in problem["detail"], problem
    await exam.running()
    await exam.step("complete")
    for step in ("open", "start", "complete", "cancel"):
        assert (await exam.ask("tina", step))[0] == 409
    status, problem = await exam.ask("ada", "answers", {"question_id": "q", "question_number": 1, "answer": "A"})
    assert status == 409 and problem["code"] == "WRONG_STATUS"


@check
async def the_end_of_an_exam_ends_its_proctoring_sessions(given):
    exam = await (await Exam.create(given)).running()
    body = {"exam_id": exam.id, "member_id": "ada"}
    _, started = await request("POST", given.student_http + "/api/v1/session/start", body, given.tokens.ada)
    path = "/api/v1/session/ws/%s?token=%s" % (started["session_id"], started["token"])
    sitting = await connect(given.student_base + path)
    await sitting.send({"extracted_features": {"no_of_face": 1}})
    await exam.step("complete")
    await sitting.next("session_ended")
    assert await sitting.closed() is not None


if __name__ == "__main__":
    run()
