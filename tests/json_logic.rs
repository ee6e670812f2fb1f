//! Our JsonLogic beside `json-logic-js`, on rules that are made up by a seed.
//!
//! Every difference has to be one of those that are known and meant; there is a count of each. Node
//! and the package (`tests/browser/package.json`) are needed: where they are not installed, that is
//! said and nothing is compared.

#![cfg(not(target_arch = "wasm32"))]

#[cfg(test)]
mod differential {
    use std::collections::BTreeMap;
    use std::io::Write as _;
    use std::path::Path;
    use std::process::{Command, Stdio};

    use pendopo::forms::logic::{Data, apply};
    use pendopo::model::json::Value;
    use serde_json::{Value as Json, json};

    /// SplitMix64.
    struct Seed(u64);

    impl Seed {
        fn next(&mut self) -> u64 {
            self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mut z = self.0;
            z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            z ^ (z >> 31)
        }

        fn below(&mut self, bound: usize) -> usize {
            (self.next() % bound as u64) as usize
        }

        fn one_of<T: Copy>(&mut self, of: &[T]) -> T {
            of[self.below(of.len())]
        }
    }

    const OPERATORS: [(&str, usize); 33] = [
        ("if", 5),
        ("?:", 3),
        ("==", 2),
        ("===", 2),
        ("!=", 2),
        ("!==", 2),
        ("!", 1),
        ("!!", 1),
        ("or", 3),
        ("and", 3),
        (">", 2),
        (">=", 2),
        ("<", 3),
        ("<=", 3),
        ("max", 3),
        ("min", 3),
        ("+", 3),
        ("-", 2),
        ("*", 3),
        ("/", 2),
        ("%", 2),
        ("map", 2),
        ("filter", 2),
        ("reduce", 3),
        ("all", 2),
        ("none", 2),
        ("some", 2),
        ("merge", 3),
        ("in", 2),
        ("cat", 3),
        ("substr", 3),
        ("missing", 3),
        ("missing_some", 2),
    ];

    const NAMES: [&str; 12] = [
        "",
        "umur",
        "nama",
        "anak",
        "anak.0",
        "anak.1.umur",
        "umur",
        "current",
        "accumulator",
        "kosong",
        "teks.length",
        "?",
    ];

    fn leaf(seed: &mut Seed) -> Json {
        match seed.below(10) {
            0 => json!(null),
            1 => json!(seed.below(2) == 0),
            2 => json!(seed.below(40) as i64 - 10),
            3 => json!((seed.below(4000) as f64 - 1000.0) / 100.0),
            4 => json!(seed.one_of(&[
                "",
                "0",
                "1",
                "12",
                "1.50",
                " 7 ",
                "-3",
                "3x",
                "abc",
                "1,2",
                "2026-01-31",
                "e"
            ])),
            5 => json!([]),
            _ => json!({ "var": seed.one_of(&NAMES) }),
        }
    }

    fn rule(seed: &mut Seed, depth: usize) -> Json {
        if depth == 0 || seed.below(6) == 0 {
            return leaf(seed);
        }
        if seed.below(8) == 0 {
            return Json::Array((0..seed.below(4)).map(|_| rule(seed, depth - 1)).collect());
        }
        let (name, most) = seed.one_of(&OPERATORS);
        let list = |seed: &mut Seed| match seed.below(3) {
            0 => json!({ "var": seed.one_of(&["anak", "angka", "kata"]) }),
            1 => json!([1, 2.5, "3"]),
            _ => rule(seed, depth - 1),
        };
        let operands = match name {
            "map" | "filter" | "all" | "none" | "some" => vec![list(seed), rule(seed, depth - 1)],
            "reduce" => vec![list(seed), rule(seed, depth - 1), leaf(seed)],
            "missing" => (0..seed.below(most) + 1).map(|_| json!(seed.one_of(&NAMES))).collect(),
            "missing_some" => vec![json!(seed.below(3)), json!(["umur", "kosong", seed.one_of(&NAMES)])],
            // Binary operators with one operand are there too.
            _ => (0..seed.below(most) + 1).map(|_| rule(seed, depth - 1)).collect(),
        };
        json!({ name: operands })
    }

    fn data(seed: &mut Seed) -> Json {
        json!({
            "umur": leaf(seed).as_i64().unwrap_or(17), "nama": "Siti", "kosong": "", "teks": "énde", "angka": [3, 1.5, 2],
            "kata": ["b", "a", ""], "anak": [{ "umur": 4, "nama": "A" }, { "umur": seed.below(20), "nama": null }],
        })
    }

