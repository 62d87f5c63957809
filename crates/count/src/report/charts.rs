//! The charts: overlap as an UpSet plot, intervals, traces.

use super::svg::{Anchor, Drawing};
use super::words::{Language, put};
use crate::estimate::lcmcr::Posterior;
use crate::estimate::table::Table;

/// So many combinations are drawn, the largest; the table beside has all.
const COLUMNS_MAX: usize = 31;
/// Points of each trace that are drawn: more than a page can show.
const TRACE_POINTS: usize = 300;
/// Characters of a label that fit beside a chart.
const LABEL_CHARS: usize = 34;

/// Combinations of lists with somebody on them, the largest first.
pub(super) fn combinations(table: &Table) -> Vec<(usize, u64)> {
    let mut cells: Vec<(usize, u64)> = table
        .counts()
        .iter()
        .copied()
        .enumerate()
        .filter(|(_, count)| *count > 0)
        .collect();
    cells.sort_by_key(|(cell, count)| (std::cmp::Reverse(*count), *cell));
    cells
}

/// An UpSet plot: a column for each combination, its lists as joined dots, its people as a bar.
pub(super) fn upset(table: &Table, language: Language) -> String {
    const LEFT: f64 = 230.0;
    const TOP: f64 = 200.0;
    const STEP: f64 = 34.0;
    const ROW: f64 = 26.0;
    let cells = combinations(table);
    let shown = &cells[..cells.len().min(COLUMNS_MAX)];
    let lists = table.lists();
    let step = STEP.min(760.0 / shown.len().max(1) as f64);
    let width = LEFT + step * shown.len() as f64 + 10.0;
    let mut drawing = Drawing::new(width, TOP + ROW * lists.len() as f64 + 18.0);
    let largest = shown.first().map_or(1.0, |(_, count)| *count as f64);
    for index in (0..lists.len()).step_by(2) {
        drawing.bar(
            (LEFT - 4.0, TOP + 8.0 + ROW * index as f64),
            (width - LEFT, ROW),
            "stripe",
        );
    }
    for (column, (cell, count)) in shown.iter().enumerate() {
        let x = LEFT + step * (column as f64 + 0.5);
        let height = (TOP - 30.0) * *count as f64 / largest;
        drawing.bar(
            (x - step * 0.32, TOP - height),
            (step * 0.64, height),
            "bar",
        );
        drawing.text(
            (x, TOP - height - 5.0),
            Anchor::Middle,
            &language.number(*count as f64),
        );
        let rows: Vec<usize> = (0..lists.len())
            .filter(|list| cell >> list & 1 == 1)
            .collect();
        let y = |list: usize| TOP + 8.0 + ROW * (list as f64 + 0.5);
        if let (Some(first), Some(last)) = (rows.first(), rows.last()) {
            drawing.line((x, y(*first)), (x, y(*last)), "join");
        }
        for list in 0..lists.len() {
            drawing.dot(
                (x, y(list)),
                6.0_f64.min(step * 0.25),
                if rows.contains(&list) { "on" } else { "off" },
            );
        }
    }
    list_sizes(table, language, &mut drawing, (LEFT, TOP, ROW));
    let largest = shown.first().map_or((String::new(), 0.0), |(cell, count)| {
        (table.named(*cell), *count as f64)
    });
    let values = [
        language.digits(&lists.len().to_string()),
        language.number(table.observed() as f64),
        language.number(table.on_exactly(1) as f64),
        largest.0,
        language.number(largest.1),
    ];
    let words = language.words();
    drawing.finish(
        "overlap",
        words.overlap,
        &put(words.overlap_description, &values),
    )
}

fn list_sizes(
    table: &Table,
    language: Language,
    drawing: &mut Drawing,
    (left, top, row): (f64, f64, f64),
) {
    let size = |list: usize| table.on_all(1 << list) as f64;
    let largest = (0..table.lists().len()).map(size).fold(1.0, f64::max);
    for (list, name) in table.lists().iter().enumerate() {
        let y = top + 8.0 + row * (list as f64 + 0.5);
        let width = 60.0 * size(list) / largest;
        drawing.bar((left - 12.0 - width, y - 7.0), (width, 14.0), "size");
        drawing.text(
            (left - 78.0, y + 4.0),
            Anchor::End,
            &format!("{}  {}", shortened(name, 14), language.number(size(list))),
        );
    }
}

/// A line of the chart of intervals.
pub(super) struct Line {
    pub scope: String,
    pub method: String,
    pub observed: u64,
    /// The estimate with the ends of its interval; an end is missing where there is none.
    pub numbers: Option<(f64, Option<f64>, Option<f64>)>,
    pub chosen: bool,
    pub bound: bool,
}

