//! Writes detections, from the same facts as the reader but the other way round.

/// Writes items, from the same facts as the reader.
#[derive(Clone, Default)]
struct Writer(Vec<u8>);

impl Writer {
    fn item(mut self, kind: u8, content: &[u8]) -> Self {
        self.0.extend((content.len() as u32).to_le_bytes());
        self.0.extend([kind, 0, 0, 0]);
        self.0.extend(content);
        self.0.resize(self.0.len().next_multiple_of(8), 0);
        self
    }

    fn number(self, number: u32) -> Self {
        self.item(6, &number.to_le_bytes())
    }

    fn text(self, text: &str) -> Self {
        self.item(0x15, &wide(text))
    }

    fn time(self, ticks: u64) -> Self {
        self.item(0x0a, &ticks.to_le_bytes())
    }

    fn resource(self, version: bool, schema: &str, location: &str, bag: &[u8]) -> Self {
        let head = if version { self.text("Magic.Version:1.2") } else { self };
        head.text(schema).text(location).number(0).number(bag.len() as u32).item(0x28, bag)
    }
}

fn wide(text: &str) -> Vec<u8> {
    text.encode_utf16().chain([0]).flat_map(u16::to_le_bytes).collect()
}

fn bag(head: usize) -> Vec<u8> {
    let mut bag = vec![1; head];
    let sized = |bytes: &[u8]| [&(bytes.len() as u32).to_le_bytes(), bytes].concat();
    for (name, kind, value) in [
        ("ThreatTrackingSha256", 6_u32, sized(&wide(&"ab".repeat(32)))),
        ("ThreatTrackingSize", 4, 812_u64.to_le_bytes().to_vec()),
        ("ThreatTrackingScanType", 3, 2_u32.to_le_bytes().to_vec()),
        ("ThreatTrackingIsEsuSig", 5, vec![0]),
        ("ThreatTrackingIdList", 7, sized(b"1;2\0")),
    ] {
        bag.extend(sized(&wide(name)));
        bag.extend(kind.to_le_bytes());
        bag.extend(value);
    }
    bag
}

const TICKS: u64 = 132_601_776_136_590_000;

/// A page that was taken away, and a process; with and without the version, which Server 2016 does not write.
pub(super) fn sample(version: bool, kind: u32, bag_head: usize) -> Vec<u8> {
    let id = [0xcf, 0xe9, 0xbb, 0x94, 0xeb, 0xcd, 0x85, 0x48, 0x91, 0x78, 0xcc, 0x93, 0xfb, 0x10, 0x82, 0x2d];
    let head = Writer::default().item(8, &0x8003_f5b6_u64.to_le_bytes()).item(0x1e, &id);
    let head = if version { head.text("Magic.Version:1.2") } else { head };
    let states = head.text("Backdoor:ASP/Example!MSR").number(kind).number(4).number(6).number(0).number(0).number(3);
    let resources = states
        .number(2)
        .number(7)
        .number(8)
        .number(2)
        .resource(true, "file", r"C:\inetpub\wwwroot\aspnet_client\x.aspx", &bag(bag_head))
        .resource(true, "process", "pid:4,ProcessStart:1", &[])
        .time(TICKS + 600_000_000)
        .item(5, &[0; 4])
        .number(0)
        .item(0x1e, &[0; 16])
        .number(1);
    let unknown = if kind == 4 { resources.text("a").text("b").number(0).number(0).text("c").text("d") } else { resources };
    let who = unknown.number(2).text(r"NT AUTHORITY\SYSTEM").number(3).text(r"C:\Windows\System32\inetsrv\w3wp.exe").number(3);
    who.number(1)
        .time(TICKS)
        .number(0)
        .time(TICKS + 600_000_000)
        .number(0)
        .item(0, &[0; 4])
        .text(r"NT AUTHORITY\SYSTEM")
        .number(0)
        .0
}

/// A detection of many resources; its threat and its user have names of so many letters.
pub(super) fn many_resources(count: u32, letters: usize) -> Vec<u8> {
    let head = Writer::default().item(8, &[1; 8]).item(0x1e, &[1; 16]).text(&"t".repeat(letters));
    let states = (0..6).fold(head, |head, _| head.number(0)).number(0).number(count);
    let resources = (0..count).fold(states, |all, _| all.text("Magic.Version:1.2").resource(false, "file", r"C:\x.aspx", &[]));
    resources.time(TICKS).text(&"u".repeat(letters)).0
}
