//! Search over services and regions, small enough for the app and fast enough for each key.
//!
//! A [`Finder`] is made once from the published index: every text is folded into one long string,
//! so that a key costs one pass over it. All words of a query must be found, in the service's name,
//! its group, its further words, or the name of its region or province: "jalan bandung" finds
//! *Jalan rusak* in Kota Bandung. A word is found as a whole word, as the beginning of one, within
//! one, or, from five letters, with one slip of the finger; in this order hits are ranked, name
//! before group before further words, and equals stay in the index's order.
//!
//! Words that say nothing (di, untuk, dan) are ignored, and what people call the same thing
//! (KTP, e-KTP; akta, akte; Jabar, Jawa Barat) is the same word: see `words`.
//!
//! What this does not do: stemming, relevance by statistics, highlighting. Nothing here knows what
//! a service is about beyond what was published.

mod fold;
mod words;

use super::{Index, RegionLine};
use crate::model::text::{Lang, Text};
use fold::fold_into;
use words::{Term, terms};

/// Something that was found, by its place in what the finder was made from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hit {
    /// In the list of regions.
    Region(usize),
    /// In [`Index::services`].
    Service(usize),
}

/// Finds services and regions; made once, asked at every key.
#[derive(Clone, Debug, Default)]
pub struct Finder {
    /// All folded texts, one after the other, each with a space before every word.
    texts: String,
    services: Vec<Entry>,
    regions: Vec<Place>,
}

/// Ends of a service's folded texts; each begins where the one before it ends.
#[derive(Clone, Copy, Debug)]
struct Entry {
    start: u32,
    name: u32,
    group: u32,
    words: u32,
    /// Place in [`Finder::regions`]; none for a region that the list does not have.
    region: u32,
}

#[derive(Clone, Copy, Debug)]
struct Place {
    start: u32,
    name: u32,
    /// End of the province's name; where the name ends for a province itself.
    province: u32,
}

/// How far a term is from a text; less is nearer, `None` is not there.
type Cost = Option<u32>;

const GROUP: u32 = 10;
const WORDS: u32 = 20;
const REGION: u32 = 3;
const PROVINCE: u32 = 6;
const SLIP: u32 = 40;

/// A text as search sees it: lower case, without diacritics and punctuation, a space before every
/// word. For filtering short lists: `fold(name).contains(&fold(typed))` finds words by their beginning.
#[must_use]
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len() + 1);
    fold_into(&mut folded, text);
    folded
}

/// Finds in one go what [`Finder::find`] finds; for callers that ask once.
#[must_use]
pub fn search(index: &Index, regions: &[RegionLine], query: &str, lang: Lang, limit: usize) -> Vec<Hit> {
    Finder::new(index, regions, lang).find(query, limit)
}

impl Finder {
    /// Folds the texts of an index. `regions` are those that can be found: `index.regions` for the
    /// ones that are online, or all of `/katalog/wilayah.json`. A name in `lang` counts as the name,
    /// one in another language as a further word.
    #[must_use]
    pub fn new(index: &Index, regions: &[RegionLine], lang: Lang) -> Self {
        let mut finder = Self::default();
        for region in regions {
            let start = finder.end();
            fold_into(&mut finder.texts, &region.name);
            let name = finder.end();
            if !region.code.is_province()
                && let Some(province) = regions.iter().find(|line| line.code.as_str() == region.code.province())
            {
                fold_into(&mut finder.texts, &province.name);
            }
            let province = finder.end();
            finder.regions.push(Place { start, name, province });
        }
        // The index comes region by region, so the last one is nearly always the one.
        let mut last = (None, u32::MAX);
        for service in &index.services {
            let start = finder.end();
            fold_into(&mut finder.texts, service.name.get(lang));
            let name = finder.end();
            fold_into(&mut finder.texts, service.group.get(lang));
            let group = finder.end();
            finder.fold_others(&service.name, lang);
            finder.fold_others(&service.group, lang);
            fold_into(&mut finder.texts, &service.words);
            let words = finder.end();
            let code = &service.id.backend.region;
            if last.0 != Some(code) {
                let place = regions.iter().position(|region| region.code == *code);
                let place = place.and_then(|place| u32::try_from(place).ok());
                last = (Some(code), place.unwrap_or(u32::MAX));
            }
            finder.services.push(Entry {
                start,
                name,
                group,
                words,
                region: last.1,
            });
        }
        finder
    }

