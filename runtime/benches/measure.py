"""Programs on the server's core, load from the client's core, and what both cost."""
import atexit
import json
import os
import re
import signal
import struct
import subprocess
import sys
import tempfile
import time
import urllib.request

SERVER, CLIENT = os.environ.get("BENCH_CORES", "0,1").split(",")
TICK = os.sysconf("SC_CLK_TCK")
# What measures stays off the server's core too.
os.sched_setaffinity(0, {int(CLIENT)})
HERE = os.path.dirname(os.path.abspath(__file__))


def free_ports(count):
    said = subprocess.check_output([os.path.join(HERE, "../tests/free-ports"), str(count)], text=True)
    return [int(port) for port in said.split()]


def configure(folder, path, *, batch=None, **more):
    """A configuration with one model `m` on ONNX Runtime. Returns the file, its HTTP and its gRPC port."""
    http, grpc = free_ports(2)
    model = {"name": "m", "path": path, "engine": "ort", "batch": batch or {}} | more
    value = {"http": f"127.0.0.1:{http}", "grpc": f"127.0.0.1:{grpc}", "admin": None, "models": [model]}
    value["log"] = {"requests": "none"}
    file = os.path.join(folder, f"{http}.yaml")
    with open(file, "w") as out:
        json.dump(value, out)
    return file, http, grpc


class Process:
    """A program on the server's core; knows its CPU time and memory, children included."""

    running = []

    def __init__(self, command, ready=None, takes_orders=False):
        """Waits for a 200 from `ready`, or a little while where there is nothing to ask."""
        self.started = time.perf_counter()
        pipe = subprocess.PIPE if takes_orders else subprocess.DEVNULL
        self.process = subprocess.Popen(["taskset", "-c", SERVER, *command], stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, text=True)
        self.running.append(self.process)
        if ready is None:
            time.sleep(1)
        while ready is not None:
            try:
                with urllib.request.urlopen(ready, timeout=5) as answer:
                    if answer.status == 200:
                        break
            except OSError:
                time.sleep(0.001)
            if self.process.poll() is not None or time.perf_counter() - self.started > 60:
                raise SystemExit(f"not ready: {command}")
        self.start = time.perf_counter() - self.started

    def pids(self):
        found = [self.process.pid]
        for pid in found:
            with open(f"/proc/{pid}/task/{pid}/children") as file:
                found += [int(child) for child in file.read().split()]
        return found

    def cpu(self):
        """Seconds of CPU so far."""
        total = 0
        for pid in self.pids():
            with open(f"/proc/{pid}/stat") as file:
                fields = file.read().rsplit(")", 1)[1].split()
            total += int(fields[11]) + int(fields[12])
        return total / TICK

    def pss(self):
        """Memory in MB, pages that are shared counted in part."""
        total = 0
        for pid in self.pids():
            with open(f"/proc/{pid}/smaps_rollup") as file:
                total += int(re.search(r"^Pss:\s+(\d+)", file.read(), re.M).group(1))
        return total * 1024 / 1e6

    def order(self, line):
        """The answer of `raw` to one order."""
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        return float(self.process.stdout.readline())

    def end(self):
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(timeout=30)
        finally:
            self.process.kill()


@atexit.register
def end_all():
    """Nothing that was started here outlives a run that fails or is ended."""
    for process in Process.running:
        process.kill()


signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))

LUA = """
local ffi = require("ffi")
ffi.cdef[[typedef struct { long s; long ns; } spec; int clock_gettime(int, spec*);]]
local now, logged, bodies, n = ffi.new("spec"), %(log)s, {}, 0
for line in io.lines("%(bodies)s") do bodies[#bodies + 1] = line end
local file = logged and io.open("%(log_file)s", "w")
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
function request() n = n %% #bodies + 1 return wrk.format(nil, nil, nil, bodies[n]) end
if logged then
    function response(status)
        ffi.C.clock_gettime(1, now)
        file:write(string.format("%%d %%d.%%09d\\n", status, tonumber(now.s), tonumber(now.ns)))
    end
end
function done() if file then file:close() end end
"""


