#!/usr/bin/env python3
"""How much a web server loses while its machine is scanned (docs/performance.md says what came out).

    polite.py AFTERPATCH FOLDER_OF_LOGS [ROUNDS]

Wants nginx and wrk, root, and a folder of large logs below /var/log that the scan finds (20 GB; hard links of one will do).
One long load; the scan is stopped and continued (SIGSTOP, SIGCONT) in the order ABBA; nginx's own counter tells the requests.
"""

import os, signal, statistics, subprocess, sys, tempfile, time, urllib.request

program, logs = sys.argv[1:3]
rounds = max(2, int(sys.argv[3])) if len(sys.argv) > 3 else 16
WINDOW, SETTLE, ADDRESS = 4.0, 1.0, "127.0.0.1:8099"

folder = tempfile.mkdtemp()
os.chmod(folder, 0o755)
with open(f"{folder}/page.html", "w") as page:
    page.write("x" * 27_000)
with open(f"{folder}/nginx.conf", "w") as configuration:
    configuration.write(f"""daemon off; worker_processes 1; error_log {folder}/error.log; pid {folder}/pid;
events {{ worker_connections 256; }}
http {{ access_log {logs}/polite-live.log; server {{ listen {ADDRESS}; root {folder};
  location /status {{ stub_status; access_log off; }} }} }}
""")

quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "stdin": subprocess.DEVNULL}
started = []


def start(*arguments):
    # Each in a session of its own, as a service and a user's shell are.
    started.append(subprocess.Popen(arguments, start_new_session=True, **quiet))
    return started[-1]


def requests():
    with urllib.request.urlopen(f"http://{ADDRESS}/status") as answer:
        return int(answer.read().decode().split()[9])


def processor_time(pid):
    with open(f"/proc/{pid}/stat") as stat:
        fields = stat.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def reads_logs(pid):
    try:
        return any(logs in os.readlink(f"/proc/{pid}/fd/{name}") for name in os.listdir(f"/proc/{pid}/fd"))
    except OSError:
        return False


def window(scan, on):
    os.kill(scan.pid, signal.SIGCONT if on else signal.SIGSTOP)
    time.sleep(SETTLE)
    before, at, worked = requests(), time.time(), processor_time(scan.pid)
    time.sleep(WINDOW)
    passed = time.time() - at
    return (requests() - before) / passed, (processor_time(scan.pid) - worked) / passed


try:
    start("nginx", "-c", f"{folder}/nginx.conf")
    scan = start(program, "scan", "-q", "--exit-zero", "-o", f"{folder}/report.json")
    while not reads_logs(scan.pid):
        time.sleep(0.3)
    seconds = int(rounds * 4 * (WINDOW + SETTLE) + 10)
    start("wrk", "-t1", "-c16", f"-d{seconds}s", f"http://{ADDRESS}/page.html")
    time.sleep(3)
    drops, shares = [], []
    for number in range(rounds):
        order = [False, True, True, False] if number % 2 else [True, False, False, True]
        seen = [(on, *window(scan, on)) for on in order]
        with_scan = sum(rate for on, rate, _ in seen if on)
        without = sum(rate for on, rate, _ in seen if not on)
        drops.append(100 * (1 - with_scan / without))
        shares.append(50 * sum(share for on, _, share in seen if on))
        print([round(rate) for _, rate, _ in seen], f"drop {drops[-1]:.1f} %, scan {shares[-1]:.1f} %", flush=True)
    low, _, high = statistics.quantiles(drops, n=4)
    print(f"requests: median drop {statistics.median(drops):.1f} % (quartiles {low:.1f} to {high:.1f} %); "
          f"the scan took {statistics.median(shares):.1f} % of one processor")
finally:
    for process in started:
        process.send_signal(signal.SIGCONT)
        process.terminate()