    fn fold_others(&mut self, text: &Text, lang: Lang) {
        let shown = text.get(lang);
        for (_, other) in text.all() {
            if other != shown {
                fold_into(&mut self.texts, other);
            }
        }
    }

    fn end(&self) -> u32 {
        u32::try_from(self.texts.len()).unwrap_or(u32::MAX)
    }

    fn text(&self, start: u32, end: u32) -> &str {
        self.texts.get(start as usize..end as usize).unwrap_or_default()
    }

    /// At most `limit` hits, the nearest first: regions whose own name has every word of the query,
    /// then services. Where both are found, regions take at most a third. Nothing for a query
    /// without a letter or digit.
    #[must_use]
    pub fn find(&self, query: &str, limit: usize) -> Vec<Hit> {
        let terms = terms(query);
        if terms.is_empty() || limit == 0 {
            return Vec::new();
        }
        // What each term costs in each region; worked out once, not once a service.
        let places: Vec<Vec<Cost>> = terms.iter().map(|term| self.places(term)).collect();
        let mut regions = Vec::new();
        for (at, region) in self.regions.iter().enumerate() {
            let name = self.text(region.start, region.name);
            let cost = |term| exact(term, name).or_else(|| slip(term, name));
            rank(&mut regions, at, terms.iter().map(cost));
        }
        let mut services = Vec::new();
        for (at, entry) in self.services.iter().enumerate() {
            let costs = terms.iter().zip(&places).map(|(term, places)| {
                let place = places.get(entry.region as usize).copied().flatten();
                self.service(term, entry, place)
            });
            rank(&mut services, at, costs);
        }
        regions.sort_unstable();
        services.sort_unstable();
        let room = limit.saturating_sub(services.len()).max(limit.div_ceil(3));
        regions.truncate(room.min(limit));
        services.truncate(limit.saturating_sub(regions.len()));
        let regions = regions.into_iter().map(|(_, at)| Hit::Region(at));
        regions
            .chain(services.into_iter().map(|(_, at)| Hit::Service(at)))
            .collect()
    }

    fn places(&self, term: &Term) -> Vec<Cost> {
        let cost = |region: &Place| {
            let name = self.text(region.start, region.name);
            let province = self.text(region.name, region.province);
            nearer(plus(exact(term, name), REGION), plus(exact(term, province), PROVINCE)).or_else(|| slip(term, name))
        };
        self.regions.iter().map(cost).collect()
    }

    fn service(&self, term: &Term, entry: &Entry, place: Cost) -> Cost {
        let name = exact(term, self.text(entry.start, entry.name));
        if name == Some(0) {
            return name;
        }
        let group = plus(exact(term, self.text(entry.name, entry.group)), GROUP);
        let words = plus(exact(term, self.text(entry.group, entry.words)), WORDS);
        nearer(nearer(name, place), nearer(group, words)).or_else(|| slip(term, self.text(entry.start, entry.words)))
    }
}

fn plus(cost: Cost, more: u32) -> Cost {
    cost.map(|cost| cost.saturating_add(more))
}

fn nearer(one: Cost, other: Cost) -> Cost {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (cost, None) | (None, cost) => cost,
    }
}

/// Keeps `at` with the sum of its costs, unless a term is not there.
fn rank(hits: &mut Vec<(u32, usize)>, at: usize, costs: impl Iterator<Item = Cost>) {
    if let Some(cost) = costs.sum() {
        hits.push((cost, at));
    }
}

/// 0 where whole words of `text` are the term, 1 where one begins with it, 2 where one has it
/// within (from three letters). What was not typed itself must be there as whole words.
fn exact(term: &Term, text: &str) -> Cost {
    let (typed, others) = term.forms.split_first()?;
    let found = within(typed, text);
    if found != Some(0) && others.iter().any(|form| within(form, text) == Some(0)) {
        return Some(0);
    }
    found
}

fn within(form: &str, text: &str) -> Cost {
    // `form` begins with a space, as every word of `text` does.
    let mut rest = text;
    let mut found = None;
    while let Some((_, after)) = rest.split_once(form) {
        if after.is_empty() || after.starts_with(' ') {
            return Some(0);
        }
        found = Some(1);
        rest = after;
    }
    let bare = form.get(1..)?;
    found.or_else(|| (bare.len() >= 3 && text.contains(bare)).then_some(2))
}

fn slip(term: &Term, text: &str) -> Cost {
    let word = term.word()?;
    (word.len() >= 5 && fold::has_slip_of(text, word)).then_some(SLIP)
}

#[cfg(test)]
mod tests;
