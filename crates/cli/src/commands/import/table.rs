//! Rows and columns: CSV and Excel.

use std::path::Path;

use desk::import::{Import, Mapping, RowError};

use super::ImportTable;
use super::intake::Intake;
use crate::commands::Run;
use crate::failure::{Exit, Failure, malformed};
use crate::sheet;
use crate::words::say;

/// Imports a table.
pub fn run(run: &Run, asked: &ImportTable, mapping: Mapping) -> Result<Exit, Failure> {
    let office = run.office()?;
    let session = run.session(&office)?;
    let circle = run.circle(&office, &session, asked.circle.as_deref())?;
    let mut table = Table {
        run,
        intake: Intake::new(run, &office, &session, circle, asked)?,
        mapping: Some(mapping),
        import: None,
        path: &asked.path,
        failure: None,
    };
    let read = sheet::rows(
        &asked.path,
        asked.encoding.as_deref(),
        asked.sheet.as_deref(),
        &mut |number, cells| table.take(number, cells),
    );
    if let Some(failure) = table.failure.take() {
        return Err(failure);
    }
    // What was read before the table broke off is entered and accounted for; then the break is told.
    let exit = table.intake.finish()?;
    read.map_err(|why| {
        malformed("fault-import-source")
            .text("path", asked.path.display())
            .because(why)
    })?;
    Ok(exit)
}

/// A table while it is read.
struct Table<'a> {
    run: &'a Run,
    intake: Intake<'a>,
    mapping: Option<Mapping>,
    import: Option<Import>,
    path: &'a Path,
    failure: Option<Failure>,
}

impl Table<'_> {
    /// Takes a row; an error ends the reading, and the failure tells why.
    fn take(&mut self, number: u64, cells: Result<Vec<String>, String>) -> Result<(), String> {
        let taken = match self.mapping.take() {
            Some(mapping) => self.take_headings(mapping, cells),
            None => self.take_row(number, cells),
        };
        taken.map_err(|failure| {
            self.failure = Some(failure);
            String::new()
        })
    }

    fn take_headings(
        &mut self,
        mapping: Mapping,
        cells: Result<Vec<String>, String>,
    ) -> Result<(), Failure> {
        let unfit = |why: String| {
            malformed("fault-import-source")
                .text("path", self.path.display())
                .because(why)
        };
        let headings = cells.map_err(unfit)?;
        let import = Import::new(mapping, &headings).map_err(|error| unfit(error.to_string()))?;
        for (field, columns) in import.plan() {
            let columns = desk::name::visible(&columns.join(", "));
            self.run.screen.say(
                say("import-column")
                    .text("columns", columns)
                    .text("field", field),
            );
        }
        let left_out = import.left_out();
        if !left_out.is_empty() {
            let columns = desk::name::visible(&left_out.join(", "));
            self.run
                .screen
                .say(say("import-left-out").text("columns", columns));
        }
        self.import = Some(import);
        Ok(())
    }

    fn take_row(&mut self, number: u64, cells: Result<Vec<String>, String>) -> Result<(), Failure> {
        let Some(import) = &self.import else {
            return Ok(());
        };
        self.intake.totals.rows += 1;
        match cells.map(|cells| import.row(number, &cells)) {
            Ok(Ok(row)) => {
                let type_name = import.model().name;
                let entity = self.intake.entity(&row.origin)?;
                self.intake.wait(number, entity, type_name, row)
            }
            Ok(Err(RowError::Empty)) => self.intake.empty(number),
            Ok(Err(error)) => self.intake.reject(number, &error.to_string()),
            Err(why) => self.intake.reject(number, &why),
        }
    }
}
