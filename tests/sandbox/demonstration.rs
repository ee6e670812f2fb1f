//! The demonstration region's file fits the city that it describes.

use std::collections::BTreeSet;

use pendopo::model::form::{Field, When};
use pendopo::model::json;
use pendopo::model::region::RegionFile;
use pendopo::model::status::{Outcome, Phase};
use serde_json::Value;

use crate::city::City;

fn region() -> RegionFile {
    serde_json::from_str(include_str!("../demo/regions/32.73.json")).expect("a region's file")
}

#[tokio::test]
async fn the_region_describes_each_service_of_the_city_and_no_other() {
    let city = City::new().await;
    let services = city.read("services.json").await;
    let offered: BTreeSet<&str> = services
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|service| service["service_code"].as_str())
        .collect();
    let region = region();
    assert!(region.demonstration && region.code.as_str() == "32.73");
    let backend = &region.backends[0];
    assert_eq!((backend.id.as_str(), backend.adapter.as_str()), ("lapor", "open311"));
    let described: BTreeSet<&str> = backend.services.iter().map(|service| service.code.as_str()).collect();
    assert_eq!(described, offered);
    assert_eq!(described.len(), backend.services.len());
    for service in &backend.services {
        assert!(
            !service.requirements.is_empty() && !service.keywords.is_empty(),
            "{}",
            service.code
        );
        assert!(
            !service.cost.is_empty() && !service.duration.is_empty() && !service.next.is_empty(),
            "{}",
            service.code
        );
    }
}

#[tokio::test]
async fn the_profile_maps_every_word_of_the_city_but_the_one_that_nobody_announced() {
    let city = City::new().await;
    city.submit(&crate::city::POTHOLE).await;
    let page = city.page("/petugas/kasus/1").await;
    let mut words: BTreeSet<&str> = page
        .split("<option value=\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .collect();
    for unmapped in ["open", "closed", "menunggu_anggaran"] {
        assert!(words.remove(unmapped), "{unmapped}");
    }
    let region = region();
    let table = region.backends[0]
        .profile
        .as_object()
        .and_then(|profile| profile.get("status")?.as_object())
        .expect("a table");
    assert_eq!(table.keys().collect::<BTreeSet<_>>(), words);
    let word = |entry: &json::Value, key: &str| entry.as_object()?.get(key)?.as_str().map(str::to_owned);
    for (_, entry) in table.iter() {
        assert!(
            word(entry, "phase").is_some_and(|word| Phase::from_word(&word).is_some()),
            "{entry:?}"
        );
        assert!(
            word(entry, "outcome").is_none_or(|word| Outcome::from_word(&word).is_some()),
            "{entry:?}"
        );
    }
}

#[tokio::test]
async fn the_birth_certificates_own_form_asks_what_the_citys_service_takes() {
    let city = City::new().await;
    let definition = city.read("services/akta-kelahiran.json").await;
    let attributes = definition["attributes"].as_array().expect("an array");
    let region = region();
    let service = region.backends[0]
        .services
        .iter()
        .find(|service| service.code.as_str() == "akta-kelahiran");
    let form = service.and_then(|service| service.form.as_ref()).expect("a form");
    assert_eq!(form.steps.len(), 1);
    let fields: Vec<&Field> = form.steps[0]
        .sections
        .iter()
        .flat_map(|section| &section.fields)
        .collect();
    assert_eq!(fields.len(), 12);
    for (field, attribute) in fields.iter().zip(attributes) {
        assert_eq!(
            field.id,
            format!("attribute[{}]", attribute["code"].as_str().unwrap_or_default())
        );
        assert_eq!(Value::from(field.required), attribute["required"], "{}", field.id);
        let keys = attribute["values"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|value| value["key"].as_str());
        let options = field.options.iter().map(|option| option.value.as_str());
        assert_eq!(options.collect::<Vec<_>>(), keys.collect::<Vec<_>>(), "{}", field.id);
        assert_eq!(field.many, attribute["datatype"] == "multivaluelist", "{}", field.id);
    }
    let twin = fields
        .iter()
        .find(|field| field.id == "attribute[urutan]")
        .expect("the twin's order");
    let Some(When::Simple(condition)) = twin.visible_when.as_ref() else {
        panic!("a condition");
    };
    assert_eq!(
        (condition.field.as_str(), condition.equals.as_deref()),
        ("attribute[kembar]", Some("Ya"))
    );
}

#[tokio::test]
async fn the_second_region_describes_each_service_of_its_city_and_no_other() {
    let city = City::new().await;
    let answer = city
        .client
        .get(city.url("/33.74/sapa/open311/v2/services.xml"))
        .send()
        .await;
    let services = answer.expect("an answer").text().await.expect("a body");
    let offered: BTreeSet<&str> = services
        .split("<service_code>")
        .skip(1)
        .filter_map(|rest| rest.split('<').next())
        .collect();
    let region: RegionFile = serde_json::from_str(include_str!("../demo/regions/33.74.json")).expect("a region's file");
    let described = region.backends[0].services.iter().map(|service| service.code.as_str());
    assert_eq!(described.collect::<BTreeSet<_>>(), offered);
    assert!(region.demonstration && region.code.as_str() == "33.74");
}

#[test]
fn the_edges_demonstration_settings_point_at_the_sandboxs_own_address() {
    let settings: toml::Table = include_str!("../demo/edge.toml").parse().expect("TOML");
    let upstreams = settings["upstreams"].as_table().expect("a table");
    for (backend, upstream) in upstreams {
        let url = upstream["url"].as_str().expect("an address");
        let base = if backend == "32.73/lapor" {
            String::new()
        } else {
            format!("/{backend}")
        };
        assert!(
            format!("{url}/").starts_with(&format!("http://127.0.0.1:8311{base}/")),
            "{backend}: {url}"
        );
    }
    let url = settings["upstreams"]["32.73/lapor"]["url"].as_str();
    assert_eq!(url, Some("http://127.0.0.1:8311/open311/v2"));
    #[derive(clap::Parser)]
    struct Program {
        #[command(flatten)]
        args: pendopo::cli::sandbox::SandboxArgs,
    }
    let program: Program = clap::Parser::parse_from(["sandbox"]);
    assert_eq!(url, Some(format!("http://{}/open311/v2", program.args.listen).as_str()));
}
