"""Shared by the conformance scripts: a plain WebSocket client, and a runner that reports which checks passed."""

import asyncio
import base64
import json
import sys
import time
import traceback
import urllib.error
import urllib.request

import websockets

PATIENCE = 8.0


class Settings(dict):
    __getattr__ = dict.__getitem__


def settings():
    return json.loads(sys.argv[1], object_hook=Settings)


class Quiet(websockets.WebSocketClientProtocol):
    """A client that never answers a ping."""

    async def pong(self, data=b""):
        return None


class Counting(websockets.WebSocketClientProtocol):
    """A client that answers pings and counts them."""

    answered = 0

    async def pong(self, data=b""):
        self.answered += 1
        await super().pong(data)


class Client:
    def __init__(self, socket):
        self.socket = socket
        self.seen = []
        # Whether ping messages are answered automatically.
        self.answers = False

    async def send(self, message):
        await self.socket.send(message if isinstance(message, str) else json.dumps(message))

    async def receive(self):
        """The next message of any type."""
        if self.seen:
            return self.seen.pop(0)
        return await self._receive()

    async def _receive(self):
        while True:
            message = json.loads(await asyncio.wait_for(self.socket.recv(), PATIENCE))
            if not self.answers or message["type"] != "ping":
                return message
            await self.send({"type": "pong", "timestamp": message["timestamp"]})

    async def next(self, kind, fits=lambda message: True):
        """The next message of this type that matches; others are kept."""
        for index, message in enumerate(self.seen):
            if message["type"] == kind and fits(message):
                return self.seen.pop(index)
        while True:
            message = await self._receive()
            if message["type"] == kind and fits(message):
                return message
            self.seen.append(message)

    async def closed(self):
        """The close code; messages before it are kept."""
        try:
            while True:
                self.seen.append(await self._receive())
        except websockets.ConnectionClosed:
            return self.socket.close_code

    async def close(self):
        await self.socket.close()


async def connect(url, protocol=websockets.WebSocketClientProtocol):
    socket = await websockets.connect(
        url, ping_interval=None, max_size=16 * 1024 * 1024, create_protocol=protocol, close_timeout=2
    )
    OPENED.append(socket)
    return Client(socket)


def request_blocking(method, url, body=None, token=None):
    headers = {"Content-Type": "application/json"}
    if token is not None:
        headers["Authorization"] = "Bearer " + token
    data = None if body is None else json.dumps(body).encode()
    asked = urllib.request.Request(url, data=data, headers=headers, method=method)
    try:
        with urllib.request.urlopen(asked, timeout=PATIENCE) as answer:
            text = answer.read().decode()
            return answer.status, json.loads(text) if text else None
    except urllib.error.HTTPError as error:
        text = error.read().decode()
        return error.code, json.loads(text) if text else None


async def request(method, url, body=None, token=None):
    return await asyncio.get_running_loop().run_in_executor(None, request_blocking, method, url, body, token)


async def until(question, what):
    """Repeats a request until its answer is true: another replica may learn of a change a moment later."""
    deadline = time.monotonic() + PATIENCE
    while True:
        answer = await question()
        if answer:
            return answer
        assert time.monotonic() < deadline, "never: " + what
        await asyncio.sleep(0.05)


def jpeg(comments=0):
    """The smallest image that is a whole JPEG, in base64; each comment adds 64 kB."""
    comment = b"\xff\xfe\xff\xff" + bytes(65533)
    frame = b"\xff\xc0\x00\x0b\x08\x00\x10\x00\x10\x01\x01\x11\x00"
    scan = b"\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00\x00"
    return base64.b64encode(b"\xff\xd8" + comment * comments + frame + scan + b"\xff\xd9").decode()


# Groups of checks; those of one group run at the same time.
CHECKS = []
OPENED = []


async def carry_out(functions, given):
    async def timed(function):
        began = time.monotonic()
        result = await asyncio.wait_for(function(given), 60)
        return "skip" if result == "skip" else "ok", time.monotonic() - began

    try:
        return await asyncio.gather(*(timed(function) for function in functions), return_exceptions=True)
    finally:
        for socket in OPENED:
            if socket.transport is not None:
                socket.transport.abort()
        OPENED.clear()


def check(function):
    CHECKS.append([function])
    return function


def check_meanwhile(function):
    """Runs together with the check before it, because both mostly wait."""
    CHECKS[-1].append(function)
    return function


def run():
    given = settings()
    failed = 0
    for functions in CHECKS:
        for function, outcome in zip(functions, asyncio.run(carry_out(functions, given))):
            name = function.__name__.replace("_", " ")
            if isinstance(outcome, tuple):
                print("%s %s (%.1f s)" % (outcome[0], name, outcome[1]), flush=True)
                continue
            failed += 1
            print("FAILED " + name, flush=True)
            traceback.print_exception(type(outcome), outcome, outcome.__traceback__)
    sys.exit(1 if failed else 0)
