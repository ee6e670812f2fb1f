//! Reading what phones send, slowly or without end, within bounds of size, memory and patience.

use std::future::poll_fn;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes};
use http_body::Body as _;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, timeout_at};

use super::reply::EdgeFault;

/// Most bytes that are read and dropped so that a phone which is still sending sees the answer.
const MOST_DROPPED: usize = 16 * 1024 * 1024;
/// How long that may take.
const DROPPING: Duration = Duration::from_secs(30);
/// Bytes a second that a body comes with at least, on the whole: a tenth of what the poorest network
/// carries. Otherwise a machine that sends a byte now and then could keep a connection for ever.
const SLOWEST: u64 = 512;
/// What a permit of the memory stands for.
const UNIT: usize = 1024;

/// The memory that all bodies together may take.
#[derive(Clone)]
pub struct Memory(Arc<Semaphore>);

impl Memory {
    /// So many bytes.
    #[must_use]
    pub fn new(bytes: usize) -> Self {
        Self(Arc::new(Semaphore::new((bytes / UNIT).min(Semaphore::MAX_PERMITS))))
    }
}

/// A body, whole, and its share of the memory.
pub struct Collected {
    /// The bytes as they came.
    pub pieces: Vec<Bytes>,
    /// Given back when this is dropped.
    pub share: Option<OwnedSemaphorePermit>,
}

/// Reads a body of at most `most` bytes whose pieces come within `patience` of each other, and faster than
/// [`SLOWEST`] on the whole.
///
/// # Errors
/// [`EdgeFault::TooLarge`] as soon as it is known, [`EdgeFault::Timeout`] if a piece does not come,
/// [`EdgeFault::RateLimited`] if all bodies together are too many.
pub async fn collect(body: Body, most: usize, patience: Duration, memory: &Memory) -> Result<Collected, EdgeFault> {
    let mut body = pin!(body);
    if body.size_hint().lower() > most as u64 {
        drop_rest(body).await;
        return Err(EdgeFault::TooLarge);
    }
    let mut collected = Collected {
        pieces: Vec::new(),
        share: None,
    };
    let (mut length, mut reserved) = (0_usize, 0_usize);
    let start = Instant::now();
    loop {
        let slowest = start + patience + Duration::from_secs(length as u64 / SLOWEST);
        let until = slowest.min(Instant::now() + patience);
        let frame = timeout_at(until, poll_fn(|cx| body.as_mut().poll_frame(cx)));
        let Ok(frame) = frame.await else {
            return Err(EdgeFault::Timeout);
        };
        let piece = match frame {
            None => return Ok(collected),
            // Nobody is there any more to read the answer.
            Some(Err(_)) => return Err(EdgeFault::Timeout),
            Some(Ok(frame)) => match frame.into_data() {
                Ok(piece) => piece,
                // Trailers mean nothing here.
                Err(_) => continue,
            },
        };
        length = length.saturating_add(piece.len());
        if length > most {
            drop_rest(body).await;
            return Err(EdgeFault::TooLarge);
        }
        let missing = length.div_ceil(UNIT).saturating_sub(reserved);
        let Ok(permits) = u32::try_from(missing) else {
            return Err(EdgeFault::TooLarge);
        };
        let Ok(share) = Arc::clone(&memory.0).try_acquire_many_owned(permits) else {
            return Err(EdgeFault::RateLimited { after: 5 });
        };
        reserved = reserved.saturating_add(missing);
        match &mut collected.share {
            Some(whole) => whole.merge(share),
            none => *none = Some(share),
        }
        collected.pieces.push(piece);
    }
}

/// Reads and drops a body that nobody wants. A phone that is still sending would otherwise find its
/// connection reset and never see the answer.
pub async fn discard(body: Body) {
    drop_rest(pin!(body)).await;
}

async fn drop_rest(mut body: std::pin::Pin<&mut Body>) {
    let until = Instant::now() + DROPPING;
    let mut dropped = 0_usize;
    while dropped < MOST_DROPPED {
        match timeout_at(until, poll_fn(|cx| body.as_mut().poll_frame(cx))).await {
            Ok(Some(Ok(frame))) => dropped = dropped.saturating_add(frame.data_ref().map_or(0, Bytes::len)),
            _ => return,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PATIENCE: Duration = Duration::from_secs(5);

    #[tokio::test]
    async fn a_body_over_the_limit_is_too_large() {
        let memory = Memory::new(1 << 20);
        let read = |bytes: usize| collect(Body::from(vec![0; bytes]), 4000, PATIENCE, &memory);
        assert_eq!(read(4000).await.map(|body| body.pieces.concat().len()).ok(), Some(4000));
        assert_eq!(read(4001).await.err(), Some(EdgeFault::TooLarge));
        assert_eq!(read(0).await.map(|body| body.pieces.len()).ok(), Some(0));
    }

    #[tokio::test(start_paused = true)]
    async fn a_body_that_comes_byte_by_byte_is_cut_off() {
        let memory = Memory::new(1 << 20);
        let dripping = |bytes: usize| {
            let pieces = futures_util::stream::unfold((), move |()| async move {
                tokio::time::sleep(PATIENCE / 5).await;
                Some((Ok::<_, std::io::Error>(vec![0_u8; bytes]), ()))
            });
            Body::from_stream(futures_util::StreamExt::take(pieces, 100))
        };
        let read = |bytes| collect(dripping(bytes), 1 << 20, PATIENCE, &memory);
        assert_eq!(read(1).await.err(), Some(EdgeFault::Timeout));
        assert_eq!(read(1000).await.map(|body| body.pieces.len()).ok(), Some(100));
    }

    #[tokio::test]
    async fn all_bodies_together_have_a_limit_and_give_their_share_back() {
        let memory = Memory::new(4096);
        let read = |bytes: usize| collect(Body::from(vec![0; bytes]), 1 << 20, PATIENCE, &memory);
        let held = read(3000).await.ok();
        assert_eq!(read(2000).await.err(), Some(EdgeFault::RateLimited { after: 5 }));
        drop(held);
        assert!(read(2000).await.is_ok());
    }
}
