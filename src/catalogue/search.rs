//! Search over services and regions, small enough for the app and fast enough for each key.
//!
//! A [`Finder`] is made once from the published index: every text is folded into one long string,
//! so that a key costs one pass over it. All words of a query must be found, in the service's name,
//! its group, its further words, or the name of its region or province: "jalan bandung" finds
//! *Jalan rusak* in Kota Bandung. A word is found as a whole word, as the beginning of one, within
//! one, or, from five letters and where nothing is written that way, with one slip of the finger; in
//! this order hits are ranked, name before group before further words, and equals stay in the
//! index's order.
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
    /// All folded texts, one after the other, each with a space before every word: of each region
    /// its own name and its province's, then of each service its name, group and further words.
    texts: String,
    /// Where each of these texts ends.
    ends: Vec<u32>,
    /// How many regions there are.
    regions: usize,
    /// The region of each service, by its place; one past the last where the list does not have it.
    homes: Vec<usize>,
}

/// Texts of a region.
const OF_REGION: usize = 2;
/// Texts of a service.
const OF_SERVICE: usize = 3;

/// How far a term is from a text; less is nearer.
type Cost = u32;

/// The term is not there. Sums of costs stay far below.
const ABSENT: Cost = Cost::MAX;
/// What a text adds: of a region its own name and its province's; of a service name, group and
/// further words.
const REGION: [Cost; OF_REGION] = [3, 6];
const SERVICE: [Cost; OF_SERVICE] = [0, 10, 20];
/// What a slip of the finger adds.
const SLIP: Cost = 40;

/// What one term costs in each region's own name, in each region with its province, and in each
/// service.
struct Costs {
    names: Vec<Cost>,
    places: Vec<Cost>,
    services: Vec<Cost>,
    found: bool,
}

impl Costs {
    fn merge(&mut self, other: &Self, both: fn(Cost, Cost) -> Cost) {
        for (one, other) in [
            (&mut self.names, &other.names),
            (&mut self.places, &other.places),
            (&mut self.services, &other.services),
        ] {
            for (one, other) in one.iter_mut().zip(other) {
                *one = both(*one, *other);
            }
        }
    }
}

/// Whether a word says nothing of what is looked for: di, untuk, dan. The index need not carry it.
#[must_use]
pub fn is_silent(word: &str) -> bool {
    words::SILENT.contains(&word)
}

