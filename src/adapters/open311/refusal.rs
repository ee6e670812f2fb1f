//! What a GeoReport server says when it refuses.
//!
//! | shape | seen at |
//! |---|---|
//! | `<errors><error><code/><description/></error></errors>`, `[{"code","description"}]` | the specification |
//! | `<error>text</error>`, `{"error":"text"}` | San Francisco |
//! | `{"error":{"code","message"}}` | Mark-a-Spot |
//! | `{"code","detail"}`, `{"detail"}` | Helsinki, Turku |
//! | `<error><description/></error>` without a code | elsewhere |
//! | `{"errors":{"field":["text"]}}`, `{"message"}`, bare words | frameworks beneath |
//!
//! What they mean is said where they are read: [`refusal`].

use crate::adapters::answer::refusal::{self, Manner};
use crate::adapters::codec::Payload;
use crate::adapters::codec::node::Node;
use crate::adapters::http::Response;
use crate::model::form::Form;
use crate::model::problem::{Fault, Problem};

const MANNER: Manner = Manner {
    protocol: "GeoReport",
    record: &[
        "service_request_id",
        "token",
        "service_code",
        "service_name",
        "attributes",
        "attribute",
        "service_notice",
    ],
    fields: |name| {
        let meant = match name {
            "lat" | "long" | "address" | "address_string" | "address_id" => "location",
            "media_url" | "photo" | "photo1" => "media",
            other => other,
        };
        vec![["attribute[", name, "]"].concat(), meant.to_owned()]
    },
};

/// Whether there is an error in the tree of an answer that is no success.
pub(super) fn tells(root: &Node) -> bool {
    !refusal::read(&MANNER, root, true).is_empty()
}

/// What a response that is no success means; `None` for a success. `form` is there where something
/// was submitted.
pub(super) fn of_response(response: &Response, payload: &Payload, form: Option<&Form>) -> Option<Problem> {
    refusal::of_response(&MANNER, response, payload, form)
}

/// A fault for an answer that the protocol does not know.
pub(super) fn unreadable(status: u16, payload: &Payload) -> Fault {
    refusal::unreadable(&MANNER, status, payload)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adapters::codec;
    use crate::model::form::Field;
    use crate::model::problem::{Fault, Sent};

    fn answer(status: u16, body: &str) -> Option<Problem> {
        let response = Response {
            status,
            ..Response::default()
        };
        of_response(&response, &codec::read(body.as_bytes(), None), Some(&Form::default()))
    }

    fn message(status: u16, body: &str) -> String {
        match answer(status, body).expect("a problem").fault {
            Fault::Rejected { message, .. } | Fault::Upstream { message, .. } => message,
            other => panic!("{other:?} of {body}"),
        }
    }

    #[test]
    fn every_shape_of_an_error_is_read() {
        for body in [
            "<errors><error><code>400</code><description>Kode salah</description></error></errors>",
            r#"[{"code":400,"description":"Kode salah"}]"#,
            r#"{"errors":[{"code":400,"description":"Kode salah"}]}"#,
            r#"{"errors":{"error":{"code":"400","description":"Kode salah"}}}"#,
            "<error>Kode salah</error>",
            r#"{"error":"Kode salah"}"#,
            r#"{"error":{"code":400,"message":"Kode salah"}}"#,
            r#"{"code":400,"detail":"Kode salah"}"#,
            r#"{"detail":"Kode salah"}"#,
            "<error><description>Kode salah</description></error>",
            r#"{"message":"Kode salah"}"#,
            r#"["Kode salah"]"#,
            r#""Kode salah""#,
            "Kode salah",
            "<g:errors xmlns:g='x'><g:error><g:code/><g:description><![CDATA[Kode  salah]]></g:description></g:error></g:errors>",
        ] {
            assert_eq!(message(400, body), "Kode salah", "{body}");
        }
    }

    #[test]
    fn a_refusal_that_can_be_read_is_final_and_anything_else_is_not() {
        assert_eq!(
            answer(403, "<error>x</error>").map(|problem| problem.sent),
            Some(Sent::Yes)
        );
        for (status, body, sent) in [
            (400, "<html>", Sent::Unknown),
            (403, "", Sent::Unknown),
            (404, "<html>", Sent::No),
            (405, "", Sent::No),
            (302, "", Sent::Unknown),
            (500, "<error>x</error>", Sent::Unknown),
            (503, "<html>", Sent::Unknown),
            (429, "", Sent::No),
            (413, "", Sent::No),
        ] {
            let problem = answer(status, body).expect("a problem");
            assert_eq!(problem.sent, sent, "{status} {body}");
            assert!(!matches!(problem.fault, Fault::Rejected { .. }), "{status} {body}");
        }
    }

    #[test]
    fn an_error_within_a_success_is_an_error_and_records_are_none() {
        assert!(answer(200, r#"{"errors":[{"code":400,"description":"x"}]}"#).is_some());
        assert!(answer(200, r#"[{"code":404,"description":"x"}]"#).is_some());
        assert!(answer(200, "<error>x</error>").is_some());
        for body in [
            r#"[{"service_code":"1","description":"x"}]"#,
            r#"{"service_code":"1","attributes":[{"code":"400","description":"x"}]}"#,
            r#"[{"service_request_id":1,"status":"open","description":"x"}]"#,
            r#"{"error":null,"errors":[],"service_requests":[]}"#,
            "[]",
            "",
        ] {
            assert_eq!(answer(200, body), None, "{body}");
        }
    }

    #[test]
    fn fields_are_named_only_where_a_shape_names_them() {
        let field = |id: &str| Field {
            id: id.to_owned(),
            ..Field::default()
        };
        let form = Form {
            steps: vec![crate::model::form::Step {
                sections: vec![crate::model::form::Section {
                    fields: vec![field("attribute[WHISHETN]"), field("email"), field("location")],
                    ..Default::default()
                }],
                ..Default::default()
            }],
            ..Form::default()
        };
        let response = Response {
            status: 422,
            ..Response::default()
        };
        let body = br#"{"message":"Periksa lagi","errors":{"email":["Tidak sah"],"whishetn":["Wajib"],"lat":["?"],"x":["y"]}}"#;
        let problem = of_response(&response, &codec::read(body, None), Some(&form)).expect("a problem");
        let Fault::Rejected { fields, message } = problem.fault else {
            panic!("{problem:?}");
        };
        let named: Vec<(&str, &str)> = fields.iter().map(|f| (f.field.as_str(), f.message.as_str())).collect();
        assert_eq!(
            named,
            [
                ("email", "Tidak sah"),
                ("attribute[WHISHETN]", "Wajib"),
                ("location", "?")
            ]
        );
        assert_eq!(message, "Periksa lagi; y");

        // A shape without a place for the name: the words begin with it.
        let body = br#"[{"code":400,"description":"WHISHETN (Apa): paling banyak 255 karakter"},{"code":400,"description":"email tidak sah"}]"#;
        let problem = of_response(&response, &codec::read(body, None), Some(&form)).expect("a problem");
        let Fault::Rejected { fields, message } = problem.fault else {
            panic!("{problem:?}");
        };
        let named: Vec<&str> = fields.iter().map(|field| field.field.as_str()).collect();
        assert_eq!(
            (named, message.as_str()),
            (vec!["attribute[WHISHETN]"], "email tidak sah")
        );
    }

    #[test]
    fn a_servers_words_are_bounded() {
        assert_eq!(message(400, &"x".repeat(9000)).len(), 500);
    }
}
