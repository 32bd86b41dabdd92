"""A fresh interpreter that forks a child for every task: what other tests did to their process cannot reach it.

Started by play.py as `python fork_server.py SOCKET PATHS DATA`: the number of a socket, `sys.path` as JSON, and the
data file of coverage, "" where it is not measured. A message on the socket is a pickled `Request` with the descriptors
of three files, the child's standard streams; the answer is the state that `os.waitpid` returns. The server ends when
the other side closes the socket.
"""

from __future__ import annotations

import gc
import json
import os
import pickle
import signal
import socket
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from .measure import Measure

    # Environment, working directory, seconds until the child is killed, and the pickled call.
    Request = tuple[dict[str, str], str, float, bytes]

LENGTH = 8  # bytes of the length in front of a message


def send(channel: socket.socket, message: bytes, descriptors: list[int] | None = None) -> None:
    head = len(message).to_bytes(LENGTH, "little")
    if descriptors:
        socket.send_fds(channel, [head], descriptors)
    else:
        channel.sendall(head)
    channel.sendall(message)


def receive(channel: socket.socket) -> tuple[bytes, list[int]]:
    """Return a message and its descriptors. EOFError if the other side is gone."""
    head, descriptors, _, _ = socket.recv_fds(channel, LENGTH, 3)
    parts = []
    missing = int.from_bytes(head, "little") if len(head) == LENGTH else -1
    while missing > 0:
        part = channel.recv(missing)
        parts.append(part)
        missing = missing - len(part) if part else -1
    if missing < 0:
        raise EOFError("the other end of the socket is closed")
    return b"".join(parts), list(descriptors)


def preload() -> None:
    """Import what most children need, so that they do not have to."""
    import metorex.toolchain.compiler
    import metorex.toolchain.engines.host.machine
    import metorex.toolchain.engines.stack.machine
    import metorex.toolchain.program
    import metorex.toolchain.report
    import metorex.toolchain.session
    import metorex.toolchain.syntax.metorex  # noqa: F401
    import metorex.verifier  # noqa: F401


def serve(channel: socket.socket, measure: Measure | None) -> None:
    while True:
        try:
            message, descriptors = receive(channel)
        except EOFError:
            return
        environment, folder, seconds, call = pickle.loads(message)
        pid = os.fork()
        if pid == 0:
            channel.close()
            child(environment, folder, call, descriptors, measure)
        for descriptor in descriptors:
            os.close(descriptor)
        state = wait(pid, seconds)
        if measure is not None:
            measure.take_over()
        send(channel, str(state).encode())


def wait(pid: int, seconds: float) -> int:
    """Wait for a child, which is killed after some seconds; it cannot talk the server out of that."""

    def stop(number: int, frame: Any) -> None:
        os.kill(pid, signal.SIGKILL)

    signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        return os.waitpid(pid, 0)[1]
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def child(
    environment: dict[str, str], folder: str, call: bytes, descriptors: list[int], measure: Measure | None
) -> None:
    """Make the call with the environment and the standard streams of the request; never returns."""
    status = 70
    own = os.getpid()
    try:
        for number, descriptor in enumerate(descriptors):
            os.dup2(descriptor, number)
            os.close(descriptor)
        sys.stdin = os.fdopen(0, encoding="utf-8", closefd=False)
        sys.stdout = os.fdopen(1, "w", encoding="utf-8", closefd=False)
        sys.stderr = os.fdopen(2, "w", encoding="utf-8", closefd=False)
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        os.environ.clear()
        os.environ.update(environment)
        os.chdir(folder)
        gc.enable()
        function: Callable[..., int]
        function, arguments = pickle.loads(call)
        status = function(*arguments)
        sys.stdout.flush()
        sys.stderr.flush()
    except BaseException:
        import traceback

        traceback.print_exc()
        sys.stderr.flush()
    finally:
        if measure is not None and os.getpid() == own:  # and no fork that the program made
            measure.hand_over()
        os._exit(status)


def main() -> None:
    number, paths, data_file = sys.argv[1:]
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the tests, which close the socket when they end
    sys.path[:] = json.loads(paths)
    gc.disable()
    measure = None
    if data_file:
        from metorex.tests.measure import Measure

        measure = Measure()
    preload()
    if measure is not None:
        measure.begin()
    if hasattr(gc, "freeze"):
        gc.freeze()
    serve(socket.socket(fileno=int(number)), measure)
    if measure is not None:
        measure.save(data_file)


if __name__ == "__main__":
    main()