/// A text as search sees it: lower case, without diacritics and punctuation, a space before every
/// word. For filtering short lists: `fold(name).contains(&fold(typed))` finds words by their beginning.
#[must_use]
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len().saturating_add(1));
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
        let mut finder = Self {
            regions: regions.len(),
            ..Self::default()
        };
        for region in regions {
            finder.add(&region.name);
            finder.end();
            let mut lines = regions.iter();
            if !region.code.is_province()
                && let Some(province) = lines.find(|line| line.code.as_str() == region.code.province())
            {
                finder.add(&province.name);
            }
            finder.end();
        }
        // The index comes region by region, so the last one is nearly always the one.
        let mut last = (None, regions.len());
        for service in &index.services {
            finder.add(service.name.get(lang));
            finder.end();
            finder.add(service.group.get(lang));
            finder.end();
            finder.add_others(&service.name, lang);
            finder.add_others(&service.group, lang);
            finder.add(&service.words);
            finder.end();
            let code = &service.id.backend.region;
            if last.0 != Some(code) {
                let home = regions.iter().position(|region| region.code == *code);
                last = (Some(code), home.unwrap_or(regions.len()));
            }
            finder.homes.push(last.1);
        }
        finder
    }

    fn add(&mut self, text: &str) {
        fold_into(&mut self.texts, text);
    }

    fn add_others(&mut self, text: &Text, lang: Lang) {
        let shown = text.get(lang);
        for (_, other) in text.all() {
            if other != shown {
                self.add(other);
            }
        }
    }

    fn end(&mut self) {
        self.ends.push(u32::try_from(self.texts.len()).unwrap_or(u32::MAX));
    }

    /// At most `limit` hits, the nearest first: regions whose own name has every word of the query,
    /// then services. Where both are found, regions take at most a third. Nothing for a query
    /// without a letter or digit.
    #[must_use]
    pub fn find(&self, query: &str, limit: usize) -> Vec<Hit> {
        let terms: Vec<Costs> = terms(query).iter().map(|term| self.costs(term)).collect();
        if terms.is_empty() || limit == 0 {
            return Vec::new();
        }
        let cost = |costs: &[Cost], at: usize| costs.get(at).copied().unwrap_or(ABSENT);
        let mut regions = Vec::new();
        for at in 0..self.regions {
            rank(&mut regions, at, terms.iter().map(|term| cost(&term.names, at)));
        }
        let mut services = Vec::new();
        for (at, home) in self.homes.iter().enumerate() {
            let costs = terms.iter();
            let costs = costs.map(|term| cost(&term.services, at).min(cost(&term.places, *home)));
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

    fn costs(&self, term: &Term) -> Costs {
        let mut costs = self.absent();
        for (at, form) in term.forms.iter().enumerate() {
            self.exact(form, at == 0, &mut costs);
        }
        let mut words = term.words().peekable();
        if let Some(word) = words.next()
            && words.peek().is_some()
        {
            // A known name of several words is also found by its words apart.
            let mut apart = self.absent();
            self.exact(word, true, &mut apart);
            for word in words {
                let mut other = self.absent();
                self.exact(word, true, &mut other);
                apart.merge(&other, |one, other| one.saturating_add(other));
            }
            costs.merge(&apart, |one, other| one.min(other.saturating_add(1)));
        }
        // Slips are forgiven only where nothing is written that way.
        if let Some(word) = term.word().filter(|word| word.len() >= 5 && !costs.found) {
            self.slips(word, &mut costs);
        }
        costs
    }

    fn absent(&self) -> Costs {
        Costs {
            names: vec![ABSENT; self.regions],
            places: vec![ABSENT; self.regions],
            services: vec![ABSENT; self.homes.len()],
            found: false,
        }
    }

    /// One pass over all texts: 0 where whole words are `form`, 1 where one begins with it, 2 where
    /// one has it within (from three letters). What was not typed itself must be there as whole words.
    fn exact(&self, form: &str, typed: bool, costs: &mut Costs) {
        let Some(bare) = form.get(1..) else { return };
        let needle = if bare.len() < 3 { form } else { bare };
        let bytes = self.texts.as_bytes();
        let space = |at: usize| bytes.get(at).is_none_or(|byte| *byte == b' ');
        let mut text = 0;
        for (at, found) in self.texts.match_indices(needle) {
            let end = at.saturating_add(found.len());
            let begins = needle.len() == form.len() || space(at.wrapping_sub(1));
            let cost = match (begins, space(end)) {
                (true, true) => 0,
                (true, false) => 1,
                (false, _) => 2,
            };
            if typed || cost == 0 {
                self.note(&mut text, at, end, cost, costs);
            }
        }
    }

    /// One pass over all words: those that begin with `word` but for one slip.
    fn slips(&self, word: &str, costs: &mut Costs) {
        let mut text = 0;
        let mut at = 0_usize;
        for other in self.texts.split(' ') {
            let end = at.saturating_add(other.len());
            if fold::is_slip_of(other, word) {
                self.note(&mut text, at, end, SLIP, costs);
            }
            at = end.saturating_add(1);
        }
    }

    /// Notes that a term is found from `at` to `end`; `text` is the text that was looked at last.
    fn note(&self, text: &mut usize, at: usize, end: usize, cost: Cost, costs: &mut Costs) {
        while self.ends.get(*text).is_some_and(|end| *end as usize <= at) {
            *text = text.saturating_add(1);
        }
        // Words of two texts that happen to follow one another are not one thing.
        if self.ends.get(*text).is_none_or(|whole| (*whole as usize) < end) {
            return;
        }
        costs.found = true;
        let of_regions = self.regions.saturating_mul(OF_REGION);
        let lower = |costs: &mut [Cost], at: usize, cost: Cost| {
            if let Some(known) = costs.get_mut(at) {
                *known = cost.min(*known);
            }
        };
        if let Some(text) = text.checked_sub(of_regions) {
            let more = SERVICE.get(text % OF_SERVICE).copied().unwrap_or(0);
            lower(&mut costs.services, text / OF_SERVICE, cost.saturating_add(more));
        } else {
            let (region, which) = (*text / OF_REGION, *text % OF_REGION);
            let more = REGION.get(which).copied().unwrap_or(0);
            lower(&mut costs.places, region, cost.saturating_add(more));
            if which == 0 {
                lower(&mut costs.names, region, cost);
            }
        }
    }
}

/// Keeps `at` with the sum of its costs, unless a term is not there.
fn rank(hits: &mut Vec<(Cost, usize)>, at: usize, costs: impl Iterator<Item = Cost>) {
    let mut sum: Cost = 0;
    for cost in costs {
        if cost == ABSENT {
            return;
        }
        sum = sum.saturating_add(cost);
    }
    hits.push((sum, at));
}

#[cfg(test)]
mod tests;
