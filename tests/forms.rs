//! The published form format: its schema, the example forms, and what the form engine makes of them.

#![cfg(not(target_arch = "wasm32"))]

#[cfg(test)]
mod format {
    use std::path::{Path, PathBuf};

    use pendopo::forms;
    use pendopo::forms::model::Model;
    use pendopo::forms::{ComplaintKind, validate};
    use pendopo::model::answers::{Answer, Answers, Area, FileAnswer, Place};
    use pendopo::model::form::Form;
    use serde_json::{Value, json};

    const TODAY: (i64, i64, i64) = (2026, 3, 15);

    fn root() -> &'static Path {
        Path::new(env!("CARGO_MANIFEST_DIR"))
    }

    fn read(path: &Path) -> Value {
        let text = std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }

    fn schema() -> jsonschema::Validator {
        jsonschema::draft202012::new(&read(&root().join("public/schema/form.schema.json"))).unwrap()
    }

    /// Every JSON file below the folders that hold example forms.
    fn examples() -> Vec<PathBuf> {
        let mut files = Vec::new();
        for folder in ["tests/fixtures/forms"] {
            let Ok(entries) = std::fs::read_dir(root().join(folder)) else {
                continue;
            };
            files.extend(entries.map(|entry| entry.unwrap().path()));
        }
        files.retain(|path| path.extension().is_some_and(|end| end == "json"));
        files.sort();
        assert!(files.len() >= 3, "the example forms are there");
        files
    }

    fn example(name: &str) -> Form {
        serde_json::from_value(read(&root().join("tests/fixtures/forms").join(name))).unwrap()
    }

    fn compiled(name: &str) -> Model {
        let (model, diagnostics) = forms::compile(&example(name));
        assert_eq!(diagnostics, [], "{name}");
        model
    }

    fn typed(answers: &[(&str, &str)]) -> Answers {
        let answers = answers
            .iter()
            .map(|(id, text)| ((*id).to_owned(), Answer::Text((*text).to_owned())));
        Answers(answers.collect())
    }

    /// The example forms, and those that the demonstration region publishes of its own.
    fn forms() -> Vec<(String, Value)> {
        let mut forms: Vec<(String, Value)> = examples()
            .iter()
            .map(|path| (path.display().to_string(), read(path)))
            .collect();
        let region = read(&root().join("tests/demo/regions/32.73.json"));
        let services = region["backends"]
            .as_array()
            .unwrap()
            .iter()
            .filter_map(|one| one["services"].as_array())
            .flatten();
        for service in services.filter(|service| service["form"].is_object()) {
            forms.push((service["code"].to_string(), service["form"].clone()));
        }
        forms
    }

    #[test]
    fn the_examples_show_every_type_of_field() {
        let schema = read(&root().join("public/schema/form.schema.json"));
        let types = schema["$defs"]["field"]["properties"]["type"]["enum"]
            .as_array()
            .unwrap();
        let all: String = forms().into_iter().map(|(_, form)| form.to_string()).collect();
        for kind in types {
            assert!(all.contains(&format!("\"type\":{kind}")), "{kind}");
        }
    }

    #[test]
    fn every_example_is_valid_compiles_without_a_diagnostic_and_survives_being_written_again() {
        let schema = schema();
        for (name, value) in forms() {
            let errors: Vec<String> = schema
                .iter_errors(&value)
                .map(|error| format!("{}: {error}", error.instance_path()))
                .collect();
            assert_eq!(errors, [""; 0], "{name}");
            let form: Form = serde_json::from_value(value).unwrap();
            assert_eq!(forms::compile(&form).1, [], "{name}");
            let again = serde_json::to_value(&form).unwrap();
            assert!(schema.is_valid(&again), "{name} as this code writes it");
            let again: Form = serde_json::from_value(again).unwrap();
            assert_eq!(again, form, "{name}");
        }
    }

    /// A form of one field, in format 2, with `changes` laid over it.
    fn with(changes: &Value) -> Value {
        let mut field = json!({ "id": "a", "type": "text", "label": "A" });
        for (key, value) in changes.as_object().unwrap() {
            field[key] = value.clone();
        }
        json!({ "format": 2, "steps": [{ "id": "s", "title": "S", "sections": [{ "fields": [
            { "id": "pilihan", "type": "choice", "label": "P", "options": [{ "value": "x" }] },
            field,
        ] }] }] })
    }

    #[test]
    fn what_the_schema_refuses_the_compiler_reports() {
        let schema = schema();
        assert!(schema.is_valid(&with(&json!({}))));
        for bad in [
            json!({ "id": "" }),
            json!({ "id": " " }),
            json!({ "id": "a\nb" }),
            json!({ "label": "" }),
            json!({ "type": "checkbox" }),
            json!({ "type": "static", "required": true }),
            json!({ "type": "choice" }),
            json!({ "type": "choice", "options": [] }),
            json!({ "type": "choice", "options": [{ "value": " " }] }),
            json!({ "type": "choice", "options": [{ "value": "x" }, { "value": "x" }] }),
            json!({ "options": [{ "value": "x" }] }),
            json!({ "many": true }),
            json!({ "integer": true }),
            json!({ "min": 1 }),
            json!({ "type": "number", "min": "today" }),
            json!({ "type": "number", "min_length": 1 }),
            json!({ "type": "date", "max": 5 }),
            json!({ "type": "date", "max": "2026-13-01" }),
            json!({ "type": "date", "max": "1/2/2026" }),
            json!({ "type": "file", "max_files": 3 }),
            json!({ "type": "file", "max_bytes": 0 }),
            json!({ "type": "file", "accept": [".pdf"] }),
            json!({ "max_length": 0 }),
            json!({ "autocomplete": "nama" }),
            json!({ "type": "location", "autocomplete": "name" }),
            json!({ "visible_when": { "field": "pilihan" } }),
            json!({ "visible_when": { "field": "pilihan", "equals": "x", "answered": true } }),
            json!({ "visible_when": { "field": "pilihan", "any_of": [] } }),
            json!({ "visible_when": { "jika": [{ "var": "pilihan" }] } }),
            json!({ "visible_when": true }),
            json!({ "required_when": { "field": "pilihan" } }),
            json!({ "type": "static", "required_when": { "field": "pilihan", "answered": true } }),
            json!({ "computed": [] }),
            json!({ "type": "file", "computed": { "var": "pilihan" } }),
            json!({ "required": true, "computed": { "var": "pilihan" } }),
            json!({ "type": "choice", "source": "Bahan" }),
            json!({ "type": "choice", "source": "bahan", "options": [{ "value": "x" }] }),
            json!({ "source": "bahan" }),
            json!({ "within": "pilihan" }),
            json!({ "level": "village" }),
            json!({ "type": "admin_area", "level": "desa" }),
            json!({ "type": "admin_area", "below": "3273" }),
            json!({ "below": "32.73" }),
            json!({ "type": "repeat" }),
            json!({ "type": "repeat", "fields": [] }),
            json!({ "type": "repeat", "fields": [{ "id": "b", "type": "repeat", "label": "B", "fields": [{ "id": "c", "type": "text", "label": "C" }] }] }),
            json!({ "type": "repeat", "max_items": 0, "fields": [{ "id": "c", "type": "text", "label": "C" }] }),
            json!({ "fields": [{ "id": "c", "type": "text", "label": "C" }] }),
            json!({ "min_items": 1 }),
            json!({ "concept": "nama" }),
            json!({ "type": "boolean", "autocomplete": "name" }),
            json!({ "type": "server_assigned", "required": true }),
        ] {
            let value = with(&bad);
            assert!(!schema.is_valid(&value), "the schema takes {bad}");
            let form: Form = serde_json::from_value(value).unwrap();
            assert_ne!(forms::compile(&form).1, [], "the compiler is silent about {bad}");
        }
        let newer = with(&json!({ "type": "money" }));
        let checked = |rule: Value| json!({ "format": 2, "steps": newer["steps"], "rules": [rule] });
        let good = json!({ "check": { "var": "a" }, "message": "Isi A.", "fields": ["a"] });
        assert!(schema.is_valid(&checked(good.clone())));
        let form: Form = serde_json::from_value(checked(good)).unwrap();
        assert_eq!(forms::compile(&form).1, []);
        for bad in [
            checked(json!({ "check": { "var": "a" }, "message": " ", "fields": ["a"] })),
            checked(json!({ "check": { "var": "a" }, "message": "Isi A.", "fields": [] })),
            checked(json!({ "check": 1, "message": "Isi A.", "fields": ["a"] })),
            checked(json!({ "check": { "adalah": "a" }, "message": "Isi A.", "fields": ["a"] })),
            json!({ "format": 3, "steps": with(&json!({}))["steps"] }),
            json!({ "format": 1, "steps": [] }),
            json!({ "format": 1, "steps": [{ "id": "s", "title": "S", "sections": [] }] }),
            json!({ "format": 1, "steps": [{ "id": "s", "title": "S", "sections": [{ "fields": [] }] }] }),
        ] {
            assert!(!schema.is_valid(&bad), "the schema takes {bad}");
            let form: Form = serde_json::from_value(bad.clone()).unwrap();
            assert_ne!(forms::compile(&form).1, [], "the compiler is silent about {bad}");
        }
    }

    #[test]
    fn a_misspelt_key_is_refused_by_the_schema() {
        for bad in [
            json!({ "requird": true }),
            json!({ "visible_if": { "field": "pilihan", "equals": "x" } }),
        ] {
            assert!(!schema().is_valid(&with(&bad)), "{bad}");
        }
    }

    #[test]
    fn a_birth_certificate_asks_for_the_order_of_twins_only() {
        let model = compiled("akta-kelahiran.json");
        assert_eq!(model.fields.len(), 12);
        let order = model
            .fields
            .iter()
            .position(|field| field.id == "urutan_kembar")
            .unwrap();
        let twin = model.fields.iter().position(|field| field.id == "kembar").unwrap();
        assert!(!forms::visible(&model, &Answers::default(), order));
        let mut answers = typed(&[("kembar", "tidak"), ("urutan_kembar", "2")]);
        let mut shown = forms::visibility(&model, &answers);
        assert!(!forms::canonical(&model, &answers).0.contains_key("urutan_kembar"));
        answers.0.insert("kembar".to_owned(), Answer::Text("ya".to_owned()));
        assert_eq!(forms::refresh(&model, &mut answers, &mut shown, twin).flipped, [order]);
        assert_eq!(forms::canonical(&model, &answers).text("urutan_kembar"), Some("2"));
        assert_eq!(forms::dependents(&model, twin), [order]);
    }

    #[test]
    fn a_birth_certificate_can_be_filled_in_as_people_type() {
        let model = compiled("akta-kelahiran.json");
        let mut answers = typed(&[
            ("nik_pemohon", "3404 0141 0290 0007"),
            ("nama_pemohon", " Sukarno "),
            ("telepon_pemohon", "0812-3456-7890"),
            ("nama_anak", "Guntur"),
            ("tanggal_lahir", "1 Feb 2026"),
            ("jam_lahir", "9.30"),
            ("jenis_kelamin", "1"),
            ("kembar", "tidak"),
        ]);
        assert_eq!(
            forms::first_incomplete(&model, &answers, TODAY),
            Some(2),
            "the documents are missing"
        );
        assert_eq!(validate::step(&model, 1, &answers, TODAY), []);
        let sent = forms::canonical(&model, &answers);
        for (id, expected) in [
            ("nik_pemohon", "3404014102900007"),
            ("nama_pemohon", "Sukarno"),
            ("telepon_pemohon", "081234567890"),
            ("tanggal_lahir", "2026-02-01"),
            ("jam_lahir", "09:30"),
        ] {
            assert_eq!(sent.text(id), Some(expected), "{id}");
        }
        answers
            .0
            .insert("tanggal_lahir".to_owned(), Answer::Text("16/3/2026".to_owned()));
        let complaints = validate::step(&model, 1, &answers, TODAY);
        assert_eq!(complaints.len(), 1);
        assert_eq!(
            complaints[0].kind,
            ComplaintKind::After { max: TODAY },
            "nobody is born tomorrow"
        );
    }

    #[test]
    fn a_report_goes_out_in_the_shapes_that_the_backends_take() {
        let model = compiled("semua-jenis.json");
        let mut answers = typed(&[
            ("judul", "Lubang di depan pasar"),
            ("jenis", "lubang"),
            ("dalam", "12,5"),
            ("jumlah", "1.000"),
            ("terlihat", "14 Maret 2026 pukul 17.05"),
            ("padam", "18.00"),
            ("email", "siti@contoh.id"),
            ("phone", "bukan nomor"),
        ]);
        let chosen = ["mobil", "pejalan"].map(str::to_owned).to_vec();
        answers.0.insert("attribute[bahaya][]".to_owned(), Answer::Many(chosen));
        let place = Place {
            lat: "-7,797".to_owned(),
            long: "110.3705".to_owned(),
            address: " Pasar ".to_owned(),
        };
        answers.0.insert("lokasi".to_owned(), Answer::Place(place));
        assert_eq!(
            validate::whole(&model, &answers, TODAY),
            [],
            "with an email address no telephone is asked for"
        );
        let place = Place {
            lat: "-7.797".to_owned(),
            long: "110.3705".to_owned(),
            address: "Pasar".to_owned(),
        };
        let mut expected = typed(&[
            ("judul", "Lubang di depan pasar"),
            ("jenis", "lubang"),
            ("dalam", "12.5"),
            ("jumlah", "1000"),
            ("terlihat", "2026-03-14T17:05"),
            ("email", "siti@contoh.id"),
        ]);
        expected.0.insert("lokasi".to_owned(), Answer::Place(place));
        let in_order = ["pejalan", "mobil"].map(str::to_owned).to_vec();
        expected
            .0
            .insert("attribute[bahaya][]".to_owned(), Answer::Many(in_order));
        assert_eq!(forms::canonical(&model, &answers), expected);
    }

    #[test]
    fn a_village_letter_asks_which_wife_only_of_a_married_man() {
        let model = compiled("surat-nikah-desa.json");
        let answers = |status| typed(&[("[form_status_kawin_pria]", status)]);
        assert!(forms::visible(&model, &answers("Beristri"), 1));
        assert!(!forms::visible(&model, &answers("Duda"), 1));
        assert_eq!(model.fields[1].id, "[form_istrike]");
    }

    /// The demonstration region's form with every type of field.
    fn house_repair() -> Model {
        let (_, form) = forms().into_iter().find(|(name, _)| name.contains("RTL-01")).unwrap();
        let (model, diagnostics) = forms::compile(&serde_json::from_value(form).unwrap());
        assert_eq!(diagnostics, []);
        model
    }

    fn said(model: &Model, answers: &Answers) -> Vec<(String, ComplaintKind)> {
        let complaints = validate::whole(model, answers, TODAY).into_iter();
        complaints
            .map(|one| (model.fields[one.field].id.clone(), one.kind))
            .collect()
    }

    /// What is wrong with one field, where the others may be.
    fn wrong(model: &Model, id: &str, answers: &Answers) -> Option<ComplaintKind> {
        let found = said(model, answers).into_iter().find(|(field, _)| field == id);
        found.map(|(_, kind)| kind)
    }

    #[test]
    fn an_email_is_needed_only_without_a_telephone() {
        let model = house_repair();
        assert_eq!(
            wrong(&model, "attribute[email]", &typed(&[])),
            Some(ComplaintKind::Required)
        );
        assert_eq!(
            wrong(
                &model,
                "attribute[email]",
                &typed(&[("attribute[hp]", "0812 3456 7890")])
            ),
            None
        );
    }

    #[test]
    fn what_is_part_of_another_choice_is_no_answer_within_this_one() {
        let model = house_repair();
        let answers = |part| typed(&[("attribute[bagian]", "dinding"), ("attribute[kerusakan]", part)]);
        assert_eq!(wrong(&model, "attribute[kerusakan]", &answers("tembok")), None);
        assert_eq!(
            wrong(&model, "attribute[kerusakan]", &answers("genting")),
            Some(ComplaintKind::NotAnOption)
        );
        assert_eq!(
            wrong(&model, "attribute[kerusakan]", &answers("")),
            Some(ComplaintKind::Required)
        );
    }

    #[test]
    fn a_rule_over_two_answers_speaks_once_both_can_be_read() {
        let model = house_repair();
        let between = |from, to| {
            wrong(
                &model,
                "attribute[selesai]",
                &typed(&[("attribute[mulai]", from), ("attribute[selesai]", to)]),
            )
        };
        assert_eq!(between("1/3/2027", "30 April 2027"), None);
        assert_eq!(between("1/3/2027", ""), None);
        assert!(matches!(
            between("1/3/2027", "28/2/2027"),
            Some(ComplaintKind::Rule { .. })
        ));
        assert_eq!(between("besok", "28/2/2027"), None, "the first is to be mended first");
    }

    #[test]
    fn a_region_is_chosen_to_the_end_and_where_the_form_says() {
        let model = house_repair();
        let chosen = |code: &str| {
            let area = Area {
                code: code.to_owned(),
                name: "X".to_owned(),
            };
            wrong(
                &model,
                "attribute[wilayah]",
                &Answers([("attribute[wilayah]".to_owned(), Answer::Area(area))].into()),
            )
        };
        assert_eq!(chosen("32.73.06.1002"), None);
        assert_eq!(chosen("32.73.06"), Some(ComplaintKind::AreaTooLarge));
        assert_eq!(chosen("32.74.01.1001"), Some(ComplaintKind::NotAnArea));
        assert_eq!(chosen("32.73.06.10"), Some(ComplaintKind::NotAnArea));
        assert_eq!(chosen(""), Some(ComplaintKind::Required));
    }

    #[test]
    fn a_total_is_reckoned_over_the_entries_and_never_taken_from_a_draft() {
        let model = house_repair();
        let row = |name: &str, income: &str| typed(&[("nama", name), ("penghasilan", income)]);
        let mut answers = typed(&[("attribute[penghasilan]", "999")]);
        let rows = vec![row("Siti", "1.250.000"), row("Budi", ""), row("", "750.000")];
        answers.0.insert("attribute[keluarga]".to_owned(), Answer::Rows(rows));
        let sent = forms::canonical(&model, &answers);
        assert_eq!(sent.text("attribute[penghasilan]"), Some("2000000"));
        let Some(Answer::Rows(rows)) = sent.get("attribute[keluarga]") else {
            panic!("entries");
        };
        assert_eq!(rows[0].text("penghasilan"), Some("1250000"));
        let family = model
            .fields
            .iter()
            .position(|field| field.id == "attribute[keluarga]")
            .unwrap();
        let found: Vec<_> = validate::whole(&model, &answers, TODAY)
            .into_iter()
            .filter(|one| one.field == family)
            .collect();
        assert_eq!(found.len(), 1, "the third has no name");
        assert_eq!(found[0].row, Some(forms::InRow { number: 2, field: 0 }));
        assert_eq!(found[0].kind, ComplaintKind::Required);
        answers.0.remove("attribute[keluarga]");
        assert_eq!(
            wrong(&model, "attribute[keluarga]", &answers),
            Some(ComplaintKind::TooFewRows { min: 1 })
        );
        let many = vec![row("A", ""); 13];
        answers.0.insert("attribute[keluarga]".to_owned(), Answer::Rows(many));
        assert_eq!(
            wrong(&model, "attribute[keluarga]", &answers),
            Some(ComplaintKind::TooManyRows { max: 12 })
        );
    }

    #[test]
    fn hidden_answers_are_kept_and_not_sent() {
        let model = house_repair();
        let answers = |body| typed(&[("attribute[badan]", body), ("attribute[npwp]", "01.234.567.8-901.000")]);
        assert_eq!(
            forms::canonical(&model, &answers("tidak")).text("attribute[npwp]"),
            None
        );
        assert_eq!(
            forms::canonical(&model, &answers("Ya")).text("attribute[npwp]"),
            Some("012345678901000")
        );
        assert_eq!(wrong(&model, "attribute[npwp]", &answers("mungkin")), None);
        assert_eq!(
            wrong(&model, "attribute[badan]", &answers("mungkin")),
            Some(ComplaintKind::NotYesOrNo)
        );
    }

    #[test]
    fn a_signature_is_drawn_or_typed() {
        let model = house_repair();
        let signed = |answer| {
            wrong(
                &model,
                "attribute[tanda]",
                &Answers([("attribute[tanda]".to_owned(), answer)].into()),
            )
        };
        assert_eq!(signed(Answer::Text("Siti".to_owned())), None);
        assert_eq!(signed(Answer::Files(Vec::new())), Some(ComplaintKind::Required));
        let file = FileAnswer {
            id: "4e8b2a9c-2a52-4c53-9d1c-6a3a5a0d2f11".parse().unwrap(),
            name: "tanda-tangan.png".to_owned(),
            media_type: "image/png".to_owned(),
            size: 9,
            was: None,
        };
        assert_eq!(signed(Answer::Files(vec![file])), None);
    }

    #[test]
    fn a_meaning_changes_with_what_can_be_answered_and_not_with_when_it_is_asked() {
        let meaning = |changes: &Value| {
            let form: Form = serde_json::from_value(with(changes)).unwrap();
            (
                forms::meanings(&form).get("a").unwrap().clone(),
                forms::fingerprint(&form),
            )
        };
        let plain = meaning(&json!({}));
        let shown_when = meaning(&json!({ "visible_when": { "field": "pilihan", "equals": "x" } }));
        assert_eq!(plain.0, shown_when.0);
        assert_ne!(plain.1, shown_when.1);
        for other in [
            json!({ "type": "textarea" }),
            json!({ "max_length": 3 }),
            json!({ "required": true }),
            json!({ "type": "money", "min": 1 }),
        ] {
            assert_ne!(meaning(&other).0, plain.0, "{other}");
        }
        assert_eq!(meaning(&json!({ "label": "Lain", "why": "Karena" })), plain);
    }

    /// A village letter's questions in our format: what the adapter of its system does in earnest.
    fn letter(questions: &[Value]) -> Value {
        let word = |question: &Value, key: &str| question[key].as_str().unwrap_or_default().trim().to_owned();
        let mut fields: Vec<Value> = Vec::new();
        for question in questions {
            // Some letters name a code twice; one answer goes by it.
            if fields.iter().any(|known| known["id"] == json!(word(question, "kode"))) {
                continue;
            }
            let attributes = word(question, "atribut");
            let kind = match question["tipe"].as_str().unwrap() {
                "number" if attributes.contains("rupiah") => "money",
                "select-manual" | "select-otomatis" => "choice",
                kind @ ("text" | "textarea" | "number" | "date" | "time") => kind,
                other => panic!("a type that nobody announced: {other}"),
            };
            let mut field = json!({ "id": word(question, "kode"), "type": kind, "label": word(question, "nama") });
            field["required"] = json!(question["required"] == "1");
            if kind == "choice" {
                match question["pilihan"].as_array().filter(|options| !options.is_empty()) {
                    Some(options) => {
                        field["options"] = options.iter().map(|option| json!({ "value": option })).collect()
                    }
                    None => field["source"] = json!(word(question, "refrensi").replace('_', "-")),
                }
            }
            let condition = questions.iter().find_map(|parent| {
                let links: Value = serde_json::from_str(parent["kaitkan_kode"].as_str()?).ok()?;
                let named = |link: &&Value| {
                    link["kode_isian_terkait"]
                        .as_array()
                        .is_some_and(|names| names.contains(&question["nama"]))
                };
                let values = links.as_array()?.iter().find(named)?["nilai_isian"].clone();
                Some(json!({ "field": word(parent, "kode"), "any_of": values }))
            });
            if let Some(condition) = condition {
                field["visible_when"] = condition;
            }
            fields.push(field);
        }
        json!({ "format": 2, "steps": [{ "id": "surat", "title": "Surat", "sections": [{ "fields": fields }] }] })
    }

    #[test]
    fn the_letters_of_real_villages_can_be_said_in_the_format() {
        let Some(folder) = std::env::var_os("PENDOPO_PAYLOADS") else {
            eprintln!("PENDOPO_PAYLOADS names no folder: the village letters are not read");
            return;
        };
        let letters = read(&Path::new(&folder).join("indonesia/opensid_letter_forms.json"));
        let (mut asked, mut conditions) = (0, 0);
        for one in letters.as_array().unwrap() {
            let questions = one["kode_isian"].as_array().map(Vec::as_slice).unwrap_or_default();
            if questions.is_empty() {
                continue;
            }
            let form: Form = serde_json::from_value(letter(questions)).unwrap();
            let (model, diagnostics) = forms::compile(&form);
            assert_eq!(diagnostics, [], "{}", one["nama"]);
            asked += model.fields.len();
            conditions += model.fields.iter().filter(|field| field.visible_when.is_some()).count();
        }
        // 259 questions, 30 of them by a code that one before them has.
        assert_eq!((letters.as_array().unwrap().len(), asked), (42, 229));
        assert!(conditions >= 10, "{conditions}");
    }
}
