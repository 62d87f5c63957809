//! Pages and files of the record, read over HTTP by several readers at once.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use office::{Office, SmallMaterial};
use vault::passphrase::Passphrase;
use web::door::Origin;
use web::serving;

use super::figure::{Better, Figure};
use super::intake::BenchOffice;
use super::laboratory::{Laboratory, timed};
use crate::failure::{Failure, fault};

/// Readers at a time, each with a connection of its own.
const READERS: usize = 16;
/// The limits that the project set itself.
const REQUESTS_PER_SECOND: f64 = 500.0;
const SLOWEST_MILLIS: f64 = 50.0;
/// What is read in turn by a member who is signed in: lists, one item, the record's pages and its files, a page of text.
/// ITEM stands for the address of an item.
const PATHS: [&str; 10] = [
    "/items",
    "ITEM",
    "/circles",
    "/members",
    "/record",
    "/record/leaves",
    "/record/leaves/5",
    "/checkpoint",
    "/tile/0/000.p/8",
    "/limits",
];
/// Items that the office has.
const ITEMS: u64 = 200;

/// Serves an office and reads it.
pub fn measure(laboratory: &Laboratory, requests: usize) -> Result<Vec<Figure>, Failure> {
    let bench = BenchOffice::found(laboratory, "served-office")?;
    fill(&bench)?;
    let passphrase = bench.passphrase().clone();
    let folder = bench.folder();
    drop(bench);
    let office =
        Office::open(&folder, &passphrase, crate::surroundings::setting()).map_err(failed)?;
    let listener = TcpListener::bind("127.0.0.1:0").map_err(failed)?;
    let address = listener.local_addr().map_err(failed)?;
    let origin = Origin::new(&format!("http://{address}")).map_err(failed)?;
    let readable = Readable::of(&office, &passphrase, address)?;
    let app = web::app::App::new(
        Arc::new(office),
        vec![origin],
        vault::kdf::KdfCost::STANDARD,
    )
    .map_err(failed)?;
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    std::thread::scope(|scope| {
        let server = scope.spawn(|| {
            serving::serve(listener, web::routes::router(app), async {
                let _ended = stopped.await;
            })
        });
        let read = read_all(&readable, requests);
        let _server_waits = stop.send(());
        server
            .join()
            .map_err(|_| failed("the server died"))?
            .map_err(failed)?;
        read
    })
}

/// Where to read, as whom, and what.
struct Readable {
    address: SocketAddr,
    cookie: String,
    paths: Vec<String>,
}

impl Readable {
    fn of(office: &Office, passphrase: &Passphrase, address: SocketAddr) -> Result<Self, Failure> {
        let session = office.sign_in("bench", passphrase).map_err(failed)?;
        let secret = office.sessions().begin(&session);
        let circles = office.circles(&session).map_err(failed)?;
        let circle = circles.first().ok_or_else(|| failed("no circle"))?.id;
        let reader = office.reader(&session, circle).map_err(failed)?;
        let listed = office
            .items(&reader, &desk::ItemQuery::default())
            .map_err(failed)?;
        let item = listed.page.items.first().ok_or_else(|| failed("no item"))?;
        let item = format!("/items/{circle}/{}", item.item);
        Ok(Self {
            address,
            cookie: secret
                .expose()
                .iter()
                .map(|byte| format!("{byte:02x}"))
                .collect(),
            paths: PATHS
                .iter()
                .map(|path| path.replace("ITEM", &item))
                .collect(),
        })
    }
}

fn fill(bench: &BenchOffice) -> Result<(), Failure> {
    bench.as_writer(|writer| {
        let batch: Vec<SmallMaterial> = (0..ITEMS)
            .map(|number| SmallMaterial {
                content: number.to_be_bytes().to_vec(),
                folder: String::new(),
                file_name: format!("{number}.bin"),
            })
            .collect();
        bench
            .office()
            .receive_small(writer, &batch)
            .map(drop)
            .map_err(failed)
    })?;
    bench.office().sequence_now(&[]).map(drop).map_err(failed)
}

