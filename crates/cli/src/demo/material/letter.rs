//! A letter of one page as PDF 1.4: a font that every reader has, text that can be selected and searched.

/// Lines of the page; an empty one is a gap.
const LINES: [&str; 17] = [
    "This letter was invented to demonstrate a program. Sender, case and office do not exist.",
    "",
    "Committee for the Registration of Accounts",
    "Room 4, 12 Example Street",
    "",
    "14 January 2026",
    "Our reference: CRA/2026/0007",
    "",
    "To the record office",
    "",
    "We hand over to you today, against signature, one envelope with two printed photographs",
    "and one memory card of 32 GB. The card was received from the person whom we call source 7",
    "on 9 January and was kept in our safe since; nobody has opened it.",
    "",
    "Please confirm in writing the number of files, the size of each, and its SHA-256 digest.",
    "",
    "For the committee: (an invented signature)",
];

/// A4, in points.
const PAGE: &str = "[0 0 595 842]";

/// The file.
pub fn pdf() -> Vec<u8> {
    let content = content();
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R /Lang (en) >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        format!(
            "<< /Type /Page /Parent 2 0 R /MediaBox {PAGE} /Resources << /Font << /F1 5 0 R >> >> /Contents 4 0 R >>"
        ),
        format!(
            "<< /Length {} >>\nstream\n{content}endstream",
            content.len()
        ),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"
            .to_owned(),
        "<< /Title (An invented letter) /Author (Nobody) /CreationDate (D:20260114101500Z) >>"
            .to_owned(),
    ];
    // The second line tells transfer programs that the file is not text.
    let mut bytes = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n".to_vec();
    let mut offsets = Vec::new();
    for (index, object) in objects.iter().enumerate() {
        offsets.push(bytes.len());
        bytes.extend(format!("{} 0 obj\n{object}\nendobj\n", index + 1).bytes());
    }
    let table = bytes.len();
    bytes.extend(format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1).bytes());
    for offset in offsets {
        bytes.extend(format!("{offset:010} 00000 n \n").bytes());
    }
    let trailer = format!(
        "trailer\n<< /Size {} /Root 1 0 R /Info 6 0 R >>\nstartxref\n{table}\n%%EOF\n",
        objects.len() + 1
    );
    bytes.extend(trailer.bytes());
    bytes
}

fn content() -> String {
    let mut content = "BT\n/F1 11 Tf\n16 TL\n72 770 Td\n".to_owned();
    for line in LINES {
        let escaped = line
            .replace('\\', "\\\\")
            .replace('(', "\\(")
            .replace(')', "\\)");
        content.push_str(&format!("({escaped}) Tj T*\n"));
    }
    content.push_str("ET\n");
    content
}
