#!/usr/bin/env python3
"""Slipway's agent on the head node of a cluster.

One file on the standard library, because every cloud image has Python 3 and nothing else has to be fetched.
It installs Hopsworks where the image does not bring it, tells the control plane how far it is, and carries out
what the control plane asks for. The protocol is described in docs/agent.md.

    slipway_agent.py [--config /etc/slipway/agent.json] [--state /var/lib/slipway/agent.json]
"""

import argparse
import collections
import getpass
import json
import os
import random
import re
import signal
import subprocess
import sys
import threading
import urllib.error
import urllib.request
import uuid

RELEASE = "1.0.0"
PROTOCOL = {"major": 0, "minor": 2, "patch": 0}
LOG_TAIL_BYTES = 8 * 1024
ERROR_CHARS = 1024
STAGE_CHARS = 200
REQUEST_SECONDS = 20
LONGEST_BACKOFF_SECONDS = 30
UNKNOWN_KEY_SECONDS = 60
COMMAND_SECONDS = 3600
ANSWER_BYTES = 4 * 1024 * 1024
LOAD = ("allocatedVcores", "pendingVcores", "allocatedMemoryMB", "pendingMemoryMB")
LARGEST_AMOUNT = 10**12
# An install command says how far it is with such a line: slipway-progress 0.4 Installing RonDB
PROGRESS_LINE = re.compile(r"^slipway-progress\s+([01](?:\.\d+)?)\s+(.*)$")


class LogTail:
    """The last bytes of what the commands said, for whoever watches the cluster boot."""

    def __init__(self):
        self._lines = collections.deque()
        self._size = 0
        self._lock = threading.Lock()

    def add(self, line):
        line = line[-LOG_TAIL_BYTES:]
        with self._lock:
            self._lines.append(line)
            self._size += len(line.encode())
            while self._size > LOG_TAIL_BYTES and len(self._lines) > 1:
                self._size -= len(self._lines.popleft().encode())

    def text(self):
        with self._lock:
            whole = "".join(self._lines).encode()
        return whole[-LOG_TAIL_BYTES:].decode("utf-8", "ignore")


class State:
    """What must outlive the process: whether Hopsworks is installed, and how each command ended."""

    def __init__(self, path):
        self._path = path
        self._lock = threading.RLock()
        try:
            with open(path, encoding="utf-8") as file:
                self._value = json.load(file)
        except (FileNotFoundError, ValueError):
            self._value = {}

    def get(self, key, default=None):
        with self._lock:
            return self._value.get(key, default)

    def put(self, key, value):
        """Written whole and renamed: a power cut leaves the old state or the new one."""
        with self._lock:
            self._value[key] = value
            os.makedirs(os.path.dirname(self._path) or ".", exist_ok=True)
            draft = f"{self._path}.new"
            descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                json.dump(self._value, file)
                file.flush()
                os.fsync(file.fileno())
            os.replace(draft, self._path)


class CommandFailed(Exception):
    """A command ended badly; the text is for the cluster's owner."""


