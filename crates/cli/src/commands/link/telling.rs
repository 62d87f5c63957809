//! What a linkage tells a person: bars while it goes on, a few lines at its end.

use std::path::Path;
use std::sync::Mutex;

use count::linkage::{Progress, Step};
use indicatif::ProgressBar;

use super::Linked;
use super::output::{Totals, evaluation};
use crate::screen::Screen;
use crate::words::say;

/// The bar of the step that goes on.
pub struct Bars {
    screen: Screen,
    bar: Mutex<Option<ProgressBar>>,
}

impl Bars {
    /// No bar yet.
    pub fn new(screen: Screen) -> Bars {
        Bars {
            screen,
            bar: Mutex::new(None),
        }
    }

    /// Takes the last bar away.
    pub fn clear(&self) {
        self.put(None);
    }

    fn put(&self, bar: Option<ProgressBar>) {
        let mut place = self
            .bar
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some(old) = std::mem::replace(&mut *place, bar) {
            old.finish_and_clear();
        }
    }
}

impl Progress for Bars {
    fn begin(&self, step: Step, pairs: u64) {
        self.put(Some(match step {
            Step::Learning => self.screen.spinner(say("link-learning")),
            Step::Comparing => self.screen.count_bar(pairs, say("link-comparing")),
            Step::Clustering => self.screen.spinner(say("link-clustering")),
        }));
    }

    fn advance(&self, pairs: u64) {
        let place = self
            .bar
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some(bar) = &*place {
            bar.inc(pairs);
        }
    }
}

/// Oversize blocks that are told one by one; the summary has more.
const OVERSIZE_TOLD: usize = 5;

/// Says what was found.
pub fn tell(screen: Screen, linked: &Linked<'_>, folder: &Path) {
    let (table, linkage) = (linked.table, linked.linkage);
    let totals = Totals::of(linked);
    screen.say(
        say("link-read")
            .n("records", table.len())
            .n("lists", table.lists().len())
            .n("pairs", linkage.compared)
            .n("rules", linkage.rules.len()),
    );
    if let Some(loss) = &linkage.loss {
        screen.say(say("link-loss").text("share", format!("{:.2}", loss.share * 100.0)));
    }
    if let Some(first) = table.warnings().first() {
        screen.say(
            say("link-warned")
                .n("count", table.warned())
                .text("list", &first.list)
                .text("id", &first.id)
                .text("field", &first.field)
                .text("why", first.why),
        );
    }
    for block in linkage.oversize.iter().take(OVERSIZE_TOLD) {
        screen.say(
            say("link-oversize")
                .n("records", block.records)
                .text("rule", &block.rule)
                .text("first", block.first.join(", ")),
        );
    }
    if table.lists().len() == 1 {
        screen.say(say("link-single-list"));
    } else if totals.on_several_lists == 0 {
        screen.say(say("link-apart"));
    }
    screen.say(
        say("link-done")
            .n("persons", totals.persons)
            .n("alone", totals.alone)
            .n("several", totals.persons - totals.alone)
            .n("review", totals.review),
    );
    if let Some(found) = evaluation(linked) {
        let four = |figure: f64| format!("{figure:.4}");
        screen.say(
            say("link-evaluated")
                .text("precision", four(found.precision))
                .text("recall", four(found.recall))
                .text("f1", four(found.f1))
                .text("bcubed", four(found.bcubed_f1)),
        );
    }
    screen.say(say("link-written").text("path", folder.display()));
}
