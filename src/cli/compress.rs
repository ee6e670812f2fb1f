//! Brotli, for what is written once and read by every phone.

use std::io::{self, Write as _};
use std::num::NonZero;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// The smallest result, for what is published: minutes of one machine, once.
pub const BEST: u32 = 11;
/// For builds while developing: a twentieth of the time, a fifth larger.
pub const QUICK: u32 = 5;

/// Compresses `bytes`; the same bytes and quality give the same result.
///
/// # Errors
/// None that a writer into memory could give; passed on all the same.
pub fn brotli(bytes: &[u8], quality: u32) -> io::Result<Vec<u8>> {
    let mut writer = ::brotli::CompressorWriter::new(Vec::new(), 64 * 1024, quality, window(bytes.len()));
    writer.write_all(bytes)?;
    writer.flush()?;
    Ok(writer.into_inner())
}

/// The smallest window that holds so many bytes, as a power of two: a larger one finds nothing more, and
/// preparing it takes longer than compressing the small files that a catalogue has by the thousand.
fn window(bytes: usize) -> u32 {
    (usize::BITS - bytes.leading_zeros()).saturating_add(1).clamp(10, 22)
}

/// Compresses many, on every core; the results are in the order of `all`.
///
/// # Errors
/// As [`brotli`].
pub fn brotli_all<T: AsRef<[u8]> + Sync>(all: &[T], quality: u32) -> io::Result<Vec<Vec<u8>>> {
    let next = AtomicUsize::new(0);
    let work = || -> io::Result<Vec<(usize, Vec<u8>)>> {
        let mut done = Vec::new();
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let Some(bytes) = all.get(at) else { return Ok(done) };
            done.push((at, brotli(bytes.as_ref(), quality)?));
        }
    };
    let threads = thread::available_parallelism().map_or(1, NonZero::get).min(all.len());
    let mut results = thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        let mut results = Vec::with_capacity(all.len());
        for worker in workers {
            let panicked = |_| Err(io::Error::other("the compressor panicked"));
            results.extend(worker.join().unwrap_or_else(panicked)?);
        }
        io::Result::Ok(results)
    })?;
    results.sort_unstable_by_key(|(at, _)| *at);
    Ok(results.into_iter().map(|(_, bytes)| bytes).collect())
}

/// What a reader unpacks from `bytes`.
///
/// # Errors
/// They are not brotli.
pub fn unpack(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut unpacked = Vec::new();
    ::brotli::BrotliDecompress(&mut io::Cursor::new(bytes), &mut unpacked)?;
    Ok(unpacked)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_holds_the_whole_file_and_costs_nothing_in_size() {
        for bytes in [0, 1, 1000, 1023, 1024, 70_000, 3_000_000] {
            assert!(2_usize.pow(window(bytes)) > bytes, "{bytes}");
        }
        assert_eq!((window(0), window(usize::MAX)), (10, 22));
        let text: Vec<u8> = (0..3000_u32)
            .flat_map(|number| format!("\"layanan {}\",", number * 7919 % 1000).into_bytes())
            .collect();
        let mut widest = ::brotli::CompressorWriter::new(Vec::new(), 64 * 1024, BEST, 22);
        widest.write_all(&text).unwrap();
        widest.flush().unwrap();
        let (fitted, widest) = (brotli(&text, BEST).unwrap().len(), widest.into_inner().len());
        assert!(fitted <= widest + widest / 50, "{fitted} {widest}");
    }

    #[test]
    fn what_is_compressed_unpacks_to_itself_in_its_place() {
        let all: Vec<Vec<u8>> = (0..40_u8).map(|byte| vec![byte; usize::from(byte) * 100]).collect();
        let compressed = brotli_all(&all, QUICK).unwrap();
        let unpacked: Vec<Vec<u8>> = compressed.iter().map(|bytes| unpack(bytes).unwrap()).collect();
        assert_eq!(unpacked, all);
        assert_eq!(brotli_all::<&[u8]>(&[], QUICK).unwrap(), Vec::<Vec<u8>>::new());
    }
}
