//! The region's own words laid over what its backend says.

use std::collections::BTreeMap;

use super::report::{Note, Report};
use crate::model::region::BackendId;
use crate::model::service::{Service, ServiceCode};
use crate::model::text::Text;
use crate::model::time::Timestamp;

/// A service as it will be published, and where its form and date come from.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Entry {
    /// The service, its form included.
    pub(super) service: Service,
    /// Fingerprint of the backend's own form; `None` where the form is the region's own, or there is none.
    pub(super) upstream: Option<String>,
    /// When it was said.
    pub(super) as_of: Timestamp,
    /// It is what was said before, since it could not be asked for now.
    pub(super) stale: bool,
}

/// Lays `overlay` over a backend's services, by code: what it says wins, what it does not say stays.
/// A service that the backend does not have is added where the region gives it a form, and noted
/// where it does not.
pub(super) fn lay_over(
    mut entries: Vec<Entry>,
    overlay: &[Service],
    backend: &BackendId,
    now: Timestamp,
    report: &mut Report,
) -> Vec<Entry> {
    let places: BTreeMap<ServiceCode, usize> = entries
        .iter()
        .enumerate()
        .map(|(at, entry)| (entry.service.code.clone(), at))
        .collect();
    for own in overlay {
        let place = places.get(&own.code).and_then(|at| entries.get_mut(*at));
        match place {
            Some(entry) => {
                say(&mut entry.service, own);
                if own.form.is_some() {
                    entry.upstream = None;
                }
            }
            None if own.form.is_some() => entries.push(Entry {
                service: own.clone(),
                upstream: None,
                as_of: now,
                stale: false,
            }),
            None => report.note(Note::not_listed(backend, &own.code)),
        }
    }
    for entry in &mut entries {
        if entry.service.name.is_empty() {
            entry.service.name = Text::plain(entry.service.code.as_str());
        }
    }
    entries
}

fn say(service: &mut Service, own: &Service) {
    let texts = [
        (&mut service.name, &own.name),
        (&mut service.description, &own.description),
        (&mut service.group, &own.group),
        (&mut service.office, &own.office),
        (&mut service.cost, &own.cost),
        (&mut service.duration, &own.duration),
        (&mut service.next, &own.next),
    ];
    for (said, own) in texts {
        if !own.is_empty() {
            said.clone_from(own);
        }
    }
    if !own.keywords.is_empty() {
        service.keywords.clone_from(&own.keywords);
    }
    if !own.requirements.is_empty() {
        service.requirements.clone_from(&own.requirements);
    }
    if own.form.is_some() {
        service.form.clone_from(&own.form);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::form::Form;

    fn service(code: &str, name: &str) -> Service {
        Service {
            name: name.into(),
            ..Service::of(code.parse().unwrap())
        }
    }

    fn laid(told: Vec<Service>, overlay: &[Service]) -> (Vec<Entry>, Report) {
        let entries = told.into_iter().map(|service| Entry {
            upstream: service.form.as_ref().map(|_| "theirs".to_owned()),
            service,
            as_of: Timestamp(1),
            stale: false,
        });
        let mut report = Report::default();
        let backend = "32.73/lapor".parse().unwrap();
        let entries = lay_over(entries.collect(), overlay, &backend, Timestamp(2), &mut report);
        (entries, report)
    }

    #[test]
    fn what_the_region_says_wins_and_what_it_does_not_say_stays() {
        let mut told = service("1", "Pothole");
        told.description = "Theirs".into();
        told.keywords = vec!["theirs".to_owned()];
        let mut own = service("1", "Jalan berlubang");
        own.cost = "Gratis".into();
        let (entries, report) = laid(vec![told], &[own]);
        let service = &entries[0].service;
        assert_eq!(service.name, "Jalan berlubang".into());
        assert_eq!(service.description, "Theirs".into());
        assert_eq!(service.cost, "Gratis".into());
        assert_eq!(service.keywords, ["theirs"]);
        assert_eq!(report.notes, []);
    }

    #[test]
    fn a_form_of_the_regions_own_replaces_the_backends_and_its_fingerprint() {
        let mut told = service("1", "A");
        told.form = Some(Form::default());
        let mut own = service("1", "");
        own.form = Some(Form {
            format: 1,
            ..Form::default()
        });
        let (entries, _) = laid(vec![told.clone()], std::slice::from_ref(&own));
        assert_eq!((&entries[0].service.form, &entries[0].upstream), (&own.form, &None));
        let (entries, _) = laid(vec![told.clone()], &[service("1", "B")]);
        assert_eq!(entries[0].service.form, told.form);
        assert_eq!(entries[0].upstream.as_deref(), Some("theirs"));
    }

    #[test]
    fn a_service_that_the_backend_does_not_have_needs_a_form_of_its_own() {
        let mut own = service("2", "Milik daerah");
        own.form = Some(Form::default());
        let (entries, report) = laid(vec![service("1", "")], &[own, service("3", "Tanpa formulir")]);
        let codes: Vec<&str> = entries.iter().map(|entry| entry.service.code.as_str()).collect();
        assert_eq!(codes, ["1", "2"]);
        assert_eq!(entries[1].as_of, Timestamp(2));
        assert!(
            report
                .to_string()
                .contains("32.73/lapor/3: not in the backend's catalogue")
        );
    }

    #[test]
    fn a_service_without_a_name_is_called_by_its_code() {
        let (entries, _) = laid(vec![service("SKCK", "")], &[]);
        assert_eq!(entries[0].service.name, "SKCK".into());
    }
}
