//! Cases, histories and lists of services, made of what a profile finds.

use super::dates;
use super::gives::Gives;
use super::pick::{Place, Row};
use super::profile::Profile;
use crate::adapters::Listed;
use crate::adapters::answer::case::{bare, timeline, unknown};
use crate::adapters::answer::record::Notes;
use crate::model::case::{Case, Document as Paper, Reference, Step};
use crate::model::form::{ChoiceOption, FORMAT, Field, Form, Section, Step as Page};
use crate::model::service::Service;
use crate::model::status::{Phase, Status};
use crate::model::text::Text;
use crate::model::time::Timestamp;

/// Most rows that are read of one answer.
pub(super) const MOST_ROWS: usize = 5000;

/// What a type of a form is where a map gives none that there is.
const TYPES: [&str; 24] = [
    "text",
    "textarea",
    "number",
    "date",
    "time",
    "datetime",
    "choice",
    "file",
    "location",
    "email",
    "phone",
    "person_id",
    "static",
    "integer",
    "decimal",
    "money",
    "boolean",
    "image",
    "signature",
    "url",
    "org_id",
    "address",
    "admin_area",
    "repeat",
];

/// What reads: the profile, its region's time, and where remarks go.
pub(super) struct Reader<'a> {
    pub(super) profile: &'a Profile,
    pub(super) offset: i32,
    pub(super) notes: &'a mut Notes,
}

/// A place within it.
pub(super) const fn at<'a>(place: Place<'a>, row: Row<'a>) -> Place<'a> {
    Place {
        row: Some(row),
        ..place
    }
}

/// The rows of a list; the answer itself where none are said.
pub(super) fn rows<'a>(gives: &Gives, place: Place<'a>) -> Vec<Place<'a>> {
    match gives.pick("rows") {
        Some(pick) => {
            let rows = pick.rows(place).into_iter().take(MOST_ROWS);
            rows.map(|row| at(place, row)).collect()
        }
        None => vec![place],
    }
}

/// A value by its key; empty where nothing says where it stands.
pub(super) fn text(gives: &Gives, key: &str, place: Place<'_>) -> String {
    gives.pick(key).map(|pick| pick.first(place)).unwrap_or_default()
}

