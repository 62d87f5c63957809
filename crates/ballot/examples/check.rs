fn main() {
    for path in std::env::args().skip(1) {
        let file = std::fs::File::open(&path).unwrap();
        let report = ballot::verify::verify(std::io::BufReader::new(file), &ballot::verify::Options { threads: 1 }, &mut |_| {}).unwrap();
        println!("{path}: {:?} ballots {} failures {:#?} {:?}", report.stage, report.ballots, report.failures, report.result);
    }
}
