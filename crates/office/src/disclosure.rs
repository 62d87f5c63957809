//! What a file itself tells about people: found before it leaves, so that the plan of a publication can show it.
//!
//! The list is not complete and says so: a face, a voice, a handwriting or a street sign is not metadata. A file in
//! which nothing is found may still identify somebody.

use nom_exif::{MediaKind, MediaParser, MediaSource};

/// How much of a file is looked at: metadata lies at its beginning, in films also at its end.
pub const LOOKED_AT_BYTES_MAX: usize = 64 * 1024 * 1024;

/// One thing that a file tells beside what it shows.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Disclosed {
    /// Where it was made: a GPS position.
    Position,
    /// With which device: make, model or serial number.
    Device,
    /// When it was made.
    Time,
    /// A name: author, artist, owner, last editor.
    Name,
    /// With which program.
    Program,
    /// A film hidden behind a still picture (motion photo).
    EmbeddedFilm,
    /// The kind of file is known to carry such things, but this one could not be read.
    Unread,
}

impl Disclosed {
    /// The word for it in machine output.
    pub fn word(&self) -> &'static str {
        match self {
            Disclosed::Position => "position",
            Disclosed::Device => "device",
            Disclosed::Time => "time",
            Disclosed::Name => "name",
            Disclosed::Program => "program",
            Disclosed::EmbeddedFilm => "embedded_film",
            Disclosed::Unread => "unread",
        }
    }
}

/// Looks into `bytes` (the file, or its first [`LOOKED_AT_BYTES_MAX`]) for what it tells beside its content, sorted.
pub fn inspect(media_type: &str, bytes: &[u8]) -> Vec<Disclosed> {
    let mut found = match media_type.split('/').next() {
        Some("image" | "video" | "audio") => inspect_media(bytes),
        _ if media_type == "application/pdf" => inspect_pdf(bytes),
        _ if is_office_document(media_type) => inspect_office_document(bytes),
        _ => Vec::new(),
    };
    found.sort();
    found.dedup();
    found
}

/// The media type by the content's first bytes, never by the name somebody gave it; text where it is UTF-8.
pub fn media_type(start: &[u8]) -> &'static str {
    if let Some(kind) = infer::get(start) {
        return kind.mime_type();
    }
    let valid = match core::str::from_utf8(start) {
        Ok(_) => start.len(),
        Err(error) if error.error_len().is_none() => error.valid_up_to(),
        Err(_) => 0,
    };
    let is_text = start[..valid]
        .iter()
        .all(|byte| *byte >= 0x20 || matches!(byte, b'\t' | b'\n' | b'\r'));
    if valid + 4 > start.len() && is_text {
        "text/plain"
    } else {
        "application/octet-stream"
    }
}

fn inspect_media(bytes: &[u8]) -> Vec<Disclosed> {
    let Ok(source) = MediaSource::from_memory(bytes.to_vec()) else {
        return Vec::new();
    };
    match source.kind() {
        MediaKind::Image => inspect_image(source),
        MediaKind::Track => inspect_track(source),
    }
}

fn inspect_image(source: MediaSource<std::io::Empty>) -> Vec<Disclosed> {
    let exif: nom_exif::Exif = match MediaParser::new().parse_exif(source) {
        Ok(found) => found.into(),
        Err(nom_exif::Error::ExifNotFound) => return Vec::new(),
        Err(_) => return vec![Disclosed::Unread],
    };
    let mut found: Vec<Disclosed> = exif
        .entries()
        .filter_map(|entry| told_by(entry.tag().code()))
        .collect();
    if exif.gps_info().is_some() {
        found.push(Disclosed::Position);
    }
    if exif.has_embedded_track() {
        found.push(Disclosed::EmbeddedFilm);
    }
    found
}