    /// The same, but for numbers that agree in their first fourteen digits.
    fn near(one: &Json, other: &Json) -> bool {
        match (one, other) {
            (Json::Number(one), Json::Number(other)) => {
                let (one, other) = (one.as_f64().unwrap(), other.as_f64().unwrap());
                (one - other).abs() <= one.abs().max(other.abs()).max(1e-14) * 1e-13
            }
            (Json::Array(one), Json::Array(other)) => {
                one.len() == other.len() && one.iter().zip(other).all(|(one, other)| near(one, other))
            }
            (Json::Object(one), Json::Object(other)) => {
                one.len() == other.len()
                    && one
                        .iter()
                        .all(|(key, value)| other.get(key).is_some_and(|two| near(value, two)))
            }
            (Json::String(one), Json::String(other)) => {
                let (one, other) = (parts(one), parts(other));
                one.len() == other.len()
                    && one
                        .iter()
                        .zip(&other)
                        .all(|(one, other)| match (one.parse::<f64>(), other.parse::<f64>()) {
                            (Ok(one), Ok(other)) => near(&json!(one), &json!(other)),
                            _ => one == other,
                        })
            }
            _ => one == other,
        }
    }

    /// A text's numbers, and what is between them.
    fn parts(text: &str) -> Vec<String> {
        let of_number = |c: char| c.is_ascii_digit() || c == '.';
        let mut parts: Vec<String> = Vec::new();
        for c in text.chars() {
            match parts.last_mut() {
                Some(last) if last.chars().all(of_number) == of_number(c) => last.push(c),
                _ => parts.push(c.to_string()),
            }
        }
        parts
    }

    fn exact(one: &Json, other: &Json) -> bool {
        match (one, other) {
            (Json::Number(one), Json::Number(other)) => one.as_f64() == other.as_f64(),
            (Json::Array(one), Json::Array(other)) => {
                one.len() == other.len() && one.iter().zip(other).all(|(one, other)| exact(one, other))
            }
            (Json::Object(one), Json::Object(other)) => one
                .iter()
                .all(|(key, value)| other.get(key).is_some_and(|two| exact(value, two))),
            _ => one == other,
        }
    }

    fn has_fraction(rule: &Json, data: &Json) -> bool {
        let here = match rule {
            Json::Number(number) => !number.is_i64() && !number.is_u64(),
            Json::String(text) => text.contains('.'),
            Json::Array(items) => items.iter().any(|item| has_fraction(item, &Json::Null)),
            Json::Object(members) => members.values().any(|item| has_fraction(item, &Json::Null)),
            _ => false,
        };
        here || (!data.is_null() && has_fraction(data, &Json::Null))
    }

    #[test]
    fn json_logic_agrees_with_json_logic_js_on_rules_made_up_by_a_seed() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        if !root.join("tests/browser/node_modules/json-logic-js").exists() {
            eprintln!("json-logic-js is not installed (npm ci in tests/browser): nothing is compared");
            return;
        }
        let count = std::env::var("PENDOPO_RULES")
            .ok()
            .and_then(|count| count.parse().ok())
            .unwrap_or(20_000);
        let mut seed = Seed(20_260_315);
        let cases: Vec<(Json, Json)> = (0..count).map(|_| (rule(&mut seed, 4), data(&mut seed))).collect();
        let mut peer = Command::new("node")
            .arg(root.join("tests/json_logic/peer.mjs"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut input = peer.stdin.take().unwrap();
        let lines: String = cases
            .iter()
            .map(|(rule, data)| format!("{}\n", json!([rule, data])))
            .collect();
        let writer = std::thread::spawn(move || input.write_all(lines.as_bytes()).unwrap());
        let output = peer.wait_with_output().unwrap();
        writer.join().unwrap();
        let answers: Vec<Json> = String::from_utf8(output.stdout)
            .unwrap()
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        assert_eq!(answers.len(), cases.len());

        let mut known: BTreeMap<&str, usize> = BTreeMap::new();
        let mut unknown = Vec::new();
        for ((rule, data), theirs) in cases.iter().zip(&answers) {
            let ours = apply(
                &Value::from(rule.clone()),
                &Data::read(&Value::from(data.clone())).unwrap(),
            );
            let ours = ours.map(|found| serde_json::from_str::<Json>(&found.json().json()).unwrap());
            let kind = match (&ours, theirs.get("value")) {
                (Ok(ours), Some(theirs)) if exact(ours, theirs) => "the same",
                (Ok(ours), Some(theirs)) if near(ours, theirs) => "a float's last digits",
                // 0.3 % 0.1 is 0 for us, and nearly 0.1 for a float, which cannot hold either.
                (Ok(_), Some(_)) if rule.to_string().contains("\"%\"") && has_fraction(rule, data) => {
                    "the rest of a fraction"
                }
                // Ours has no negative zero, so what is divided by it has another sign.
                (Ok(_), Some(_)) if rule.to_string().contains("\"/\"") && rule.to_string().contains("\"-\"") => {
                    "a negative zero"
                }
                _ => {
                    unknown.push(format!("{rule}\n  over {data}\n  ours {ours:?}\n  theirs {theirs}"));
                    continue;
                }
            };
            *known.entry(kind).or_default() += 1;
        }
        eprintln!("{count} rules: {known:?}, {} others", unknown.len());
        assert!(
            unknown.is_empty(),
            "{}",
            unknown.iter().take(12).cloned().collect::<Vec<_>>().join("\n")
        );
    }
}
