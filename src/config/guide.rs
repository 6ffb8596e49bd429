//! The table of settings in the guide for whoever runs the server, held to what is read here.

use app::pages::docs::operations::settings::SETTINGS;

use super::*;

fn config(variables: Vec<(String, String)>) -> Config {
    let environment = move |name: &str| {
        let found = variables.iter().find(|(known, _)| known == name);
        Ok(found.map(|(_, value)| value.clone()))
    };
    let folder = tempfile::tempdir().unwrap();
    let flags = Flags {
        data_dir: Some(folder.path().display().to_string()),
        ..Flags::default()
    };
    Config::from(&Sources::load(flags, environment).unwrap()).unwrap()
}

/// All but where data is and its key, which are another's in each test.
fn told(config: &Config) -> String {
    let Config {
        server,
        storage: _,
        accounts,
        authorization,
        calls,
        mail: _,
        mcp,
        tools,
    } = config;
    format!("{server:?} {accounts:?} {authorization:?} {calls:?} {mcp:?} {tools:?}")
}

#[test]
fn it_has_every_setting_and_no_other() {
    let mut ours: Vec<String> = KEYS
        .iter()
        .filter(|key| !key.ends_with("_file"))
        .map(|key| variable(key))
        .chain(["TENGINE_LOG", "RUST_LOG"].map(ToOwned::to_owned))
        .collect();
    ours.sort();
    let mut shown: Vec<String> = SETTINGS.iter().map(|row| row[0].to_owned()).collect();
    shown.sort();
    assert_eq!(shown, ours);
    for row in SETTINGS {
        let key = row[0].trim_start_matches("TENGINE_").to_lowercase();
        let is_file = KEYS.contains(&format!("{key}_file").as_str());
        assert_eq!(row[2].contains("as a file"), is_file, "{}", row[0]);
    }
}

#[test]
fn its_defaults_are_those_of_the_program() {
    let literal = |text: &str| {
        let inner = text.strip_prefix('`')?.strip_suffix('`')?;
        (!inner.contains('`')).then(|| inner.to_owned())
    };
    let variables: Vec<(String, String)> = SETTINGS
        .iter()
        .filter_map(|row| Some((row[0].to_owned(), literal(row[1])?)))
        .collect();
    assert!(variables.len() > 10, "{variables:?}");
    assert_eq!(told(&config(variables)), told(&config(Vec::new())));
}