def wrk(process, url, bodies, connections, seconds, steps=False):
    """Rate, p50 and p99 in ms, CPU per request in µs, answers other than 200.

    With `steps`, answers come in the engine's batches: the rate is then taken from the first answer of one batch to the first
    of another, so that it does not depend on where the time began and ended.
    """
    with tempfile.TemporaryDirectory() as folder:
        script, lines, log = (os.path.join(folder, name) for name in ("post.lua", "bodies", "log"))
        with open(lines, "w") as file:
            file.write("\n".join(bodies) + "\n")
        with open(script, "w") as file:
            file.write(LUA % {"log": "true" if steps else "false", "bodies": lines, "log_file": log})
        command = ["taskset", "-c", CLIENT, "wrk", "-t1", f"-c{connections}", "--latency", "--timeout", "30s", "-s", script, url]
        subprocess.run([*command, "-d1s"], capture_output=True, check=True)
        before = process.cpu()
        text = subprocess.run([*command, f"-d{seconds}s"], capture_output=True, text=True, check=True).stdout
        used = process.cpu() - before
        count = int(re.search(r"(\d+) requests in", text).group(1))
        failed = re.search(r"Non-2xx or 3xx responses: (\d+)", text)
        p50, p99 = (milliseconds(re.search(rf"^\s+{p}%\s+(\S+)", text, re.M).group(1)) for p in (50, 99))
        rate = stepped(log) if steps else float(re.search(r"Requests/sec:\s+([\d.]+)", text).group(1))
    return {"rate": rate, "p50": p50, "p99": p99, "cpu": used / max(count, 1) * 1e6, "failed": int(failed.group(1)) if failed else 0}


def stepped(log):
    with open(log) as file:
        times = sorted(float(line.split()[1]) for line in file if line.startswith("200 "))
    # The first answers of each batch: those after a pause.
    firsts = [at for at in range(1, len(times)) if times[at] - times[at - 1] > 0.002]
    first, last = firsts[0], firsts[-1]
    return (last - first) / (times[last] - times[first])


def milliseconds(text):
    value, unit = re.match(r"([\d.]+)(us|ms|s|m)", text).groups()
    return float(value) * {"us": 0.001, "ms": 1, "s": 1000, "m": 60000}[unit]


def h2load_grpc(process, port, message, connections, streams, count):
    """The same for gRPC's ModelInfer with one message; no percentiles."""
    with tempfile.NamedTemporaryFile() as file:
        file.write(b"\0" + struct.pack(">I", len(message)) + message)
        file.flush()
        command = ["taskset", "-c", CLIENT, "h2load", "-n", str(count), "-c", str(connections), "-m", str(streams), "-d", file.name]
        command += ["-H", "content-type: application/grpc", "-H", "te: trailers"]
        command += [f"http://127.0.0.1:{port}/inference.GRPCInferenceService/ModelInfer"]
        before = process.cpu()
        text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        used = process.cpu() - before
    good = int(re.search(r"(\d+) succeeded", text).group(1))
    return {"rate": float(re.search(r"([\d.]+) req/s", text).group(1)), "cpu": used / max(good, 1) * 1e6, "failed": count - good}


def open_load(url, body, rate, clients, seconds, watch):
    """Asks at a rate that does not wait for answers, and calls `watch` every two seconds from when all connections are open.

    Returns `(start s, status, duration s)` of each request, and what `watch` returned.
    """
    with tempfile.TemporaryDirectory() as folder:
        data, log = os.path.join(folder, "body"), os.path.join(folder, "log")
        with open(data, "w") as file:
            file.write(body)
        each = rate / clients
        count = clients * round(each * seconds)
        command = ["taskset", "-c", CLIENT, "h2load", "--h1", "-n", str(count), "-c", str(clients), "--rps", f"{each:.4f}", "-d", data]
        # Connections open one after another over the first seconds, so that their clocks do not tick together.
        command += ["-r", str(max(1, clients // 50)), "--rate-period", "40ms", "-H", "content-type: application/json"]
        load = subprocess.Popen([*command, "--log-file", log, url], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        Process.running.append(load)
        time.sleep(clients / max(1, clients // 50) * 0.04 + 3)
        seen = []
        while load.poll() is None:
            seen.append(watch())
            try:
                load.wait(timeout=2)
            except subprocess.TimeoutExpired:
                pass
        if load.returncode:
            raise SystemExit("h2load failed")
        with open(log) as file:
            rows = [line.split() for line in file]
    return [(int(start) / 1e6, int(status), int(duration) / 1e6) for start, status, duration, *_ in rows], seen
