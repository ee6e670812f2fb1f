//! Documents as offices want them: what is to be done with a chosen file, and the parts of it that
//! need no browser.
//!
//! A phone's photo has twelve megabytes, the place where it was taken, and a type that an office which
//! takes "PDF, at most 1 MB" refuses. So a photo is drawn anew, upright and no larger than is needed
//! to read a page, which leaves behind everything that the camera wrote beside the picture; and it is
//! wrapped as a PDF where only that is taken. Anything else goes as it is.
//!
//! What this does not do: draw (that is the browser's), or refuse (that is [`super::validate`]'s).

/// What is to be done with a file before it is kept for sending.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Plan {
    /// It goes as it is.
    Keep,
    /// It is a photo: drawn anew as JPEG.
    Redraw,
    /// It is a photo where only PDF is taken: drawn anew and wrapped.
    Wrap,
}

/// What is to be done with a file of this media type (lower case) where `accept` is taken: media types,
/// `image/*`, or endings such as `.pdf`; nothing there means anything.
#[must_use]
pub fn plan(media_type: &str, accept: &[String]) -> Plan {
    let photo = media_type.starts_with("image/") && media_type != "image/svg+xml";
    if !photo {
        return Plan::Keep;
    }
    let takes = |wanted: &[&str]| {
        accept
            .iter()
            .any(|entry| wanted.iter().any(|one| entry.eq_ignore_ascii_case(one)))
    };
    if accept.is_empty() || takes(&["image/*", "*/*", "image/jpeg", ".jpg", ".jpeg"]) {
        Plan::Redraw
    } else if takes(&["application/pdf", ".pdf"]) {
        Plan::Wrap
    } else {
        Plan::Keep
    }
}

/// Whether a photo may be chosen although only PDF is taken, since it will be wrapped.
#[must_use]
pub fn wraps(accept: &[String]) -> bool {
    plan("image/jpeg", accept) == Plan::Wrap
}

/// The longest side in pixels and the JPEG quality in hundredths, from the best on: the first that
/// gives a small enough file is taken. 2000 pixels are some 170 to the inch of an A4 page.
pub const DRAWINGS: [(u32, u32); 6] = [(2000, 85), (1600, 80), (1280, 75), (1024, 70), (800, 60), (640, 50)];

/// Bytes that wrapping adds, at most.
pub const WRAPPING: u64 = 1024;

/// A PDF of one A4 page with this JPEG on it, as large as the page lets it be (ISO 32000-1, sections 7.5
/// and 8.9.5; the JPEG is embedded as it is, by `DCTDecode`).
#[must_use]
pub fn wrap(jpeg: &[u8], width: u32, height: u32) -> Vec<u8> {
    // A4 in points, upright or across, with a margin of 18 on each side.
    let (page_width, page_height): (u64, u64) = if width > height { (842, 595) } else { (595, 842) };
    let (room_width, room_height) = (page_width.saturating_sub(36), page_height.saturating_sub(36));
    let (wide, high) = (u64::from(width.max(1)), u64::from(height.max(1)));
    let (by_width, by_height) = (wide.saturating_mul(room_height), high.saturating_mul(room_width));
    let (drawn_width, drawn_height) = if by_width > by_height {
        (room_width, by_height.div_ceil(wide))
    } else {
        (by_width.div_ceil(high), room_height)
    };
    let left = page_width.saturating_sub(drawn_width) / 2;
    let bottom = page_height.saturating_sub(drawn_height) / 2;
    let draw = words(&[
        "q ",
        &n(drawn_width),
        " 0 0 ",
        &n(drawn_height),
        " ",
        &n(left),
        " ",
        &n(bottom),
        " cm /P Do Q",
    ]);
    let mut file = File::default();
    file.add("%PDF-1.4\n%\u{e2}\u{e3}\u{cf}\u{d3}\n");
    file.object("<</Type/Catalog/Pages 2 0 R>>");
    file.object("<</Type/Pages/Kids[3 0 R]/Count 1>>");
    let size = words(&[&n(page_width), " ", &n(page_height)]);
    file.object(&words(&[
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 ",
        &size,
        "]/Resources<</XObject<</P 5 0 R>>>>/Contents 4 0 R>>",
    ]));
    file.object(&words(&[
        "<</Length ",
        &n(draw.len() as u64),
        ">>stream\n",
        &draw,
        "\nendstream",
    ]));
    file.begin();
    file.add(&words(&[
        "<</Type/XObject/Subtype/Image/Width ",
        &n(wide),
        "/Height ",
        &n(high),
        "/ColorSpace/DeviceRGB/BitsPerComponent 8/Filter/DCTDecode/Length ",
        &n(jpeg.len() as u64),
        ">>stream\n",
    ]));
    file.bytes.extend_from_slice(jpeg);
    file.add("\nendstream\nendobj\n");
    file.finish()
}

