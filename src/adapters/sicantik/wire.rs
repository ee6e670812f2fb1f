//! Requests: paths, and their queries.

use super::profile::Profile;
use crate::adapters::RoutePattern;
use crate::adapters::http::{Method, Request};
use crate::model::case::Reference;
use crate::model::region::BackendId;

pub(super) fn path(profile: &Profile, path: &str) -> String {
    if profile.prefix.is_empty() {
        path.to_owned()
    } else {
        [&profile.prefix, "/", path].concat()
    }
}

fn report(profile: &Profile) -> Option<String> {
    let report = profile.report.as_deref()?;
    Some(path(profile, &["TemplateData/keluaran/", report, ".json"].concat()))
}

/// The path of tracking, where the office has it.
pub(super) fn routes(profile: &Profile) -> Vec<RoutePattern> {
    let report = report(profile).into_iter();
    report.map(|path| RoutePattern::new(Method::Get, path)).collect()
}

/// The request that tracks; `None` where the office has no report for it.
pub(super) fn track(profile: &Profile, backend: &BackendId, reference: &Reference) -> Option<Request> {
    let mut request = Request::to(backend, Method::Get, report(profile)?);
    request.query = vec![(profile.parameter.clone(), reference.as_str().to_owned())];
    Some(request)
}
