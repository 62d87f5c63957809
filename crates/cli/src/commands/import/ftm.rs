//! FollowTheMoney: a file is read once for each pass, so that what others point to is stated first.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufRead, BufReader, Read};

use desk::ids::EntityId;
use desk::import::{RowDraft, origin};

use super::ImportTable;
use super::intake::Intake;
use crate::commands::Run;
use crate::failure::{Exit, Failure, malformed};
use crate::ftm::inward::{Incoming, LINE_BYTES_MAX, PASSES, Schema};

/// Imports a file of entities.
pub fn run(run: &Run, asked: &ImportTable) -> Result<Exit, Failure> {
    let office = run.office()?;
    let session = run.session(&office)?;
    let circle = run.circle(&office, &session, asked.circle.as_deref())?;
    let mut entities = Entities {
        intake: Intake::new(run, &office, &session, circle, asked)?,
        source: super::source_of(asked),
        taken: BTreeMap::new(),
    };
    let unreadable = |error: std::io::Error| {
        malformed("fault-import-source")
            .text("path", asked.path.display())
            .because(error)
    };
    for pass in 0..PASSES {
        let file = BufReader::new(File::open(&asked.path).map_err(unreadable)?);
        entities.read(pass, file, &unreadable)?;
        entities.intake.flush()?;
    }
    entities.intake.finish()
}

/// Entities of a file, as far as they were taken.
struct Entities<'a> {
    intake: Intake<'a>,
    source: String,
    taken: BTreeMap<String, (EntityId, &'static str)>,
}

impl Entities<'_> {
    fn read(
        &mut self,
        pass: u8,
        mut file: impl BufRead,
        unreadable: &dyn Fn(std::io::Error) -> Failure,
    ) -> Result<(), Failure> {
        let mut number = 0;
        let mut line = Vec::new();
        loop {
            line.clear();
            let most = LINE_BYTES_MAX as u64 + 1;
            let read = (&mut file).take(most).read_until(b'\n', &mut line);
            if read.map_err(unreadable)? == 0 {
                return Ok(());
            }
            number += 1;
            if line.len() > LINE_BYTES_MAX && line.last() != Some(&b'\n') {
                file.skip_until(b'\n').map_err(unreadable)?;
                line.clear();
                line.extend(b"\"longer than a line may be\"");
            }
            self.take(pass, number, &line)?;
        }
    }

    fn take(&mut self, pass: u8, number: u64, line: &[u8]) -> Result<(), Failure> {
        let is_first = pass == 0;
        self.intake.totals.rows += u64::from(is_first);
        if line.trim_ascii().is_empty() {
            return if is_first {
                self.intake.empty(number)
            } else {
                Ok(())
            };
        }
        let incoming: Incoming = match serde_json::from_slice(line) {
            Ok(incoming) => incoming,
            Err(error) if is_first => return self.intake.reject(number, &error.to_string()),
            Err(_) => return Ok(()),
        };
        match Schema::find(&incoming.schema) {
            None if is_first => self.intake.leave_out(number, &incoming.schema),
            Some(schema) if schema.pass == pass => self.put(number, &schema, &incoming),
            _ => Ok(()),
        }
    }

    fn put(&mut self, number: u64, schema: &Schema, incoming: &Incoming) -> Result<(), Failure> {
        if incoming.id.trim().is_empty() {
            return self.intake.reject(number, "it has no id");
        }
        let mut set = schema.set(incoming);
        for pointer in schema.pointers {
            let given = incoming.properties.get(pointer.property);
            let mut targets = Vec::new();
            for id in given.into_iter().flatten() {
                if let Some((entity, type_name)) = self.taken.get(id) {
                    self.intake.assume(*entity, type_name);
                    targets.push(entity.to_string());
                }
            }
            if !targets.is_empty() {
                set.insert(pointer.field.to_owned(), targets);
            } else if pointer.required {
                let why = format!(
                    "{}: what it points to was not taken from this file",
                    pointer.property
                );
                return self.intake.reject(number, &why);
            }
        }
        let origin = origin(&self.source, &incoming.id);
        let known = self.intake.entity(&origin)?;
        if !self.taken.contains_key(&incoming.id) {
            let taken = (known.entity, schema.type_name);
            self.taken.insert(incoming.id.clone(), taken);
        }
        self.intake
            .wait(number, known, schema.type_name, RowDraft { origin, set })
    }
}