/// A PDF that is being written: its bytes, and where each object begins.
#[derive(Default)]
struct File {
    bytes: Vec<u8>,
    objects: Vec<usize>,
}

impl File {
    fn add(&mut self, text: &str) {
        self.bytes.extend_from_slice(text.as_bytes());
    }

    fn begin(&mut self) {
        self.objects.push(self.bytes.len());
        let number = n(self.objects.len() as u64);
        self.add(&words(&[&number, " 0 obj\n"]));
    }

    fn object(&mut self, content: &str) {
        self.begin();
        self.add(content);
        self.add("\nendobj\n");
    }

    fn finish(mut self) -> Vec<u8> {
        let start = n(self.bytes.len() as u64);
        let size = n(self.objects.len().saturating_add(1) as u64);
        self.add(&words(&["xref\n0 ", &size, "\n0000000000 65535 f \n"]));
        for at in std::mem::take(&mut self.objects) {
            let place = n(at as u64);
            let zeros = "0000000000".get(place.len()..).unwrap_or_default();
            self.add(&words(&[zeros, &place, " 00000 n \n"]));
        }
        self.add(&words(&[
            "trailer\n<</Size ",
            &size,
            "/Root 1 0 R>>\nstartxref\n",
            &start,
            "\n%%EOF\n",
        ]));
        self.bytes
    }
}

fn n(number: u64) -> String {
    number.to_string()
}

fn words(pieces: &[&str]) -> String {
    pieces.concat()
}

/// A file's name with another ending: `ktp.jpeg` → `ktp.pdf`.
#[must_use]
pub fn renamed(name: &str, ending: &str) -> String {
    let stem = match name.rsplit_once('.') {
        Some((stem, old)) if !stem.is_empty() && old.len() <= 5 => stem,
        _ => name,
    };
    words(&[stem, ".", ending])
}

