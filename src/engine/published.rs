//! The published files that a delivery needs, kept for the engine's life.
//!
//! A file is asked for once however many wait for it. What is younger than ten minutes is used as
//! it is; whoever needs to be sure asks for one that came after a certain moment.

use crate::adapters::http::{Body, Method, Request, Response, Target};
use crate::catalogue::{self, PublishedService};
use crate::model::json;
use crate::model::problem::{Fault, Problem};
use crate::model::region::{RegionCode, RegionFile};
use crate::model::route::{published_region_file, published_service};
use crate::model::service::ServiceId;
use crate::model::time::Timestamp;

/// How old a file may be that is used without asking again, in milliseconds.
const FRESH: i64 = 600_000;
/// The version of the region's file that is read.
const REGION_FORMAT: u32 = 1;

/// Which file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// A region's public file.
    Region(RegionCode),
    /// A published service.
    Service(ServiceId),
}

/// Whether a file can be used.
pub(super) enum Need {
    /// It is here.
    Here,
    /// It is on its way.
    Wait,
    /// It is to be asked for by this request.
    Load(Request),
    /// It could not be had.
    Failed(Problem),
}

enum Content {
    Region(Box<RegionFile>),
    Service(Box<PublishedService>),
    Failed(Problem),
}

struct File {
    place: Place,
    loading: bool,
    /// What came last, with its number and when.
    came: Option<(u64, Timestamp, Content)>,
}

/// The files.
#[derive(Default)]
pub(super) struct Published {
    files: Vec<File>,
    count: u64,
}

impl Published {
    /// The number of the last file that came: a later one has a greater number.
    pub(super) const fn count(&self) -> u64 {
        self.count
    }

    /// Whether a file can be used by somebody who began after file number `since` had come; with
    /// `fresh`, only one that came after that will do.
    pub(super) fn need(&mut self, place: &Place, since: u64, fresh: bool, now: Timestamp) -> Need {
        let file = self.files.iter_mut().find(|file| file.place == *place);
        if let Some(file) = file {
            if file.loading {
                return Need::Wait;
            }
            match &file.came {
                Some((number, _, Content::Failed(problem))) if *number > since => return Need::Failed(problem.clone()),
                Some((_, _, Content::Failed(_))) | None => {}
                Some((number, at, _)) => {
                    let young = !fresh && now >= *at && now.since(*at) <= FRESH;
                    if young || *number > since {
                        return Need::Here;
                    }
                }
            }
            file.loading = true;
        } else {
            self.files.push(File {
                place: place.clone(),
                loading: true,
                came: None,
            });
        }
        Need::Load(request(place))
    }

    /// A file came, or did not.
    pub(super) fn came(&mut self, place: &Place, result: Result<Response, Problem>, now: Timestamp) {
        self.count = self.count.saturating_add(1);
        let content = result
            .and_then(|response| read(place, &response))
            .unwrap_or_else(Content::Failed);
        if let Some(file) = self.files.iter_mut().find(|file| file.place == *place) {
            file.loading = false;
            file.came = Some((self.count, now, content));
        }
    }

    /// A region's file, if it is here.
    pub(super) fn region(&self, code: &RegionCode) -> Option<&RegionFile> {
        self.files.iter().find_map(|file| match (&file.place, &file.came) {
            (Place::Region(place), Some((_, _, Content::Region(region)))) if place == code => Some(&**region),
            _ => None,
        })
    }

    /// A published service, if it is here.
    pub(super) fn service(&self, id: &ServiceId) -> Option<&PublishedService> {
        self.files.iter().find_map(|file| match (&file.place, &file.came) {
            (Place::Service(place), Some((_, _, Content::Service(service)))) if place == id => Some(&**service),
            _ => None,
        })
    }
}

fn request(place: &Place) -> Request {
    Request {
        target: Target::Site,
        method: Method::Get,
        path: match place {
            Place::Region(code) => published_region_file(code),
            Place::Service(id) => published_service(id),
        },
        query: Vec::new(),
        headers: vec![("Accept".to_owned(), "application/json".to_owned())],
        secrets: Vec::new(),
        body: Body::default(),
        key: None,
        timeout: 30_000,
    }
}

fn read(place: &Place, response: &Response) -> Result<Content, Problem> {
    match response.status {
        200 => {}
        404 | 410 => return Err(Problem::unsent(Fault::NotFound)),
        status => {
            return Err(Problem::unsent(Fault::Upstream {
                status,
                message: String::new(),
            }));
        }
    }
    match place {
        Place::Region(code) => {
            let file: Box<RegionFile> = parse(&response.body)?;
            if file.format > REGION_FORMAT || file.code != *code {
                return Err(unusable("a region's file of this format and code"));
            }
            Ok(Content::Region(file))
        }
        Place::Service(id) => {
            let file: Box<PublishedService> = parse(&response.body)?;
            if file.format > catalogue::FORMAT || file.id != *id {
                return Err(unusable("a published service of this format and id"));
            }
            Ok(Content::Service(file))
        }
    }
}

fn parse<T: json::Read>(body: &[u8]) -> Result<Box<T>, Problem> {
    json::read(body)
        .map(Box::new)
        .map_err(|error| unusable(&error.to_string()))
}

fn unusable(what: &str) -> Problem {
    Problem::unsent(Fault::Protocol {
        what: ["published file: ", what].concat(),
    })
}
