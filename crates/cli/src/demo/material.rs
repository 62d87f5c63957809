//! The material of the demonstration: a folder of real files, made here, byte for byte the same each time.
//!
//! Every one of them says that it is invented. They are of the kinds that an office receives: accounts in four
//! languages, a photograph that carries the place where it was taken, a letter as PDF, a voice note. Nothing is kept in
//! the repository but the words.

mod exif;
mod jpeg;
mod letter;
mod photograph;
mod voice;

/// A file of the demonstration.
pub struct Material {
    /// Its name as somebody would have given it.
    pub name: &'static str,
    /// The whole of it.
    pub bytes: Vec<u8>,
}

/// All files, in the order in which the demonstration takes them in.
pub fn files() -> Vec<Material> {
    vec![
        text(
            "روایت-چاپخانه‌دار.txt",
            include_str!("material/texts/account-fa.txt"),
        ),
        text(
            "رواية معلّمة.txt",
            include_str!("material/texts/account-ar.txt"),
        ),
        text(
            "account-lorry-driver.txt",
            include_str!("material/texts/account-en.txt"),
        ),
        text(
            "récit infirmière.txt",
            include_str!("material/texts/account-fr.txt"),
        ),
        Material {
            name: "IMG_20260114_163208.jpg",
            bytes: photograph::jpeg(),
        },
        Material {
            name: "letter.pdf",
            bytes: letter::pdf(),
        },
        Material {
            name: "voice-note.wav",
            bytes: voice::wav(),
        },
    ]
}

fn text(name: &'static str, text: &str) -> Material {
    Material {
        name,
        bytes: text.as_bytes().to_vec(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_files_are_the_same_each_time_and_none_is_like_another() {
        let (once, again) = (files(), files());
        assert_eq!(once.len(), 7);
        for (index, file) in once.iter().enumerate() {
            assert_eq!(file.bytes, again[index].bytes, "{}", file.name);
            assert!(
                once[..index]
                    .iter()
                    .all(|other| other.name != file.name && other.bytes != file.bytes)
            );
        }
    }

    #[test]
    fn every_text_says_first_and_last_that_it_is_invented() {
        let words = [
            ("ساخته شده", "ساختگی"),
            ("لعرض البرنامج", "المختلق"),
            ("demonstrate", "invented"),
            ("montrer", "inventé"),
        ];
        for (file, (first, last)) in files().iter().zip(words) {
            let text = String::from_utf8(file.bytes.clone()).unwrap();
            assert!(
                text.lines().next().unwrap().contains(first),
                "{}",
                file.name
            );
            assert!(text.lines().last().unwrap().contains(last), "{}", file.name);
        }
    }

    fn bytes(ending: &str) -> Vec<u8> {
        files()
            .into_iter()
            .find(|file| file.name.ends_with(ending))
            .unwrap()
            .bytes
    }

    #[test]
    fn the_letter_lists_where_its_objects_are() {
        let text = String::from_utf8_lossy(&bytes(".pdf")).replace('\u{fffd}', "?");
        let (_, table) = text.split_once("xref\n0 7\n").unwrap();
        for (number, line) in table.lines().take(7).enumerate().skip(1) {
            let offset: usize = line[..10].parse().unwrap();
            assert!(
                text[offset..].starts_with(&format!("{number} 0 obj\n")),
                "object {number}"
            );
        }
    }

    #[test]
    fn the_voice_note_is_as_long_as_it_says() {
        let wav = bytes(".wav");
        let said = u32::from_le_bytes(wav[4..8].try_into().unwrap());
        assert_eq!(said as usize, wav.len() - 8);
    }

    #[test]
    fn the_photograph_has_its_segments_and_carries_a_position() {
        let jpeg = bytes(".jpg");
        let (mut at, mut markers) = (2, Vec::new());
        while markers.last() != Some(&0xda) {
            assert_eq!(jpeg[at], 0xff);
            markers.push(jpeg[at + 1]);
            at += 2 + usize::from(u16::from_be_bytes([jpeg[at + 2], jpeg[at + 3]]));
        }
        assert_eq!(markers, [0xe1, 0xdb, 0xc0, 0xc4, 0xc4, 0xda]);
        assert_eq!(jpeg[jpeg.len() - 2..], [0xff, 0xd9]);
        let north = [0, 0, 0, 52, 0, 0, 0, 1];
        assert!(jpeg[..at].windows(8).any(|eight| eight == north));
        // A marker inside the picture would end it early.
        let inside = &jpeg[at..jpeg.len() - 2];
        assert!(inside.windows(2).all(|two| two[0] != 0xff || two[1] == 0));
    }
}