impl Reader<'_> {
    /// A case by its row. Its number is what the row says, or what was asked for.
    pub(super) fn case(&mut self, gives: &Gives, place: Place<'_>, asked: Option<&Reference>) -> Case {
        let own = text(gives, "reference", place).parse().ok();
        let mut case = bare(own.or_else(|| asked.cloned()));
        case.status = self.status(gives, place).unwrap_or_else(unknown);
        case.service_name = text(gives, "service_name", place);
        case.service_code = text(gives, "service_code", place);
        case.agency = text(gives, "agency", place);
        case.received = self.moment(gives, "received", place);
        case.updated = self.moment(gives, "updated", place);
        case.expected = self.moment(gives, "expected", place);
        if let Some(inner) = &gives.documents {
            let papers = rows(inner, place).into_iter().map(|place| Paper {
                label: text(inner, "label", place),
                handle: text(inner, "handle", place),
            });
            case.documents = papers.filter(|paper| !paper.handle.is_empty()).collect();
        }
        if let Some(inner) = &gives.timeline {
            case.timeline = self.steps(inner, place);
        }
        let remark = text(gives, "remark", place);
        if case.timeline.is_empty() {
            timeline(&mut case, remark);
        } else if !remark.is_empty() && case.timeline.iter().all(|step| step.remark != remark) {
            case.timeline.push(Step {
                status: None,
                at: None,
                remark,
                links: Vec::new(),
                ahead: false,
            });
        }
        case
    }

    /// The steps of a history, oldest first where their times say so.
    pub(super) fn steps(&mut self, gives: &Gives, place: Place<'_>) -> Vec<Step> {
        let mut steps = Vec::new();
        for place in rows(gives, place) {
            let link = gives.pick("link").map(|pick| pick.all(place)).unwrap_or_default();
            let step = Step {
                status: self.status(gives, place),
                at: self.moment(gives, "at", place),
                remark: text(gives, "remark", place),
                links: link.into_iter().filter(|link| is_link(link)).collect(),
                ahead: false,
            };
            if step.status.is_some() || step.at.is_some() || !step.remark.is_empty() {
                steps.push(step);
            }
        }
        if steps.iter().all(|step| step.at.is_some()) {
            steps.sort_by_key(|step| step.at);
        }
        steps
    }

    /// A status by its code, else by its words; what nothing names is noted, and shown as it is.
    fn status(&mut self, gives: &Gives, place: Place<'_>) -> Option<Status> {
        let code = text(gives, "status", place);
        let label = text(gives, "label", place);
        let by_label = !self.profile.status.names(&code) && self.profile.status.names(&label);
        let mut status = self.profile.status.status(&code, &[]);
        if by_label || status.is_none() {
            let told = self.profile.status.status(&label, &[])?;
            status = Some(Status {
                code: if code.is_empty() { label.clone() } else { code.clone() },
                ..told
            });
        }
        let mut status = status?;
        if label != status.code {
            status.label = label;
        }
        if status.phase == Phase::Unknown && !self.profile.status.names(&code) {
            self.notes
                .add("status", "a code that the profile's status names", &status.code);
        }
        Some(status)
    }

    fn moment(&mut self, gives: &Gives, key: &str, place: Place<'_>) -> Option<Timestamp> {
        let written = text(gives, key, place);
        if written.is_empty() {
            return None;
        }
        let moment = dates::moment(&self.profile.dates, &written, self.offset);
        if moment.is_none() {
            self.notes.add(key, "a date in one of the profile's formats", &written);
        }
        moment
    }

    /// Services of a catalogue.
    pub(super) fn services(&mut self, gives: &Gives, place: Place<'_>, has_form: bool) -> Vec<Listed> {
        let mut listed = Vec::new();
        for place in rows(gives, place) {
            let code = text(gives, "code", place);
            let Ok(code) = code.parse() else {
                self.notes.add("code", "a service's code", &code);
                continue;
            };
            let plain = |key: &str| match text(gives, key, place) {
                said if said.is_empty() => Text::default(),
                said => Text::plain(said),
            };
            let all = |key: &str| gives.pick(key).map(|pick| pick.all(place)).unwrap_or_default();
            let service = Service {
                name: plain("name"),
                description: plain("description"),
                group: plain("group"),
                office: plain("office"),
                cost: plain("cost"),
                duration: plain("duration"),
                keywords: all("keywords"),
                requirements: all("requirements").into_iter().map(Text::plain).collect(),
                ..Service::of(code)
            };
            listed.push(Listed { service, has_form });
        }
        listed
    }

    /// A form of one step, made of a list of fields.
    pub(super) fn form(&mut self, gives: &Gives, place: Place<'_>) -> Form {
        let mut fields = Vec::new();
        for place in rows(gives, place) {
            let id = text(gives, "id", place);
            if id.is_empty() {
                self.notes.add("id", "a field's id", "none");
                continue;
            }
            let written = text(gives, "type", place);
            let options = self.options(gives, place);
            let kind = match TYPES.iter().find(|known| **known == written) {
                Some(known) => (*known).to_owned(),
                None if !options.is_empty() => "choice".to_owned(),
                None => {
                    if !written.is_empty() {
                        self.notes.add("type", "a type of a form's field, by a map", &written);
                    }
                    "text".to_owned()
                }
            };
            let required = text(gives, "required", place).to_lowercase();
            fields.push(Field {
                id,
                kind,
                label: Text::plain(text(gives, "label", place)),
                hint: match text(gives, "hint", place) {
                    hint if hint.is_empty() => Text::default(),
                    hint => Text::plain(hint),
                },
                required: matches!(required.as_str(), "true" | "1" | "yes" | "ya" | "required" | "wajib"),
                options,
                ..Field::default()
            });
        }
        Form {
            format: FORMAT,
            steps: vec![Page {
                id: "isi".to_owned(),
                title: Text::default(),
                lead: Text::default(),
                sections: vec![Section {
                    title: Text::default(),
                    fields,
                }],
            }],
            ..Form::default()
        }
    }

    fn options(&mut self, gives: &Gives, place: Place<'_>) -> Vec<ChoiceOption> {
        let Some(pick) = gives.pick("options") else {
            return Vec::new();
        };
        let mut options = Vec::new();
        for row in pick.rows(place).into_iter().take(MOST_ROWS) {
            let place = at(place, row);
            let value = match gives.pick("option_value") {
                Some(pick) => pick.first(place),
                None => own(row),
            };
            let label = text(gives, "option_label", place);
            if !value.is_empty() {
                options.push(ChoiceOption {
                    value,
                    label: if label.is_empty() {
                        Text::default()
                    } else {
                        Text::plain(label)
                    },
                    ..ChoiceOption::default()
                });
            }
        }
        options
    }
}

fn own(row: Row<'_>) -> String {
    match row {
        Row::Tree(tree) => tree.text().to_owned(),
        Row::Element(element) => element.text().collect::<String>().trim().to_owned(),
    }
}

fn is_link(text: &str) -> bool {
    (text.starts_with("https://") || text.starts_with("http://"))
        && text.len() <= 2000
        && !text.contains(char::is_whitespace)
}
