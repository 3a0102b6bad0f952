//! The simulated disk as the vault sees it.

use std::collections::BTreeMap;
use std::io::{self, ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::Path;

use afterpatch_vault::Switch;
use afterpatch_vault::disk::{Disk, Identity, Kind, Stat, Times, Traits};

use super::{Body, Node, Op, Simulated, SimulatedFile, State, apply, time, traits};

impl Disk for Simulated {
    type Folder = u64;
    type File = SimulatedFile;

    fn folder(&self, root: &Path, below: &[&str]) -> io::Result<u64> {
        self.alive()?;
        let state = self.0.borrow();
        let mut at = state.find(root).ok_or(ErrorKind::NotFound)?;
        for name in below {
            at = state.entry(at, name).ok_or(ErrorKind::NotFound)?;
            if !matches!(state.nodes[&at].body, Body::Folder { .. }) {
                return Err(ErrorKind::NotADirectory.into());
            }
        }
        Ok(at)
    }

    fn make_folder(&self, folder: &u64, name: &str) -> io::Result<()> {
        self.step(format!("make folder {name}"))?;
        self.change_entries(*folder, |state, entries| {
            if entries.contains_key(name) {
                return Err(ErrorKind::AlreadyExists.into());
            }
            let body = Body::Folder { entries: BTreeMap::new(), durable: BTreeMap::new(), pending: Vec::new() };
            Ok((Op::Insert(name.to_owned(), state.add(name, entries, body)), ()))
        })
    }

    fn list(&self, folder: &u64) -> io::Result<Vec<String>> {
        self.alive()?;
        match &self.0.borrow().nodes[folder].body {
            Body::Folder { entries, .. } => Ok(entries.keys().cloned().collect()),
            _ => Err(ErrorKind::NotADirectory.into()),
        }
    }

    fn open(&self, folder: &u64, name: &str) -> io::Result<SimulatedFile> {
        self.open_node(*folder, name, false)
    }

    fn create(&self, folder: &u64, name: &str) -> io::Result<SimulatedFile> {
        self.step(format!("create {name}"))?;
        self.change_entries(*folder, |state, entries| {
            if entries.contains_key(name) {
                return Err(ErrorKind::AlreadyExists.into());
            }
            let number = state.add(name, entries, Body::File { data: Vec::new(), durable: Vec::new() });
            Ok((Op::Insert(name.to_owned(), number), ()))
        })?;
        self.open_node(*folder, name, false)
    }

    fn append(&self, folder: &u64, name: &str) -> io::Result<SimulatedFile> {
        self.open_node(*folder, name, true)
    }

    fn look(&self, folder: &u64, name: &str) -> io::Result<Option<Stat>> {
        self.alive()?;
        let state = self.0.borrow();
        Ok(state.entry(*folder, name).map(|number| state.stat(number)))
    }

    fn stat(&self, file: &SimulatedFile) -> io::Result<Stat> {
        self.alive()?;
        Ok(self.0.borrow().stat(file.node))
    }

    fn traits(&self, file: &SimulatedFile) -> io::Result<Traits> {
        self.alive()?;
        Ok(self.0.borrow().nodes[&file.node].traits.clone())
    }

    fn set_traits(&self, file: &SimulatedFile, traits: &Traits) -> io::Result<()> {
        self.step(format!("set traits of {}", file.name))?;
        self.0.borrow_mut().nodes.get_mut(&file.node).unwrap().traits = traits.clone();
        Ok(())
    }

    fn folder_traits(&self, folder: &u64) -> io::Result<Traits> {
        self.alive()?;
        Ok(self.0.borrow().nodes[folder].traits.clone())
    }

    fn set_folder_times(&self, folder: &u64, times: &Times) -> io::Result<()> {
        self.step("set folder times".to_owned())?;
        self.0.borrow_mut().nodes.get_mut(folder).unwrap().traits.times = *times;
        Ok(())
    }

    fn cut(&self, file: &SimulatedFile, length: u64) -> io::Result<()> {
        self.step(format!("cut {}", file.name))?;
        if let Body::File { data, .. } = &mut self.0.borrow_mut().nodes.get_mut(&file.node).unwrap().body {
            data.truncate(length as usize);
        }
        Ok(())
    }

    fn sync(&self, file: &SimulatedFile) -> io::Result<()> {
        self.step(format!("sync {}", file.name))?;
        let mut state = self.0.borrow_mut();
        let node = state.nodes.get_mut(&file.node).unwrap();
        node.durable = node.traits.clone();
        if let Body::File { data, durable } = &mut node.body {
            durable.clone_from(data);
        }
        Ok(())
    }

    fn sync_folder(&self, folder: &u64) -> io::Result<()> {
        self.step("sync folder".to_owned())?;
        let mut state = self.0.borrow_mut();
        let node = state.nodes.get_mut(folder).unwrap();
        node.durable = node.traits.clone();
        if let Body::Folder { entries, durable, pending } = &mut node.body {
            durable.clone_from(entries);
            pending.clear();
        }
        Ok(())
    }

    fn rename(&self, folder: &u64, from: &str, to: &str) -> io::Result<()> {
        self.step(format!("rename {from} to {to}"))?;
        self.change_entries(*folder, |_, entries| {
            if entries.contains_key(to) {
                return Err(ErrorKind::AlreadyExists.into());
            }
            let op = Op::Rename(from.to_owned(), to.to_owned());
            if !apply(entries, &op) {
                return Err(ErrorKind::NotFound.into());
            }
            Ok((op, ()))
        })
    }

    fn exchange(&self, folder: &u64, one: &str, other: &str) -> io::Result<()> {
        if !self.0.borrow().exchanges {
            return Err(ErrorKind::Unsupported.into());
        }
        self.step(format!("exchange {one} and {other}"))?;
        self.change_entries(*folder, |_, entries| {
            let op = Op::Exchange(one.to_owned(), other.to_owned());
            if !entries.contains_key(one) || !entries.contains_key(other) || !apply(entries, &op) {
                return Err(ErrorKind::NotFound.into());
            }
            Ok((op, ()))
        })
    }

    fn replace(&self, folder: &u64, from: &str, over: &str) -> io::Result<()> {
        self.step(format!("replace {over} by {from}"))?;
        self.change_entries(*folder, |state, entries| {
            let overwritten = entries.get(over).copied();
            let op = Op::Rename(from.to_owned(), over.to_owned());
            if !apply(entries, &op) {
                return Err(ErrorKind::NotFound.into());
            }
            if let Some(node) = overwritten.and_then(|number| state.nodes.get_mut(&number)) {
                node.links -= 1;
            }
            Ok((op, ()))
        })
    }

    fn remove(&self, folder: &u64, name: &str) -> io::Result<()> {
        self.step(format!("remove {name}"))?;
        self.change_entries(*folder, |state, entries| {
            let number = entries.remove(name).ok_or(ErrorKind::NotFound)?;
            state.nodes.get_mut(&number).unwrap().links -= 1;
            Ok((Op::Remove(name.to_owned()), ()))
        })
    }

    fn lock(&self, file: &SimulatedFile) -> io::Result<bool> {
        self.alive()?;
        let mut state = self.0.borrow_mut();
        if state.locked {
            return Ok(false);
        }
        state.locked = true;
        file.holds_lock.set(true);
        Ok(true)
    }

    fn position(&self, switch: &Switch) -> io::Result<Option<String>> {
        self.alive()?;
        Ok(Simulated::switch(self, &switch.name))
    }

    fn turn(&self, switch: &Switch, position: &str) -> io::Result<()> {
        self.step(format!("turn {switch} to {position}"))?;
        let mut state = self.0.borrow_mut();
        if state.stuck {
            return Ok(());
        }
        *state.switches.get_mut(&switch.name).ok_or(ErrorKind::NotFound)? = position.to_owned();
        Ok(())
    }
}

impl Drop for SimulatedFile {
    fn drop(&mut self) {
        if self.holds_lock.get() {
            self.disk.0.borrow_mut().locked = false;
        }
    }
}

impl State {
    fn add(&mut self, name: &str, entries: &mut BTreeMap<String, u64>, body: Body) -> u64 {
        let number = self.next;
        self.next += 1;
        let made = traits(self.clock, 0o600);
        self.nodes.insert(number, Node { body, traits: made.clone(), durable: made, links: 1 });
        entries.insert(name.to_owned(), number);
        number
    }

    fn stat(&self, number: u64) -> Stat {
        let node = &self.nodes[&number];
        let (kind, size) = match &node.body {
            Body::File { data, .. } => (Kind::File, data.len() as u64),
            Body::Folder { .. } => (Kind::Folder, 0),
            Body::Link => (Kind::Link, 0),
        };
        let identity = Identity { device: 1, number };
        Stat { kind, identity, links: node.links, size, modified: node.traits.times.modified }
    }
}

impl Read for SimulatedFile {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.disk.alive()?;
        let state = self.disk.0.borrow();
        let Body::File { data, .. } = &state.nodes[&self.node].body else { return Ok(0) };
        let rest = data.get(self.at as usize..).unwrap_or_default();
        let length = rest.len().min(buffer.len());
        buffer[..length].copy_from_slice(&rest[..length]);
        self.at += length as u64;
        Ok(length)
    }
}

impl Write for SimulatedFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.disk.step(format!("write {}", self.name))?;
        let mut state = self.disk.0.borrow_mut();
        let free = state.room.map_or(usize::MAX, |room| room.saturating_sub(state.used()));
        if free == 0 && !bytes.is_empty() {
            return Err(ErrorKind::StorageFull.into());
        }
        let now = time(state.clock);
        let node = state.nodes.get_mut(&self.node).unwrap();
        node.traits.times.modified = now;
        let Body::File { data, .. } = &mut node.body else { return Ok(0) };
        if self.append {
            self.at = data.len() as u64;
        }
        let written = &bytes[..bytes.len().min(free)];
        data.truncate(self.at as usize);
        data.extend_from_slice(written);
        self.at += written.len() as u64;
        Ok(written.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Seek for SimulatedFile {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let size = self.disk.stat(self)?.size;
        self.at = match to {
            SeekFrom::Start(at) => at,
            SeekFrom::End(by) => size.saturating_add_signed(by),
            SeekFrom::Current(by) => self.at.saturating_add_signed(by),
        };
        Ok(self.at)
    }
}
