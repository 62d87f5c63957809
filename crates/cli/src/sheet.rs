//! Tables that people have: CSV in the encodings of their programs, and Excel's sheets, row by row.

use std::fs::File;
use std::io::{BufRead, BufReader, Read, Seek};
use std::path::Path;

use calamine::{DataRef, Reader, Xlsx, open_workbook};
use desk::import::COLUMNS_MAX;

/// The largest Excel file that is opened: its shared strings are held in memory.
const XLSX_BYTES_MAX: u64 = 64 * 1024 * 1024;

/// What is done with each row: its number in the file, from 1, and its cells or why they cannot be read. It says whether to go on.
pub type EachRow<'a> = dyn FnMut(u64, Result<Vec<String>, String>) -> Result<(), String> + 'a;

/// Gives every row of a table, the heading first. The error is one after which nothing more can be read.
pub fn rows(
    path: &Path,
    encoding: Option<&str>,
    sheet: Option<&str>,
    each: &mut EachRow<'_>,
) -> Result<(), String> {
    let ending = path
        .extension()
        .map(|end| end.to_string_lossy().to_lowercase());
    match ending.as_deref() {
        Some("xlsx" | "xlsm") => of_xlsx(path, sheet, each),
        Some("xls" | "ods" | "numbers") => Err("save it as .xlsx or .csv first".to_owned()),
        _ => of_csv(path, encoding, each),
    }
}

fn of_csv(path: &Path, encoding: Option<&str>, each: &mut EachRow<'_>) -> Result<(), String> {
    let mut text = BufReader::with_capacity(1 << 20, open(path, encoding)?);
    let separator = separator(text.fill_buf().map_err(|error| error.to_string())?);
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(separator)
        .has_headers(false)
        .flexible(true)
        .from_reader(text);
    let mut record = csv::ByteRecord::new();
    let mut number = 0;
    while reader
        .read_byte_record(&mut record)
        .map_err(|error| error.to_string())?
    {
        number += 1;
        let line = record.position().map_or(0, csv::Position::line);
        let cells = if record.len() > COLUMNS_MAX {
            Err(format!("line {line}: more than {COLUMNS_MAX} cells"))
        } else {
            record.iter().map(|cell| utf8(cell, line)).collect()
        };
        each(number, cells)?;
    }
    Ok(())
}

fn of_xlsx(path: &Path, sheet: Option<&str>, each: &mut EachRow<'_>) -> Result<(), String> {
    let bytes = std::fs::metadata(path)
        .map_err(|error| error.to_string())?
        .len();
    if bytes > XLSX_BYTES_MAX {
        return Err("larger than 64 MiB: save the sheet as .csv".to_owned());
    }
    let mut book: Xlsx<_> =
        open_workbook(path).map_err(|error: calamine::XlsxError| error.to_string())?;
    let names = book.sheet_names();
    let name = match sheet {
        Some(name) if names.iter().any(|one| one == name) => name.to_owned(),
        Some(name) => {
            return Err(format!(
                "no sheet {name:?}; there are: {}",
                names.join(", ")
            ));
        }
        None => names.first().cloned().ok_or("the file has no sheet")?,
    };
    let mut cells = book
        .worksheet_cells_reader(&name)
        .map_err(|error| error.to_string())?;
    let mut row = Row::default();
    while let Some(cell) = cells.next_cell().map_err(|error| error.to_string())? {
        let (at, column) = cell.get_position();
        if u64::from(at) + 1 < row.number {
            return Err("its rows are not in order".to_owned());
        }
        row.move_to(u64::from(at) + 1, each)?;
        row.put(column as usize, cell_text(cell.get_value()));
    }
    row.finish(each)
}

/// A row of a sheet while its cells come.
#[derive(Default)]
struct Row {
    number: u64,
    cells: Vec<String>,
    beyond: bool,
}

impl Row {
    fn move_to(&mut self, number: u64, each: &mut EachRow<'_>) -> Result<(), String> {
        if self.number != number {
            self.finish(each)?;
            self.number = number;
        }
        Ok(())
    }