/// Intervals one under the other on one scale.
pub(super) fn intervals(lines: &[Line], language: Language, id: &str) -> String {
    const LEFT: f64 = 300.0;
    const RIGHT: f64 = 930.0;
    const ROW: f64 = 30.0;
    let drawn: Vec<&Line> = lines.iter().filter(|line| line.numbers.is_some()).collect();
    let most = drawn
        .iter()
        .filter_map(|line| line.numbers)
        .map(|(estimate, _, high)| high.unwrap_or(estimate))
        .fold(1.0, f64::max);
    let (ticks, top) = scale(most);
    let x = |value: f64| LEFT + (RIGHT - LEFT) * (value / top).min(1.0);
    let bottom = 10.0 + ROW * drawn.len() as f64;
    let mut drawing = Drawing::new(RIGHT + 40.0, bottom + 30.0);
    for tick in ticks {
        drawing.line((x(tick), 6.0), (x(tick), bottom), "grid");
        drawing.text(
            (x(tick), bottom + 18.0),
            Anchor::Middle,
            &language.number(tick),
        );
    }
    for (index, line) in drawn.iter().enumerate() {
        let y = 10.0 + ROW * (index as f64 + 0.5);
        let Some((estimate, low, high)) = line.numbers else {
            continue;
        };
        let label = if line.scope.is_empty() {
            line.method.clone()
        } else {
            format!("{} · {}", line.scope, line.method)
        };
        drawing.text(
            (LEFT - 12.0, y + 4.0),
            Anchor::End,
            &shortened(&label, LABEL_CHARS + 8),
        );
        let observed = x(line.observed as f64);
        drawing.line(
            (observed, y - ROW / 2.0),
            (observed, y + ROW / 2.0),
            "observed",
        );
        let (from, to) = (
            x(low.unwrap_or(estimate)),
            x(high.unwrap_or(if line.bound { top } else { estimate })),
        );
        drawing.line(
            (from, y),
            (to, y),
            if line.bound { "bound" } else { "span" },
        );
        if !line.bound {
            drawing.line((from, y - 5.0), (from, y + 5.0), "span");
            drawing.line((to, y - 5.0), (to, y + 5.0), "span");
        }
        drawing.dot(
            (x(estimate), y),
            6.0,
            if line.chosen { "on" } else { "mark" },
        );
    }
    let least = drawn
        .iter()
        .filter_map(|line| line.numbers)
        .map(|(estimate, low, _)| low.unwrap_or(estimate))
        .fold(f64::INFINITY, f64::min);
    let words = language.words();
    let observed = lines.first().map_or(0.0, |line| line.observed as f64);
    let values = [
        language.number(drawn.len() as f64),
        language.range(least, most),
        language.number(observed),
    ];
    drawing.finish(
        id,
        words.estimates,
        &put(words.estimates_description, &values),
    )
}

/// Round ticks from zero, and where the axis ends.
fn scale(most: f64) -> (Vec<f64>, f64) {
    let rough = most / 5.0;
    let power = 10f64.powf(rough.log10().floor());
    let step = [1.0, 2.0, 5.0, 10.0]
        .into_iter()
        .map(|factor| factor * power)
        .find(|step| *step >= rough)
        .unwrap_or(rough);
    let count = (most / step).ceil().max(1.0);
    (
        (0..=count as u32)
            .map(|tick| f64::from(tick) * step)
            .collect(),
        count * step,
    )
}

/// The samples of each chain in order, thinned to what a page can show.
pub(super) fn traces(posterior: &Posterior, language: Language) -> String {
    const WIDTH: f64 = 930.0;
    const LEFT: f64 = 80.0;
    const HEIGHT: f64 = 190.0;
    const CLASSES: [&str; 4] = ["chain1", "chain2", "chain3", "chain4"];
    let all = || posterior.chains.iter().flatten().copied();
    // A few far samples would press the rest flat.
    let mut sorted: Vec<f64> = all().collect();
    sorted.sort_by(f64::total_cmp);
    let at = |share: f64| {
        sorted
            .get((share * (sorted.len().max(1) - 1) as f64) as usize)
            .copied()
            .unwrap_or(0.0)
    };
    let (least, most) = (at(0.002), at(0.998).max(at(0.002) + 1.0));
    let mut drawing = Drawing::new(WIDTH + 20.0, HEIGHT + 30.0);
    let y = |value: f64| {
        10.0 + (HEIGHT - 20.0) * (1.0 - ((value - least) / (most - least)).clamp(0.0, 1.0))
    };
    for value in [least, posterior.low, posterior.median, posterior.high, most] {
        drawing.line((LEFT, y(value)), (WIDTH, y(value)), "grid");
    }
    for value in [posterior.low, posterior.median, posterior.high] {
        drawing.text(
            (LEFT - 6.0, y(value) + 4.0),
            Anchor::End,
            &language.number(value),
        );
    }
    for (chain, class) in posterior.chains.iter().zip(CLASSES.iter().cycle()) {
        let step = (chain.len() / TRACE_POINTS).max(1);
        let points: Vec<(f64, f64)> = chain
            .iter()
            .enumerate()
            .step_by(step)
            .map(|(index, value)| {
                (
                    LEFT + (WIDTH - LEFT) * index as f64 / chain.len().max(1) as f64,
                    y(*value),
                )
            })
            .collect();
        drawing.path(&points, class);
    }
    let words = language.words();
    drawing.text(
        (f64::midpoint(LEFT, WIDTH), HEIGHT + 20.0),
        Anchor::Middle,
        words.iterations,
    );
    let values = [
        language.digits(&posterior.chains.len().to_string()),
        language.range(least, most),
    ];
    drawing.finish(
        "traces",
        words.convergence,
        &put(words.trace_description, &values),
    )
}

fn shortened(text: &str, limit: usize) -> String {
    if text.chars().count() <= limit {
        return text.to_owned();
    }
    text.chars().take(limit - 1).chain(['…']).collect()
}
