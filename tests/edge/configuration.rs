//! `edge.toml`, its documentation and its schema say the same.

use pendopo::cli::edge::config::Config;
use serde_json::Value;

/// The example in the module's essay.
fn example() -> String {
    let essay = include_str!("../../src/cli/edge/config.rs");
    let lines = essay.lines().filter_map(|line| line.strip_prefix("//!"));
    let block = lines.skip_while(|line| line.trim() != "```toml").skip(1);
    let block: Vec<&str> = block.take_while(|line| line.trim() != "```").collect();
    block.join("\n")
}

fn is_valid(text: &str) -> bool {
    let schema: Value = serde_json::from_str(include_str!("../../public/schema/edge.schema.json")).unwrap();
    let document: Value = toml::from_str(text).unwrap();
    jsonschema::validator_for(&schema).unwrap().is_valid(&document)
}

#[test]
fn the_documented_example_is_read_and_fits_the_schema() {
    let config = Config::parse(&example())
        .map_err(|mistake| format!("{mistake:?}"))
        .unwrap_or_else(|m| unreachable!("{m}"));
    assert_eq!(config.upstreams.len(), 2);
    assert_eq!(config.trusted_proxies.len(), 1);
    assert_eq!(config.embed_origins.values().next().unwrap().len(), 2);
    let upstream = &config.upstreams[&"32.73/lapor".parse().unwrap()];
    assert_eq!(upstream.headers().get("x-api-key").unwrap(), "…");
    let guarded = &config.upstreams[&"32.73/perizinan".parse().unwrap()];
    assert_eq!(guarded.secrets.len(), 3);
    assert!(guarded.profile.is_some() && guarded.account.is_some());
    assert!(is_valid(&example()));
}

#[test]
fn the_schema_and_the_program_agree_on_what_is_a_mistake() {
    let least = "dist = 'd'\nregions = 'r'\ncatalogue = 'c'\nledger = 'l'\n";
    let upstream = "[upstreams.'32.73/lapor']\nurl = 'http://a'\n";
    assert!(is_valid(least) && Config::parse(least).is_ok());
    for (text, is_right) in [
        (format!("{least}{upstream}"), true),
        (
            format!("{least}{upstream}headers.auth = 'x'\nforward = ['authorization', 'X-Y']"),
            true,
        ),
        (format!("{least}trusted_proxies = ['10.0.0.0/8', '::1']"), true),
        (format!("{least}rates.reads_per_minute = 5"), true),
        ("dist = 'd'".to_owned(), false),
        (
            format!("{least}embed_origins.'32.73' = ['https://*.bandung.go.id', 'http://localhost:3000']"),
            true,
        ),
        (
            format!("{least}embed_origins.'32.73' = ['http://bandung.go.id']"),
            false,
        ),
        (
            format!("{least}embed_origins.'32.73' = ['https://bandung.go.id/']"),
            false,
        ),
        (format!("{least}embed_origins.'32.73' = ['https://*.id']"), false),
        (
            format!("{least}embed_origins.'32.73' = ['https://a.id; script-src *']"),
            false,
        ),
        (format!("{least}embed_origins.bandung = []"), false),
        (format!("{least}port = 1"), false),
        (format!("{least}rates.reads_per_second = 5"), false),
        (format!("{least}rates.reads_per_minute = -5"), false),
        (format!("{least}trusted_proxies = ['localhost']"), false),
        (format!("{least}[upstreams.lapor]\nurl = 'http://a'"), false),
        (format!("{least}[upstreams.'32.73/lapor']"), false),
        (format!("{least}[upstreams.'32.73/lapor']\nurl = 'ftp://a'"), false),
        (format!("{least}[upstreams.'32.73/lapor']\nurl = 'http://a?b'"), false),
        (format!("{least}{upstream}timeout_seconds = 121"), false),
        (format!("{least}{upstream}max_request_bytes = 0"), false),
        (format!("{least}{upstream}headers.host = 'x'"), false),
        (format!("{least}{upstream}forward = ['Cookie']"), false),
        (format!("{least}{upstream}tries = 1"), false),
        (format!("{least}{upstream}retries = 3"), true),
        (format!("{least}{upstream}retries = 4"), false),
        (format!("{least}{upstream}requests_at_once = 1024"), true),
        (format!("{least}{upstream}requests_at_once = 0"), false),
        (
            format!("{least}{upstream}breaker = {{ failures = 0, pause_seconds = 600 }}"),
            true,
        ),
        (format!("{least}{upstream}breaker.pause_seconds = 601"), false),
        (format!("{least}{upstream}breaker.trials = 1"), false),
        (
            format!("{least}{upstream}cache = {{ fresh_seconds = 0, stale_seconds = 604800 }}"),
            true,
        ),
        (format!("{least}{upstream}cache.fresh_seconds = 3601"), false),
        (format!("{least}{upstream}cache.stale_seconds = 604801"), false),
        (
            format!("{least}{upstream}headers = {{ X-Road-Client = 'ID/GOV/3273/pendopo', apikey = 'k' }}"),
            true,
        ),
        (format!("{least}tls = {{ certificate = 'c', key = 'k' }}"), true),
        (format!("{least}tls.key = 'k'"), false),
        (format!("{least}limits = {{ connections = 1, cache_bytes = 0 }}"), true),
        (format!("{least}limits.connections = 65537"), false),
        (format!("{least}limits.connections_per_address = 0"), false),
        (format!("{least}limits.patience_seconds = 301"), false),
        (format!("{least}limits.body_memory_bytes = 1000"), false),
        (format!("{least}limits.cache_bytes = 1000"), false),
        (
            "dist = 'd'\nregions = 'r'\ncatalogue = 'c'\nledger = { postgres_env = 'L' }".to_owned(),
            true,
        ),
        (
            "dist = 'd'\nregions = 'r'\ncatalogue = 'c'\nledger = { postgres = 'L' }".to_owned(),
            false,
        ),
        (format!("{least}{upstream}login_tries_per_hour = 3"), true),
        (format!("{least}{upstream}profile = 'p.json'"), true),
        (format!("{least}{upstream}profile = 'p.json'\nforward = ['x']"), false),
        (
            format!("{least}{upstream}profile = 'p.json'\nconversation_seconds = 141"),
            false,
        ),
        (
            format!("{least}{upstream}profile = 'p.json'\nsecrets = [{{ header = 'X', env = 'E' }}]"),
            true,
        ),
        (
            format!("{least}{upstream}secrets = [{{ header = 'X', env = 'E' }}]"),
            false,
        ),
        (
            format!("{least}{upstream}profile = 'p.json'\nsecrets = [{{ header = 'X', query = 'x', env = 'E' }}]"),
            false,
        ),
        (
            format!("{least}{upstream}profile = 'p.json'\nsecrets = [{{ env = 'E' }}]"),
            false,
        ),
        (
            format!("{least}{upstream}profile = 'p.json'\nsecrets = [{{ header = 'Host', env = 'E' }}]"),
            false,
        ),
        (format!("{least}{upstream}account = {{ identifier_env = 'A' }}"), false),
    ] {
        assert_eq!(Config::parse(&text).is_ok(), is_right, "program: {text}");
        assert_eq!(is_valid(&text), is_right, "schema: {text}");
    }
}