/// What an EXIF tag tells, by its code (Exif 2.32, tables 4 to 8 and 13).
fn told_by(code: u16) -> Option<Disclosed> {
    match code {
        0x8825 => Some(Disclosed::Position),
        0x010f | 0x0110 | 0x013c | 0xa431 | 0xa432..=0xa435 => Some(Disclosed::Device),
        0x0132 | 0x9003 | 0x9004 => Some(Disclosed::Time),
        0x013b | 0x8298 | 0xa430 | 0x9c9d => Some(Disclosed::Name),
        0x0131 => Some(Disclosed::Program),
        _ => None,
    }
}

fn inspect_track(source: MediaSource<std::io::Empty>) -> Vec<Disclosed> {
    use nom_exif::TrackInfoTag as Tag;
    let track = match MediaParser::new().parse_track(source) {
        Ok(track) => track,
        Err(_) => return vec![Disclosed::Unread],
    };
    let tells = [
        (Tag::GpsIso6709, Disclosed::Position),
        (Tag::Make, Disclosed::Device),
        (Tag::Model, Disclosed::Device),
        (Tag::CreateDate, Disclosed::Time),
        (Tag::Author, Disclosed::Name),
        (Tag::Software, Disclosed::Program),
    ];
    tells
        .into_iter()
        .filter(|(tag, _)| track.get(*tag).is_some())
        .map(|(_, told)| told)
        .collect()
}

/// A PDF's information dictionary and XMP packet are looked for by their names; a compressed one is not seen, and counts as unread.
fn inspect_pdf(bytes: &[u8]) -> Vec<Disclosed> {
    let tells: [(&[&[u8]], Disclosed); 3] = [
        (&[b"/Author", b"<dc:creator", b"/Company"], Disclosed::Name),
        (
            &[b"/CreationDate", b"/ModDate", b"<xmp:CreateDate"],
            Disclosed::Time,
        ),
        (
            &[b"/Creator", b"/Producer", b"<xmp:CreatorTool"],
            Disclosed::Program,
        ),
    ];
    let mut found: Vec<Disclosed> = tells
        .into_iter()
        .filter(|(marks, _)| marks.iter().any(|mark| contains(bytes, mark)))
        .map(|(_, told)| told)
        .collect();
    if contains(bytes, b"/ObjStm") || contains(bytes, b"/Encrypt") {
        found.push(Disclosed::Unread);
    }
    found
}

fn is_office_document(media_type: &str) -> bool {
    media_type.contains("officedocument")
        || media_type.contains("opendocument")
        || media_type == "application/msword"
}

/// Office documents keep names of authors and editors in compressed parts; they always count as unread.
fn inspect_office_document(_bytes: &[u8]) -> Vec<Disclosed> {
    vec![Disclosed::Name, Disclosed::Unread]
}

fn contains(bytes: &[u8], mark: &[u8]) -> bool {
    bytes.windows(mark.len()).any(|window| window == mark)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_media_type_is_read_from_the_content() {
        assert_eq!(media_type(b"%PDF-1.7\n"), "application/pdf");
        assert_eq!(media_type("روایت نخست".as_bytes()), "text/plain");
        assert_eq!(media_type(&"روایت".as_bytes()[..5]), "text/plain");
        assert_eq!(media_type(&[0, 1, 2, 3]), "application/octet-stream");
        assert_eq!(media_type(b""), "text/plain");
    }

    #[test]
    fn a_pdf_with_an_author_says_so() {
        let pdf = b"%PDF-1.4\n1 0 obj<</Author(A. B.)/CreationDate(D:2026)>>endobj";
        assert_eq!(
            inspect("application/pdf", pdf),
            [Disclosed::Time, Disclosed::Name]
        );
        assert!(inspect("application/pdf", b"%PDF-1.4\n").is_empty());
    }

    #[test]
    fn broken_media_is_never_taken_as_clean() {
        let broken = b"\xff\xd8\xff\xe1\x00\x10Exif\0\0II*\0\xff\xff\xff\xff";
        assert_ne!(inspect("image/jpeg", broken), [Disclosed::Position]);
    }
}
