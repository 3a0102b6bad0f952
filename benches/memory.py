#!/usr/bin/env python3
"""Peak memory of a scan at 1, 10 and 50 GB of logs, drawn to docs/memory.svg (docs/performance.md says what came out).

    memory.py AFTERPATCH FOLDER [GIGABYTES...]

The demo's attacked server, and beside it a server's ordinary work: the demo's logs of a server that nobody attacks, written again and
again to one IIS log and one HttpProxy log of half a gigabyte each. More evidence is more hard links of these two, each read as a log
of its own. FOLDER takes 1 GB of disk and is where they stay.
"""

import os, subprocess, sys, time, zipfile

program, folder = sys.argv[1:3]
sizes = [float(size) for size in sys.argv[3:]] or [1, 10, 50]
HALF = 500_000_000
BUDGET = 256

os.makedirs(folder, exist_ok=True)
kinds = {"/W3SVC": ("u_ex{}.log", f"{folder}/iis.log"), "/HttpProxy/": ("HttpProxy_{}-1.LOG", f"{folder}/httpproxy.log")}
attacked, ordinary = ([f"{folder}/{variant}", variant] for variant in ("proxylogon_post_patch", "benign"))
if not all(os.path.exists(path) for _, path in kinds.values()):
    for made, variant in (attacked, ordinary):
        command = [program, "demo", "--folder", made, "--variant", variant, "--no-color"]
        subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
    with zipfile.ZipFile(f"{ordinary[0]}/evidence.zip") as demo:
        for part, (_, path) in kinds.items():
            logs = [demo.read(name) for name in sorted(demo.namelist()) if part in name and name.lower().endswith(".log")]
            with open(path, "wb") as out:
                written = 0
                while written < HALF:
                    for log in logs:
                        written += out.write(log)


def scan(gigabytes):
    evidence = f"{folder}/evidence"
    subprocess.run(["rm", "-rf", evidence], check=True)
    os.makedirs(evidence)
    os.link(f"{attacked[0]}/evidence.zip", f"{evidence}/attacked.zip")
    for number in range(max(1, round(gigabytes))):
        for name, path in kinds.values():
            os.link(path, f"{evidence}/{name.format(f'{21 + number // 336:02}{number // 28 % 12 + 1:02}{number % 28 + 1:02}')}")
    files = [os.path.join(evidence, name) for name in os.listdir(evidence)]
    size = sum(os.path.getsize(file) for file in files)
    began = time.monotonic()
    child = subprocess.Popen([program, "scan", "-q", "--exit-zero", "--threads", "2", "-o", f"{folder}/report.json", evidence])
    _, status, used = os.wait4(child.pid, 0)
    if status:
        sys.exit(f"the scan failed: {status}")
    return size, used.ru_maxrss / 1024, used.ru_utime + used.ru_stime, time.monotonic() - began


rows = []
for size in sizes:
    rows.append(scan(size))
    print("{:.2f} GB: peak {:.0f} MiB, {:.0f} s of processor, {:.0f} s by the clock".format(rows[-1][0] / 1e9, *rows[-1][1:]), flush=True)

# Width and height of the picture, and of the part with the bars.
W, H, LEFT, TOP, HIGH = 640, 300, 60, 30, 210
most = max(BUDGET + 44, *(row[1] for row in rows))
y = lambda mib: TOP + HIGH * (1 - mib / most)
out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {W} {H}" font-family="sans-serif" font-size="13">',
       f'<rect width="{W}" height="{H}" fill="white"/>',
       f'<text x="{LEFT}" y="18">Peak memory (MiB, binary included) of a scan of so much evidence</text>']
for mib in range(0, int(most) + 1, 64):
    out.append(f'<line x1="{LEFT}" x2="{W - 20}" y1="{y(mib):.1f}" y2="{y(mib):.1f}" stroke="#ddd"/>'
               f'<text x="{LEFT - 8}" y="{y(mib) + 4:.1f}" text-anchor="end">{mib}</text>')
out.append(f'<line x1="{LEFT}" x2="{W - 20}" y1="{y(BUDGET):.1f}" y2="{y(BUDGET):.1f}" stroke="#b00" stroke-dasharray="6 4"/>'
           f'<text x="{W - 20}" y="{y(BUDGET) - 5:.1f}" text-anchor="end" fill="#b00">budget: {BUDGET}</text>')
step = (W - 20 - LEFT) / len(rows)
for number, (size, mib, _, _) in enumerate(rows):
    x = LEFT + step * (number + 0.5)
    out.append(f'<rect x="{x - 40:.0f}" width="80" y="{y(mib):.1f}" height="{TOP + HIGH - y(mib):.1f}" fill="#36c"/>'
               f'<text x="{x:.0f}" y="{y(mib) - 6:.1f}" text-anchor="middle">{mib:.0f}</text>'
               f'<text x="{x:.0f}" y="{TOP + HIGH + 20}" text-anchor="middle">{size / 1e9:.0f} GB</text>')
out.append("</svg>")
with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "../docs/memory.svg"), "w") as svg:
    svg.write("\n".join(out) + "\n")
