//! The server ends by itself when the disk has failed, and says that this is why.

mod house;

use std::net::TcpListener;
use std::sync::Arc;

use house::{COST, House};
use office::Fault;
use web::app::App;
use web::door::Origin;
use web::refusal::Refusal;
use web::serving::{self, End};

fn app(house: &House) -> App {
    let origin = Origin::new("http://127.0.0.1:7400").expect("an address");
    App::new(Arc::clone(&house.office), vec![origin], COST).expect("pages")
}

fn listener() -> TcpListener {
    TcpListener::bind("127.0.0.1:0").expect("a free port")
}

#[test]
fn a_failed_disk_ends_the_server() {
    let house = House::new();
    let app = app(&house);
    let refusal = app.refusal(Fault::Fatal("fsync: EIO".to_owned()));
    assert_eq!(refusal, Refusal::Trouble);
    // Nobody asks for the end: it comes from the disk alone.
    let end = serving::pages(listener(), app, std::future::pending());
    assert_eq!(end.expect("it served"), End::DiskFailed);
}

#[test]
fn other_faults_do_not_end_it_and_asking_does() {
    let house = House::new();
    let app = app(&house);
    for fault in [
        Fault::Refused,
        Fault::Full("28".to_owned()),
        Fault::Busy,
        Fault::Damaged("a row".to_owned()),
    ] {
        app.refusal(fault);
    }
    let end = serving::pages(listener(), app, std::future::ready(()));
    assert_eq!(end.expect("it served"), End::Asked);
}