fn read_all(readable: &Readable, requests: usize) -> Result<Vec<Figure>, Failure> {
    let next = AtomicUsize::new(0);
    let (times, whole) = timed(|| {
        std::thread::scope(|scope| {
            let readers: Vec<_> = (0..READERS)
                .map(|_| scope.spawn(|| reader(readable, &next, requests)))
                .collect();
            readers
                .into_iter()
                .map(|reader| {
                    reader
                        .join()
                        .unwrap_or_else(|_| Err(failed("a reader died")))
                })
                .collect::<Result<Vec<_>, _>>()
        })
    });
    let mut times: Vec<Duration> = times?.into_iter().flatten().collect();
    times.sort_unstable();
    let slowest = times
        .get(times.len() * 99 / 100)
        .copied()
        .unwrap_or_default();
    Ok(vec![
        Figure {
            name: "serve-read".to_owned(),
            value: times.len() as f64 / whole.as_secs_f64(),
            unit: "requests/s",
            beside: format!("limit, by {READERS} readers on this machine"),
            beside_value: REQUESTS_PER_SECOND,
            better: Better::More,
        },
        Figure {
            name: "serve-read/p99".to_owned(),
            value: slowest.as_secs_f64() * 1e3,
            unit: "ms",
            beside: "limit for 99 of 100 requests".to_owned(),
            beside_value: SLOWEST_MILLIS,
            better: Better::Less,
        },
    ])
}

/// Reads one path after the other over one connection, until all requests were taken.
fn reader(
    readable: &Readable,
    next: &AtomicUsize,
    requests: usize,
) -> Result<Vec<Duration>, Failure> {
    let mut connection = TcpStream::connect(readable.address).map_err(failed)?;
    connection.set_nodelay(true).map_err(failed)?;
    let mut times = Vec::new();
    loop {
        let number = next.fetch_add(1, Ordering::Relaxed);
        if number >= requests {
            return Ok(times);
        }
        let path = &readable.paths[number % readable.paths.len()];
        let (status, time) = timed(|| request(&mut connection, readable, path));
        match status.map_err(failed)? {
            200 => times.push(time),
            other => return Err(failed(format!("{path} answered {other}"))),
        }
    }
}

fn request(connection: &mut TcpStream, readable: &Readable, path: &str) -> std::io::Result<u16> {
    let (address, cookie) = (readable.address, &readable.cookie);
    write!(
        connection,
        "GET {path} HTTP/1.1\r\nHost: {address}\r\nCookie: session={cookie}\r\n\r\n"
    )?;
    let mut answer = Vec::new();
    let mut piece = [0; 16 * 1024];
    loop {
        let count = connection.read(&mut piece)?;
        if count == 0 {
            return Err(std::io::Error::other("the server hung up"));
        }
        answer.extend_from_slice(&piece[..count]);
        if let Some(status) = whole(&answer) {
            return status;
        }
    }
}

/// The status of an answer that is there as a whole: a head, and as many bytes as it says.
fn whole(answer: &[u8]) -> Option<std::io::Result<u16>> {
    let end = answer.windows(4).position(|four| four == b"\r\n\r\n")?;
    let head = String::from_utf8_lossy(&answer[..end]).to_ascii_lowercase();
    let unclear = || std::io::Error::other("an answer without status or length");
    let status = head
        .split(' ')
        .nth(1)
        .and_then(|status| status.parse().ok());
    let length = head.lines().find_map(|line| {
        line.strip_prefix("content-length: ")?
            .trim()
            .parse::<usize>()
            .ok()
    });
    let (Some(status), Some(length)) = (status, length) else {
        return Some(Err(unclear()));
    };
    (answer.len() >= end + 4 + length).then_some(Ok(status))
}

fn failed(error: impl std::fmt::Display) -> Failure {
    fault("fault-bench")
        .text("name", "serve-read")
        .because(error)
}
