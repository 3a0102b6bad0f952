//! An S3 server for tests: `moto_server`, where it is installed.
#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stderr, dead_code, reason = "each test binary uses a part of it")]

use std::fs;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Output, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures::TryStreamExt;
use object_store::aws::AmazonS3Builder;
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt};
use tokio::runtime::Runtime;

/// A server of our own on a free port, which ends with this.
pub struct Moto {
    server: Child,
    endpoint: String,
    folder: tempfile::TempDir,
    runtime: Runtime,
}

impl Moto {
    /// Starts one; `None`, said aloud, where there is no `moto_server`.
    pub fn start() -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let log = fs::File::create(folder.path().join("log")).unwrap();
        let mut command = Command::new("moto_server");
        command.args(["-H", "127.0.0.1", "-p", &port.to_string()]).stdin(Stdio::null());
        command.stdout(log.try_clone().unwrap()).stderr(log);
        let Ok(server) = command.spawn() else {
            eprintln!("skipped: no moto_server on this machine (pip install 'moto[s3,server]')");
            return None;
        };
        let runtime = Runtime::new().unwrap();
        let moto = Self { server, endpoint: format!("http://127.0.0.1:{port}"), folder, runtime };
        let begun = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(begun.elapsed() < Duration::from_secs(120), "moto_server does not answer: {}", moto.log());
            std::thread::sleep(Duration::from_millis(50));
        }
        Some(moto)
    }

    /// What a program needs to know of the server.
    pub fn environment(&self) -> [(&'static str, &str); 5] {
        [
            ("AWS_ACCESS_KEY_ID", "test"),
            ("AWS_SECRET_ACCESS_KEY", "test"),
            ("AWS_REGION", "us-east-1"),
            ("AWS_ENDPOINT_URL", &self.endpoint),
            ("AWS_ALLOW_HTTP", "true"),
        ]
    }

    /// `afterpatch-fleet`, which knows of the server.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = super::common::command(arguments);
        command.envs(self.environment());
        command
    }

    /// Runs it.
    pub fn fleet(&self, arguments: &[&str]) -> Output {
        let output = self.command(arguments).output().unwrap();
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(!stderr.contains("panicked"), "{stderr}");
        output
    }

    /// Makes a bucket; no part of what clients of object stores do by themselves.
    pub fn make_bucket(&self, name: &str) {
        let address = self.endpoint.trim_start_matches("http://");
        let mut server = TcpStream::connect(address).unwrap();
        write!(server, "PUT /{name} HTTP/1.1\r\nHost: {address}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n").unwrap();
        let mut answer = String::new();
        server.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    }

    fn bucket(&self, name: &str) -> Arc<dyn ObjectStore> {
        let mut builder = AmazonS3Builder::new().with_bucket_name(name).with_allow_http(true).with_endpoint(&self.endpoint);
        builder = builder.with_access_key_id("test").with_secret_access_key("test").with_region("us-east-1");
        Arc::new(builder.build().unwrap())
    }

    /// Puts an object.
    pub fn put(&self, bucket: &str, name: &str, bytes: Vec<u8>) {
        let bucket = self.bucket(bucket);
        self.runtime.block_on(async { bucket.put(&Path::parse(name).unwrap(), bytes.into()).await.unwrap() });
    }

    /// The names of all objects below a folder, sorted.
    pub fn list(&self, bucket: &str, below: &str) -> Vec<String> {
        let (bucket, below) = (self.bucket(bucket), Path::from(below));
        let found = self.runtime.block_on(bucket.list(Some(&below)).try_collect::<Vec<_>>());
        let mut names: Vec<String> = found.unwrap().into_iter().map(|object| object.location.to_string()).collect();
        names.sort();
        names
    }

    /// The requests so far, a line each.
    pub fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("log")).unwrap()
    }
}

impl Drop for Moto {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}