/// A JPEG without what stands beside its picture: EXIF with the place and the camera, other application
/// data, and comments (ITU-T T.81, annex B). What the picture needs stays: JFIF, Adobe's colour
/// transform. `None` for what is no JPEG.
///
/// For a browser that cannot draw the picture anew.
#[must_use]
pub fn stripped(jpeg: &[u8]) -> Option<Vec<u8>> {
    let mut rest = jpeg.strip_prefix(&[0xff, 0xd8])?;
    let mut kept = vec![0xff, 0xd8];
    loop {
        let [0xff, marker, high, low, ..] = *rest else {
            return None;
        };
        if marker == 0xff {
            rest = rest.get(1..)?;
            continue;
        }
        let length = usize::from(u16::from_be_bytes([high, low])).checked_add(2)?;
        let (segment, after) = rest.split_at_checked(length)?;
        match marker {
            // The picture itself, up to the end.
            0xda => {
                kept.extend_from_slice(rest);
                return Some(kept);
            }
            0xe1..=0xed | 0xef | 0xfe => {}
            _ => kept.extend_from_slice(segment),
        }
        rest = after;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accept(text: &str) -> Vec<String> {
        text.split_whitespace().map(str::to_owned).collect()
    }

    #[test]
    fn a_photo_is_drawn_anew_and_wrapped_where_only_pdf_is_taken() {
        for (kind, taken, expected) in [
            ("image/jpeg", "", Plan::Redraw),
            ("image/heic", "image/*", Plan::Redraw),
            ("image/png", "image/jpeg application/pdf", Plan::Redraw),
            ("image/png", ".PDF", Plan::Wrap),
            ("image/jpeg", "application/pdf", Plan::Wrap),
            ("image/jpeg", "image/tiff", Plan::Keep),
            ("image/svg+xml", "", Plan::Keep),
            ("application/pdf", "application/pdf", Plan::Keep),
            ("", "application/pdf", Plan::Keep),
        ] {
            assert_eq!(plan(kind, &accept(taken)), expected, "{kind} where {taken} is taken");
        }
        assert!(wraps(&accept("application/pdf")) && !wraps(&accept("image/* application/pdf")));
    }

    #[test]
    fn a_wrapped_photo_is_a_pdf_whose_table_leads_to_its_objects() {
        for (width, height) in [(1500, 2000), (2000, 1500), (1, 1), (3000, 10)] {
            let jpeg = [0xff, 0xd8, 1, 2, 3, 0xff, 0xd9];
            let file = wrap(&jpeg, width, height);
            assert!(file.starts_with(b"%PDF-1.4\n") && file.ends_with(b"%%EOF\n"));
            assert!(file.len() as u64 <= jpeg.len() as u64 + WRAPPING, "{}", file.len());
            // One letter a byte, so that places in it are places in the file.
            let letter = |byte: &u8| char::from(if byte.is_ascii() { *byte } else { b'?' });
            let text: String = file.iter().map(letter).collect();
            let (_, end) = text.split_once("startxref\n").unwrap();
            let table: usize = end.lines().next().unwrap().parse().unwrap();
            let lines: Vec<&str> = text.get(table..).unwrap().lines().collect();
            assert_eq!(lines.first(), Some(&"xref"));
            for number in 1..=5 {
                let at: usize = lines.get(number + 2).unwrap().get(..10).unwrap().parse().unwrap();
                assert!(
                    text.get(at..).unwrap().starts_with(&format!("{number} 0 obj")),
                    "object {number}"
                );
            }
            assert!(file.windows(jpeg.len()).any(|window| window == jpeg));
            assert!(text.contains(&format!("/Width {width}/Height {height}")));
        }
    }

    #[test]
    fn a_picture_keeps_its_shape_on_the_page() {
        let text: String = wrap(&[], 1500, 2000).into_iter().map(char::from).collect();
        assert!(text.contains("q 559 0 0 746 18 48 cm"), "{text}");
    }

    #[test]
    fn what_stands_beside_the_picture_goes() {
        let segment = |marker: u8, content: &[u8]| {
            let length = u16::try_from(content.len() + 2).unwrap().to_be_bytes();
            [&[0xff, marker], &length[..], content].concat()
        };
        let picture = [segment(0xda, b"123"), b"picture\xff\xd9".to_vec()].concat();
        let photo = [
            vec![0xff, 0xd8],
            segment(0xe0, b"JFIF\0"),
            segment(0xe1, b"Exif\0\0GPS -6.91 107.60"),
            segment(0xed, b"Photoshop"),
            segment(0xfe, b"taken at home"),
            segment(0xee, b"Adobe"),
            segment(0xdb, b"table"),
            picture.clone(),
        ]
        .concat();
        let expected = [
            vec![0xff, 0xd8],
            segment(0xe0, b"JFIF\0"),
            segment(0xee, b"Adobe"),
            segment(0xdb, b"table"),
            picture,
        ]
        .concat();
        assert_eq!(stripped(&photo), Some(expected));
        assert_eq!(stripped(b"GIF89a"), None);
        for end in 0..photo.len().min(60) {
            assert_eq!(stripped(&photo[..end]), None, "cut off at {end}");
        }
    }

    #[test]
    fn a_name_gets_its_new_ending() {
        assert_eq!(renamed("ktp.jpeg", "pdf"), "ktp.pdf");
        assert_eq!(renamed("IMG_1", "jpg"), "IMG_1.jpg");
        assert_eq!(renamed(".jpg", "pdf"), ".jpg.pdf");
        assert_eq!(renamed("surat no. 12 tahun", "pdf"), "surat no. 12 tahun.pdf");
    }
}
