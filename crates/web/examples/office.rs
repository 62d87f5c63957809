//! A throwaway office with its pages, for looking at them and for the browser tests: three members, a circle, some items.
//!
//! `office PORT` serves on 127.0.0.1 until its standard input ends, and prints one line of JSON first. It costs nothing to
//! guess a passphrase of such an office; it is not for keeping anything.

use std::error::Error;
use std::io::Read as _;
use std::net::TcpListener;
use std::sync::Arc;

use office::roster::Duty;
use office::{Founding, Material, Office, Setting};
use record::entry::Timestamp;
use vault::kdf::KdfCost;
use vault::passphrase::Passphrase;
use web::app::App;
use web::door::Origin;

const COST: KdfCost = KdfCost {
    memory_kib: 8,
    passes: 1,
    lanes: 1,
};
const PASSPHRASE: &str = "five words that nobody says together";

#[expect(
    clippy::disallowed_methods,
    reason = "this is a program of its own: here the time and the random bytes come from outside"
)]
fn setting() -> Setting {
    let clock = || {
        let since = std::time::SystemTime::now()
            .duration_since(std::time::UNIX_EPOCH)
            .unwrap_or_default();
        Timestamp::from_unix_seconds(since.as_secs()).unwrap_or_else(|_| std::process::abort())
    };
    let random = |bytes: &mut [u8]| {
        let mut source =
            std::fs::File::open("/dev/urandom").unwrap_or_else(|_| std::process::abort());
        source
            .read_exact(bytes)
            .unwrap_or_else(|_| std::process::abort());
    };
    Setting::new(clock, random)
}

fn furnished(office: &Office) -> Result<(), Box<dyn Error>> {
    let passphrase = Passphrase::read(PASSPHRASE)?;
    let founder = office.sign_in("سرپرست", &passphrase)?;
    let administrator = office.administrator(&founder)?;
    let admit = |name: &str, duty| {
        office.admit_member(&administrator, name, duty, Some(passphrase.clone()), COST)
    };
    let mina = admit("مینا", Duty::Steward)?;
    admit("Jean", Duty::Member)?;
    let circle = office.create_circle(&founder, "دریافت روایت‌ها")?;
    office.create_circle(&founder, "Committee on documents")?;
    office.add_to_circle(&office.steward(&founder, circle)?, mina.member, false)?;
    let writer = office.writer(&founder, circle)?;
    for number in 1..=12u32 {
        let content = format!("متن شمارهٔ {number}\n")
            .repeat(number as usize * 40)
            .into_bytes();
        let file_name = if number % 3 == 0 {
            format!("report-{number} (final).txt")
        } else {
            format!("روایت {number}.txt")
        };
        office.receive(
            &writer,
            Material {
                content: &content[..],
                folder: String::new(),
                file_name,
            },
        )?;
    }
    office.sequence_now(&[])?;
    office.receive(
        &writer,
        Material {
            content: &b"later"[..],
            folder: String::new(),
            file_name: "تازه‌رسیده.txt".to_owned(),
        },
    )?;
    Ok(())
}

fn main() -> Result<(), Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    let passphrase = Passphrase::read(PASSPHRASE)?;
    let founding = Founding {
        folder: folder.path().join("office"),
        origin: None,
        name: "دبیرخانهٔ ثبت".to_owned(),
        founder: "سرپرست".to_owned(),
        founder_passphrase: Some(passphrase.clone()),
        unlock: passphrase,
        cost: COST,
        recovery_stewards: 1,
        recovery_delay_seconds: 3_600,
    };
    let office = Arc::new(Office::found(founding, setting())?.office);
    furnished(&office)?;
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let address = format!("http://{}", listener.local_addr()?);
    let app = App::new(office, vec![Origin::new(&address)?], COST)?;
    println!(
        "{{\"url\":\"{}\",\"passphrase\":\"{PASSPHRASE}\"}}",
        address.replace("127.0.0.1", "localhost")
    );
    let (ended, stop) = tokio::sync::oneshot::channel::<()>();
    std::thread::spawn(move || {
        let mut rest = Vec::new();
        let _ = std::io::stdin().read_to_end(&mut rest);
        drop(ended);
    });
    web::serving::serve(listener, web::routes::router(app), async move {
        drop(stop.await)
    })?;
    Ok(())
}
