//! Concepts: what of the citizen's own a field asks for, whatever the form calls it.
//!
//! A form ties a field to one by `concept`. It decides what the browser may offer to fill in, and what
//! answers can be held against each other: a NIK tells a date of birth, and a [`super::doubt`] arises
//! where the form was told another.

/// Every concept, with the token of the HTML standard (section 4.10.18.7.1) for what browsers know
/// of it; `off` where they know nothing that helps.
const CONCEPTS: [(&str, &str); 16] = [
    ("nik", "off"),
    ("kk", "off"),
    ("npwp", "off"),
    ("name", "name"),
    ("birth_place", "off"),
    ("birth_date", "bday"),
    ("sex", "sex"),
    ("religion", "off"),
    ("marital_status", "off"),
    ("occupation", "organization-title"),
    ("nationality", "country-name"),
    ("address", "street-address"),
    ("area", "off"),
    ("phone", "tel"),
    ("email", "email"),
    ("mother_name", "off"),
];

/// A concept of this name, with its token.
pub(super) fn find(name: &str) -> Option<(&'static str, &'static str)> {
    CONCEPTS.into_iter().find(|(known, _)| *known == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_concept_is_found_by_its_name() {
        assert_eq!(find("name"), Some(("name", "name")));
        assert_eq!(find(""), None);
        assert_eq!(find("Name"), None);
    }
}
