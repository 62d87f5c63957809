//! Estimates: all log-linear models of four and of six lists, and the latent-class sampler.

use std::process::{Command, Stdio};

use count::estimate::lcmcr::{LcmcrSettings, sample};
use count::estimate::selection::compare;
use count::estimate::table::Table;

use super::figure::{Better, Figure};
use super::laboratory::timed;
use crate::failure::{Failure, fault};

/// Killings in Kosovo, March to June 1999, by the lists EXH, ABA, OSCE and HRW (Ball, Betts, Scheuren, Dudukovic and Asher 2002); the first
/// list is the lowest bit of the index.
const KOSOVO: [u64; 16] = [
    0, 1131, 845, 177, 936, 228, 217, 181, 306, 106, 31, 18, 123, 42, 32, 27,
];
/// The limits that the project set itself.
const FOUR_LISTS_MILLIS: f64 = 50.0;
const SIX_LISTS_SECONDS: f64 = 5.0;
const LCMCR_SECONDS: f64 = 2.0;
/// Each is measured so often, and the median told.
const ROUNDS: usize = 5;
/// The same 113 models in R; it prints the seconds that fitting took, without starting R.
const IN_R: &str = r#"
d <- expand.grid(A=0:1,B=0:1,C=0:1,D=0:1); d$n <- c(0,1131,845,177,936,228,217,181,306,106,31,18,123,42,32,27); d <- d[-1,]
pairs <- c("A:B","A:C","A:D","B:C","B:D","C:D"); triples <- c("A:B:C","A:B:D","A:C:D","B:C:D")
needs <- list(c(1,2,4),c(1,3,5),c(2,3,6),c(4,5,6)); began <- proc.time()[3]; models <- 0
for (p in 0:63) { has <- which(bitwAnd(p,2^(0:5))>0); may <- which(sapply(needs,function(x) all(x %in% has)))
  for (t in 0:(2^length(may)-1)) { with <- may[which(bitwAnd(t,2^(seq_along(may)-1))>0)]
    g <- glm(as.formula(paste(c("n~A+B+C+D",pairs[has],triples[with]),collapse="+")),poisson,d); models <- models+1 } }
stopifnot(models==113); cat(proc.time()[3]-began)
"#;

/// All log-linear models.
pub fn log_linear() -> Result<Vec<Figure>, Failure> {
    let four = kosovo()?;
    let six =
        Table::new((0..6).map(|list| format!("L{list}")).collect(), six_lists()).map_err(failed)?;
    let millis = median(|| timed(|| compare(&four, None)).1.as_secs_f64()) * 1e3;
    let seconds = median(|| timed(|| compare(&six, None)).1.as_secs_f64());
    let figure = |name: &str, value, unit, beside: &str, beside_value| Figure {
        name: name.to_owned(),
        value,
        unit,
        beside: beside.to_owned(),
        beside_value,
        better: Better::Less,
    };
    let mut figures = vec![
        figure(
            "estimate-loglinear-4",
            millis,
            "ms",
            "limit, 113 models",
            FOUR_LISTS_MILLIS,
        ),
        figure(
            "estimate-loglinear-6",
            seconds,
            "s",
            "limit, all pairs and steps",
            SIX_LISTS_SECONDS,
        ),
    ];
    if let Some(seconds) = in_r() {
        figures.push(figure(
            "estimate-loglinear-4",
            millis,
            "ms",
            "R's glm, 113 models",
            seconds * 1e3,
        ));
    }
    Ok(figures)
}

/// Ten thousand samples of the latent-class model.
pub fn latent_classes() -> Result<Vec<Figure>, Failure> {
    let table = kosovo()?;
    let settings = LcmcrSettings {
        thinning: 1,
        ..LcmcrSettings::default()
    };
    let run = || {
        timed(|| sample(&table, settings, |_, _| {}).is_ok())
            .1
            .as_secs_f64()
    };
    Ok(vec![Figure {
        name: "estimate-lcmcr".to_owned(),
        value: median(run),
        unit: "s",
        beside: "limit, 10,000 samples".to_owned(),
        beside_value: LCMCR_SECONDS,
        better: Better::Less,
    }])
}

fn kosovo() -> Result<Table, Failure> {
    Table::new(
        ["EXH", "ABA", "OSCE", "HRW"].map(str::to_owned).to_vec(),
        KOSOVO.to_vec(),
    )
    .map_err(failed)
}

/// Six lists that overlap as real ones do: each further list has a third of the people.
fn six_lists() -> Vec<u64> {
    (0..64u64)
        .map(|cell| 2187 / 3u64.pow(cell.count_ones()) + cell * 7 % 5)
        .collect()
}

fn median(mut round: impl FnMut() -> f64) -> f64 {
    let mut rounds: Vec<f64> = (0..ROUNDS).map(|_| round()).collect();
    rounds.sort_by(f64::total_cmp);
    rounds[ROUNDS / 2]
}

/// What R takes, where it is installed.
fn in_r() -> Option<f64> {
    let output = Command::new("Rscript")
        .arg("-e")
        .arg(IN_R)
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .ok()?;
    String::from_utf8(output.stdout).ok()?.trim().parse().ok()
}

fn failed(error: impl std::fmt::Display) -> Failure {
    fault("fault-bench").text("name", "estimate").because(error)
}