class Shell:
    """Runs the commands of the version's catalogue entry, and nothing else."""

    def __init__(self, tail, on_line=lambda line: None):
        self._tail = tail
        self._on_line = on_line
        self._children = set()
        self._lock = threading.Lock()

    def run(self, command, *, user=None, environment=(), stdin=None, seconds=COMMAND_SECONDS, quiet=False):
        if environment:
            # By env, because sudo hands on nothing else.
            command = ["env", *(f"{name}={value}" for name, value in environment), *command]
        if user and user != getpass.getuser():
            command = ["sudo", "-H", "-u", user, "--", *command]
        try:
            child = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace",
                start_new_session=True,
            )
        except OSError as error:
            raise CommandFailed(f"{command[0]} cannot be run: {error.strerror}") from error
        with self._lock:
            self._children.add(child)
        # The whole session is killed, because an installer leaves its own children behind.
        guard = threading.Timer(seconds, self._kill, [child])
        guard.start()
        said = []
        try:
            self._feed(child, stdin)
            for line in child.stdout:
                said = (said + [line])[-200:]
                if not quiet:
                    self._tail.add(line)
                    self._on_line(line.rstrip("\n"))
            code = child.wait()
        finally:
            expired = not guard.is_alive()
            guard.cancel()
            with self._lock:
                self._children.discard(child)
        if code != 0:
            why = f"did not end within {seconds} s" if expired else f"ended with exit code {code}"
            raise CommandFailed(f"{command[0]} {why}" + ("" if quiet else f": {''.join(said[-5:]).strip()}"))
        return "".join(said)

    @staticmethod
    def _feed(child, stdin):
        try:
            child.stdin.write(stdin or "")
            child.stdin.close()
        except BrokenPipeError:
            pass

    @staticmethod
    def _kill(child):
        try:
            os.killpg(child.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass

    def kill_all(self):
        with self._lock:
            for child in self._children:
                self._kill(child)


class Report:
    """What the next heartbeat says of this node."""

    def __init__(self):
        self._lock = threading.Lock()
        self._value = {"state": "starting", "stage": "Starting the agent", "progress": 0.0}

    def set(self, **values):
        if "stage" in values:
            values["stage"] = values["stage"][:STAGE_CHARS]
        if "error" in values:
            values["error"] = values["error"][:ERROR_CHARS]
        with self._lock:
            self._value.update(values)

    def clear_error(self):
        with self._lock:
            self._value.pop("error", None)

    def get(self):
        with self._lock:
            return dict(self._value)


class Software:
    """Brings Hopsworks from nothing to ready: install, start, check."""

    def __init__(self, config, state, report, tail, stop):
        self._install = config.get("install")
        self._start = config.get("start")
        self._version = config.get("version", "")
        self._state, self._report, self._stop = state, report, stop
        self._workers, self._registered = (), threading.Event()
        self.shell = Shell(tail, self._line)

    def meet(self, nodes):
        """The other nodes, as the control plane's first answer names them: the installation needs their addresses."""
        self._workers = [node["ip"] for node in nodes if node.get("nodeType") == "worker" and node.get("ip")]
        self._registered.set()

    def state(self):
        return self._report.get()["state"]

    def _line(self, line):
        match = PROGRESS_LINE.match(line)
        if match:
            self._report.set(progress=min(1.0, float(match[1])), stage=match[2] or "Installing")

    def bring_up(self):
        try:
            if self._install and self._state.get("installed") != self._version:
                self._run_install()
            elif self._start:
                self._report.set(state="starting", stage="Starting Hopsworks", progress=0.0)
                self.shell.run(self._start)
            self._wait_until_healthy()
        except CommandFailed as error:
            if not self._stop.is_set():
                self._report.set(state="failed", stage="Installation failed", error=str(error))

    def bring_up_again(self):
        """After a failed installation, when its cause is gone."""
        if self.state() == "failed":
            self._report.clear_error()
            self.bring_up()
        if self.state() == "failed":
            raise CommandFailed(self._report.get()["error"])

    def _run_install(self):
        install = self._install
        self._report.set(state="installing", stage=f"Installing Hopsworks {self._version}", progress=0.0)
        while not self._registered.wait(1):
            if self._stop.is_set():
                return
        workers = [("SLIPWAY_WORKERS", ",".join(self._workers) or "none")]
        self.shell.run(install["command"], user=install.get("user"), environment=workers, seconds=install.get("timeoutSeconds", 7200))
        self._state.put("installed", self._version)

    def _wait_until_healthy(self):
        check = (self._install or {}).get("check")
        failures = 0
        while check and not self._stop.is_set():
            try:
                self.shell.run(check, seconds=60, quiet=True)
                break
            except CommandFailed:
                failures += 1
                self._report.set(stage=f"Waiting for Hopsworks to answer (checked {failures} times)")
                self._stop.wait(min(10, failures))
        if not self._stop.is_set():
            self._report.set(state="ready", stage="Hopsworks is running", progress=1.0)


class Commands:
    """Carries out each command id once, one after the other, and remembers how it ended."""

    def __init__(self, config, state, software):
        self._config, self._state, self._software, self._shell = config, state, software, software.shell
        self._lock = threading.Lock()
        self._status = dict(state.get("commands", {}))
        self._queue = collections.deque()
        self._wake = threading.Condition(self._lock)
        self._workers = []
        self.decommissioning, self.decommissioned = {}, {}
        # What was under way when the process ended: nobody knows how far it came, so it is done again when it is asked for again.
        for key, value in list(self._status.items()):
            if value["status"] == "ONGOING":
                del self._status[key]

    def take(self, commands, workers):
        """What a heartbeat's answer brought. Ids that are no longer asked for are forgotten; what cannot be done yet is asked for again."""
        state = self._software.state()
        with self._lock:
            self._workers = workers
            asked = {command["id"] for command in commands}
            self._status = {key: value for key, value in self._status.items() if key in asked or value["status"] == "ONGOING"}
            known = {worker.get("nodeId") for worker in workers}
            self.decommissioned = {key: node for key, node in self.decommissioned.items() if key in known}
            for command in commands:
                # The rest needs a Hopsworks that runs.
                fits = state == "ready" or (state == "failed" and command["type"] == "INSTALL")
                if fits and command["id"] not in self._status:
                    self._status[command["id"]] = {"status": "NEW", "message": ""}
                    self._queue.append(command)
            self._wake.notify()

    def report(self):
        with self._lock:
            return dict(self._status), list(self.decommissioning.values()), list(self.decommissioned.values())

    def run_forever(self, stop):
        while not stop.is_set():
            with self._lock:
                while not self._queue and not stop.is_set():
                    self._wake.wait(1)
                if stop.is_set():
                    return
                command = self._queue.popleft()
            self._carry_out(command)

    def _carry_out(self, command):
        self._end(command["id"], "ONGOING", "")
        try:
            message = self._dispatch(command)
            self._end(command["id"], "SUCCEED", message or "")
        except CommandFailed as error:
            self._end(command["id"], "FAILED", str(error)[:ERROR_CHARS])
        except (KeyError, TypeError, ValueError):
            self._end(command["id"], "FAILED", f"malformed {command.get('type')} command")

    def _end(self, key, status, message):
        with self._lock:
            self._status[key] = {"status": status, "message": message}
            self._state.put("commands", self._status)

    def _dispatch(self, command):
        kind = command["type"]
        if kind == "CHANGE_PASSWORD":
            return self._change_password(command)
        if kind == "INSTALL":
            return self._software.bring_up_again()
        if kind == "DECOMMISSION_NODE":
            wanted = command["nodeId"]
            return self._decommission([node for node in self._workers if node.get("nodeId") == wanted])
        if kind == "REMOVE_NODES":
            chosen = []
            for instance_type, count in command["nodesToRemove"].items():
                fitting = [node for node in self._workers if node.get("instanceType") == instance_type and node.get("nodeType") == "worker"]
                chosen += fitting[-count:] if count > 0 else []
            return self._decommission(chosen)
        own = (self._config.get("commands") or {}).get(kind)
        if not own:
            raise CommandFailed(f"this version's catalogue entry has no command for {kind}")
        return self._shell.run(own, stdin=json.dumps(command))[-ERROR_CHARS:]

    def _change_password(self, command):
        setter = (self._config.get("install") or {}).get("password")
        if not setter:
            return "the image has set its own password"
        # Quiet, and by standard input: neither the log's tail nor the process list may show it.
        self._shell.run(setter, stdin=f"{command['user']}\n{command['password']}\n", seconds=300, quiet=True)
        return ""

    def _decommission(self, nodes):
        with self._lock:
            self.decommissioning.update({node["nodeId"]: node for node in nodes})
        for node in nodes:
            try:
                if self._config.get("decommission"):
                    self._shell.run([*self._config["decommission"], node.get("host", "")])
            finally:
                with self._lock:
                    self.decommissioning.pop(node["nodeId"], None)
            with self._lock:
                self.decommissioned[node["nodeId"]] = node
        return f"{len(nodes)} nodes decommissioned"


class Api:
    """One call. Raises ConnectionError when it should be tried again, PermissionError when the key is not known."""

    def __init__(self, config):
        self._url = config["api"].rstrip("/") + "/agent/heartbeat"
        self._key = config["key"]

    def heartbeat(self, body):
        request = urllib.request.Request(
            self._url, data=json.dumps(body).encode(), method="POST",
            headers={"content-type": "application/json", "x-api-key": self._key, "user-agent": f"slipway-agent/{RELEASE}"},
        )
        try:
            with urllib.request.urlopen(request, timeout=REQUEST_SECONDS) as answer:
                return json.loads(answer.read(ANSWER_BYTES))["payload"]
        except urllib.error.HTTPError as error:
            if error.code == 403:
                raise PermissionError("the control plane does not know this agent's key") from error
            raise ConnectionError(f"HTTP {error.code}") from error
        except (OSError, ValueError, KeyError) as error:
            raise ConnectionError(type(error).__name__) from error


class Agent:
    def __init__(self, config, state_path):
        self._config = config
        self._stop = threading.Event()
        self._tail, self._report = LogTail(), Report()
        state = State(state_path)
        self._software = Software(config, state, self._report, self._tail, self._stop)
        self._commands = Commands(config, state, self._software)
        self._api = Api(config)
        self._boot = uuid.uuid4().hex
        self._first = True

    def stop(self, *_):
        self._stop.set()
        self._software.shell.kill_all()

    def run(self):
        for work in (self._software.bring_up, lambda: self._commands.run_forever(self._stop)):
            threading.Thread(target=work, daemon=True).start()
        failures, last_trouble = 0, None
        while not self._stop.is_set():
            pause, trouble = float(self._config.get("heartbeatSeconds", 3)), None
            try:
                answer = self._api.heartbeat(self._body())
                self._first, failures = False, 0
                pause = float(answer.get("heartbeatSeconds") or pause)
                self._software.meet(answer.get("workers") or [])
                self._commands.take(answer.get("commands") or [], answer.get("workers") or [])
            except PermissionError as error:
                pause, trouble = UNKNOWN_KEY_SECONDS, str(error)
            except ConnectionError as error:
                failures += 1
                pause = min(LONGEST_BACKOFF_SECONDS, pause * 2 ** min(failures - 1, 6)) * random.uniform(0.5, 1)
                trouble = f"heartbeat failed: {error}"
            if trouble and trouble != last_trouble:
                print(trouble, file=sys.stderr, flush=True)
            last_trouble = trouble
            self._stop.wait(pause)

    def _body(self):
        statuses, decommissioning, decommissioned = self._commands.report()
        return {
            "version": PROTOCOL,
            "firstHeartBeat": self._first,
            "decommissioningNodes": decommissioning,
            "decommissionedNodes": decommissioned,
            "commandsStatus": statuses,
            **self._load(),
            "agent": {
                "release": RELEASE, "nodeId": self._config["nodeId"], "bootId": self._boot, "logTail": self._tail.text(), **self._report.get(),
            },
        }

    def _load(self):
        """YARN's root queue, from the catalogue entry's own command. Empty where nobody knows it: zeros would say that no job runs."""
        if not self._config.get("load") or self._report.get()["state"] != "ready":
            return {}
        try:
            said = json.loads(self._software.shell.run(self._config["load"], seconds=10, quiet=True))
            load = {name: int(said[name]) for name in LOAD}
        except (CommandFailed, ValueError, TypeError, KeyError, OverflowError):
            return {}
        # The control plane would refuse the whole heartbeat.
        return load if all(0 <= amount <= LARGEST_AMOUNT for amount in load.values()) else {}


def main():
    parser = argparse.ArgumentParser(description="Slipway's agent on the head node of a cluster.")
    parser.add_argument("--config", default="/etc/slipway/agent.json")
    parser.add_argument("--state", default="/var/lib/slipway/agent.json")
    options = parser.parse_args()
    try:
        with open(options.config, encoding="utf-8") as file:
            config = json.load(file)
        agent = Agent(config, options.state)
    except (OSError, ValueError, KeyError) as error:
        sys.exit(f"slipway-agent: {options.config} cannot be used: {error!r}")
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, agent.stop)
    agent.run()


if __name__ == "__main__":
    main()
