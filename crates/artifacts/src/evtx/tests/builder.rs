//! Writes event logs, from the same facts as the reader but the other way round.

/// An event to be written; the data are Sysmon 11's.
fn file_created(id: u64) -> Vec<(&'static str, String)> {
    vec![
        ("Image", "System".into()),
        ("ProcessId", "4".into()),
        ("TargetFilename", format!(r"C:\é{id}.aspx")),
        ("UtcTime", "2021-03-14 06:40:13.659".into()),
    ]
}

/// Writes logs as Windows does, but for templates: every record spells out its XML.
pub(super) struct LogWriter {
    chunk: Vec<u8>,
}

impl LogWriter {
    /// A log of chunks that hold records with these numbers; its header counts `counted` chunks.
    pub(super) fn log(counted: u16, chunks: &[&[u64]]) -> Vec<u8> {
        let mut log = b"ElfFile\0".to_vec();
        log.resize(42, 0);
        log.extend(counted.to_le_bytes());
        log.resize(4096, 0);
        for ids in chunks {
            log.extend(Self::chunk(ids));
        }
        log
    }

    pub(super) fn chunk(ids: &[u64]) -> Vec<u8> {
        let mut writer = Self { chunk: vec![0; 512] };
        let mut last = 512;
        for id in ids {
            last = writer.chunk.len();
            writer.record(*id, &file_created(*id));
        }
        let mut header = b"ElfChnk\0".to_vec();
        let (first_id, last_id) = (ids.first().copied().unwrap_or(u64::MAX), ids.last().copied().unwrap_or(u64::MAX));
        for number in [first_id, last_id, first_id, last_id] {
            header.extend(number.to_le_bytes());
        }
        for number in [128, last as u32, writer.chunk.len() as u32] {
            header.extend(number.to_le_bytes());
        }
        writer.chunk[..header.len()].copy_from_slice(&header);
        writer.chunk.resize(64 * 1024, 0);
        writer.chunk
    }

    fn record(&mut self, id: u64, data: &[(&str, String)]) {
        let start = self.chunk.len();
        self.chunk.extend(b"**\0\0\0\0\0\0");
        self.chunk.extend(id.to_le_bytes());
        self.chunk.extend(132_601_776_136_590_000_u64.to_le_bytes());
        self.chunk.extend([0x0f, 1, 1, 0]);
        self.element("Event", None, |event| {
            event.element("System", None, |system| {
                system.element("Provider", Some(("Name", "Microsoft-Windows-Sysmon")), |_| {});
                system.element("EventID", None, |it| it.text("11"));
                system.element("TimeCreated", Some(("SystemTime", "2021-03-14T06:40:13.660Z")), |_| {});
                system.element("EventRecordID", None, |it| it.text(&id.to_string()));
                system.element("Channel", None, |it| it.text("Microsoft-Windows-Sysmon/Operational"));
                system.element("Computer", None, |it| it.text("MXS01.example.org"));
            });
            event.element("EventData", None, |block| {
                for (name, value) in data {
                    block.element("Data", Some(("Name", name)), |it| it.text(value));
                }
            });
        });
        self.chunk.push(0);
        let size = (self.chunk.len() + 4 - start) as u32;
        self.chunk.extend(size.to_le_bytes());
        self.chunk[start + 4..start + 8].copy_from_slice(&size.to_le_bytes());
    }

    fn element(&mut self, name: &str, attribute: Option<(&str, &str)>, inside: impl FnOnce(&mut Self)) {
        self.chunk.push(if attribute.is_some() { 0x41 } else { 0x01 });
        self.chunk.extend([0; 4]);
        self.name(name);
        if let Some((name, value)) = attribute {
            self.chunk.extend([0; 4]);
            self.chunk.push(0x06);
            self.name(name);
            self.text(value);
        }
        self.chunk.push(0x02);
        inside(self);
        self.chunk.push(0x04);
    }

    /// A name stands where it is first used; here it always is.
    fn name(&mut self, name: &str) {
        self.chunk.extend((self.chunk.len() as u32 + 4).to_le_bytes());
        self.chunk.extend([0; 6]);
        self.wide(name);
        self.chunk.extend([0; 2]);
    }

    fn text(&mut self, text: &str) {
        self.chunk.extend([0x05, 0x01]);
        self.wide(text);
    }

    fn wide(&mut self, text: &str) {
        let units: Vec<u16> = text.encode_utf16().collect();
        self.chunk.extend((units.len() as u16).to_le_bytes());
        self.chunk.extend(units.into_iter().flat_map(u16::to_le_bytes));
    }
}
