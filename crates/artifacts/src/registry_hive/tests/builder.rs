//! Writes hives, from the same facts as the reader but the other way round. Checked against hivex: its `hivexml` prints what
//! was put in.

/// A key to write.
#[derive(Clone, Default)]
pub(super) struct NewKey {
    name: String,
    values: Vec<(String, u32, Vec<u8>)>,
    keys: Vec<NewKey>,
}

/// The kinds of lists of keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lists {
    Lf,
    Lh,
    Li,
    /// Lists of two keys each in a list of lists.
    Ri,
}

impl NewKey {
    pub(super) fn root() -> Self {
        Self { name: "ROOT".to_owned(), ..Self::default() }
    }

    /// The key at a path below this one, made on the way.
    pub(super) fn at(&mut self, path: &str) -> &mut Self {
        path.split('\\').fold(self, |key, name| {
            let found = key.keys.iter().position(|own| own.name == name);
            let index = found.unwrap_or_else(|| {
                key.keys.push(Self { name: name.to_owned(), ..Self::default() });
                key.keys.len() - 1
            });
            &mut key.keys[index]
        })
    }

    pub(super) fn value(&mut self, name: &str, kind: u32, data: &[u8]) -> &mut Self {
        self.values.push((name.to_owned(), kind, data.to_vec()));
        self
    }

    pub(super) fn text(&mut self, name: &str, text: &str) -> &mut Self {
        self.value(name, 1, &utf16(&format!("{text}\0")))
    }

    pub(super) fn number(&mut self, name: &str, number: u32) -> &mut Self {
        self.value(name, 4, &number.to_le_bytes())
    }
}

pub(super) fn utf16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

/// A closed hive of one bin.
pub(super) fn hive(root: &NewKey, lists: Lists) -> Vec<u8> {
    let mut writer = Writer { bin: vec![0; 32], lists };
    let root = writer.key(root, u32::MAX, true);
    let mut bin = writer.bin;
    let used = bin.len();
    bin.resize((used + 8).next_multiple_of(4096), 0);
    let free = (bin.len() - used) as i32;
    bin[used..used + 4].copy_from_slice(&free.to_le_bytes());
    let length = bin.len() as u32;
    bin[..4].copy_from_slice(b"hbin");
    bin[8..12].copy_from_slice(&length.to_le_bytes());

    let mut base = vec![0; 4096];
    base[..4].copy_from_slice(b"regf");
    for (at, number) in [(4, 7), (8, 7), (20, 1), (24, 5), (32, 1), (36, root), (40, length), (44, 1)] {
        base[at..at + 4].copy_from_slice(&u32::to_le_bytes(number));
    }
    let sum = base[..508].as_chunks::<4>().0.iter().fold(0, |sum, bytes| sum ^ u32::from_le_bytes(*bytes));
    base[508..512].copy_from_slice(&sum.to_le_bytes());
    base.extend(bin);
    base
}

struct Writer {
    bin: Vec<u8>,
    lists: Lists,
}

impl Writer {
    fn key(&mut self, key: &NewKey, parent: u32, is_root: bool) -> u32 {
        let (name, latin_1) = name(&key.name);
        let mut cell = vec![0; 76];
        cell[..2].copy_from_slice(b"nk");
        let flags = if latin_1 { 0x20 } else { 0 } | if is_root { 0x0c } else { 0 };
        cell[2..4].copy_from_slice(&u16::to_le_bytes(flags));
        // 2021-03-14T06:40:13.659Z
        cell[4..12].copy_from_slice(&132_601_776_136_590_000_u64.to_le_bytes());
        cell[72..74].copy_from_slice(&(name.len() as u16).to_le_bytes());
        cell.extend(name);
        let own = self.cell(&cell);
        let keys: Vec<u32> = key.keys.iter().map(|child| self.key(child, own, false)).collect();
        let keys_list = self.keys(&keys, &key.keys);
        let values: Vec<u32> = key.values.iter().map(|(name, kind, data)| self.value(name, *kind, data)).collect();
        let values_list = if values.is_empty() {
            u32::MAX
        } else {
            self.cell(&values.iter().flat_map(|it| it.to_le_bytes()).collect::<Vec<_>>())
        };
        let numbers = [
            (16, parent),
            (20, keys.len() as u32),
            (28, keys_list),
            (32, u32::MAX),
            (36, values.len() as u32),
            (40, values_list),
            (44, u32::MAX),
            (48, u32::MAX),
        ];
        for (at, number) in numbers {
            let at = own as usize + 4 + at;
            self.bin[at..at + 4].copy_from_slice(&number.to_le_bytes());
        }
        own
    }

    fn keys(&mut self, offsets: &[u32], keys: &[NewKey]) -> u32 {
        if offsets.is_empty() {
            return u32::MAX;
        }
        if self.lists == Lists::Ri {
            let lists: Vec<u32> =
                offsets.chunks(2).zip(keys.chunks(2)).map(|(offsets, keys)| self.list(b"lh", offsets, keys)).collect();
            return self.list(b"ri", &lists, &[]);
        }
        let mark = match self.lists {
            Lists::Lf => b"lf",
            Lists::Li => b"li",
            Lists::Lh | Lists::Ri => b"lh",
        };
        self.list(mark, offsets, keys)
    }

