//! `mahzar estimate`

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use count::estimate::analysis::{Analysis, Answer, Settings};
use count::estimate::lcmcr::LcmcrSettings;
use count::estimate::model::Model;
use count::estimate::selection::{Comparison, Criterion};
use count::estimate::strata::{StrataAnalysis, analyse_strata_with};
use count::estimate::table::Stratified;
use count::report::{Draft, Provenance, Released};
use record::hash::sha256;

use crate::commands::Run;
use crate::failure::{Exit, Failure, fault, malformed};
use crate::files;
use crate::words::{Language, Saying, say};

/// A table of six lists has 63 rows for each stratum; this holds thousands of strata.
const TABLE_BYTES_MAX: u64 = 16 * 1024 * 1024;

/// Estimate how many people there are from lists that overlap
///
/// TABLE is a CSV with a column of 0 and 1 for each list and the column `count`: how many people are on exactly those lists. Every
/// hierarchical log-linear model is fitted; the best, their average, Chao's lower bound and a Bayesian latent-class model stand side by
/// side with what is doubtful. Where the data cannot say, no number is given.
///
/// With --json one object: estimate, low, high, model, criterion, averaged, chao_lower, warnings, and more. The exit code is 1 if no number
/// can be given, 2 if the table is malformed.
#[derive(Debug, Args)]
pub struct Estimate {
    /// The table
    #[arg(value_name = "TABLE")]
    table: PathBuf,

    /// The column that names each row's stratum; each is estimated by itself too
    #[arg(long, value_name = "COLUMN")]
    strata: Option<String>,

    /// By what the best model is chosen
    #[arg(long, value_enum, default_value_t, value_name = "CRITERION")]
    criterion: Choice,

    /// Only this model, such as "A*B*C + A*D"
    #[arg(long, value_name = "MODEL")]
    model: Option<String>,

    /// Only models whose terms join at most so many lists
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(1..=6))]
    order: Option<u8>,

    /// Where the random numbers of the latent-class model begin
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,

    /// Samples of the latent-class model; 0 leaves it out
    #[arg(long, value_name = "N", default_value_t = LcmcrSettings::default().samples)]
    samples: usize,

    /// One of so many iterations of the latent-class model is kept
    #[arg(long, value_name = "N", default_value_t = LcmcrSettings::default().thinning)]
    thinning: usize,

    /// Write a report for people: one page of HTML, in Persian with --lang fa, otherwise in English
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,

    /// Write the figures as CSV
    #[arg(long, value_name = "FILE")]
    csv: Option<PathBuf>,

    /// The statistician who has examined the estimate and answers for it; without a name everything is a draft
    #[arg(long, value_name = "NAME")]
    approved_by: Option<String>,
}

/// By what the best model is chosen.
#[derive(Clone, Copy, Debug, Default, ValueEnum)]
enum Choice {
    /// Schwarz's criterion
    #[default]
    Bic,
    /// Akaike's criterion
    Aic,
}

/// Estimates, and writes what was asked for.
pub fn run(run: &Run, asked: &Estimate) -> Result<Exit, Failure> {
    let bytes = files::read(&asked.table, TABLE_BYTES_MAX)?;
    let table = Stratified::read(&bytes, asked.strata.as_deref()).map_err(|error| {
        malformed("fault-estimate-table")
            .text("path", asked.table.display())
            .because(error)
    })?;
    let settings = settings(asked, &table)?;
    let analysis = analysed(run, &table, &settings);
    say_everything(run, &analysis);
    let given = analysis.whole.answer.is_ok() || analysis.total.is_some();
    let provenance = provenance(asked, &bytes);
    let written = Written::new(
        Draft::new(analysis, settings, provenance),
        asked.approved_by.as_deref(),
    )?;
    written.files(run, asked)?;
    run.screen.answer(&written.json());
    Ok(if given { Exit::Done } else { Exit::Failed })
}

fn settings(asked: &Estimate, table: &Stratified) -> Result<Settings, Failure> {
    let model = asked
        .model
        .as_deref()
        .map(|name| Model::read(name, table.whole.lists()))
        .transpose()
        .map_err(|error| malformed("fault-estimate-model").because(error))?;
    let lcmcr = LcmcrSettings {
        seed: asked.seed,
        samples: asked.samples,
        thinning: asked.thinning,
        ..LcmcrSettings::default()
    };
    if lcmcr.samples > 0 && (lcmcr.samples < 4 * lcmcr.chains || lcmcr.thinning == 0) {
        return Err(malformed("fault-estimate-samples"));
    }
    Ok(Settings {
        criterion: match asked.criterion {
            Choice::Bic => Criterion::Bic,
            Choice::Aic => Criterion::Aic,
        },
        order_max: asked.order.map(usize::from),
        model,
        lcmcr: (lcmcr.samples > 0).then_some(lcmcr),
    })
}

fn analysed(run: &Run, table: &Stratified, settings: &Settings) -> StrataAnalysis {
    let bar = run.screen.steps_bar(say("estimate-working"));
    let analysis = analyse_strata_with(table, settings, |done, all| {
        bar.set_length(all as u64);
        bar.set_position(done as u64);
    });
    bar.finish_and_clear();
    analysis
}

