//! The lines that a regional site pastes to show a widget.
//!
//! Pure, so that what is copied is tested natively: whatever a service is called, the line is HTML that
//! holds it as text.

use crate::model::region::RegionCode;
use crate::model::route::Route;
use crate::model::service::ServiceId;

/// What a widget shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum View {
    /// One service's form.
    #[default]
    Service,
    /// A region's services.
    Services,
    /// The search over them.
    Search,
    /// The look-up by number.
    Status,
}

impl View {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Self; 4] = [Self::Service, Self::Services, Self::Search, Self::Status];

    /// Its name in the attribute `view`.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Service => "service",
            Self::Services => "services",
            Self::Search => "search",
            Self::Status => "status",
        }
    }

    /// The view of that name.
    #[must_use]
    pub fn of(word: &str) -> Self {
        let found = Self::ALL.into_iter().find(|view| view.word() == word);
        found.unwrap_or_default()
    }
}

/// What was chosen for a widget. An empty text leaves its attribute out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snippet {
    /// Whose widget it is.
    pub region: RegionCode,
    /// What it shows.
    pub view: View,
    /// Its service, where it shows one.
    pub service: Option<ServiceId>,
    /// Whether a form in it may ask for the phone's position.
    pub place: bool,
    /// `#rrggbb`.
    pub accent: String,
    /// Corner radius in pixels.
    pub radius: String,
    /// `serif` or `rounded`.
    pub font: String,
    /// `light` or `dark`.
    pub scheme: String,
    /// `id` or `en`.
    pub lang: String,
    /// Pixels to keep free until the content is there; 0 where it is not known.
    pub height: u32,
}

impl Snippet {
    /// The element's attributes, in the order in which they are written.
    #[must_use]
    pub fn attributes(&self) -> Vec<(&'static str, String)> {
        let service = match (&self.service, self.view) {
            (Some(id), View::Service) => [id.backend.backend.as_str(), "/", id.service.as_str()].concat(),
            _ => String::new(),
        };
        let height = match self.height {
            0 => String::new(),
            height => height.to_string(),
        };
        let place = self.place && self.view != View::Status;
        let mut attributes = vec![
            ("region", self.region.to_string()),
            ("view", self.view.word().to_owned()),
            ("service", service),
            ("lang", self.lang.clone()),
            ("accent", self.accent.clone()),
            ("radius", self.radius.clone()),
            ("font", self.font.clone()),
            ("scheme", self.scheme.clone()),
            ("height", height),
            ("allow", if place { "geolocation".to_owned() } else { String::new() }),
        ];
        attributes.retain(|(_, value)| !value.is_empty());
        attributes
    }

    /// Where the element's own link leads.
    #[must_use]
    pub fn page(&self) -> Route {
        match (&self.service, self.view) {
            (Some(id), View::Service) => Route::Service(id.clone()),
            (_, View::Status) => Route::Cases,
            _ => Route::Region(self.region.clone()),
        }
    }

    /// The lines to paste. `origin` is Pendopo's, `name` what the element's link says.
    #[must_use]
    pub fn html(&self, origin: &str, name: &str) -> String {
        let mut html = [
            "<script async src=\"",
            origin,
            "/embed-1.js\"></script>\n<pendopo-widget",
        ]
        .concat();
        for (attribute, value) in self.attributes() {
            html.push(' ');
            html.push_str(attribute);
            html.push_str("=\"");
            escape(&value, &mut html);
            html.push('"');
        }
        html.push_str(">\n  <a href=\"");
        escape(&[origin, &self.page().to_string()].concat(), &mut html);
        html.push_str("\">");
        escape(name, &mut html);
        html.push_str("</a>\n</pendopo-widget>");
        html
    }
}

fn escape(text: &str, html: &mut String) {
    for c in text.chars() {
        match c {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '"' => html.push_str("&quot;"),
            c => html.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn snippet(service: &str) -> Snippet {
        Snippet {
            region: "32.73".parse().unwrap(),
            view: View::Service,
            service: Some(service.parse().unwrap()),
            place: true,
            accent: "#ffd200".to_owned(),
            radius: String::new(),
            font: String::new(),
            scheme: String::new(),
            lang: "id".to_owned(),
            height: 0,
        }
    }

    #[test]
    fn the_lines_hold_what_was_chosen_and_a_link_for_those_without_script() {
        assert_eq!(
            snippet("32.73/lapor/JLN-01").html("https://pendopo.example", "Jalan berlubang"),
            "<script async src=\"https://pendopo.example/embed-1.js\"></script>\n\
             <pendopo-widget region=\"32.73\" view=\"service\" service=\"lapor/JLN-01\" lang=\"id\" accent=\"#ffd200\" \
             allow=\"geolocation\">\n  \
             <a href=\"https://pendopo.example/layanan/32.73/lapor/JLN-01\">Jalan berlubang</a>\n</pendopo-widget>"
        );
    }

    #[test]
    fn whatever_a_service_is_called_it_stays_text() {
        let html = snippet("32.73/lapor/a\"><script>/&").html("https://p.example", "<img src=x onerror=\"1\"> & co");
        assert_eq!(html.matches("<script").count(), 1, "{html}");
        assert!(html.contains("service=\"lapor/a&quot;>&lt;script>/&amp;\""), "{html}");
        assert!(
            html.contains("&lt;img src=x onerror=&quot;1&quot;> &amp; co</a>"),
            "{html}"
        );
    }

    #[test]
    fn a_look_up_asks_for_no_position_and_names_no_service() {
        let status = Snippet {
            view: View::Status,
            height: 420,
            ..snippet("32.73/lapor/JLN-01")
        };
        let names: Vec<&str> = status.attributes().iter().map(|(name, _)| *name).collect();
        assert_eq!(names, ["region", "view", "lang", "accent", "height"]);
        assert_eq!(status.page(), Route::Cases);
        for view in View::ALL {
            assert_eq!(View::of(view.word()), view);
        }
    }
}
