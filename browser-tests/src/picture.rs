//! Pictures of what a browser shows.

use std::fs;
use std::path::{Path, PathBuf};

use crate::tab::Tab;

/// Takes a picture of a page, as `NAME.png` in `target/browser`.
pub fn picture(tab: &Tab<'_>, name: &str) {
    take(tab, name, &[built()]);
}

/// Takes a picture that the project's own pages show: with `FRAGRANT_UPDATE=1` it goes to `docs/pictures`, too.
pub fn picture_for_the_docs(tab: &Tab<'_>, name: &str) {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/pictures");
    match std::env::var_os("FRAGRANT_UPDATE").is_some_and(|value| value == "1") {
        true => take(tab, name, &[built(), docs]),
        false => take(tab, name, &[built()]),
    }
}

fn take(tab: &Tab<'_>, name: &str, folders: &[PathBuf]) {
    let png = from_base64(&tab.screenshot()).expect("the driver sends Base64");
    for folder in folders {
        fs::create_dir_all(folder).unwrap();
        fs::write(folder.join(format!("{name}.png")), &png).unwrap();
    }
}

/// Takes down what a tab showed when its test failed. It does not panic.
pub(crate) fn of_failure(tab: usize, png: &str) {
    let test = std::thread::current().name().unwrap_or("a_test").replace("::", "-");
    let path = built().join(format!("failed-{test}-{tab}.png"));
    let _ = fs::create_dir_all(built());
    if from_base64(png).is_some_and(|png| fs::write(&path, png).is_ok()) {
        eprintln!("a picture is in {}", path.display());
    }
}

fn built() -> PathBuf {
    target().join("browser")
}

/// `target`, wherever that is: a test is in `target/debug/deps`, and another program in `target/debug`.
pub(crate) fn target() -> PathBuf {
    let program = std::env::current_exe().unwrap_or_default();
    let mut folders = program.ancestors().skip(1).skip_while(|folder| folder.ends_with("deps"));
    folders.nth(1).unwrap_or(Path::new("target")).into()
}

/// Bytes that were written as Base64 (RFC 4648 section 4).
fn from_base64(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
    let (mut bits, mut count) = (0_u32, 0);
    for digit in text.bytes().filter(|digit| *digit != b'=') {
        let value = match digit {
            b'A'..=b'Z' => digit - b'A',
            b'a'..=b'z' => digit - b'a' + 26,
            b'0'..=b'9' => digit - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return None,
        };
        bits = bits << 6 | u32::from(value);
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push((bits >> count).to_le_bytes()[0]);
        }
    }
    Some(bytes)
}