fn provenance(asked: &Estimate, bytes: &[u8]) -> Provenance {
    let name = |path: &Path| {
        path.file_name().map_or_else(
            || path.display().to_string(),
            |name| name.to_string_lossy().into_owned(),
        )
    };
    let table = name(&asked.table);
    let mut command = format!(
        "mahzar estimate {table} --seed {} --samples {} --thinning {}",
        asked.seed, asked.samples, asked.thinning
    );
    if let Choice::Aic = asked.criterion {
        command += " --criterion aic";
    }
    for (option, value) in [
        ("strata", asked.strata.clone()),
        ("model", asked.model.clone()),
        ("order", asked.order.map(|order| order.to_string())),
    ] {
        if let Some(value) = value {
            command += &format!(" --{option} '{}'", value.replace('\'', "'\\''"));
        }
    }
    Provenance {
        table,
        data_sha256: sha256(bytes).to_string(),
        program: concat!("mahzar ", env!("CARGO_PKG_VERSION")).to_owned(),
        strata: asked.strata.clone(),
        command,
    }
}

/// A report in the state that the command line gives it.
enum Written {
    Draft(Box<Draft>),
    Released(Box<Released>),
}

impl Written {
    fn new(draft: Draft, approved_by: Option<&str>) -> Result<Written, Failure> {
        match approved_by {
            None => Ok(Written::Draft(Box::new(draft))),
            Some(name) => {
                let released = draft
                    .release(name)
                    .map_err(|error| fault("fault-estimate-release").because(error))?;
                Ok(Written::Released(Box::new(released)))
            }
        }
    }

    fn json(&self) -> serde_json::Value {
        match self {
            Written::Draft(draft) => draft.json(),
            Written::Released(released) => released.json(),
        }
    }

    fn files(&self, run: &Run, asked: &Estimate) -> Result<(), Failure> {
        let language = language(run);
        let (page, rows) = match self {
            Written::Draft(draft) => (draft.html(language), draft.csv()),
            Written::Released(released) => (released.html(language), released.csv()),
        };
        for (path, text) in [(&asked.report, page), (&asked.csv, rows)] {
            if let Some(path) = path {
                files::write_new(path, text.as_bytes())?;
                run.screen
                    .say(say("estimate-written").text("path", path.display()));
            }
        }
        match self {
            Written::Draft(_) => run.screen.say(say("estimate-draft")),
            Written::Released(released) => run
                .screen
                .say(say("estimate-approved").text("name", released.approved_by())),
        }
        Ok(())
    }
}

fn language(run: &Run) -> count::report::Language {
    match run.screen.language() {
        Language::Fa => count::report::Language::Persian,
        Language::En | Language::Ar | Language::Fr => count::report::Language::English,
    }
}

fn say_everything(run: &Run, analysis: &StrataAnalysis) {
    say_analysis(run, &analysis.whole);
    let language = language(run);
    for (name, part) in &analysis.strata {
        run.screen.say(say("estimate-stratum").text("name", name));
        say_analysis(run, part);
    }
    if let Some(total) = analysis.total {
        let message = say("estimate-total").text("estimate", language.number(total.estimate));
        run.screen.say(
            message
                .text("low", language.number(total.low))
                .text("high", language.number(total.high)),
        );
    }
    for doubt in &analysis.warnings {
        run.screen
            .say(say("estimate-doubt").text("doubt", language.doubt(doubt)));
    }
}

fn say_analysis(run: &Run, analysis: &Analysis) {
    let language = language(run);
    run.screen
        .say(say("estimate-observed").text("people", language.number(analysis.observed as f64)));
    match &analysis.answer {
        Ok(answer) => say_answer(run, analysis, answer),
        Err(why) => run
            .screen
            .say(say("estimate-refused").text("why", language.refusal(why))),
    }
    for doubt in &analysis.warnings {
        run.screen
            .say(say("estimate-doubt").text("doubt", language.doubt(doubt)));
    }
}

fn say_answer(run: &Run, analysis: &Analysis, answer: &Answer) {
    let language = language(run);
    let three = |message: Saying, estimate, low, high| {
        let message = message.text("estimate", language.number(estimate));
        run.screen.say(
            message
                .text("low", language.number(low))
                .text("high", language.number(high)),
        );
    };
    three(
        say("estimate-answer"),
        answer.estimate,
        answer.low,
        answer.high,
    );
    let (fitted, tried) = analysis
        .comparison
        .as_ref()
        .map_or((1, 1), |all: &Comparison| {
            (all.fits.len(), all.tried_count())
        });
    let message = say("estimate-model")
        .text("model", &answer.model)
        .text("criterion", analysis.criterion.name());
    run.screen
        .say(message.n("fitted", fitted).n("tried", tried));
    if let Some(mixed) = analysis.averaged {
        three(
            say("estimate-averaged"),
            mixed.estimate,
            mixed.low,
            mixed.high,
        );
    }
    if let Some(posterior) = &analysis.posterior {
        three(
            say("estimate-latent"),
            posterior.median,
            posterior.low,
            posterior.high,
        );
    }
    if let Some(chao) = analysis.chao {
        run.screen
            .say(say("estimate-chao").text("estimate", language.number(chao.for_few_lists())));
    }
}