    fn list(&mut self, mark: &[u8; 2], offsets: &[u32], keys: &[NewKey]) -> u32 {
        let mut cell = mark.to_vec();
        cell.extend((offsets.len() as u16).to_le_bytes());
        for (index, offset) in offsets.iter().enumerate() {
            cell.extend(offset.to_le_bytes());
            let mut hint = [0; 4];
            match mark {
                b"lf" => hint.iter_mut().zip(keys[index].name.bytes()).for_each(|(hint, byte)| *hint = byte),
                b"lh" => {
                    let hash = |hash: u32, letter: char| hash.wrapping_mul(37).wrapping_add(letter.to_ascii_uppercase().into());
                    hint = keys[index].name.chars().fold(0, hash).to_le_bytes();
                }
                _ => continue,
            }
            cell.extend(hint);
        }
        self.cell(&cell)
    }

    fn value(&mut self, name_text: &str, kind: u32, data: &[u8]) -> u32 {
        let (name, latin_1) = name(name_text);
        let size = data.len() as u32;
        let (size, place) = match data.len() {
            0..=4 => {
                let mut inside = [0; 4];
                inside[..data.len()].copy_from_slice(data);
                (size | 1 << 31, u32::from_le_bytes(inside))
            }
            5..=16_344 => (size, self.cell(data)),
            _ => {
                let segments: Vec<u32> = data.chunks(16_344).map(|piece| self.cell(piece)).collect();
                let list = self.cell(&segments.iter().flat_map(|it| it.to_le_bytes()).collect::<Vec<_>>());
                let mut head = b"db".to_vec();
                head.extend((segments.len() as u16).to_le_bytes());
                head.extend(list.to_le_bytes());
                (size, self.cell(&head))
            }
        };
        let mut cell = b"vk".to_vec();
        cell.extend((name.len() as u16).to_le_bytes());
        for number in [size, place, kind] {
            cell.extend(number.to_le_bytes());
        }
        cell.extend(u16::from(latin_1).to_le_bytes());
        cell.extend([0; 2]);
        cell.extend(name);
        self.cell(&cell)
    }

    fn cell(&mut self, content: &[u8]) -> u32 {
        let offset = self.bin.len();
        let size = (content.len() + 4).next_multiple_of(8);
        self.bin.extend((-(size as i32)).to_le_bytes());
        self.bin.extend(content);
        self.bin.resize(offset + size, 0);
        offset as u32
    }
}

/// A name's bytes, and whether they are Latin-1.
fn name(text: &str) -> (Vec<u8>, bool) {
    if text.is_ascii() { (text.as_bytes().to_vec(), true) } else { (utf16(text), false) }
}

/// What is wanted of `SYSTEM`, and what is not.
pub(super) fn system() -> NewKey {
    let mut root = NewKey::root();
    root.at("Select").number("Current", 2).number("Default", 2);
    for set in ["ControlSet001", "ControlSet002"] {
        root.at(set).at(r"Control\ComputerName\ComputerName").text("ComputerName", "EX01");
        root.at(set)
            .at(r"Control\TimeZoneInformation")
            .number("Bias", (-60_i32) as u32)
            .text("TimeZoneKeyName", "W. Europe Standard Time");
    }
    let set = root.at("ControlSet002");
    set.at(r"Services\Odd")
        .value("ImagePath", 2, &utf16("%windir%\\odd.exe -k\0"))
        .number("Start", 2)
        .text("ObjectName", "LocalSystem");
    set.at(r"Services\Odd").text("Description", "not handed on");
    set.at(r"Services\Odd\Parameters").text("ServiceDll", r"C:\ProgramData\odd.dll");
    set.at(r"Services\PortProxy\v4tov4\tcp").text("0.0.0.0/8443", "192.0.2.1/3389");
    set.at(r"Services\W32Time").text("DisplayName", "ä");
    set.at(r"Control\Lsa").value("Security Packages", 7, &utf16("kerberos\0odd\0\0")).number("RunAsPPL", 0);
    set.at(r"Control\SecurityProviders\WDigest").number("UseLogonCredential", 1);
    root
}

/// What is wanted of `SOFTWARE`, and what is not.
pub(super) fn software() -> NewKey {
    let mut root = NewKey::root();
    root.at("Classes").text("not", "wanted");
    let microsoft = root.at("Microsoft");
    microsoft.at(r"ExchangeServer\v15\Setup").text("MsiInstallPath", r"E:\Exchange\").number("MsiProductMajor", 15);
    microsoft.at(r"Windows\CurrentVersion\RunOnce").text("", "default value").text("x", "cmd.exe /c inert");
    microsoft.at(r"Windows Defender\Exclusions\Paths").number(r"C:\inetpub", 0);
    microsoft.at(r"SystemCertificates\REQUEST\Certificates\00AA").value("Blob", 3, &[0xab; 1000]);
    microsoft.at(r"SystemCertificates\REQUEST\Certificates\00BB");
    let cache = microsoft.at(r"Windows NT\CurrentVersion\Schedule\TaskCache");
    cache.at(r"Tree\Microsoft\Exchange\odd").text("Id", "{1}");
    let actions =
        [b"\x03\0".as_slice(), b"\x0c\0\0\0", &utf16("Author"), b"\x66\x66", &utf16("cmd.exe"), b"\x01", &utf16("/c inert")];
    cache.at(r"Tasks\{1}").text("Path", r"\Microsoft\Exchange\odd").value("Actions", 3, &actions.concat());
    let options = microsoft.at(r"Windows NT\CurrentVersion\Image File Execution Options");
    options.at("sethc.exe").text("Debugger", "cmd.exe").number("MitigationOptions", 1);
    root
}