    fn put(&mut self, column: usize, text: String) {
        if text.is_empty() {
            return;
        }
        if column >= COLUMNS_MAX {
            self.beyond = true;
            return;
        }
        if self.cells.len() <= column {
            self.cells.resize(column + 1, String::new());
        }
        if let Some(cell) = self.cells.get_mut(column) {
            *cell = text;
        }
    }

    fn finish(&mut self, each: &mut EachRow<'_>) -> Result<(), String> {
        let cells = std::mem::take(&mut self.cells);
        let beyond = std::mem::take(&mut self.beyond);
        if beyond {
            return each(self.number, Err(format!("more than {COLUMNS_MAX} cells")));
        }
        if cells.is_empty() {
            return Ok(());
        }
        each(self.number, Ok(cells))
    }
}

/// A cell as a person sees it: whole numbers without a fraction, dates as ISO 8601, a formula as its last result.
fn cell_text(value: &DataRef<'_>) -> String {
    match value {
        DataRef::Empty => String::new(),
        DataRef::String(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Float(number) if number.fract() == 0.0 && number.abs() < 1e15 => {
            format!("{number:.0}")
        }
        DataRef::DateTime(moment) if moment.is_datetime() => {
            let (year, month, day, hour, minute, ..) = moment.to_ymd_hms_milli();
            let time = if hour == 0 && minute == 0 {
                String::new()
            } else {
                format!(" {hour:02}:{minute:02}")
            };
            format!("{year:04}-{month:02}-{day:02}{time}")
        }
        other => calamine::Data::from(other.clone()).to_string(),
    }
}

/// A cell as text; the line is named where it is not UTF-8.
pub fn utf8(cell: &[u8], line: u64) -> Result<String, String> {
    std::str::from_utf8(cell)
        .map(str::to_owned)
        .map_err(|_| format!("line {line}: not in UTF-8"))
}

/// The text of a file in UTF-8: as it is, or decoded where a byte-order mark or the configuration says from what.
pub fn open(path: &Path, encoding: Option<&str>) -> Result<Box<dyn Read>, String> {
    let mut file = File::open(path).map_err(|error| error.to_string())?;
    let mut mark = [0; 3];
    let count = file.read(&mut mark).map_err(|error| error.to_string())?;
    let marked = encoding_rs::Encoding::for_bom(&mark[..count]);
    file.seek(std::io::SeekFrom::Start(
        marked.map_or(0, |(_, length)| length as u64),
    ))
    .map_err(|error| error.to_string())?;
    let named = match encoding {
        Some(name) => Some(
            encoding_rs::Encoding::for_label(name.as_bytes())
                .ok_or_else(|| format!("no encoding {name:?} is known"))?,
        ),
        None => None,
    };
    match marked
        .map(|(encoding, _)| encoding)
        .or(named)
        .filter(|encoding| *encoding != encoding_rs::UTF_8)
    {
        None => Ok(Box::new(file)),
        Some(encoding) => {
            let mut bytes = Vec::new();
            file.read_to_end(&mut bytes)
                .map_err(|error| error.to_string())?;
            let (text, faulty) = encoding.decode_without_bom_handling(&bytes);
            if faulty {
                return Err(format!(
                    "not in {}: {}",
                    encoding.name(),
                    first_faulty_line(&text)
                ));
            }
            Ok(Box::new(std::io::Cursor::new(
                text.into_owned().into_bytes(),
            )))
        }
    }
}

fn first_faulty_line(text: &str) -> String {
    let line = text
        .lines()
        .position(|line| line.contains('\u{FFFD}'))
        .map_or(0, |line| line + 1);
    format!("line {line}")
}

/// The separator that the first line has most of.
pub fn separator(beginning: &[u8]) -> u8 {
    let line = beginning
        .split(|byte| *byte == b'\n')
        .next()
        .unwrap_or_default();
    let count = |separator: u8| line.iter().filter(|byte| **byte == separator).count();
    // Of equals the first: the comma.
    [b',', b';', b'\t', b'|']
        .into_iter()
        .rev()
        .max_by_key(|separator| count(*separator))
        .unwrap_or(b',')
}
